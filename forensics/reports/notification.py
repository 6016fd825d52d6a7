"""The notification under Article 33 GDPR and the letter under Article 34, as a document that people edit.

Phase 1 needs intake alone and never waits for transcription; phase 2 adds the measurement. What is not known
is marked, not invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from forensics.reports import facts, figures, provenance
from forensics.reports.articles import containment, items
from forensics.reports.html import publish
from forensics.reports.letterhead import Letterhead
from forensics.reports.page_one import page_one
from forensics.reports.people import children_heard, special_categories
from forensics.reports.sentences import counted
from forensics.reports.view import View
from forensics.reports.word_documents import head, mark_gaps, new_document, saved, write_items
from forensics.reports.word_tables import exhibit_table, facts_table, text_of
from forensics.reports.words import LANGUAGES, Words

if TYPE_CHECKING:
    from docx.document import Document

    from forensics.case.case import Case


def write_notification(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    letterhead: Letterhead | None = None,
) -> Path:
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
    language : {'en', 'de'}, optional
        Of the notification; the letter is in both languages, this one first.
    letterhead : Letterhead, optional
        Organisation and logo.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language, letterhead=letterhead)
    return publish(case, Path(path), render(view), revealed=reveal)


def render(view: View) -> bytes:
    """The document's bytes; the same for the same case.

    Parameters
    ----------
    view : View
    """
    from docx.enum.text import WD_BREAK

    document = new_document(view, view.words("notify.title"))
    _notification(document, view)
    for language in (view.words.language, *(x for x in LANGUAGES if x != view.words.language)):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _letter(document, view, Words(language))
    return saved(document)


def _notification(document: Document, view: View) -> None:
    w = view.words
    document.add_heading(w("notify.title"), 0)
    measured = view.severity is not None
    document.add_paragraph(w("notify.phase2", at=w.time(view.as_of)) if measured else w("notify.phase1"))
    document.add_paragraph(w("notify.draft"))
    document.add_heading(w("brief.title"), 1)
    facts_table(document, page_one(view), w("gap"))
    for sentence in facts.unread(view):
        document.add_paragraph(sentence)
    document.add_heading(w("notification.clock"), 1)
    facts_table(document, _clock(view), w("gap"))
    write_items(document, view, items(view))
    document.add_heading(w("notify.facts"), 1)
    recorded = provenance.incident(view)
    facts_table(document, [(text_of(name), value) for name, value in recorded.rows], w("gap"))
    if measured:
        document.add_heading(w("notify.severity"), 1)
        document.add_paragraph(figures.risk(view).sentence)
        exhibit_table(document, figures.severity(view))
    document.add_heading(w("notify.limits"), 1)
    for n in range(1, 6):
        document.add_paragraph(w(f"limit.{n}"), style="List Bullet")
    document.add_paragraph(w("notify.custody", head=view.evidence_head))


def _clock(view: View) -> list[tuple[str, str | None]]:
    w, by, at = view.words, view.notify_by, view.as_of
    rows = [
        (w("notify.clock.aware"), w.time(view.aware_at) if view.aware_at else None),
        (w("notify.clock.by"), w.time(by) if by else None),
        (w("notify.clock.state"), w.time(at)),
    ]
    if by and at:
        seconds = (by - at).total_seconds()
        left = w.duration(abs(seconds))
        rows.append((w("notify.clock.left"), left if seconds > 0 else w("notify.clock.over", n=left)))
    return rows


def _letter(document: Document, view: View, w: Words) -> None:
    """The letter in one language: plain words, no score, no pseudonym."""
    view = view.in_language(w)  # the same case in the letter's language
    times = [at for u in view.rows("utterances") if (at := view.started(u))]
    row = view.headline
    gap = f"[{w('gap')}]"
    held = containment(view)
    done = [
        *filter(None, [facts.told(view, "measures")]),
        *([w("letter.contained", containment=held)] if held else []),
    ]
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
        ("letter.done.title", " ".join(f"{facts.capital(one)}." for one in done) or gap),
        ("letter.do.title", w("letter.do")),
        ("letter.contact.title", _whom_to_ask(view, gap)),
    ]
    document.add_heading(w("letter.title"), 0)
    head(document, view)
    for title, text in parts:
        if title:
            document.add_heading(w(title), 1)
        if text:
            mark_gaps(document.add_paragraph(), text, gap)


def _whom_to_ask(view: View, gap: str) -> str:
    """Controller, and the officer or another contact; both where both are recorded."""
    w, contact, dpo = view.words, facts.told(view, "contact"), facts.told(view, "dpo")
    parts = [facts.told(view, "controller") or gap]
    parts += [contact] if contact else []
    parts += [w("letter.dpo", dpo=dpo or gap)] if dpo or not contact else []
    return ", ".join(parts)
