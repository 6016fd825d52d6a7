"""Two more documents of Article 33 GDPR: the controller's entry in its register, and a processor's notice.

Article 33(5): the controller documents every breach with its facts, effects and remedial action, so that the
authority can check it. Article 33(2): a processor tells the controller without undue delay.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from forensics.reports import facts, provenance
from forensics.reports.articles import containment, items
from forensics.reports.html import publish
from forensics.reports.letterhead import Letterhead
from forensics.reports.page_one import (
    authority_status,
    concerned,
    consequences,
    people_status,
    responsible,
    trusted,
    version,
    what,
)
from forensics.reports.sentences import severity_sentence
from forensics.reports.view import View
from forensics.reports.word_documents import new_document, saved, write_items
from forensics.reports.word_tables import facts_table

if TYPE_CHECKING:
    from forensics.case.case import Case

Rows = list[tuple[str, str | None]]


def write_register_entry(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    letterhead: Letterhead | None = None,
) -> Path:
    """Write the entry in the controller's register of breaches (Article 33(5)) as DOCX.

    Parameters
    ----------
    reveal : bool
        Show names.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language, letterhead=letterhead)
    return publish(case, Path(path), _register_entry(view), revealed=reveal)


def write_processor_notice(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    letterhead: Letterhead | None = None,
) -> Path:
    """Write a processor's notice to the controller (Article 33(2)) as DOCX.

    Parameters
    ----------
    reveal : bool
        Show names.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language, letterhead=letterhead)
    return publish(case, Path(path), _processor_notice(view), revealed=reveal)


def _register_entry(view: View) -> bytes:
    w = view.words
    document = new_document(view, w("register.title"))
    document.add_heading(w("register.title"), 0)
    document.add_paragraph(w("register.rule"))
    effects: Rows = [
        (w("page_one.consequences"), consequences(view)),
        (w("severity.se"), severity_sentence(view, view.severity) if view.severity else None),
    ]
    remedies: Rows = [
        (facts.title(view, "measures"), facts.told(view, "measures")),
        (facts.title(view, "containment"), containment(view)),
        (w("page_one.trusted"), trusted(view)),
    ]
    decided: Rows = [
        (w("page_one.article_33"), authority_status(view)),
        (w("page_one.article_34"), people_status(view)),
        (facts.title(view, "decision_reasons"), facts.told(view, "decision_reasons")),
        (w("page_one.responsible"), responsible(view)),
        (w("page_one.version"), version(view)),
    ]
    chapters = (
        ("register.facts", [(w("register.number"), view.state["id"][:8]), *_events(view), *_data(view)]),
        ("register.effects", effects),
        ("register.remedies", remedies),
        ("register.decisions", decided),
    )
    for key, rows in chapters:
        document.add_heading(w(key), 1)
        facts_table(document, rows, w("gap"))
    document.add_paragraph(provenance.signature(view))
    document.add_paragraph(w("notify.custody", head=view.evidence_head))
    return saved(document)


def _processor_notice(view: View) -> bytes:
    w = view.words
    document = new_document(view, w("processor.title"))
    document.add_heading(w("processor.title"), 0)
    document.add_paragraph(w("processor.rule"))
    names = ("processor", "processor_contact", "controller")
    rows: Rows = [(facts.title(view, name), facts.told(view, name)) for name in names]
    facts_table(document, [*rows, *_events(view)[1:3], *_data(view)], w("gap"))
    nature, _, effects, remedies = items(view)[1:5]
    write_items(document, view, (nature, effects, remedies))
    document.add_heading(w("processor.help.title"), 1)
    document.add_paragraph(w("processor.help"))
    document.add_paragraph(w("notify.custody", head=view.evidence_head))
    return saved(document)


def _events(view: View) -> Rows:
    """Controller, and the times of breach, discovery and awareness."""
    return [
        (facts.title(view, "controller"), facts.told(view, "controller")),
        (facts.capital(view.words("fact.breach")), facts.breach(view)),
        *((facts.title(view, name), facts.told(view, name)) for name in ("discovered_at", "aware_at")),
    ]


def _data(view: View) -> Rows:
    """Whose data, which data, and who got them."""
    w = view.words
    return [
        (w("page_one.concerned"), concerned(view)),
        (w("page_one.what"), what(view)),
        (facts.title(view, "recipient"), facts.told(view, "recipient") or facts.but_noted(view, "recipient")),
    ]
