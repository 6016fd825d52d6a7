"""JupyterLab as `forensics lab` starts it on a copy of the demo case, and a page that tells what it asks."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab_page import PATIENCE, RECORDER, SPY, Asked, Lab

from forensics import Case


@pytest.fixture(scope="package")
def lab_case(demo_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A copy that the notebooks may change."""
    return Case.open(shutil.copytree(demo_case.folder, tmp_path_factory.mktemp("lab") / "case"))


@pytest.fixture(scope="package")
def lab(lab_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`forensics lab` on the case."""
    watched = tmp_path_factory.mktemp("watched")
    (watched / "sitecustomize.py").write_text(RECORDER, "utf-8")
    settings = lab_case.folder / "work" / "jupyter" / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    whole = {"windowingMode": "none"}  # draws every cell, not only those in sight
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps(whole), "utf-8")
    command = [sys.executable, "-m", "forensics", "lab", "--case", str(lab_case.folder)]
    command += ["--no-browser", "--port", "0"]
    root = Path(__file__).resolve().parents[2]
    log = watched / "asked.txt"
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={
            **os.environ, "PYTHONPATH": f"{watched}:{root}", "PYTHONUNBUFFERED": "1",
            "FORENSICS_ASKED": str(log),
        },
    )  # fmt: skip
    assert server.stderr is not None
    try:
        address = next(
            found[0]
            for line in server.stderr
            if (found := re.search(r"http://127\.0\.0\.1:\d+/lab/tree/01_triage\.ipynb\?token=\w+", line))
        )
        threading.Thread(target=lambda: list(server.stderr or ()), daemon=True).start()  # keep the pipe empty
        base, token = address.split("/lab/tree/01_triage.ipynb?token=")
        _until_it_listens(int(base.rpartition(":")[2]))
        yield Lab(base, token, lab_case.folder / "notebooks", log)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


@pytest.fixture(scope="package")
def page(browser: Any) -> Iterator[Any]:
    """A page of which every request is known: `page.asked`."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    asked = Asked()
    context.expose_binding("tellTest", lambda _, how, where: asked.note(how, where))
    context.add_init_script(SPY)
    context.on("request", lambda request: asked.note(request.resource_type, request.url))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.asked = asked
    yield page
    context.close()


def _until_it_listens(port: int) -> None:
    """The address is printed before the server answers there."""
    for _ in range(PATIENCE // 500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise AssertionError(f"nothing listens at port {port}")
