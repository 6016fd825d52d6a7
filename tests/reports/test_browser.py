"""The report in a real browser, opened from the disk as a regulator would."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from forensics import Case
from forensics.reports.html import write_html
from forensics.reports.words import Words

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(small_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_html(small_case, tmp_path_factory.mktemp("browser") / "report.html")


@pytest.fixture
def opened(browser: Any, report: Path) -> Any:
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-drawn]")
    yield page
    page.close()


def test_it_opens_from_the_disk_and_asks_nobody(opened: Any, report: Path) -> None:
    assert [url for url in opened.asked if not url.startswith(("data:", "blob:"))] == [report.as_uri()]
    assert [line for line in opened.said if line.startswith(("error", "warning"))] == []


def test_every_chart_is_drawn(opened: Any) -> None:
    charts = opened.locator(".chart")
    assert charts.count() >= 6
    for number in range(charts.count()):
        drawn = charts.nth(number).locator("svg.main-svg").first
        assert drawn.bounding_box()["width"] > 300
        assert charts.nth(number).locator(".cartesianlayer :is(path, image)").count() > 0


def test_no_chart_offers_to_leave_and_no_button_asks_anybody(opened: Any, report: Path) -> None:
    """plotly.js has a button that uploads a chart; here there is none, and the setting says so as well."""
    from forensics.reports.figures import CONFIG

    settings = opened.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map((c) => c._context)")
    assert len(settings) >= 6
    for found in settings:
        assert {key: found[key] for key in CONFIG} == CONFIG
    assert opened.locator(".modebar-btn").count() == 0
    for button in opened.locator("button, summary, input[type=radio]").all():
        button.dispatch_event("click")
    opened.wait_for_timeout(500)
    assert [url for url in opened.asked if not url.startswith(("data:", "blob:"))] == [report.as_uri()]
    assert len(opened.context.pages) == 1


def test_a_claim_leads_to_its_recording_by_keyboard(opened: Any) -> None:
    link = opened.locator("#claims a[href='#u1']").first
    link.focus()
    opened.keyboard.press("Enter")
    row = opened.locator("#u1")
    row.wait_for(state="visible")  # the index starts closed and opens for the link
    assert opened.evaluate("location.hash") == "#u1"


def test_dark_and_print_change_the_charts_colours(opened: Any) -> None:
    light = _bar_colour(opened)
    opened.emulate_media(color_scheme="dark")
    dark = _bar_colour(opened)
    assert dark != light
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert _bar_colour(opened) == light
    assert opened.locator("details:not([open])").count() == 0
    opened.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert _bar_colour(opened) == dark
    assert opened.locator("details:not([open])").count() > 0


def test_the_clock_is_played_by_keyboard_and_tells_how_many_still_fit(opened: Any) -> None:
    people = opened.locator(".player .people span")
    assert people.inner_text() == "83,000,000"
    opened.locator(".player input[type=range]").focus()
    opened.keyboard.press("End")
    assert people.inner_text() == "2"
    opened.keyboard.press("Home")
    opened.locator(".player input[value=best_first]").check()
    opened.locator(".player button").focus()
    opened.keyboard.press("Enter")
    opened.locator(".player .people span", has_text=re.compile("^12$")).wait_for()
    opened.keyboard.press("Enter")  # the same button stops it
    assert opened.locator(".player button").inner_text() == "Play"
    stopped = people.inner_text()
    opened.wait_for_timeout(400)
    assert people.inner_text() == stopped


def test_whoever_prefers_less_motion_gets_steps(opened: Any) -> None:
    opened.emulate_media(reduced_motion="reduce")
    opened.locator(".player button").click()
    hand = opened.locator(".face .hand")
    first = hand.get_attribute("transform")
    opened.wait_for_timeout(500)
    assert hand.get_attribute("transform") == first  # it stands until the next step


def test_nothing_is_wider_than_a_telephone(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-drawn]")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    wider = "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1)"
    assert page.evaluate(f"{wider}.map((e) => e.getAttribute('aria-label'))") == []
    first = page.locator("#x-inventory td").first
    label = first.evaluate("(cell) => getComputedStyle(cell, '::before').content")
    assert label == '"Taken as"'  # each cell says what column it is of
    page.close()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_first_printed_page_has_all_five_answers(
    browser: Any, small_case: Case, tmp_path: Path, language: str
) -> None:
    path = write_html(small_case, tmp_path / "r.html", language=language)
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn]")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    page.close()
    first, second = (printed[n].get_textpage().get_text_bounded() for n in (0, 1))
    words = Words(language)
    for name in ("leaked", "whose", "identifiable", "severe", "notify"):
        assert words(f"{name}.question") in first
    assert words("section.inventory") in second


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Any, report: Path, scheme: str) -> None:
    """WCAG 2.1 A and AA, with every table opened."""
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(color_scheme=scheme, bypass_csp=True)  # axe is injected, which our policy forbids
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-drawn]")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    )
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []
    page.close()


def _bar_colour(page: Any) -> str:
    page.wait_for_timeout(100)
    return str(
        page.locator("#chart-bits .waterfalllayer .point path").first.evaluate("(bar) => bar.style.fill")
    )
