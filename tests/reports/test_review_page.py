"""The review in a browser on the demo case: hear, compare, merge, mark, recompute, and ask nobody outside."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_page import open_review

from forensics import Case
from forensics.reports.review_widget import review

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def violations(page: Any) -> list[tuple[str, str]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found]


@pytest.fixture
def page(browser: Any) -> Any:
    opened = browser.new_page(viewport={"width": 1300, "height": 900}, bypass_csp=True)
    opened.set_default_timeout(60_000)
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.wrong = []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    yield opened
    assert opened.wrong == []
    assert [url for url in opened.asked if not url.startswith(("blob:", "data:", "about:"))] == []
    opened.close()


@pytest.mark.speech
def test_a_reviewer_hears_compares_merges_and_sees_what_changed(
    page: Any, demo_case: Case, tmp_path: Path
) -> None:
    case = Case.open(shutil.copytree(demo_case.folder, tmp_path / "case"))
    persons = {row["name"]: row for row in case.rows("persons")}
    open_review(page, review(case, reviewer="A. Analyst"))
    page.locator(".fr-line").first.wait_for()
    assert page.locator("[id$=-order]").input_value() == "doubt"
    assert page.locator(".fr-hear, textarea").count() == 0  # masked: nothing to read, nothing to hear
    assert violations(page) == []
    page.locator("input[id$=-why]").fill("breach assessment")
    page.keyboard.press("Enter")
    page.locator("textarea").wait_for()

    page.locator("[data-find=text]").fill("oldenburg")
    page.keyboard.press("Enter")
    page.locator(".fr-say", has_text="Found").wait_for()
    assert 0 < page.locator(".fr-line").count() < 30
    page.locator("[data-table=claims]").click()
    page.locator(".fr-line", has_text="home").first.click()
    page.locator(".fr-readings mark").first.wait_for()
    assert page.locator(".fr-choices option").count() > 1  # several towns are called so
    page.locator(".fr-hear").first.click()
    page.locator(".fr-play", has_text="Pause").wait_for()  # it plays
    page.locator(".fr-loop").click()
    page.locator("[id$=-speed]").select_option("0.5")
    page.wait_for_function(
        "() => Number(document.querySelector('.fr-at').textContent.split(' ')[0]) > 0.2"
    )  # and gets on
    assert page.locator(".fr-loop").get_attribute("aria-pressed") == "true"
    assert (
        page.evaluate("document.querySelector('.fr-wave div').shadowRoot.querySelector('canvas').width") > 100
    )
    assert violations(page) == []
    page.locator(".fr-clear").click()

    page.locator("[data-table=persons]").click()
    page.locator(".fr-line", has_text="Katrin").click()
    page.locator(".fr-row h3", has_text="Katrin").wait_for()
    page.locator("[id$=-choose-merge]").select_option(persons["Hannah"]["person_id"])
    page.get_by_role("button", name="Save: Is the same person as").click()
    page.locator(".fr-say", has_text="Saved").wait_for()
    assert page.locator(".fr-detail .fr-say").count() == 1  # told beside the button
    page.locator(".fr-made li", has_text="Hannah").wait_for()
    assert violations(page) == []
    page.locator("[data-table=transcripts]").click()
    page.locator("[id$=-choose-speaker]").select_option("television")
    page.get_by_role("button", name="Save: Whose voice").click()
    page.locator(".fr-made li", has_text="marked").wait_for()
    page.locator(".fr-recompute").click()
    page.locator(".fr-changed td").first.wait_for()
    assert page.locator(".fr-changed", has_text="Before").count() == 1
    assert "Hannah" not in {row["name"] for row in case.rows("persons")}
    assert violations(page) == []


def test_of_thousands_of_recordings_only_the_lines_in_sight_are_drawn(
    page: Any, make_case: Callable[..., Case]
) -> None:
    case = make_case(recordings=1700)
    open_review(page, review(case, reviewer="A. Analyst", purpose="test"))
    page.locator(".fr-line").first.wait_for()
    page.locator(".fr-list").focus()
    page.keyboard.press("End")
    page.locator("[aria-posinset='1700'][aria-selected=true]").wait_for()
    assert page.locator(".fr-line").count() < 40
    page.keyboard.press("a")
    page.locator(".fr-say", has_text="Saved").wait_for()
    assert len(case.review.decisions("transcripts")) == 1
