"""JupyterLab in a real browser: it opens, runs notebook 01, and a correction made there is on disk."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from forensics import Case

pytestmark = [pytest.mark.speech, pytest.mark.browser]
PATIENCE = 240_000  # milliseconds; starting kernels is slow on a busy machine


@pytest.fixture(scope="module")
def case(demo_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case.open(shutil.copytree(demo_case.folder, tmp_path_factory.mktemp("lab") / "case"))


@pytest.fixture(scope="module")
def lab(case: Case) -> Iterator[str]:
    """The address of `forensics lab` on the case, token included."""
    command = [
        sys.executable,
        "-m",
        "forensics",
        "lab",
        "--case",
        str(case.folder),
        "--no-browser",
        "--port",
        "0",
    ]
    root = Path(__file__).resolve().parents[2]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert server.stderr is not None
    try:
        address = next(
            found[0]
            for line in server.stderr
            if (found := re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", line))
        )
        threading.Thread(target=lambda: list(server.stderr or ()), daemon=True).start()  # keep the pipe empty
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


@pytest.fixture(scope="module")
def page(lab: str, browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)
    page.hosts = set()
    page.on("request", lambda request: page.hosts.add(urlsplit(request.url).hostname))
    yield page
    page.close()


def run_all(page: Any, lab: str, notebook: str) -> None:
    base, token = lab.split("/lab?token=")
    page.goto(f"{base}/lab/tree/{notebook}?reset&token={token}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text(re.compile(r"ipykernel\) \| Idle")).wait_for()
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()


def look_for(page: Any, selector: str) -> None:
    """Scroll through the notebook until something is there: only cells in sight are drawn."""
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer")
    for step in range(PATIENCE // 500):
        if page.locator(selector).count():
            return
        panel.evaluate("(panel, part) => { panel.scrollTop = panel.scrollHeight * part; }", step % 10 / 10)
        page.wait_for_timeout(500)
    raise AssertionError(f"{selector} was not drawn")


def test_it_opens_and_runs_the_first_notebook(page: Any, lab: str) -> None:
    run_all(page, lab, "01_triage.ipynb")
    page.get_by_text("facts that no audio can tell").first.wait_for()  # the last cell
    look_for(page, ".jp-OutputArea-output .main-svg")
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def test_a_correction_made_by_keyboard_is_on_disk(page: Any, lab: str, case: Case) -> None:
    run_all(page, lab, "02_what_was_said.ipynb")
    look_for(page, ".fr-line")
    page.locator(".fr-line").first.wait_for()
    assert page.locator(".fr-detail textarea").count() == 0  # masked: nothing to read, nothing to hear
    page.locator("input[id$=-who]").fill("A. Analyst")
    page.locator("input[id$=-why]").fill("breach assessment")
    page.keyboard.press("Enter")
    page.locator(".fr-detail textarea").wait_for()
    page.locator(".fr-list").focus()
    page.keyboard.press("ArrowDown")
    page.locator(".fr-detail h4", has_text=re.compile(r"^R2 ")).wait_for()
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("wie wird das Wetter in Oldenburg")
    page.keyboard.press("Control+Enter")
    page.locator(".fr-say", has_text="Saved: R2").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press(" ")
    page.locator(".fr-detail audio:not([hidden])").wait_for()
    page.wait_for_function("document.querySelector('.fr-detail audio').duration > 0.3")

    decision = json.loads((case.folder / "review.jsonl").read_text("utf-8").splitlines()[-1])
    assert (decision["reviewer"], decision["verdict"]) == ("A. Analyst", "correct")
    assert decision["value"] == "wie wird das Wetter in Oldenburg"
    assert "names revealed" in [act["act"] for act in case.custody.acts()]
    assert page.hosts - {None} == {"127.0.0.1"}  # blob: and data: have no host


def test_only_what_depends_on_the_correction_is_computed_again(case: Case) -> None:
    from forensics.corridor.runner import run

    kept = {name: case.stage_record(name) for name in ("intake", "audio", "transcription")}
    ran = run(case)
    assert ran[0] == "matching"
    assert "language" in ran
    assert {name: case.stage_record(name) for name in kept} == kept
