"""Taking bundles in: hashed copies, folders, interruptions, and cases that must not touch their bundle."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forensics import Case
from forensics.corridor.runner import run
from forensics.errors import BundleError
from forensics.intake import finish_taking_in, take_in
from tests.intake.making import WAV, zipped


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(("a.wav", WAV), ("b.txt", b"hello there")))
    return path


def codes(case: Case, level: str = "finding") -> list[str]:
    found = case.frame("findings")
    return sorted(found[found["level"] == level]["code"])


def test_a_bundle_is_copied_read_only_and_logged(case: Case, bundle: Path) -> None:
    sha256 = take_in(case, bundle)
    assert sha256 == hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert case.evidence_path(sha256).stat().st_mode & 0o777 == 0o400
    assert [a["act"] for a in case.custody.acts()][-2:] == ["copying begun", "evidence taken in"]
    assert case.verify() == []


def test_the_same_bundle_twice_is_one(case: Case, bundle: Path, tmp_path: Path) -> None:
    take_in(case, bundle)
    other = tmp_path / "copy.zip"
    other.write_bytes(bundle.read_bytes())
    take_in(case, other)
    assert len(case.state["bundles"]) == 1


def test_members_become_rows_and_evidence(case: Case, bundle: Path) -> None:
    take_in(case, bundle)
    run(case, until="intake")
    members = case.frame("members").set_index("path")
    assert members.loc["a.wav", "disposition"] == "recording"
    assert members.loc["b.txt", "disposition"] == "account_data"
    recording = case.frame("recordings").iloc[0]
    with case.open_evidence(recording["sha256"]) as file:
        assert file.read() == WAV
    assert case.verify() == []


def test_a_folder_becomes_a_manifest_and_nothing_is_followed(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.wav").write_bytes(WAV)
    (folder / "sub" / "b.txt").write_bytes(b"text")
    (folder / "link.wav").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.wav")
    first = take_in(case, folder)
    assert take_in(case, folder) == first
    run(case, until="intake")
    members = case.frame("members").set_index("path")
    assert members["disposition"].to_dict() == {
        "a.wav": "recording", "sub/b.txt": "account_data", "link.wav": "refused", "pipe.wav": "refused",
    }  # fmt: skip
    assert codes(case) == ["device", "link"]
    assert case.verify() == []


def test_case_and_bundle_never_lie_in_one_another(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    inside = Case.create(tmp_path / "bundle" / "case")
    with pytest.raises(BundleError, match="lies inside the bundle"):
        take_in(inside, tmp_path / "bundle")
    outer = Case.create(tmp_path / "outer")
    with pytest.raises(BundleError, match="lies inside the case"):
        take_in(outer, tmp_path / "outer" / "evidence")


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", b"just text\n" * 10, WAV])
def test_what_is_no_archive_is_refused(case: Case, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(BundleError, match="not an archive"):
        take_in(case, path)
    assert case.state["bundles"] == []
    assert case.pending_sources == []


def test_an_interrupted_copy_is_finished_and_on_record(case: Case, bundle: Path) -> None:
    (case.folder / "evidence" / ".taking-dead").write_bytes(b"half")
    case.custody.append("copying begun", source=str(bundle), kind="file")
    done = finish_taking_in(case)
    assert done == [case.state["bundles"][0]["sha256"]]
    assert case.pending_sources == []
    assert "interrupted copy removed" in [a["act"] for a in case.custody.acts()]
    assert case.verify() == []


_KILLED = """
import sys
from forensics import Case
from forensics.intake import take_in, finish_taking_in
from forensics.corridor.runner import run
case = Case.create(sys.argv[1])
print("ready", flush=True)
take_in(case, sys.argv[2])
run(case, until="intake")
"""


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.08, 0.3, 0.7])
def test_sigkill_anywhere_leaves_a_case_that_completes(tmp_path: Path, delay: float) -> None:
    bundle = tmp_path / "export.zip"
    bundle.write_bytes(
        zipped(*((f"{n}.wav", WAV + bytes([n])) for n in range(250)), ("zeros.wav", WAV * 3000))
    )
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path / "case"), str(bundle)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    case = Case.open(tmp_path / "case")
    finish_taking_in(case)
    if not case.state["bundles"]:  # killed before the copying was on record
        take_in(case, bundle)
    run(case, until="intake")
    assert len(case.frame("recordings")) == 251
    assert case.verify() == []
    whole = Case.create(tmp_path / "whole")
    take_in(whole, bundle)
    run(whole, until="intake")
    for name in ("members", "fields", "findings", "groups", "devices", "passages", "recordings"):
        assert case.table_path(name).read_bytes() == whole.table_path(name).read_bytes()


def test_rows_do_not_depend_on_the_order_of_bundles(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    one.write_bytes(zipped(("a.wav", WAV), ("x.csv", b"Email,Serial\nme@example.org,G090LF00000001WZ\n")))
    two.write_bytes(zipped(("b.wav", WAV + b"2"), ("c.wav", WAV)))
    tables = []
    for order in ((one, two), (two, one)):
        case = Case.create(tmp_path / f"case-{order[0].stem}")
        for path in order:
            take_in(case, path)
        run(case, until="intake")
        tables.append(
            [
                case.table_path(n).read_bytes()
                for n in ("members", "fields", "groups", "devices", "recordings", "passages")
            ]
        )
    assert tables[0] == tables[1]
