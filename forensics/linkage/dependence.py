"""Names of one household are not independent: one person misheard twice, one surname borne by several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.knowledge.names import fold

if TYPE_CHECKING:
    from forensics.linkage.wanted import PersonNamed

SAME_PERSON = 0.9
"""Assumption: two names of one household that are spelled this much alike (Jaro-Winkler) are one person,
misheard."""
SAME_SPLIT = 0.95
"""Assumption: the same, where one of them was heard as two words."""
SAME_PARTS = 0.8
"""Assumption: the same, where first name and surname are each this much alike: both would have to be
namesakes."""
SAME_SURNAME = 0.9
"""Assumption: surnames this much alike are one family's."""


def joined(people: Sequence[PersonNamed]) -> tuple[PersonNamed, ...]:
    """People with names that differ as mishearings do are one: two witnesses of one fact, not two facts.

    Returns
    -------
    tuple of PersonNamed
        The surer reading of each, with the other as its alternative.
    """
    found: list[PersonNamed] = []
    for person in sorted(people, key=lambda p: (-_top(p.first) - _top(p.last), p.claims)):
        for i, known in enumerate(found):
            if _same(known, person):
                whole = bool(known.last) == bool(person.last) and bool(known.first) == bool(person.first)
                found[i] = replace(
                    known,
                    first=_either(known.first, person.first) if whole else known.first,
                    last=_either(known.last, person.last) if whole else known.last,
                    shared_surname=max(known.shared_surname, person.shared_surname),
                    claims=(*known.claims, *person.claims),
                )
                break
        else:
            found.append(person)
    return tuple(found)


def families(people: Sequence[PersonNamed]) -> list[list[int]]:
    """Which people seem to bear one surname: who hears it a second time has learned nothing new from it.

    Returns
    -------
    list of list of int
        Positions in `people`; only families of two and more.
    """
    from rapidfuzz.distance import JaroWinkler

    found: list[list[int]] = []
    for i, person in enumerate(people):
        if not person.last:
            continue
        name = fold(next(iter(person.last)))
        for family in found:
            if JaroWinkler.similarity(name, fold(next(iter(people[family[0]].last)))) >= SAME_SURNAME:
                family.append(i)
                break
        else:
            found.append([i])
    return [family for family in found if len(family) > 1]


def _same(known: PersonNamed, person: PersonNamed) -> bool:
    from rapidfuzz.distance import JaroWinkler

    alike = JaroWinkler.similarity(_name(known), _name(person))
    whole = bool(known.last) == bool(person.last) and bool(known.first) == bool(person.first)
    if alike >= (SAME_PERSON if whole else SAME_SPLIT):
        return True
    if not (known.first and known.last and person.first and person.last):
        return False
    pairs = ((known.first, person.first), (known.last, person.last))
    return all(
        JaroWinkler.similarity(fold(next(iter(one))), fold(next(iter(other)))) >= SAME_PARTS
        for one, other in pairs
    )


def _either(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """The surer reading, with the other as its alternative in what probability is left."""
    found = dict(one)
    for value, p in other.items():
        if not any(fold(value) == fold(known) for known in found):
            found[value] = min(p, max(0.0, 1.0 - sum(found.values())))
    return {value: p for value, p in found.items() if p > 0}


def _top(values: Mapping[str, float]) -> float:
    return max(values.values(), default=0.0)


def _name(person: PersonNamed) -> str:
    return fold(next(iter(person.first), "") + next(iter(person.last), ""))
