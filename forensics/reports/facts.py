"""The recorded facts of the incident in words, and those that stand on page one."""

from __future__ import annotations

from datetime import date, datetime

from forensics.case.incident import CHOICES, MOMENTS, SCORED
from forensics.reports.inert import inert
from forensics.reports.view import View

INCIDENT = (
    "breach_from", "breach_to", "discovered_at", "aware_at", "recipient", "containment", "intent", "measures",
    "account_data", "individuals", "unintelligible", "controller", "contact", "dpo", "lead_authority",
    "authority_told_at", "people_told_at",
)  # fmt: skip
"""Facts in the order in which the reports list them."""
IF_KNOWN = (
    "authority_reference", "delay_reasons", "decision_reasons", "processor", "processor_contact",
    "cross_border", "responsible", "report_version",
)  # fmt: skip
"""Facts that not every case has: listed where they are recorded, and no gap else."""


def told(view: View, name: str) -> str | None:
    """A fact in words, its note behind it; None while it is not recorded.

    Parameters
    ----------
    view : View
    name : str
        One of :data:`INCIDENT`.
    """
    if not view.facts.known(name):
        return None
    value = view.incident[name]
    if name in MOMENTS:
        return _moment(view, value)
    if name not in CHOICES:
        return inert(value)
    shown, note = view.words(f"fact.{name}.{value}"), view.incident.get(f"{name}_note")
    return f"{shown} ({view.words_of(note)})" if note else shown


def but_noted(view: View, name: str) -> str | None:
    """That a fact is unknown, and what was noted of it; None where nothing was."""
    note = view.incident.get(f"{name}_note")
    if note is None or view.facts.known(name):
        return None
    return view.words("fact.unknown_but", note=view.words_of(note))


def title(view: View, name: str) -> str:
    """What a fact is called at the head of a line."""
    return capital(view.words.name("incident", name))


def capital(text: str) -> str:
    """`text` with a capital letter at its head."""
    return text[:1].upper() + text[1:]


def breach(view: View) -> str | None:
    """When the breach itself began and ended, as far as that is recorded."""
    w = view.words
    first, last = told(view, "breach_from"), told(view, "breach_to")
    if first is None and last is None:
        return None
    if first == last:
        return first
    return w("fact.breach.span", first=first or w("not_recorded"), last=last or w("not_recorded"))


def missing(view: View) -> list[str]:
    """Names of the facts that the circumstances of the breach rest on and that are not known."""
    return [view.words.name("incident", name) for name in SCORED if not view.facts.known(name)]


def unread(view: View) -> list[str]:
    """A sentence for each fact that holds something else than it may, as a case of an older version does."""
    w = view.words
    return [
        w("fact.unread", name=w.name("incident", name), text=view.words_of(view.incident[name]), fact=name)
        for name in view.facts.unread
    ]


def _moment(view: View, value: str) -> str:
    """A day, or a time in the zone in which it was given."""
    w = view.words
    try:
        return (
            w.date(date.fromisoformat(value))
            if len(value) == len("2026-03-01")
            else w.time(datetime.fromisoformat(value))
        )
    except ValueError:  # a case of an older version
        return inert(value)
