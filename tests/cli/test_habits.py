"""What a command line owes its users: a version, one line on Ctrl-C, no file replaced, no empty case left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

import forensics
from forensics import Case
from forensics.cli import app


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_version() -> None:
    assert call("--version") == (0, f"forensics {forensics.__version__}\n", "")


def test_ctrl_c_is_one_line_and_says_how_to_go_on(demo_bundle: Path, tmp_path: Path) -> None:
    case = tmp_path / "my case"
    line = [sys.executable, "-m", "forensics", "investigate", str(demo_bundle), "--case", str(case)]

    def hear() -> None:  # a shell's background job starts with Ctrl-C switched off
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, preexec_fn=hear) as running:
        for _ in range(1200):
            if (case / "work" / "intake.sqlite").exists():
                break
            time.sleep(0.05)
        os.kill(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == f"forensics: Interrupted. Go on with: forensics resume --case '{case}'\n"


@pytest.mark.parametrize("command", ["intake", "investigate"])
def test_a_refused_bundle_leaves_no_case(tmp_path: Path, command: str) -> None:
    page = tmp_path / "page.zip"
    page.write_text("<html>Please sign in</html>")
    assert call(command, page, "--case", tmp_path / "case")[0] == 1
    assert not (tmp_path / "case").exists()


def test_a_bundle_that_is_refused_while_it_is_copied_leaves_no_case(
    demo_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Case, source: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Case, "add_evidence", full)
    assert call("intake", demo_bundle, "--case", tmp_path / "case")[0] == 1
    assert not (tmp_path / "case").exists()


def test_a_case_with_evidence_stays_when_another_bundle_is_refused(demo_bundle: Path, tmp_path: Path) -> None:
    call("intake", demo_bundle, "--case", tmp_path / "case")
    page = tmp_path / "page.zip"
    page.write_text("<html>Please sign in</html>")
    assert call("intake", page, "--case", tmp_path / "case")[0] == 1
    assert Case.open(tmp_path / "case").state["bundles"]


def test_a_report_is_not_replaced_unasked(demo_case: Case, tmp_path: Path) -> None:
    copy, out = Case(tmp_path / "copy"), tmp_path / "report.json"
    shutil.copytree(demo_case.folder, copy.folder)
    out.write_text("mine")
    arguments = ["report", "--case", copy.folder, "--format", "json", "--out", out]
    status, _, err = call(*arguments)
    assert (status, out.read_text()) == (1, "mine")
    assert "--force" in err
    assert call(*arguments, "--force")[0] == 0
    assert json.loads(out.read_text("utf-8"))


def test_extract_counts_what_it_could_not_read(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "text": "play jazz"}\nnot json\n{"id": 3}\n')
    status, told, _ = call("extract", source, out, "--language", "en", "--json")
    answer = json.loads(told)
    assert (status, answer["status"], answer["texts"], answer["unread"]) == (0, "done", 3, 2)
    assert [(f["code"], f["member"]) for f in answer["findings"]] == [
        ("unreadable", "line 2"), ("unreadable", "line 3"),
    ]  # fmt: skip
    source.write_text("not json\n")
    status, told, _ = call("extract", source, out, "--language", "en", "--json")
    assert (status, json.loads(told)["status"]) == (1, "refused")


def test_transcribe_counts_what_it_could_not_read(tmp_path: Path) -> None:
    text, silence, out = tmp_path / "note.wav", tmp_path / "silence.wav", tmp_path / "out.jsonl"
    text.write_text("no sound")
    with wave.open(str(silence), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", "not compressed"))
        file.writeframes(bytes(32000))
    status, told, _ = call("transcribe", text, silence, "--out", out)
    assert status == 0
    assert "unreadable" in told
    assert "1 of 2 files could not be read" in told
    status, told, _ = call("transcribe", text, "--out", out, "--json")
    assert (status, json.loads(told)["findings"][0]["member"]) == (1, str(text))


def test_a_register_without_its_column_names_all_columns(demo_case: Case, tmp_path: Path) -> None:
    register = tmp_path / "people.csv"
    register.write_text("name,town\nA,B\n")
    status, _, err = call("link", "--case", demo_case.folder, "--register", register)
    assert status == 1
    assert all(
        name in err for name in ("profile_id", "first_name", "surname", "nicknames", "friends", "interests")
    )
