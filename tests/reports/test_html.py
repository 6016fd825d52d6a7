"""The HTML report: masked, inert, complete in itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_case import NAMES, SENTENCE

from forensics import Case, ConsentError, Options
from forensics.reports.html import write_html
from forensics.reports.inert import inert, inert_label
from forensics.reports.words import catalogue

HOSTILE = (
    '<script>alert(1)</script></script><img src=x onerror="alert(2)">=HYPERLINK("http://e.example")\u202etxt'
)


class Page(HTMLParser):
    """Tags, attributes and visible text of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.text += data


@pytest.fixture(scope="module")
def source(small_case: Case, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_html(small_case, tmp_path_factory.mktemp("out") / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_no_name_and_no_transcript_is_in_a_masked_report(source: str) -> None:
    ours = source.replace(*_library(source))
    for name in (*NAMES, SENTENCE, "insulin"):
        assert name not in ours


def test_a_revealed_report_shows_them_and_says_why(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=8)
    shown = write_html(case, tmp_path / "r.html", reveal=True, purpose="hearing on 3 March").read_text(
        "utf-8"
    )
    for text in (*NAMES, SENTENCE, "hearing on 3 March"):
        assert text in shown
    assert "names revealed" in [act["act"] for act in case.custody.acts()]


def test_revealing_without_a_purpose_writes_nothing(small_case: Case, tmp_path: Path) -> None:
    with pytest.raises(ConsentError):
        write_html(small_case, tmp_path / "r.html", reveal=True)
    assert not (tmp_path / "r.html").exists()


def test_the_policy_lets_only_our_two_scripts_run(source: str, page: Page) -> None:
    import base64
    import hashlib

    policy = next(
        a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    script_src = re.search(r"script-src ([^;]*);", policy)
    assert script_src is not None
    run = [script for (tag, attrs), script in zip(_scripts(page), page.scripts, strict=True) if not attrs]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in run}
    assert set(script_src.group(1).split()) == hashes
    assert len(hashes) == 2


def test_nothing_is_loaded_and_nothing_leads_out(page: Page) -> None:
    for tag, attrs in page.tags:
        assert tag not in ("link", "iframe", "object", "embed", "img", "form", "base")
        assert not [name for name in attrs if name.startswith("on") or name == "src"]
        assert (attrs.get("href") or "#").startswith("#")


def test_every_link_has_a_target(page: Page) -> None:
    targets = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    links = {(attrs["href"] or "")[1:] for tag, attrs in page.tags if tag == "a" and "href" in attrs}
    assert links - targets == set()


def test_every_chart_has_a_sentence_and_a_table(source: str) -> None:
    figures = re.findall(r'<figure id="x-(\w+)".*?</figure>', source, flags=re.DOTALL)
    bodies = re.findall(r"<figure id=.*?</figure>", source, flags=re.DOTALL)
    assert {"timeline", "hours", "places", "bits", "risk", "severity"} <= set(figures)
    for body in bodies:
        assert re.search(r"<figcaption>\s*<h3[^>]*>[^<]+</h3>\s*<p>[^<]+</p>", body)
        if 'class="chart"' in body:
            assert "<table>" in body
            assert re.search(r'role="img" aria-label="[^"]{20,}"', body)


def test_the_same_case_gives_the_same_bytes(small_case: Case, tmp_path: Path) -> None:
    one = write_html(small_case, tmp_path / "1.html").read_bytes()
    assert write_html(small_case, tmp_path / "2.html").read_bytes() == one


def test_an_unchanged_report_is_not_noted_twice(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3)
    write_html(case, tmp_path / "r.html")
    head = case.custody.head()
    write_html(case, tmp_path / "r.html")
    assert case.custody.head() == head
    assert case.custody.acts()[-1]["act"] == "report written"


def test_only_the_owner_can_read_a_report(small_case: Case, tmp_path: Path) -> None:
    path = write_html(small_case, tmp_path / "r.html")
    assert path.stat().st_mode & 0o077 == 0


def test_a_german_report_speaks_german(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=12, options=Options(report_language="de"))
    german = write_html(case, tmp_path / "r.html").read_text("utf-8")
    assert '<html lang="de">' in german
    assert "Fünf Antworten" in german
    assert "Kontakt 1" in german


def test_a_case_with_nothing_in_it_gives_a_report(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    shown = Page(write_html(case, tmp_path / "r.html").read_text("utf-8")).text
    assert "incomplete" in shown
    assert "not yet determined" in shown


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda t: f"{HOSTILE}{t}"))
def test_hostile_text_is_inert_even_when_revealed(
    make_case: Callable[..., Case], tmp_path: Path, text: str
) -> None:
    case = make_case(text, recordings=3)
    shown = write_html(case, tmp_path / "r.html", reveal=True, purpose="test").read_text("utf-8")
    page = Page(shown)
    ours = shown.replace(*_library(shown))
    assert "<script>alert" not in ours
    assert "\u202e" not in ours
    assert "<img" not in ours
    assert len(_scripts(page)) == 5
    assert not re.search(r"<bdi>\s*=", ours)


@given(st.text())
def test_inert_text_has_no_control_and_starts_no_formula(text: str) -> None:
    shown = inert(text)
    assert not shown.lstrip().startswith(("=", "+", "-", "@", "|", "%"))
    assert all(c.isprintable() or c in " \u00a0\u3000" or c.isspace() for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\n\r\t")
    assert "<" not in inert_label(text)


def test_ordinary_text_stays_as_it_is() -> None:
    assert inert("Café „Zur Post“ – 50 % 東京") == "Café „Zur Post“ – 50 % 東京"


def test_both_languages_say_the_same_things() -> None:
    english, german = catalogue("en"), catalogue("de")
    assert english.keys() == german.keys()
    for key, text in english.items():
        assert sorted(re.findall(r"{(\w+)}", text)) == sorted(re.findall(r"{(\w+)}", german[key])), key


def _scripts(page: Page) -> list[tuple[str, dict[str, str | None]]]:
    return [(tag, attrs) for tag, attrs in page.tags if tag == "script"]


def _library(source: str) -> tuple[str, str]:
    """plotly.js, which speaks of many things that are not ours."""
    from forensics.reports.html import _plotly

    assert _plotly() in source
    return _plotly(), ""
