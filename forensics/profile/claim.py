"""A claim in the making: what supports it, how sure it is, and the row that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forensics.case.ids import make_id
from forensics.knowledge.names import fold
from forensics.profile.evidence import p_said
from forensics.profile.gathering import value_key
from forensics.profile.records import Heard

DEP_GROUPS = {
    "home_place": "place", "work_place": "place", "other_place": "place", "dialect": "place",
    "routine_commute": "place", "address": "place", "device": "devices", "service": "devices",
    "first_name": "names", "surname": "names", "child": "names", "contact": "names", "relation": "names",
    "routine_wake": "habits", "absence": "habits", "media_taste": "taste", "interest": "taste",
    "language": "place", "employer": "work", "health": "special", "religion": "special",
    "politics": "special",
}  # fmt: skip
"""Claims that move together: the Fréchet bound takes the least probable of each group (assumption)."""
MAX_ALTERNATIVES = 5


@dataclass
class Claim:
    """One statement about one household.

    Parameters
    ----------
    attribute, subject_role, value : str
    p_value : float
        Probability that this is what was said.
    reason : str
        One plain sentence, for people.
    p_role : float
        Probability that it means what the claim says, given that it was said.
    alternatives, roles : dict
        Other values, and all roles, with probabilities.
    mention_ids, utterances : set of str
    n_support : int
        Witnesses.
    sources : set of str
    identity : str or None
        What makes the claim this one, if not its value.
    kind : str or None
        Machine key of a vocabulary.
    places : dict
        Probability by place id.
    days : tuple of date or None
        First and last day of an absence.
    steps : tuple of (str, str)
        Parts of a chain and their utterances.
    p_shared : float or None
        Probability that the subject bears this value too.
    details : dict
        For people.
    """

    attribute: str
    subject_role: str
    value: str
    p_value: float
    reason: str
    p_role: float = 1.0
    alternatives: Mapping[str, float] = field(default_factory=dict)
    roles: Mapping[str, float] = field(default_factory=dict)
    mention_ids: set[str] = field(default_factory=set)
    utterances: set[str] = field(default_factory=set)
    n_support: int = 0
    sources: set[str] = field(default_factory=set)
    identity: str | None = None
    kind: str | None = None
    person_id: str | None = None
    places: Mapping[int, float] = field(default_factory=dict)
    device_ids: set[str] = field(default_factory=set)
    special: str | None = None
    days: tuple[date, date] | None = None
    clock_min: int | None = None
    weekdays: tuple[int, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    p_unmeant: float | None = None
    p_shared: float | None = None
    dep_group: str | None = None
    details: dict[str, str] = field(default_factory=dict)

    def supported_by(self, heard: Iterable[Heard]) -> Claim:
        """Add what was heard as support."""
        for one in heard:
            self.mention_ids |= set(one.mention_ids)
            self.sources |= one.sources
            if one.utterance:
                self.utterances.add(one.utterance.utterance_id)
            self.n_support += 1
        return self

    def row(self, group: str) -> dict[str, Any]:
        """The row of ``claims``; the id derives from group, attribute, role and value."""
        identity = self.identity or fold(self.value) or self.value
        return {
            "claim_id": make_id("clm", group, self.attribute, self.subject_role, identity),
            "attribute": self.attribute,
            "subject_role": self.subject_role,
            "value": self.value,
            "kind": self.kind,
            "person_id": self.person_id,
            "places": _places(self.places),
            "device_ids": sorted(self.device_ids),
            "alternatives": weighted(self.alternatives),
            "roles": weighted(self.roles or {self.subject_role: 1.0}),
            "p_value": round(self.p_value, 6),
            "p_role": round(self.p_role, 6),
            "p_true": round(self.p_value * self.p_role, 6),
            "p_shared": self.p_shared,
            "sources": sorted(self.sources),
            "special_category": self.special,
            "first_day": self.days[0] if self.days else None,
            "last_day": self.days[1] if self.days else None,
            "clock_min": self.clock_min,
            "weekdays": list(self.weekdays),
            "steps": [{"step": step, "utterance_id": name} for step, name in self.steps],
            "p_unmeant": self.p_unmeant,
            "utterance_ids": sorted(self.utterances),
            "mention_ids": sorted(self.mention_ids),
            "n_support": self.n_support,
            "dep_group": self.dep_group or DEP_GROUPS.get(self.attribute, self.attribute),
            "reason": self.reason,
            "details": [{"name": k, "value": v} for k, v in sorted(self.details.items())],
            "data_subject_group": group,
        }


@dataclass(frozen=True)
class Reading:
    """One value with all its witnesses.

    Parameters
    ----------
    value : str
        The form heard most surely.
    heard : tuple of Heard
    p : float
        Probability that this value was said at least once.
    alternatives : dict
        What else it could have been; the probabilities sum to at most 1 - p.
    """

    value: str
    heard: tuple[Heard, ...]
    p: float
    alternatives: Mapping[str, float]

    @property
    def days(self) -> int:
        """Distinct days on which it was heard."""
        return len({h.utterance.day if h.utterance else h.witness for h in self.heard})

    @property
    def kind(self) -> str | None:
        """The machine key that its witnesses agree on; that of the surest where they differ."""
        ranked = sorted(self.heard, key=lambda h: (-h.p, h.mention_ids))
        return next((h.kind for h in ranked if h.kind), None)

    @property
    def places(self) -> dict[int, float]:
        """Probability by place id: the mean over its witnesses, of which each may mean another town."""
        weights: dict[int, float] = {}
        for one in self.heard:
            for place_id, p in one.places.items():
                weights[place_id] = weights.get(place_id, 0.0) + p / len(self.heard)
        return weights


def readings(heard: Iterable[Heard]) -> list[Reading]:
    """Group what was heard by value: repetition raises `p`, and makes no second claim.

    A value that is only the alternative of a better supported one counts towards that one's alternatives.
    """
    by_value: dict[str, list[Heard]] = {}
    for one in heard:
        by_value.setdefault(value_key(one), []).append(one)
    found = []
    for same in by_value.values():
        best = max(same, key=lambda h: (h.p, h.value, h.mention_ids))
        p = p_said(same)
        weights: dict[str, float] = {}
        for one in same:
            for value, weight in one.alternatives.items():
                weights[value] = weights.get(value, 0.0) + weight / len(same)
        total = sum(weights.values())
        scale = min(1.0, (1.0 - p) / total) if total else 0.0
        others = {v: w * scale for v, w in weights.items()}
        found.append(Reading(best.value, tuple(sorted(same, key=lambda h: h.mention_ids)), p, others))
    return sorted(found, key=lambda r: (-len(r.heard), -r.p, r.value))


def weighted(weights: Mapping[str, float], most: int = MAX_ALTERNATIVES) -> list[dict[str, Any]]:
    """The most probable values as a table holds them."""
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [{"value": value, "probability": round(min(p, 1.0), 6)} for value, p in ordered if p > 0]


def _places(weights: Mapping[int, float]) -> list[dict[str, Any]]:
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:MAX_ALTERNATIVES]
    return [{"place_id": p, "probability": round(min(w, 1.0), 6)} for p, w in ordered if w > 0]
