"""The report as PDF, tagged for screen readers (PDF/UA-1) and for archives (PDF/A-2a).

Typst sets the page; the text goes in as JSON, so that evidence is data and never markup. The file claims both
standards and Typst checks them while writing; it has not been certified with veraPDF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from forensics.case.version import VERSION
from forensics.reports import articles, facts
from forensics.reports.answers import answers
from forensics.reports.exhibit import Cell, Exhibit
from forensics.reports.html import Section, publish, sections
from forensics.reports.inert import inert
from forensics.reports.letterhead import Letterhead, LogoError
from forensics.reports.page_one import page_one
from forensics.reports.shown import bundle as bundle_name
from forensics.reports.svg import svg
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_NARROW, _LONG, _SHORT = 70, 48, 12
"""Characters of a table that need not fill the page, of its widest column, and of one with its own width."""
_LETTER, _BOLD, _INSET = 0.54, 0.64, 8.0
"""Width of a letter and of a bold one in the size of the letters, and points beside a column."""
_SIZE, _SMALL, _MANY = 8.0, 7.0, 9
"""Points of a table's letters, and of those of a table with so many columns or more."""
PAGE = 493.0
"""Points that a table may fill: A4 less the margins of ``report.typ``."""
_HYPHENATED = 11
"""Letters of a head before it is hyphenated."""
_BREAK = re.compile(r"[\s/;-]+")


def write_pdf(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    letterhead: Letterhead | None = None,
    report_k: int | None = None,
) -> Path:
    """Write the report of a case as PDF; the same case gives the same bytes.

    Parameters
    ----------
    case : Case
    path : path
    reveal : bool
        Show names and transcripts.
    purpose : str
        Why; goes into the custody log and onto the first page.
    language : {'en', 'de'}, optional
    report_k : int, optional
        The case's options by default.
    letterhead : Letterhead, optional
        Organisation and logo.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(
        case, reveal=reveal, purpose=purpose, language=language, report_k=report_k, letterhead=letterhead
    )
    return publish(case, Path(path), render(view, purpose=purpose), revealed=reveal)


def render(view: View, *, purpose: str = "") -> bytes:
    """The report as the bytes of a PDF.

    Parameters
    ----------
    view : View
    purpose : str
        Why names are shown, if they are.
    """
    import typst

    source = files("forensics.reports").joinpath("templates", "report.typ").read_bytes()
    at = view.as_of or datetime(1970, 1, 1, tzinfo=UTC)
    content = json.dumps(_content(view, purpose, at), ensure_ascii=False)
    try:
        made: bytes = typst.compile(
            source,
            format="pdf",
            sys_inputs={"report": content},
            pdf_standards=[*STANDARDS],
            ignore_system_fonts=True,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        if "decode image" in str(error):
            raise LogoError from error
        raise
    return made


def _content(view: View, purpose: str, at: datetime) -> dict[str, Any]:
    w, shown = view.words, view.masker.revealed
    at = at.astimezone(UTC)
    head = (
        (w("report.as_of"), w.time(view.as_of)),
        (w("report.bundle"), w.all_of(bundle_name(view, n) for n in range(len(view.state["bundles"])))),
        (w("report.purpose"), view.words_of(view.state["purpose"] or w("report.purpose.none"))),
    )
    return {
        "title": w("report.title"),
        "kicker": w("report.kicker"),
        "tool": f"forensics {VERSION}",
        "language": w.language,
        "case": view.state["id"][:8],
        "date": {unit: getattr(at, unit) for unit in ("year", "month", "day", "hour", "minute", "second")},
        "facts": [{"name": name, "value": value} for name, value in head],
        "words": {"case": w("report.case")},
        "organisation": view.letterhead.organisation,
        "logo": list(view.letterhead.logo),
        "notice": {
            "short": w("report.revealed.short" if shown else "report.masked.short"),
            "text": w("report.revealed", purpose=inert(purpose)) if shown else w("report.masked"),
        },
        "brief-title": w("brief.title"),
        "brief": [
            {"name": name, "value": value or w("not_recorded"), "gap": value is None}
            for name, value in page_one(view)
        ],
        "unread": facts.unread(view),
        "answers-title": w("section.answers"),
        "answers": [
            {
                "question": a.question,
                "short": a.short,
                "sentences": a.sentences,
                "tone": a.tone.replace(" ", "_"),
            }
            for a in answers(view)
        ],
        "sections": [_section(view, section) for section in sections(view)],
    }


def _section(view: View, section: Section) -> dict[str, Any]:
    w = view.words
    made: dict[str, Any] = {
        "title": w(f"section.{section.name}"),
        "paragraphs": [],
        "items": [],
        "points": [],
        "exhibits": [_exhibit(exhibit) for exhibit in section.exhibits],
    }
    if section.name == "notification":
        made["paragraphs"] = [w("notification.intro"), view.clock_sentence]
        made["items"] = [{"title": i.title, "sentences": i.sentences} for i in articles.items(view)]
    if section.name == "method":
        made["paragraphs"] = [w(f"method.{n}") for n in range(1, 5)]
        made["points"] = [w(f"limit.{n}") for n in range(1, 6)]
    return made


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    rows = [[_cell(value) for value in row] for row in exhibit.rows]
    columns = [[row[n] for row in rows] for n in range(len(exhibit.columns))]
    return {
        "title": exhibit.title,
        "sentence": exhibit.sentence,
        "columns": exhibit.columns,
        "numeric": [exhibit.numeric(n) for n in range(len(exhibit.columns))],
        "widths": _widths(exhibit.columns, columns),
        "size": _size(exhibit.columns),
        "rows": rows,
        "chart": None if exhibit.figure is None else svg(exhibit.figure),
        "alt": f"{exhibit.title}. {exhibit.sentence}",
    }


def _widths(heads: Sequence[str], columns: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, float]]:
    """Points of each column that holds little, shares of the others in what is left; none if all fits."""
    longest = [max((len(cell["text"]) for cell in column), default=1) for column in columns]
    if sum(max(len(head), most) for head, most in zip(heads, longest, strict=True)) <= _NARROW:
        return [{"points": 0.0, "share": 0.0} for _ in heads]
    made = []
    for head, column, most in zip(heads, columns, longest, strict=True):
        letter = _LETTER * _size(heads)
        words = max((len(word) for cell in column for word in _BREAK.split(cell["text"])), default=1)
        least = max(
            words * letter, min(max(len(word) for word in head.split()), _HYPHENATED) * _BOLD * _size(heads)
        )
        if most <= _SHORT or (column and column[0]["numeric"]):
            whole = most if most <= _SHORT else 0
            made.append({"points": max(least, whole * letter) + _INSET, "share": 0.0})
        else:
            made.append({"points": 0.0, "share": float(max(min(most, _LONG), words))})
    return made


def _size(heads: Sequence[str]) -> float:
    return _SMALL if len(heads) >= _MANY else _SIZE


def _cell(value: str | Cell) -> dict[str, Any]:
    cell = Cell(value) if isinstance(value, str) else value
    parts = [", ".join(label for _, label in cell.links), cell.text]
    text = "; ".join(part for part in parts if part)
    code = cell.code and bool(text)
    return {"text": text, "code": code, "english": cell.english, "numeric": cell.numeric}
