"""The notification under Article 33 GDPR and the letter under Article 34, as a document that people edit.

Phase 1 needs intake alone and never waits for transcription; phase 2 adds the measurement. What is not known
is marked, not invented.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.reports import facts, figures, provenance
from forensics.reports.articles import containment, items
from forensics.reports.exhibit import Cell, Exhibit
from forensics.reports.html import publish
from forensics.reports.people import children_heard, special_categories
from forensics.reports.sentences import counted
from forensics.reports.view import View
from forensics.reports.words import LANGUAGES, Words

if TYPE_CHECKING:
    from docx.document import Document

    from forensics.case.case import Case

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip member


def write_notification(case: Case, path: str | Path, *, reveal: bool = False, purpose: str = "") -> Path:
    """Write the notification with the letter to the people concerned as DOCX.

    Parameters
    ----------
    case : Case
        Intake suffices: without a severity it is phase 1.
    path : path
    reveal : bool
        Show names.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose)
    return publish(case, Path(path), render(view), revealed=reveal)


def render(view: View) -> bytes:
    """The document's bytes; the same for the same case.

    Parameters
    ----------
    view : View
    """
    import docx
    from docx.enum.text import WD_BREAK

    document = docx.Document()
    at = (view.as_of or datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author = view.words("notify.title"), "forensics"
    properties.created = properties.modified = at
    properties.language = view.words.language
    _notification(document, view)
    for language in (view.words.language, *(x for x in LANGUAGES if x != view.words.language)):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _letter(document, view, Words(language))
    out = io.BytesIO()
    document.save(out)
    return _same_bytes(out.getvalue())


def _notification(document: Document, view: View) -> None:
    w = view.words
    document.add_heading(w("notify.title"), 0)
    measured = view.severity is not None
    document.add_paragraph(w("notify.phase2", at=w.time(view.as_of)) if measured else w("notify.phase1"))
    document.add_paragraph(w("notify.draft"))
    document.add_heading(w("brief.title"), 1)
    _pairs(document, [(name, value or w("not_recorded")) for name, value in facts.page_one(view)])
    for sentence in facts.unread(view):
        document.add_paragraph(sentence)
    document.add_heading(w("notification.clock"), 1)
    _pairs(document, _clock(view))
    for item in items(view):
        document.add_heading(item.title, 1)
        for sentence in item.sentences:
            _mark_gaps(document.add_paragraph(), sentence, w("gap"))
    document.add_heading(w("notify.facts"), 1)
    recorded = provenance.incident(view)
    _pairs(document, [(str(name), _text(value)) for name, value in recorded.rows])
    if measured:
        document.add_heading(w("notify.severity"), 1)
        document.add_paragraph(figures.risk(view).sentence)
        _table(document, figures.severity(view))
    document.add_heading(w("notify.limits"), 1)
    for n in range(1, 6):
        document.add_paragraph(w(f"limit.{n}"), style="List Bullet")
    document.add_paragraph(w("notify.custody", head=view.evidence_head))


def _clock(view: View) -> list[tuple[str, str]]:
    w, by, at = view.words, view.notify_by, view.as_of
    rows = [
        (w("notify.clock.aware"), w.time(view.aware_at) if view.aware_at else w("gap")),
        (w("notify.clock.by"), w.time(by) if by else w("gap")),
        (w("notify.clock.state"), w.time(at)),
    ]
    if by and at:
        seconds = (by - at).total_seconds()
        left = w.duration(abs(seconds))
        rows.append((w("notify.clock.left"), left if seconds > 0 else w("notify.clock.over", n=left)))
    return rows


def _letter(document: Document, view: View, w: Words) -> None:
    """The letter in one language: plain words, no score, no pseudonym."""
    view = View(view.case, view.masker, w)  # the same case in the letter's language
    times = [at for u in view.rows("utterances") if (at := view.started(u))]
    row = view.headline
    gap = f"[{w('gap')}]"
    done = [known for known in (facts.told(view, "measures"), containment(view)) if known]
    special = special_categories(view)
    parts = [
        ("", w("letter.greeting")),
        ("", w("letter.what")),
        (
            "letter.data.title",
            w(
                "letter.data",
                recordings=counted(view),
                span=w.span(min(times), max(times)) if times else w("unknown"),
            ),
        ),
        ("", w("letter.special", list=w.all_of(special)) if special else ""),
        ("", w("letter.children") if children_heard(view) else ""),
        (
            "letter.risk.title",
            w("letter.risk", p=w.percent(row["p_identify_hi"])) if row else w("letter.risk.unknown"),
        ),
        ("letter.done.title", "; ".join(done) or gap),
        ("letter.do.title", w("letter.do")),
        ("letter.contact.title", _whom_to_ask(view, gap)),
    ]
    for title, text in parts:
        if title:
            document.add_heading(w(title), 1)
        if text:
            _mark_gaps(document.add_paragraph(), text, gap)


def _whom_to_ask(view: View, gap: str) -> str:
    """Controller, and the officer or another contact; both where both are recorded."""
    w, contact, dpo = view.words, facts.told(view, "contact"), facts.told(view, "dpo")
    parts = [facts.told(view, "controller") or gap]
    parts += [contact] if contact else []
    parts += [w("letter.dpo", dpo=dpo or gap)] if dpo or not contact else []
    return ", ".join(parts)


def _pairs(document: Document, rows: list[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text = name
        cells[1].text = value


def _table(document: Document, exhibit: Exhibit) -> None:
    document.add_paragraph(exhibit.sentence)
    table = document.add_table(rows=1, cols=len(exhibit.columns))
    table.style = "Table Grid"
    for cell, column in zip(table.rows[0].cells, exhibit.columns, strict=True):
        cell.text = column
    for row in exhibit.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _text(value)


def _mark_gaps(paragraph: Any, text: str, gap: str) -> None:
    """Write `text`, every `gap` in it highlighted."""
    from docx.enum.text import WD_COLOR_INDEX

    parts = text.split(gap)
    for number, part in enumerate(parts):
        if number:
            paragraph.add_run(gap).font.highlight_color = WD_COLOR_INDEX.YELLOW
        paragraph.add_run(part)


def _text(value: str | Cell) -> str:
    return value if isinstance(value, str) else value.text


def _same_bytes(content: bytes) -> bytes:
    """The archive with times that do not depend on when it was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
