"""A German report is German: no English word in any format, and every code has a name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest
from made_case import HOUSEHOLD, rows

from forensics import Case, Options
from forensics.case import kinds
from forensics.reidentification.rates import table
from forensics.reports import pdf, write
from forensics.reports.assessed import flags
from forensics.reports.html import figure_json, sections
from forensics.reports.summary import findings
from forensics.reports.view import View
from forensics.reports.words import LANGUAGES, Words, catalogue

WORD = re.compile(r"[^\W\d_]{2,}")
COMMON = frozenset(Path(__file__).with_name("english.txt").read_text("utf-8").split())
"""English words that no German text has."""
NAMES = frozenset(
    (
        "alexa",
        "app",
        "echo",
        "dot",
        "forensics",
        "facebook",
        "spotify",
        "oldenburg",
        "geonames",
        "census",
        "index",
    )
)
"""Proper names, and words that both languages write alike."""


FILE = re.compile(r"\S+\.[a-z]{2,5}\b|\b[0-9a-f]{8,}\b")


def words_of(texts: object) -> set[str]:
    """All words but those of file names, which are evidence, and of hashes."""
    return {word.casefold() for text in strings(texts) for word in WORD.findall(FILE.sub("", text))}


def english() -> frozenset[str]:
    """Words of the English catalogue, and common ones, that the German one does not have."""
    german = words_of(
        [*catalogue("de").values(), *(row["source_de"] for name in TABLES for row in table(name))]
    )
    ours = words_of([re.sub(r"\{\w+\}", "", text) for text in catalogue("en").values()])
    return frozenset((ours | COMMON) - german - NAMES)


TABLES = ("assumptions", "priors", "population")


def strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from strings(value)
    elif isinstance(content, list | tuple | set | frozenset):
        for value in content:
            yield from strings(value)


class Shown(HTMLParser):
    """The words that a reader sees or hears: no scripts, no identifiers."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "code")
        told = dict(attrs)
        self.texts += [told[name] or "" for name in ("aria-label", "alt", "title") if name in told]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


@pytest.fixture(scope="module")
def household(make_case: Callable[..., Case]) -> Case:
    """The small household with whatever else a report may have to say."""
    case = make_case(recordings=12)
    made = rows(recordings=12)
    blank = next(c for c in made["claims"] if c["attribute"] == "contact")
    more = [
        {
            **blank,
            "claim_id": "clm-80",
            "attribute": "relation",
            "subject_role": "relative",
            "value": "grandmother",
        },
        {
            **blank,
            "claim_id": "clm-81",
            "attribute": "media_taste",
            "subject_role": "public_figure",
            "value": "X",
        },
        {**blank, "claim_id": "clm-82", "attribute": "accidental_recording", "subject_role": "subject"},
    ]
    own = [{**c, "value": "Quirina"} if c["attribute"] == "child" else c for c in made["claims"]]
    case.write_table("claims", [*own, *more])
    case.write_table(
        "severity", [{**made["severity"][0], "flags": list(kinds.SEVERITY_FLAGS), "reviewer": "A. Prüfer"}]
    )
    moved = [
        {"input": name, "attribute": kind, "subject_role": kind and "subject", "p_low": 0.2, "p_high": 0.4}
        for name, kind in (
            ("listed", None),
            ("dependence", None),
            ("truth", "child"),
            ("base_rate", "contact"),
        )
    ]
    case.write_table("risk", [{**row, "sensitivity": moved} for row in made["risk"]])
    return case


def formats(case: Case, folder: Path) -> dict[str, Any]:
    """What each format says in German, without identifiers."""
    view = View.of_case(case, language="de")
    page = write(case, folder / "r.html", "html", language="de").read_text("utf-8")
    document = docx.Document(str(write(case, folder / "r.docx", "notification", language="de")))
    told = json.loads(write(case, folder / "r.json", "json", language="de").read_text("utf-8"))
    lines = write(case, folder / "t.jsonl", "timeline", language="de").read_text("utf-8").splitlines()
    graph = json.loads(write(case, folder / "c.json", "case", language="de").read_text("utf-8"))["@graph"]
    german = [p.text for p in document.paragraphs]
    german = german[: german.index(catalogue("en")["letter.title"])]  # the letter in English comes last
    return {
        "html": Shown(page).texts,
        "charts": [
            list(_chart(figure_json(e, "de"))) for s in sections(view) for e in s.exhibits if e.figure
        ],
        "pdf": list(_pdf(pdf._content(view, "", view.as_of))),  # type: ignore[arg-type]
        "notification": [german, [c.text for t in document.tables for r in t.rows for c in r.cells]],
        "json": [_said(told), _reasons(told)],
        "timeline": [(event["message"], event["timestamp_desc"]) for event in map(json.loads, lines)],
        "register-entry": _word(write(case, folder / "e.docx", "register-entry", language="de")),
        "processor-notice": _word(write(case, folder / "p.docx", "processor-notice", language="de")),
        "changes": Shown(_changes(case, folder)).texts,
        "case": [node.get("uco-core:description", "") for node in graph],
    }


def _word(path: Path) -> list[str]:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(p.text for p in document.paragraphs), *cells]


def _changes(case: Case, folder: Path) -> str:
    """With every figure and statement told as changed."""
    before = json.loads(write(case, folder / "b.json", "json").read_text("utf-8"))
    before |= {"claims": [], "severity": [], "risk": [], "recordings": [], "incident": {"recipient": "known"}}
    (folder / "b.json").write_text(json.dumps(before))
    return write(case, folder / "c.html", "changes", language="de", before=folder / "b.json").read_text(
        "utf-8"
    )


def _said(told: dict[str, Any]) -> list[Any]:
    answers = [(one["question"], one["short"], one["sentences"]) for one in told["answers"]]
    found = [(one["message"], one["remedy"]) for one in told["findings"]]
    return [answers, told["articles"], found]


def _reasons(told: dict[str, Any]) -> list[str]:
    found = [row["source"] for row in told["exposure"]]
    found += [row[f"{part}_reason"] for row in told["severity"] for part in ("dpc", "ei", "cb")]
    return [*found, *(row[name] for row in told["risk"] for name in ("population", "dependence"))]


def _pdf(content: object) -> Iterator[str]:
    """What stands on the page: not the cells that are identifiers, nor keys of the template."""
    if isinstance(content, dict):
        if content.get("code"):
            return
        for key, value in content.items():
            if key not in ("chart", "tone", "tool", "language"):
                yield from _pdf(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _pdf(value)
    elif isinstance(content, str):
        yield content


def _chart(content: object, key: str = "") -> Iterator[str]:
    """Names, titles and labels of a figure."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _chart(value, name if name not in ("font",) else "style")
    elif isinstance(content, list):
        for value in content:
            yield from _chart(value, key)
    elif isinstance(content, str) and key in ("text", "name", "ticktext", "customdata", "title"):
        yield content


FORMATS = (
    "html", "charts", "pdf", "notification", "json", "timeline", "case", "register-entry", "processor-notice",
    "changes",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_no_english_word_is_in_a_german_report(household: Case, tmp_path: Path, name: str) -> None:
    assert sorted(words_of(formats(household, tmp_path)[name]) & english()) == []


@pytest.mark.parametrize(
    "family", ["role", "attribute", "domain", "band", "basis", "disposition", "flag", "table"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_name(language: str, family: str) -> None:
    codes: dict[str, tuple[str, ...]] = {
        "role": kinds.ROLES,
        "attribute": kinds.ATTRIBUTES,
        "domain": kinds.DOMAINS,
        "band": kinds.BANDS,
        "basis": kinds.BASES,
        "disposition": kinds.DISPOSITIONS,
        "flag": kinds.SEVERITY_FLAGS,
        "table": ("transcripts", "mentions", "claims"),
    }
    assert [code for code in codes[family] if f"{family}.{code}" not in Words(language)] == []


def test_the_ten_lines_are_german(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=6, options=Options(report_language="de"))
    commands = re.compile(r"--\w+|forensics incident")
    assert sorted(words_of([commands.sub("", line) for line in findings(case)]) & english()) == []


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_of_the_reference_names_its_source_in_german(name: str) -> None:
    for row in table(name):
        assert row["source_de"]
        assert not words_of(row["source_de"]) & COMMON


def test_places_have_their_german_names(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    munich = 2867714
    claim = {**rows()["claims"][2], "value": "Munich", "places": [{"place_id": munich, "probability": 1.0}]}
    case.write_table("claims", [claim])
    assert View.of_case(case, language="de").claim_text(claim) == "München"
    assert View.of_case(case, language="en").claim_text(claim) == "Munich"


def test_flags_of_an_older_case_are_shown_as_they_are(make_case: Callable[..., Case]) -> None:
    view = View.of_case(make_case(recordings=3))
    told = {"flags": ["third parties, as it seems"], "data_subject_group": HOUSEHOLD}
    assert flags(view, told) == "Third parties, as it seems."
