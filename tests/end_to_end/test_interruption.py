"""A process killed in the middle of hearing loses only what was in flight."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import forensics
from forensics import Case

pytestmark = pytest.mark.speech
CLIPS = 24  # more than are in flight at once, so that the stage is under way when its first rows are kept


def _small_bundle(demo_bundle: Path, target: Path) -> Path:
    """The first recordings of the demo, and the list of transcripts."""
    with zipfile.ZipFile(demo_bundle) as source, zipfile.ZipFile(target, "w") as small:
        names = [n for n in source.namelist() if n.endswith(".wav")][-CLIPS:]
        for name in [*names, *(n for n in source.namelist() if n.endswith(".pdf"))]:
            small.writestr(name, source.read(name))
    return target


def test_sigkill_then_resume_gives_the_tables_of_an_unbroken_run(demo_bundle: Path, tmp_path: Path) -> None:
    bundle = _small_bundle(demo_bundle, tmp_path / "small.zip")
    whole = forensics.investigate(bundle, case=tmp_path / "whole")

    broken = tmp_path / "broken"
    command = [sys.executable, "-m", "forensics", "investigate", str(bundle), "--case", str(broken)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert _wait_for_first_row(broken / "work" / "transcription.sqlite", process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL

    kept = _rows(broken / "work" / "transcription.sqlite")
    resumed = forensics.resume(broken)
    assert 1 <= kept < CLIPS
    acts = [(a["act"], a.get("stage")) for a in resumed.custody.acts()]
    assert ("interruption found", "transcription") in acts
    assert resumed.verify() == []
    for table in whole.table_names:
        assert _content(whole, table) == _content(resumed, table), table


def _content(case: Case, table: str) -> list[object]:
    return case.frame(table).to_dict("list").__repr__().splitlines()  # type: ignore[return-value]


def _wait_for_first_row(database: Path, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(30_000):  # ten minutes: a loaded machine is slow, not wrong
        if process.poll() is not None:
            return False
        if database.exists() and _rows(database) >= 1:
            return True
        time.sleep(0.02)
    return False


def _rows(database: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM kept").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError:  # not created yet
        return 0
