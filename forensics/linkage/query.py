"""What is looked for in a register: the people, places and tastes that a household's claims speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.knowledge.names import SpokenName, split_name
from forensics.linkage.dependence import joined
from forensics.linkage.wanted import PersonNamed, PlaceNamed, Query
from forensics.reidentification.learned import places_of

_PEOPLE = ("contact", "first_name", "child", "surname")
_PLACES = ("home_place", "work_place", "other_place")


@dataclass
class _Draft:
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    roles: dict[str, float] = field(default_factory=dict)
    shared: float = 0.0
    claims: list[str] = field(default_factory=list)


def query_of(rows: Iterable[Mapping[Any, Any]]) -> Query:
    """The query that a group's claims make.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of ``claims`` of one group.
    """
    people: dict[str, _Draft] = {}
    places, tastes, employers = [], [], []
    for row in sorted(rows, key=lambda r: str(r["claim_id"])):
        if row["attribute"] in _PEOPLE and row["special_category"] is None:
            _add_person(people, row)
        elif row["attribute"] in _PLACES:
            roles = {r["value"]: float(r["probability"]) for r in row["roles"]}
            home, work = roles.get("home", 0.0), roles.get("work", 0.0)
            meant = places_of(row)
            places.append(PlaceNamed(meant, home, work, row["value"], row["p_value"], (row["claim_id"],)))
        elif row["attribute"] in ("media_taste", "interest"):
            tastes.append((row["value"], float(row["p_true"])))
        elif row["attribute"] == "employer":
            employers.append((row["value"], float(row["p_true"])))
    named = [
        PersonNamed(d.first, d.last, d.roles, d.shared, tuple(d.claims))
        for d in people.values()
        if d.first or d.last
    ]
    return Query(joined(named), tuple(places), tuple(tastes), tuple(employers))


def _add_person(people: dict[str, _Draft], row: Mapping[Any, Any]) -> None:
    name = split_name(row["value"])
    if name is None:
        return
    draft = people.setdefault(row["person_id"] or row["claim_id"], _Draft())
    draft.claims.append(row["claim_id"])
    draft.roles = {r["value"]: float(r["probability"]) for r in row["roles"]} or {row["subject_role"]: 1.0}
    draft.shared = max(draft.shared, float(row["p_shared"] or 0.0))
    values = _values(row)
    if row["attribute"] == "surname":
        draft.last = draft.last or values
    elif row["attribute"] == "contact":
        draft.first = draft.first or _part(values, lambda n: n.first)
        draft.last = draft.last or _part(values, lambda n: n.last)
    else:
        draft.first = draft.first or values


def _values(row: Mapping[Any, Any]) -> dict[str, float]:
    """What may have been said: the claim's value first, then its alternatives."""
    found = {str(row["value"]): float(row["p_value"])}
    for other in row["alternatives"]:
        found.setdefault(str(other["value"]), float(other["probability"]))
    return found


def _part(values: Mapping[str, float], part: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for value, p in values.items():
        name: SpokenName | None = split_name(value)
        text = part(name) if name else None
        if text:
            found[text] = found.get(text, 0.0) + p
    return found
