"""No socket in any process of a case; no name in anything that is printed, logged or raised."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics import Case
from forensics.cli import app
from forensics.simulate import OBEYING, draw_household, utter, write_bundle

CANARIES = ("Zephyrine", "Quastenbeck", "Ottokar", "Wunibald", "Tangermünde")
PEOPLE = CANARIES[:4]
WATCH = """
import os, sys
log = os.environ["WATCHED"]
def note(line):
    with open(log, "a") as file:
        file.write(f"{os.getpid()} {line}\\n")
def hook(event, args):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        address = args[1] if len(args) > 1 else args
        if event == "socket.sendmsg" and address is None and args[0].family == 1:
            return
        if not isinstance(address, (str, bytes)) or event == "socket.getaddrinfo":
            note(f"{event} {address}")
sys.addaudithook(hook)
note("started " + " ".join(sys.orig_argv)[:300])
"""
"""Loaded by every Python process that inherits the environment, before anything else. Addresses of local
sockets (AF_UNIX, which is 1) are plain text or bytes, or none between a pair of them; others are tuples."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A household whose names stand nowhere else."""
    first, last, companion, child, town = CANARIES
    home = dataclasses.replace(
        draw_household(1, OBEYING, seed=5),
        first=first, last=last, companion=companion, children=(child,), home=town, recordings=60,
        home_named=True, surname_spoken=True, first_name_said=True,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("canary") / "bundle.zip"
    said = utter(home, dataclasses.replace(OBEYING, misheard=0.0))
    assert all(any(name in u.text for u in said) for name in CANARIES)
    write_bundle(home, said, path)
    return path


@pytest.fixture(scope="module")
def watched(bundle: Path) -> tuple[subprocess.CompletedProcess[str], Path, list[str]]:
    """The bundle investigated by a process of its own; every process that it starts is watched."""
    folder = bundle.parent
    (folder / "hooks").mkdir()
    (folder / "hooks" / "sitecustomize.py").write_text(WATCH)
    paths = [str(folder / "hooks"), os.environ.get("PYTHONPATH", ""), str(Path(__file__).parents[2])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "WATCHED": str(folder / "log")}
    command = [sys.executable, "-m", "forensics", "investigate", str(bundle), "--case", str(folder / "case")]
    result = subprocess.run(
        [*command, "--engine", "vendor", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return result, folder / "case", (folder / "log").read_text().splitlines()


def test_no_process_of_a_case_opens_a_socket(
    watched: tuple[subprocess.CompletedProcess[str], Path, list[str]],
) -> None:
    result, _, log = watched
    assert result.returncode == 0, result.stderr
    started = [line for line in log if " started " in line]
    children = [line for line in started if " -m forensics.sandbox.child " in line]
    assert any('"forensics.audio.decode"' in line for line in children)  # they are watched too
    # urllib3, which others import, tries once whether there is an IPv6 loopback; nothing is sent
    used = [line for line in log if line not in started and not line.endswith("socket.bind ('::1', 0)")]
    assert used == []


def test_the_watch_sees_a_socket(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "WATCHED": str(tmp_path / "log")}
    program = "import socket; socket.socket().connect_ex(('127.0.0.1', 9)); socket.socket(socket.AF_UNIX)"
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    log = (tmp_path / "log").read_text().splitlines()
    assert len(log) == 2
    assert log[1].endswith(" socket.connect ('127.0.0.1', 9)")


def _clean(text: str, names: tuple[str, ...] = CANARIES) -> None:
    found = [name for name in names if name.casefold() in text.casefold()]
    assert found == [], "names in what was said"


def test_names_are_in_nothing_that_is_said(
    watched: tuple[subprocess.CompletedProcess[str], Path, list[str]], bundle: Path, tmp_path: Path
) -> None:
    result, case, _ = watched
    texts = " ".join(Case.open(case).frame("transcripts")["text"])
    assert all(name.casefold() in texts for name in CANARIES)  # or this would prove nothing
    assert any(name in CANARIES for name in Case.open(case).frame("claims")["value"])
    _clean(result.stdout + result.stderr)
    _clean((case / "custody.jsonl").read_text() + (case / "case.json").read_text())
    # A town may stand in the report where enough people fit all that is shown.
    _clean((case / "reports" / "report.html").read_text(), PEOPLE)
    run = CliRunner()
    requests = tmp_path / "requests.json"
    account = {"household_names": list(CANARIES[:4]), "city": CANARIES[4], "locale": "de-DE"}
    requests.write_text(json.dumps([{"request_id": "1", "bundle": str(bundle), "account": account}]))
    out = str(tmp_path / "guard")
    for arguments in (
        ["status", "--case", str(case)],
        ["verify", "--case", str(case)],
        ["guard", str(requests), "--out", out],
        ["guard", str(requests), "--json"],
        ["compare", str(case), str(case)],
        [
            "batch",
            str(bundle),
            "--out",
            str(tmp_path / "batch"),
            "--executor",
            "serial",
            "--engine",
            "vendor",
        ],
    ):
        answer = run.invoke(app, arguments)
        assert answer.exit_code in (0, 10, 11), arguments[0]
        _clean(answer.output)
    _clean((tmp_path / "guard" / "decisions.json").read_text())
    _clean((tmp_path / "batch" / "custody.jsonl").read_text())
    _clean("".join(path.read_text() for path in (tmp_path / "batch" / "rows").iterdir()))


def test_names_are_in_no_exception(
    watched: tuple[subprocess.CompletedProcess[str], Path, list[str]], tmp_path: Path
) -> None:
    """Tables cut, changed and exchanged: what is raised names the table and not its content."""
    import shutil

    import pyarrow.parquet as pq

    _, case, _ = watched
    run = CliRunner()
    for number, damage in enumerate(("cut", "column", "value")):
        broken = tmp_path / str(number)
        shutil.copytree(case, broken)
        path = broken / "tables" / "claims.parquet"
        if damage == "cut":
            path.write_bytes(path.read_bytes()[:-200])
        else:
            table = pq.read_table(path)
            column = "p_true" if damage == "column" else "attribute"
            changed = table["value"] if damage == "value" else table["value"].combine_chunks()
            pq.write_table(table.set_column(table.schema.get_field_index(column), column, changed), path)
        for arguments in (
            ["compare", str(broken), str(broken)],
            ["report", "--case", str(broken), "--format", "json"],
        ):
            answer = run.invoke(
                app, [*arguments, *(["--out", str(tmp_path / "r")] if "report" in arguments else [])]
            )
            assert answer.exit_code == 1
            _clean(answer.output)
