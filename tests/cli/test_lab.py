"""JupyterLab on a case: loopback only, its files in the case, the notebooks pointed at the case."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from forensics import Case
from forensics.commands.lab import copy_notebooks


def test_notebooks_are_copied_once_and_know_their_case(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case").folder
    first = copy_notebooks(case) / "01_triage.ipynb"
    cells = json.loads(first.read_text("utf-8"))["cells"]
    parameters = [c["source"] for c in cells if c["metadata"].get("tags") == ["parameters"]]
    assert ["".join(source).splitlines()[0] for source in parameters] == [f"CASE = {str(case)!r}"]
    first.write_text("changed by the analyst")
    copy_notebooks(case)
    assert first.read_text() == "changed by the analyst"


def test_the_server_listens_on_loopback_and_writes_into_the_case_only(tmp_path: Path) -> None:
    """The folder is not there yet: it becomes a case, in which the first notebook begins with a bundle."""
    case = tmp_path / "case"
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-m", "forensics", "lab", "--case", str(case), "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        command, env={**os.environ, "HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        server = _server(case / "work" / "jupyter" / "runtime")
        assert server["hostname"] == "127.0.0.1"
        request = f"{server['url']}api/contents?token={server['token']}"
        with urllib.request.urlopen(request, timeout=20) as answer:
            names = [entry["name"] for entry in json.load(answer)["content"]]
        assert "01_triage.ipynb" in names
        assert Case.open(case).custody.acts()[-1]["act"] == "lab opened"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    shutil.rmtree(home / ".cache", ignore_errors=True)  # fontconfig and the like are not Jupyter's
    assert list(home.iterdir()) == []


def _server(runtime: Path) -> dict[str, str]:
    for _ in range(600):
        for info in runtime.glob("jpserver-*.json") if runtime.is_dir() else ():
            try:
                found: dict[str, str] = json.loads(info.read_text())
            except ValueError:  # half written
                continue
            try:
                with urllib.request.urlopen(f"{found['url']}api?token={found['token']}", timeout=20):
                    return found
            except urllib.error.URLError:  # the file is there before the server answers
                continue
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")
