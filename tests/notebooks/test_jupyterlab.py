"""JupyterLab in a real browser: it opens, runs notebook 01, and a correction made there is on disk."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lab_page import PATIENCE, Lab, run_all

from forensics import Case

pytestmark = [pytest.mark.speech, pytest.mark.browser]


def look_for(page: Any, selector: str) -> None:
    """Scroll through the notebook until something is there: only cells in sight are drawn."""
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer")
    for step in range(PATIENCE // 500):
        if page.locator(selector).count():
            return
        panel.evaluate("(panel, part) => { panel.scrollTop = panel.scrollHeight * part; }", step % 10 / 10)
        page.wait_for_timeout(500)
    raise AssertionError(f"{selector} was not drawn")


def test_it_opens_and_runs_the_first_notebook(page: Any, lab: Lab) -> None:
    run_all(page, lab, "01_triage.ipynb")
    page.get_by_text("facts that the recordings cannot tell").first.wait_for()  # the last cell
    look_for(page, ".jp-OutputArea-output .main-svg")
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def test_a_correction_made_by_keyboard_is_on_disk(page: Any, lab: Lab, lab_case: Case) -> None:
    run_all(page, lab, "02_what_was_said.ipynb")
    look_for(page, ".fr-line")
    widget = page.locator(".fr").first  # the second one shows what a search found
    widget.locator(".fr-line").first.wait_for()
    assert widget.locator(".fr-detail textarea").count() == 0  # masked: nothing to read, nothing to hear
    widget.locator("input[id$=-who]").fill("A. Analyst")
    widget.locator("input[id$=-why]").fill("breach assessment")
    page.keyboard.press("Enter")
    widget.locator(".fr-detail textarea").wait_for()
    widget.locator("select[id$=-order]").select_option("given")
    widget.locator(".fr-detail h3", has_text=re.compile(r"^U1 ")).wait_for()
    widget.locator(".fr-list").focus()
    page.keyboard.press("ArrowDown")
    widget.locator(".fr-detail h3", has_text=re.compile(r"^U2 ")).wait_for()
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("wie wird das Wetter in Oldenburg")
    page.keyboard.press("Control+Enter")
    widget.locator(".fr-say", has_text="Saved: U2").wait_for()
    widget.locator(".fr-made li").first.wait_for()  # the row is shown anew: the keyboard stays where it was
    page.keyboard.press("Escape")
    page.keyboard.press(" ")
    widget.locator(".fr-play", has_text="Pause").wait_for()
    at = "() => Number(document.querySelector('.fr .fr-at').textContent.split(' ')[0]) > 0.3"
    page.wait_for_function(at)

    decision = json.loads((lab_case.folder / "review.jsonl").read_text("utf-8").splitlines()[-1])
    assert (decision["reviewer"], decision["verdict"]) == ("A. Analyst", "correct")
    assert decision["value"] == "wie wird das Wetter in Oldenburg"
    assert "names revealed" in [act["act"] for act in lab_case.custody.acts()]
    assert page.asked.outside() == []


def test_only_what_depends_on_the_correction_is_computed_again(lab_case: Case) -> None:
    from forensics.corridor.runner import run

    kept = {name: lab_case.stage_record(name) for name in ("intake", "audio", "transcription")}
    ran = run(lab_case)
    assert ran[0] == "matching"
    assert "language" in ran
    assert {name: lab_case.stage_record(name) for name in kept} == kept
