"""PDF and 7z in their child processes, and folders that change while they are read."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pytest

from forensics.intake import open_bundle
from forensics.intake.containers import sevenzip
from forensics.intake.containers.folder import open_folder
from forensics.intake.containers.sevenzip import open_7z
from forensics.intake.limits import Limits
from forensics.intake.pdf import read_pdf
from forensics.intake.problems import MemberRefusedError
from forensics.sandbox.process import Worker
from tests.intake.making import WAV
from tests.sandbox import workers


def archive(path: Path, *members: tuple[str, bytes]) -> Path:
    import py7zr

    with py7zr.SevenZipFile(path, "w", filters=[{"id": py7zr.FILTER_COPY}]) as made:
        for name, content in members:
            made.writestr(content, name)
    return path


def test_members_of_a_7z_come_in_order_and_whole(tmp_path: Path) -> None:
    members = [("a.wav", WAV), ("empty", b""), ("b/c.txt", b"x" * (3 << 20)), ("ümlaut", b"u")]
    with open_bundle(archive(tmp_path / "a.7z", *members)) as bundle:
        found = {}
        for member in bundle:
            with member.open() as file:
                found[member.name] = file.read()
        assert found == dict(members)
        assert [p.code for p in bundle.problems] == []


def test_members_that_nobody_reads_are_passed_over(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.7z", ("a", b"a" * (2 << 20)), ("b", b"b"), ("c", b"c"))
    with path.open("rb") as file:
        container = open_7z(file, Limits())
        contents = [b"".join(entry.chunks()) for entry in container.entries if entry.name != "a"]
    assert contents == [b"b", b"c"]
    assert container.problems == []


def test_what_comes_after_damage_is_counted(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.7z", ("a", b"a" * 1000), ("b", b"b" * 1000), ("c", b"c"), ("d", b"d"))
    content = bytearray(path.read_bytes())
    content[32 + 1500] ^= 0xFF  # in the middle of b: its checksum no longer fits
    container = open_7z(_opened(tmp_path / "damaged.7z", bytes(content)), Limits())
    read = {}
    for entry in container.entries:
        try:
            read[entry.name] = b"".join(entry.chunks())
        except MemberRefusedError as error:
            read[entry.name] = error.problem.code.encode()
    assert read == {"a": b"a" * 1000, "b": b"damaged"}
    assert [p.message for p in container.problems] == ["2 of 4 members were not reached."]


def test_links_in_a_7z_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    import py7zr

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to("a")
    (tmp_path / "in" / "a").write_bytes(b"a")
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w") as made:
        made.writeall(tmp_path / "in", "in")
    with (tmp_path / "a.7z").open("rb") as file:
        container = open_7z(file, Limits())
        found = {
            entry.name: (b"".join(entry.chunks()), [p.code for p in entry.problems])
            for entry in container.entries
        }
    assert found == {"in/a": (b"a", []), "in/link": (b"", ["link"])}
    assert container.problems == []


@pytest.mark.parametrize("worker", [workers.leave, workers.tell_nothing, workers.read_twice])
def test_a_7z_reader_that_breaks_is_a_finding(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sevenzip, "_unpack", worker)
    container = open_7z(_opened(tmp_path / "a.7z", b"7z"), Limits())
    assert list(container.entries) == []
    assert [p.message for p in container.problems] == [
        "The 7z reader ended early: out of memory or broken by the archive."
    ]


@pytest.mark.parametrize("worker", [workers.leave, workers.tell_nothing, workers.read_twice])
def test_a_pdf_reader_that_breaks_is_a_finding(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forensics.intake.pdf._pages", worker)
    lines, problems = read_pdf(_opened(tmp_path / "a.pdf", b"%PDF-1.7"))
    assert lines == []
    assert [p.code for p in problems] == ["pdf-unreadable"]
    assert problems[0].message == "The PDF reader ended early: out of memory or broken by the file."


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in ("bundle/a", "bundle/b", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "x").write_bytes(name.encode())
    return tmp_path / "bundle"


def test_a_folder_that_becomes_a_link_leads_nowhere(bundle: Path) -> None:
    entries = open_folder(bundle).entries
    first = next(entries)
    for name in ("a", "b"):
        (bundle / name).rename(bundle / f"{name} moved")
        (bundle / name).symlink_to(bundle.parent / "elsewhere")
    assert b"".join(first.chunks()) == b"bundle/a"
    assert [(e.name, [p.code for p in e.problems]) for e in entries] == [("b", ["link"])]


@pytest.mark.parametrize(
    ("other", "why"), [("link", "symbolic links are not followed"), ("pipe", "not a regular file")]
)
def test_a_file_that_becomes_something_else_is_not_read(bundle: Path, other: str, why: str) -> None:
    container = open_folder(bundle)
    first = next(container.entries)
    (bundle / "a" / "x").unlink()
    if other == "link":
        (bundle / "a" / "x").symlink_to(bundle.parent / "elsewhere" / "x")
    else:
        os.mkfifo(bundle / "a" / "x")
    with pytest.raises(MemberRefusedError) as caught:
        list(first.chunks())
    assert caught.value.problem.message == f"Cannot be opened: {why}."


def test_a_deep_folder_is_read_or_said_to_be_unreadable(tmp_path: Path) -> None:
    """1,500 folders in one another: more than a recursion has frames or, often, a process descriptors."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        above, here = here, os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(above)
    os.close(here)
    (tmp_path / "z").write_bytes(b"last")
    before = set(Path("/proc/self/fd").iterdir())
    container = open_folder(tmp_path)
    try:
        assert [entry.name for entry in container.entries] == ["z"]
        assert {p.code for p in container.problems} <= {"folder-unreadable"}
        assert len(set(Path("/proc/self/fd").iterdir())) <= len(before)
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def _opened(path: Path, content: bytes) -> io.BufferedReader:
    path.write_bytes(content)
    return path.open("rb")
