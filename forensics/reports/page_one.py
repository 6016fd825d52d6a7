"""What an authority reads first: who, when, whose data, what may follow, what was done and what is to do."""

from __future__ import annotations

from forensics.case.incident import Containment, Recipient
from forensics.case.signoff import signed
from forensics.reports import facts
from forensics.reports.answers import KINDS
from forensics.reports.articles import HIGH, containment, learned
from forensics.reports.inert import inert
from forensics.reports.people import children_heard, roster, special_categories
from forensics.reports.sentences import counted, kinds_of_files
from forensics.reports.view import View

Facts = list[tuple[str, str | None]]
"""Names and values; None where something is not recorded."""


def page_one(view: View) -> Facts:
    """The facts that an authority asks for first, in the order in which it asks."""
    w = view.words
    recorded = {
        name: facts.told(view, name) or facts.but_noted(view, name)
        for name in ("controller", "contact", "dpo", "discovered_at", "aware_at", "recipient", "measures")
    }
    for name, other in (("dpo", "contact"), ("contact", "dpo")):  # one of the two suffices
        if recorded[name] is None and recorded[other] is not None:
            recorded[name] = w("not_recorded")
    found: Facts = [(facts.title(view, name), recorded[name]) for name in ("controller", "contact", "dpo")]
    found += _if_known(view, "processor")
    found.append((w("page_one.kind"), w("page_one.kind.told")))
    found.append((facts.capital(w("fact.breach")), facts.breach(view)))
    found += [(facts.title(view, name), recorded[name]) for name in ("discovered_at", "aware_at")]
    return [
        *found,
        (w("page_one.concerned"), concerned(view)),
        (w("page_one.what"), what(view)),
        (facts.title(view, "recipient"), recorded["recipient"]),
        (w("page_one.consequences"), consequences(view)),
        (facts.title(view, "measures"), recorded["measures"]),
        (facts.title(view, "containment"), containment(view)),
        (w("page_one.trusted"), trusted(view)),
        (w("page_one.article_33"), authority_status(view)),
        (w("page_one.article_34"), people_status(view)),
        (facts.title(view, "lead_authority"), facts.told(view, "lead_authority")),
        *_if_known(view, "cross_border"),
        (w("page_one.version"), version(view)),
        (w("page_one.responsible"), responsible(view)),
    ]


def _if_known(view: View, name: str) -> Facts:
    """A fact that not every case has: a row where it is recorded."""
    told = facts.told(view, name)
    return [(facts.title(view, name), told)] if told else []


def concerned(view: View) -> str | None:
    """Who is concerned and how many: as the controller counts them, and as heard."""
    w, recorded, heard = view.words, view.facts.individuals, roster(view)
    counted_by = w("page_one.counted", n=w.number(recorded)) if recorded is not None else ""
    spoken_of = w("page_one.heard", list=heard) if heard else ""
    return " ".join(filter(None, (counted_by, spoken_of))) or None


def what(view: View) -> str:
    """Which data: recordings, files, and what deserves special care."""
    w = view.words
    perhaps = [*special_categories(view), *([w("special.children")] if children_heard(view) else [])]
    said = w.all_of([counted(view), *kinds_of_files(view, KINDS)])
    return f"{said}. {w('page_one.perhaps', list=w.all_of(perhaps))}" if perhaps else f"{said}."


def consequences(view: View) -> str:
    """What may follow, in one or two sentences."""
    w, row, known = view.words, view.headline, learned(view)
    said = [w("page_one.found", p=w.percent(row["p_identify_hi"]))] if row else [w("page_one.found.open")]
    if known:
        said.append(w("page_one.learned", list=w.all_of(known)))
    return " ".join(said)


def trusted(view: View) -> str:
    """Whether the recipient may be counted as trusted (EDPB Guidelines 9/2022), and what speaks for it."""
    w, who, held = view.words, view.facts.recipient, view.facts.containment
    if who is not Recipient.TRUSTED:
        known = view.facts.known("recipient")
        return w("page_one.trusted.no" if known else "page_one.trusted.unknown")
    settled = held in (Containment.DELETION_CONFIRMED, Containment.RETURNED)
    return w("page_one.trusted.settled" if settled else "page_one.trusted.open")


def authority_status(view: View) -> str:
    """Article 33: notified or not, and what that means for the 72 hours."""
    w, told = view.words, facts.told(view, "authority_told_at")
    reference = facts.told(view, "authority_reference")
    if told is not None:
        said = w("page_one.notified", at=told)
        said += " " + w("page_one.reference", reference=reference) if reference else ""
    else:
        said = w("page_one.not_notified")
        said += " " + (
            w("page_one.due", by=w.time(view.notify_by)) if view.notify_by else w("page_one.clock.open")
        )
    reasons = facts.told(view, "delay_reasons")
    return f"{said} {w('page_one.delay', reasons=reasons)}" if reasons else said


def people_status(view: View) -> str:
    """Article 34: told or not, and whether our rule asks for it."""
    w, told = view.words, facts.told(view, "people_told_at")
    if told is not None:
        return w("page_one.told", at=told)
    if view.severity is None:
        return f"{w('page_one.not_told')} {w('page_one.told.open')}"
    due = view.severity["band_hi"] in HIGH
    return f"{w('page_one.not_told')} {w('page_one.told.due' if due else 'page_one.told.not_due')}"


def version(view: View) -> str:
    """Which version of the report this is, and of which state of the case."""
    w, named = view.words, facts.told(view, "report_version")
    state = w("page_one.state", at=w.time(view.as_of))
    return f"{named}; {state}" if named else facts.capital(state)


def responsible(view: View) -> str | None:
    """Who answers for the report, and whether it is signed as it stands."""
    w, named, known = view.words, facts.told(view, "responsible"), signed(view.case)
    if known is None:
        return f"{named}; {w('page_one.unsigned')}" if named else None
    told = {"who": inert(known.by), "at": w.time(known.at)}
    said = w("signoff.current" if known.current else "signoff.changed", **told)
    return f"{named}. {said}" if named else said
