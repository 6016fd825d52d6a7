"""What is looked for in a register: the people, places and tastes that a household's claims speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.knowledge.names import SpokenName, split_name
from forensics.linkage.dependence import joined
from forensics.linkage.records import Person, PlaceNamed, Query

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
    ordered = sorted(rows, key=lambda r: str(r["claim_id"]))
    people: dict[str, _Draft] = {}
    places, tastes, employers = [], [], []
    for row in ordered:
        details = {d["name"]: d["value"] for d in row["details"]}
        if row["attribute"] in _PEOPLE and "special_category" not in details:
            _add_person(people, row, details)
        elif row["attribute"] in _PLACES:
            roles = {r["value"]: float(r["probability"]) for r in row["roles"]}
            values = _values(row, details)
            spots = {}
            if "latitude" in details:
                spots[str(row["value"])] = float(details["latitude"]), float(details["longitude"])
            home, work = roles.get("home", 0.0), roles.get("work", 0.0)
            places.append(PlaceNamed(values, home, work, spots, (row["claim_id"],)))
        elif row["attribute"] in ("media_taste", "interest"):
            tastes.append((row["value"], float(row["p_true"])))
        elif row["attribute"] == "employer":
            employers.append((row["value"], float(row["p_true"])))
    named = [
        Person(d.first, d.last, d.roles, d.shared, tuple(d.claims))
        for d in people.values()
        if d.first or d.last
    ]
    return Query(joined(named), tuple(places), tuple(tastes), tuple(employers))


def _add_person(people: dict[str, _Draft], row: Mapping[Any, Any], details: Mapping[str, str]) -> None:
    name = split_name(row["value"])
    if name is None:
        return
    draft = people.setdefault(details.get("person", row["claim_id"]), _Draft())
    draft.claims.append(row["claim_id"])
    draft.roles = {r["value"]: float(r["probability"]) for r in row["roles"]} or {row["subject_role"]: 1.0}
    draft.shared = max(draft.shared, float(details.get("shared_with_subject", 0.0)))
    values = _values(row, details)
    if row["attribute"] == "surname":
        draft.last = draft.last or values
    elif row["attribute"] == "contact":
        draft.first = draft.first or _part(values, lambda n: n.first)
        draft.last = draft.last or _part(values, lambda n: n.last)
    else:
        draft.first = draft.first or values


def _values(row: Mapping[Any, Any], details: Mapping[str, str]) -> dict[str, float]:
    """What may have been said: the claim's value first, then its alternatives."""
    found = {str(row["value"]): float(details.get("p_value", row["p_true"]))}
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
