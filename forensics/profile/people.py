"""Who is spoken of: the people of one group, first names joined with full ones; claims about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from forensics.case.ids import make_id
from forensics.case.schemas import ROLES
from forensics.knowledge.names import SpokenName, fold, is_first_name, is_surname, sound, split_name
from forensics.profile import cues
from forensics.profile.claim import Claim, Reading, readings, weighted
from forensics.profile.evidence import TALK
from forensics.profile.hints import NAMING
from forensics.profile.records import Evidence, Heard
from forensics.profile.roles import roles_of, shared_roles
from forensics.profile.wording import Phrase, counted, listed, say

_PARTNERS = frozenset(("wife", "husband", "partner", "girlfriend", "boyfriend", "fiance", "fiancee"))
_CHILDREN = frozenset(("son", "daughter", "child", "children", "kid", "kids", "baby"))
_KIN = frozenset(
    (
        "mother", "father", "grandmother", "grandfather", "brother", "sister", "aunt", "uncle", "cousin",
        "nephew", "niece", "grandson", "granddaughter", "grandchild", "parents", "grandparents",
        "mother_in_law", "father_in_law", "brother_in_law", "sister_in_law",
    )
)  # fmt: skip
MAX_WORDS = 3
"""Nobody is called by more names than this; recognition strings words together like that (assumption)."""
NAMED_BY_WORDS = 2.5
"""Likelihood ratio of words that announce a name for a name read rightly (assumption)."""
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
    hints : tuple of (Hint, int)
        What spoke for the roles, and how often.
    relation : str or None
        ``relative``, ``companion``, ``child`` or ``colleague``, if said.
    """

    name: SpokenName
    reading: Reading
    roles: Mapping[str, float]
    hints: tuple[tuple[StrEnum, int], ...]
    relation: str | None

    @property
    def role(self) -> str:
        """The likeliest role."""
        return max(ROLES, key=lambda r: self.roles[r])

    def person_id(self, group: str) -> str:
        """The id, by group and name."""
        return make_id("per", group, fold(self.name.full))

    def row(self, group: str) -> dict[str, Any]:
        """The row of ``persons``."""
        heard = self.reading.heard
        forms: dict[str, float] = {}
        for one in heard:
            for surface in one.surfaces:
                forms[surface] = forms.get(surface, 0.0) + 1 / sum(len(h.surfaces) for h in heard)
        return {
            "person_id": self.person_id(group),
            "name": self.name.full,
            "forms": weighted(forms, most=20),
            "roles": weighted(self.roles, most=len(ROLES)),
            "p_named": round(self.reading.p, 6),
            "p_shares_surname": self.shares_surname,
            "relation_words": [self.relation] if self.relation else [],
            "voice_id": None,
            "utterance_ids": sorted({h.utterance.utterance_id for h in heard if h.utterance}),
            "mention_ids": sorted({m for h in heard for m in h.mention_ids}),
            "n_support": len(heard),
            "reason": listed(self.hints),
            "data_subject_group": group,
        }

    @property
    def shares_surname(self) -> float | None:
        """Probability that the subject has this surname too, for those whom the family's name may be."""
        if self.name.last is None:
            return None
        family = self.relation in ("relative", "companion", "child") or self.role in ("companion", "child")
        return FAMILY_SHARES_SURNAME if family else None


def people_claims(people: Sequence[Person], evidence: Evidence) -> list[Claim]:
    """Claims about people: first_name, surname, child, contact, and public figures as media_taste."""
    return [claim for person in people for claim in _claims_of(person, evidence.group)]


def relation_claims(evidence: Evidence) -> list[Claim]:
    """Relations spoken of, with or without a name."""
    kin = [h for h in evidence.of("PERSON") if cues.RELATIVE_ALONE.fullmatch(h.value)]
    return [
        Claim(
            "relation",
            relation_role(reading.kind or reading.value),
            reading.value,
            reading.p,
            say(Phrase.RELATION, value=reading.value, utterances=counted(len(reading.heard), "utterance")),
            alternatives=reading.alternatives,
            kind=reading.kind,
        ).supported_by(reading.heard)
        for reading in readings([*evidence.of("RELATION"), *(replace(h, label="RELATION") for h in kin)])
    ]


def relation_role(relation: str) -> str:
    """Whose name a relation stands for: of the household, of the family, or of somebody outside."""
    key = relation.casefold()
    words = frozenset(re.split(r"[\s_-]+", key))
    if words & _PARTNERS:
        return "companion"
    if words & _CHILDREN:
        return "child"
    return "relative" if key in _KIN or words & _KIN else "contact"


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


def _confirmed(reading: Reading, hints: Sequence[tuple[StrEnum, int]]) -> Reading:
    """What stands behind "my name is" or "my wife" is a name: such words confirm that one was said."""
    if not any(hint in NAMING for hint, _ in hints):
        return reading
    p = reading.p * NAMED_BY_WORDS / (1 - reading.p + reading.p * NAMED_BY_WORDS)
    left = (1 - p) / (1 - reading.p) if reading.p < 1 else 0.0
    return replace(reading, p=p, alternatives={v: w * left for v, w in reading.alternatives.items()})


def _claims_of(person: Person, group: str) -> list[Claim]:
    role, name, reading = person.role, person.name, person.reading
    talk = [(h.utterance.accidental or 0.0) >= TALK if h.utterance else False for h in reading.heard]
    on_air = P_ON_AIR if talk and all(talk) else 0.0
    in_files = all(h.utterance is None for h in reading.heard)

    def claim(attribute: str, value: str, probability: float) -> Claim:
        return Claim(
            attribute,
            role,
            value,
            reading.p,
            say(
                Phrase.PERSON_IN_FILES if in_files else Phrase.PERSON,
                value=value,
                utterances=counted(len(reading.heard), "record" if in_files else "utterance"),
                hints=listed(person.hints),
            ),
            p_role=probability * (1 - on_air),
            alternatives=_part_of_alternatives(reading.alternatives, name, value),
            roles=person.roles,
            person_id=person.person_id(group),
        ).supported_by(reading.heard)

    p_role = person.roles[role]
    if role == "nobody":
        return []
    if role == "public_figure":
        return [claim("media_taste", name.full, p_role)]
    if len(name.full.split()) > MAX_WORDS:
        return []
    claims = []
    if role == "child" and name.first:
        claims.append(claim("child", name.first, p_role))
    elif role in ("subject", "companion") and name.first:
        claims.append(claim("first_name", name.first, p_role))
    else:
        claims.append(claim("contact", name.full, p_role))
    if name.last:
        surname = claim("surname", name.last, p_role)
        surname.p_shared = person.shares_surname
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
