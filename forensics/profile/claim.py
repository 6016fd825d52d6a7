"""A claim in the making: what supports it, how sure it is, and the row that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.case.ids import make_id
from forensics.knowledge.names import fold
from forensics.profile.evidence import p_said, value_key
from forensics.profile.records import Heard

DEP_GROUPS = {
    "home_place": "place", "work_place": "place", "other_place": "place", "dialect": "place",
    "routine_commute": "place", "address": "place", "device": "devices", "service": "devices",
    "first_name": "names", "surname": "names", "child": "names", "contact": "names", "relation": "names",
    "routine_wake": "habits", "absence": "habits", "media_taste": "taste", "interest": "taste",
    "language": "place", "employer": "work",
}  # fmt: skip
"""Claims that move together: the Fréchet bound takes the least probable of each group."""
MAX_ALTERNATIVES = 5


@dataclass
class Claim:
    """One statement about one household.

    Parameters
    ----------
    attribute, subject_role, value : str
    p_value : float
        Probability that this is what was said.
    p_role : float
        Probability that it means what the claim says, given that it was said.
    alternatives, roles : dict
        Other values, and all roles, with probabilities.
    mention_ids, recordings : set of str
    n_support : int
        Witnesses.
    sources : set of str
    reason : str
        One plain sentence.
    details : dict
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
    recordings: set[str] = field(default_factory=set)
    n_support: int = 0
    sources: set[str] = field(default_factory=set)
    details: dict[str, str] = field(default_factory=dict)
    dep_group: str | None = None

    def supported_by(self, heard: Iterable[Heard]) -> Claim:
        """Add what was heard as support."""
        for one in heard:
            self.mention_ids |= set(one.mention_ids)
            self.sources |= one.sources
            if one.recording:
                self.recordings.add(one.recording.recording_id)
            self.n_support += 1
        return self

    def row(self, group: str) -> dict[str, Any]:
        """The row of ``claims``; the id derives from group, attribute, role and value."""
        details = {
            "p_value": f"{self.p_value:.4f}",
            "p_role": f"{self.p_role:.4f}",
            "sources": ",".join(sorted(self.sources)),
            **self.details,
        }
        return {
            "claim_id": make_id(
                "clm", group, self.attribute, self.subject_role, fold(self.value) or self.value
            ),
            "attribute": self.attribute,
            "subject_role": self.subject_role,
            "value": self.value,
            "alternatives": _weighted(self.alternatives),
            "roles": _weighted(self.roles or {self.subject_role: 1.0}),
            "p_true": round(self.p_value * self.p_role, 6),
            "support": sorted(self.mention_ids),
            "recordings": sorted(self.recordings),
            "n_support": self.n_support,
            "dep_group": self.dep_group or DEP_GROUPS.get(self.attribute, self.attribute),
            "reason": self.reason,
            "details": [{"name": k, "value": v} for k, v in sorted(details.items())],
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
        return len({h.recording.day if h.recording else h.witness for h in self.heard})


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
        # Hearing a name again does not tell which of its bearers is meant.
        p = p_said(same) * sum(h.meaning for h in same) / len(same)
        weights: dict[str, float] = {}
        for one in same:
            for value, weight in one.alternatives.items():
                weights[value] = weights.get(value, 0.0) + weight / len(same)
        total = sum(weights.values())
        scale = min(1.0, (1.0 - p) / total) if total else 0.0
        others = {v: w * scale for v, w in weights.items()}
        found.append(Reading(best.value, tuple(sorted(same, key=lambda h: h.mention_ids)), p, others))
    return sorted(found, key=lambda r: (-len(r.heard), -r.p, r.value))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "recording"), counted(3, "recording")
    ('1 recording', '3 recordings')
    """
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _weighted(weights: Mapping[str, float]) -> list[dict[str, Any]]:
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:MAX_ALTERNATIVES]
    return [{"value": value, "probability": round(min(p, 1.0), 6)} for value, p in ordered if p > 0]
