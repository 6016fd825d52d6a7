"""Who is spoken of: the people of one group, first names joined with full ones; claims about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.knowledge.names import SpokenName, fold, is_first_name, is_surname, sound, split_name
from forensics.profile import cues
from forensics.profile.claim import Claim, Reading, counted, readings
from forensics.profile.evidence import TALK
from forensics.profile.records import Evidence, Heard
from forensics.profile.roles import ROLES, roles_of, shared_roles

_PARTNERS = frozenset(("wife", "husband", "partner", "girlfriend", "boyfriend", "fiance", "fiancee"))
_CHILDREN = frozenset(("son", "daughter", "child", "children", "kid", "kids", "baby"))
MAX_WORDS = 3
NAMED_BY_WORDS = 2.5
"""Likelihood ratio of such words for a name read rightly (assumption)."""
_NAMING = ("introduces", "called wife", "called son", "called a relative", "to be woken")
P_ON_AIR = 0.2
"""A name that is only ever said in talk not meant for the device may be a television's (assumption)."""
NEARLY = 80.0
"""Names this alike (rapidfuzz ratio) may be one name (assumption)."""
P_MISHEARD = 0.7
"""Probability that a name heard once, that is nearly a better supported one, is that one (assumption)."""
FAMILY_SHARES_SURNAME = 0.7
"""Probability that a relative's surname is the subject's too (assumption; spouses .75 in the method)."""


@dataclass(frozen=True)
class Person:
    """A person spoken of.

    Parameters
    ----------
    name : SpokenName
    reading : Reading
        All hearings under the full name, or of either part if nothing else can be meant.
    roles : dict
        Posterior.
    hints : tuple of str
    relation : str or None
        ``relative``, ``companion``, ``child`` or ``colleague``, if said.
    """

    name: SpokenName
    reading: Reading
    roles: Mapping[str, float]
    hints: tuple[str, ...]
    relation: str | None

    @property
    def role(self) -> str:
        """The likeliest role."""
        return max(ROLES, key=lambda r: self.roles[r])


def people_claims(evidence: Evidence) -> list[Claim]:
    """Claims about people: first_name, surname, child, contact, relation, and artists as media_taste."""
    claims = []
    for person in find_people(evidence):
        claims += _claims_of(person, evidence.role)
    kin = [h for h in evidence.of("PERSON") if cues.RELATIVE_ALONE.fullmatch(h.value)]
    for reading in readings([*evidence.of("RELATION"), *(replace(h, label="RELATION") for h in kin)]):
        claims.append(
            Claim(
                "relation",
                _relation_role(reading.value),
                reading.value,
                reading.p,
                f"A relation is spoken of as {reading.value} in {counted(len(reading.heard), 'recording')}.",
                alternatives=reading.alternatives,
            ).supported_by(reading.heard)
        )
    return claims


def _relation_role(relation: str) -> str:
    """Whose name a relation stands for: of the household, or of somebody outside."""
    words = frozenset(re.split(r"[\s_-]+", relation.casefold()))
    if words & _PARTNERS:
        return "companion"
    return "child" if words & _CHILDREN else "contact"


def find_people(evidence: Evidence) -> list[Person]:
    """The people spoken of, first names joined with the full names they belong to."""
    named: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for one in evidence.of("PERSON"):
        name = split_name(one.value)
        if name is not None and not cues.RELATIVE_ALONE.fullmatch(name.full):
            named[_key(name.first), _key(name.last)].append(replace(one, value=name.full))
    _join_parts(named)
    _join_misheard(named)
    people = []
    for heard in named.values():
        reading = readings(heard)[0]
        name = split_name(reading.value)
        if name is not None:
            roles, hints, relation = roles_of(reading, evidence)
            reading = _confirmed(reading, hints)
            people.append(Person(name, reading, roles, hints, relation))
    people.sort(key=lambda p: (-len(p.reading.heard), p.reading.value))
    together = shared_roles([p.roles for p in people], [p.reading.p for p in people])
    return [replace(person, roles=roles) for person, roles in zip(people, together, strict=True)]


def _confirmed(reading: Reading, hints: Sequence[str]) -> Reading:
    """What stands behind "my name is" or "my wife" is a name: such words confirm that one was said."""
    if not any(hint.startswith(_NAMING) for hint in hints):
        return reading
    p = reading.p * NAMED_BY_WORDS / (1 - reading.p + reading.p * NAMED_BY_WORDS)
    left = (1 - p) / (1 - reading.p) if reading.p < 1 else 0.0
    return replace(reading, p=p, alternatives={v: w * left for v, w in reading.alternatives.items()})


def _claims_of(person: Person, group_role: str) -> list[Claim]:
    name, reading, role = person.name, person.reading, person.role
    p_role = person.roles[role]
    where = counted(len(reading.heard), "recording" if group_role != "account" else "place")
    hints = "; ".join(person.hints) or "without any hint at the role"
    identity = fold(name.full)

    talk = [(h.recording.accidental or 0.0) >= TALK if h.recording else False for h in reading.heard]
    on_air = P_ON_AIR if talk and all(talk) else 0.0

    def claim(attribute: str, value: str, probability: float) -> Claim:
        return Claim(
            attribute,
            role,
            value,
            reading.p,
            f"{value} is named in {where}: {hints}.",
            p_role=probability * (1 - on_air),
            alternatives=_part_of_alternatives(reading.alternatives, name, value),
            roles=person.roles,
            details={"person": identity, **({"relation": person.relation} if person.relation else {})},
        ).supported_by(reading.heard)

    if role == "artist":
        return [claim("media_taste", name.full, p_role)]
    if len(name.full.split()) > MAX_WORDS:
        return []  # nobody calls a person by so many names; recognition strings words together like that
    claims = []
    if role == "contact":
        claims.append(claim("contact", name.full, p_role))
    elif role == "child" and name.first:
        claims.append(claim("child", name.first, p_role))
    elif name.first:
        claims.append(claim("first_name", name.first, p_role))
    if name.last:
        surname = claim("surname", name.last, p_role)
        if person.relation in ("relative", "companion", "child") or role in ("companion", "child"):
            surname.details["shared_with_subject"] = f"{FAMILY_SHARES_SURNAME:.2f}"
        claims.append(surname)
    return claims


def _part_of_alternatives(
    alternatives: Mapping[str, float], name: SpokenName, value: str
) -> dict[str, float]:
    """The alternatives of a full name, as alternatives of one of its parts."""
    if value == name.full:
        return dict(alternatives)
    found: dict[str, float] = {}
    for other, p in alternatives.items():
        parts = split_name(other)
        part = parts and (parts.last if value == name.last else parts.first)
        if part and fold(part) != fold(value):
            found[part] = found.get(part, 0.0) + p
    return found


def _join_parts(named: dict[tuple[str, str], list[Heard]]) -> None:
    """Put a lone first name or surname with the full name that it belongs to, if there is only one."""
    for first, last in sorted(named):
        if bool(first) == bool(last):
            continue
        full = [key for key in named if all(key) and (key[0] == first if first else key[1] == last)]
        if len(full) == 1:
            whole = named[full[0]][0].value
            named[full[0]] += [replace(one, value=whole) for one in named.pop((first, last))]


def _join_misheard(named: dict[tuple[str, str], list[Heard]]) -> None:
    """Put a name that is nearly another one with it: the same person misheard is likelier than a namesake.

    The one heard less often is taken for the misheard one, unless it was heard more than once and is made of
    names that people have.
    """
    order = sorted(named, key=lambda key: (-len(named[key]), -max(h.p for h in named[key]), key))
    for place in range(len(order) - 1, 0, -1):
        weak = order[place]
        value = named[weak][0].value
        if len(named[weak]) > 1 and _is_listed(value):
            continue
        for strong in order[:place]:
            whole = named[strong][0].value
            if _nearly(whole, value):
                named[strong] += [
                    replace(
                        one,
                        value=whole,
                        p=one.p * P_MISHEARD,
                        asr=one.asr * P_MISHEARD,
                        alternatives={**one.alternatives, value: one.p * (1 - P_MISHEARD)},
                    )
                    for one in named.pop(weak)
                ]
                break


def _nearly(one: str, other: str) -> bool:
    """Whether two names are so alike that one may be the other misheard."""
    from rapidfuzz import fuzz

    if len(one.split()) != len(other.split()):
        one, other = one.replace(" ", ""), other.replace(" ", "")
        if min(len(one), len(other)) < 6:
            return False
    return fuzz.ratio(fold(one), fold(other)) >= NEARLY


def _is_listed(value: str) -> bool:
    name = split_name(value)
    if name is None:
        return False
    first = name.first is None or is_first_name(name.first.split()[0])
    return first and (name.last is None or is_surname(name.last))


def _key(part: str | None) -> str:
    """Names that sound alike are one person's, unless more is known."""
    return " ".join(sound(word) for word in (part or "").split())
