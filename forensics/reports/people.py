"""Whom the recordings speak of: how many people of each role, how surely, and what deserves special care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.case.rows import Row
from forensics.reports.view import SPECIAL, View

ROLES = ("subject", "companion", "child", "visitor", "contact")
SURE, LIKELY = 0.95, 0.5
"""Probability from which "at least" is said, and from which "probably" is (assumptions)."""
_NAMED = ("first_name", "surname", "contact")
_CHILD = ("child",)


@dataclass(frozen=True)
class Heard:
    """How many people of one role are spoken of.

    Parameters
    ----------
    sure : int
        There are at least so many, with a probability of :data:`SURE` or more.
    likely : int
        The same with :data:`LIKELY`; never fewer.
    """

    sure: int
    likely: int


def people(view: View) -> dict[str, Heard]:
    """How many people of each role the recordings of the household speak of, roles without any left out.

    Parameters
    ----------
    view : View
    """
    found = {role: _counted(_certainties(view, role)) for role in ROLES}
    if view.focus_claims:
        found["subject"] = Heard(1, 1)  # one household has one subject, however many names are in doubt
    return {role: heard for role, heard in found.items() if heard.likely}


def roster(view: View) -> str:
    """The people spoken of: the sure ones "at least", the others "probably"; empty if there are none."""
    w, found = view.words, people(view)
    sure = [_people(view, role, heard.sure) for role, heard in found.items() if heard.sure]
    more = [
        _people(view, role, heard.likely - heard.sure)
        for role, heard in found.items()
        if heard.likely > heard.sure
    ]
    if sure and more:
        return w("roster.both", sure=w.all_of(sure), likely=w.all_of(more))
    if sure:
        return w("roster.sure", sure=w.all_of(sure))
    return w("roster.likely", likely=w.all_of(more)) if more else ""


def sure_people(view: View) -> int:
    """How many people there are at least, all roles together."""
    return sum(heard.sure for heard in people(view).values())


def special_categories(view: View) -> list[str]:
    """Categories of Article 9 that the recordings may touch, for a person to confirm; children are none.

    Parameters
    ----------
    view : View
    """
    mentions = [m for m in view.rows("mentions") if m["data_subject_group"] == view.focus]
    kinds = {c["attribute"] for c in view.focus_claims if c["attribute"] in SPECIAL}
    kinds |= {str(m["special_category"]) for m in mentions if m["special_category"]}
    return [view.words.name("special", kind) for kind in sorted(kinds.difference(_CHILD))]


def children_heard(view: View) -> bool:
    """Whether something speaks for a child among the people spoken of."""
    hinted = any(
        m["special_category"] in _CHILD
        for m in view.rows("mentions")
        if m["data_subject_group"] == view.focus
    )
    return hinted or any(c["attribute"] == "child" or c["subject_role"] == "child" for c in view.focus_claims)


def _certainties(view: View, role: str) -> list[float]:
    """Probability of each person of a role; one without a name is taken for one of the named."""
    named: dict[str, float] = {}
    unnamed = 0.0
    for claim in view.focus_claims:
        if _role(claim) != role:
            continue
        whose = claim["person_id"]
        if claim["attribute"] == "relation" or (claim["attribute"] == "child" and not whose):
            unnamed = max(unnamed, claim["p_true"])
        elif claim["attribute"] in (*_NAMED, "child"):
            person = whose or view.masker.pseudonym_of(claim["value"], group=claim["data_subject_group"])
            named[person] = max(named.get(person, 0.0), claim["p_true"])
    ordered = sorted(named.values(), reverse=True) or [0.0]
    ordered[0] = max(ordered[0], unnamed)
    return ordered


def _role(claim: Row) -> str:
    return str(claim["subject_role"]) if claim["subject_role"] in ROLES else "contact"


def _counted(certainties: Sequence[float]) -> Heard:
    """All of the surest n are people with 1 minus the sum of their doubts or more, however they depend."""
    found = {SURE: 0, LIKELY: 0}
    for least in found:
        doubt = 0.0
        for p in sorted(certainties, reverse=True):
            doubt += 1.0 - p
            if doubt > 1.0 - least + 1e-9:
                break
            found[least] += 1
    return Heard(found[SURE], found[LIKELY])


def _people(view: View, role: str, number: int) -> str:
    return view.words(f"people.{role}.{'one' if number == 1 else 'other'}", n=view.words.number(number))
