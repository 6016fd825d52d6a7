"""What the second reader adds: likelihood ratios of its answers, and nothing for a model without a fit.

An answer multiplies the odds of each role. By how much was fitted, model by model, on homes whose truth is
known (``fitting/reader.py``). An answer is compared with what the model answers on average, since a small
model prefers some letters whatever it is asked. What a statement says counts only if its check held.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.knowledge.fitted import fitted
from forensics.knowledge.gazetteer import Place

_SAME_AS = {"visitor": "contact"}
"""Roles that the questions do not tell apart."""
PERSON_ROLES = ("subject", "companion", "child", "relative", "contact", "public_figure", "nobody")
"""Answers to a question about a person."""
PLACE_USES = ("home", "work", "other", "nobody")
"""Answers to a question about a place."""
_LEAST = 1e-6


@dataclass(frozen=True)
class Ratios:
    """How much the answers of one model are worth.

    Parameters
    ----------
    weight : float
        By which the logarithm of an answer's probability, compared with the usual one, is multiplied; 0: the
        answers say nothing.
    stated : float
        Logarithm of the likelihood ratio of a role that a statement gives.
    usual : mapping
        Mean logarithm of the probability of each answer.
    cap : float
        The greatest logarithm of a likelihood ratio: no more than as many cases as were fitted on can show.
    """

    weight: float
    stated: float
    usual: Mapping[str, float]
    cap: float


@dataclass(frozen=True)
class Witness:
    """What the second reader says of one group.

    Parameters
    ----------
    people : mapping
        By person id, the logarithm of the likelihood ratio of each role.
    places : mapping
        By place id, the same of ``home`` and ``work``.
    """

    people: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    places: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    def weighed(self, person_id: str, roles: dict[str, float]) -> dict[str, float]:
        """Roles with the witness's word.

        Parameters
        ----------
        person_id : str
            Whose they are.
        roles : dict
            Probabilities without it; they sum to 1.
        """
        said = self.people.get(person_id)
        if not said:
            return roles
        odds = {role: p * math.exp(said.get(_SAME_AS.get(role, role), 0.0)) for role, p in roles.items()}
        total = sum(odds.values())
        return {role: weight / total for role, weight in odds.items()} if total else roles

    def of_place(self, place: Place | None) -> Mapping[str, float]:
        """Logarithms of the likelihood ratios that a place is the home, and that it is the place of work."""
        return self.places.get(place.geonameid, {}) if place is not None else {}


@dataclass(frozen=True)
class Answers:
    """What was said of one person or place, over all windows.

    Parameters
    ----------
    asked : mapping
        Mean logarithm of the probability of each answer; empty if no question was asked.
    stated : frozenset of str
        Roles that statements give.
    """

    asked: Mapping[str, float]
    stated: frozenset[str]


def answers(rows: Iterable[Mapping[str, Any]], attribute: str) -> dict[Any, Answers]:
    """The checked answers by person or place id.

    Parameters
    ----------
    rows : iterable of mapping
        Of the table ``reader``, of one group.
    attribute : {'person', 'place'}
        Which.
    """
    asked: dict[Any, list[dict[str, float]]] = defaultdict(list)
    stated: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        key = row["person_id"] if attribute == "person" else row["place_id"]
        if row["attribute"] != attribute or row["outcome"] != "kept" or key is None:
            continue
        if row["form"] == "questions":
            asked[key].append({r["value"]: math.log(max(r["probability"], _LEAST)) for r in row["roles"]})
        elif row["role"]:
            stated[key].add(row["role"])
    return {
        key: Answers(
            {role: sum(one[role] for one in found) / len(found) for role in (found[0] if found else ())},
            frozenset(stated[key]),
        )
        for key in sorted({*asked, *stated})
        for found in [asked[key]]
    }


def log_ratios(said: Answers, ratios: Ratios) -> dict[str, float]:
    """What the answers about one person or place are worth, role by role.

    Parameters
    ----------
    said : Answers
        About it.
    ratios : Ratios
        Of the model.
    """
    found = {role: ratios.weight * (log - ratios.usual.get(role, log)) for role, log in said.asked.items()}
    for role in said.stated:
        found[role] = found.get(role, 0.0) + ratios.stated
    return {role: max(-ratios.cap, min(ratios.cap, value)) for role, value in found.items()}


def witness_of(rows: Iterable[Mapping[str, Any]], ratios: Mapping[str, Ratios]) -> Witness:
    """The word of the second reader on one group.

    Parameters
    ----------
    rows : iterable of mapping
        Of the table ``reader``.
    ratios : mapping
        For ``person`` and ``place``; empty for a model without a fit.
    """
    known = list(rows)
    if not ratios:
        return Witness()
    return Witness(
        {key: log_ratios(said, ratios["person"]) for key, said in answers(known, "person").items()},
        {int(key): log_ratios(said, ratios["place"]) for key, said in answers(known, "place").items()},
    )


def shipped_ratios(model_sha256: str) -> dict[str, Ratios]:
    """The fitted worth of a model's answers; empty for a model that was not fitted.

    Parameters
    ----------
    model_sha256 : str
        Of its file.
    """
    found = fitted(__name__).value("models").get(model_sha256, {})
    return {attribute: Ratios(**numbers) for attribute, numbers in found.items()}
