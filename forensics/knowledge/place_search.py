"""Links spoken place names to GeoNames: candidates, how probable each is, where it lies, how many live there.

A name is looked up as it stands, then without a word cut ("Han over"), then by sound ("Kölln"). Candidates
are weighted by population, by how well the name fits, and by the other places of the household: who asks
about Hannover and Celle means the Neustadt near them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forensics.knowledge.gazetteer import (
    LEAST_HEARD,
    STATIONS,
    Place,
    distances,
    near,
    place_index,
    place_keys,
)
from forensics.knowledge.sounds import sound

HOME_COUNTRIES = {
    "de": {"DE": 8.0, "AT": 4.0, "CH": 4.0},
    "en": {"US": 3.0, "GB": 3.0, "CA": 2.0, "IE": 2.0, "AU": 2.0},
}
"""Assumption: how much more a speaker of a language asks about places where it is spoken."""
_POPULATION_POWER = 0.7
"""Assumption: queries grow more slowly than population."""
_UNPEOPLED = 30_000
"""Queries about a mountain or a lake are as many as about a town of this size: an assumption."""
_NEAR_KM = 60.0
"""Distance over which being near another place falls to 1/e, and within which a town lies in a region: an
assumption."""
_SAME_STATE, _NEAR_WEIGHT = 0.2, 30.0
"""A candidate near another place of the household counts up to this much more: an assumption."""
_SOUND_FIT, _CUT_FIT, _LIKE = 0.6, 0.6, 0.7
"""How well a name fits that only sounds right, or is right once its parts are joined: assumptions."""
_LEAST_SHARE = 0.02
"""Candidates with less than this share of the best one's probability are left out: an assumption."""
_LEAST_RATIO = 55
"""Letters (per cent) that a name found by its sound shares: an assumption."""


@dataclass(frozen=True)
class Candidate:
    """A place that a name may mean.

    Parameters
    ----------
    probability : float
        Among all places that the name may mean; what fits worse has less in total.
    how : str
        ``"name"``, ``"joined"``, ``"spot"``, ``"parts"``, ``"sound"``, ``"household"`` or ``"point"``.
    """

    place: Place
    probability: float
    how: str


def candidates(
    surface: str, *, language: str = "en", household: Sequence[Place] = (), limit: int = 5
) -> list[Candidate]:
    """What `surface` may mean, most probable first; empty if no place sounds like it.

    Parameters
    ----------
    surface : str
        The name as heard, with or without an article.
    language : {'en', 'de'}
        Spoken language, for the prior.
    household : sequence of Place
        Other places of the same household, surely known.
    limit : int
        At most so many.

    Examples
    --------
    >>> candidates("Han over", language="de")[0].place.name
    'Hannover'
    """
    found = [*_matches(surface), *_like_household(surface, household)]
    if not found:
        return []
    index, homes = place_index(), HOME_COUNTRIES.get(language, {})
    weights: dict[int, tuple[float, float, str]] = {}
    for row, fit, how in found:
        place = index.place(row)
        people = max(place.population, _UNPEOPLED if place.kind not in ("city", "country") else 200)
        weight = people**_POPULATION_POWER * homes.get(place.country, 1.0) * fit
        weight *= 2.0 if row in index.primary.get(_first_key(surface), ()) else 1.0
        weight *= 1.0 + _NEAR_WEIGHT * _nearness(place, household)
        if row not in weights or weight > weights[row][0]:
            weights[row] = (weight, fit, how)
    ranked = sorted(weights.items(), key=lambda item: (-item[1][0], item[0]))
    total, fit = sum(weight for weight, _, _ in weights.values()), ranked[0][1][1]
    best = [
        Candidate(index.place(row), fit * weight / total, how) for row, (weight, _, how) in ranked[:limit]
    ]
    return [c for c in best if c.probability >= _LEAST_SHARE * best[0].probability]


def around(latitude: float, longitude: float, *, limit: int = 3) -> list[Candidate]:
    """The towns in which a point may lie, most probable first; empty where there is none within 60 km.

    Parameters
    ----------
    latitude, longitude : float
        Degrees (WGS 84).
    limit : int
        At most so many.

    Notes
    -----
    Weighted by population over squared distance, at least 1 km: Reilly's law of retail gravitation (1931), as
    a stand-in for town borders, which GeoNames does not have.

    Examples
    --------
    >>> around(52.3759, 9.7320)[0].place.name
    'Hannover'
    """
    index, away = place_index(), distances(latitude, longitude)
    weights: dict[int, float] = {}
    for row in np.flatnonzero(away < _NEAR_KM).tolist():
        place = index.place(row)
        if place.kind == "city":
            weights[row] = max(place.population, 200) / max(float(away[row]), 1.0) ** 2
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:limit]
    total = sum(weights.values())
    return [Candidate(index.place(row), weight / total, "point") for row, weight in ranked]


def _nearness(place: Place, household: Iterable[Place]) -> float:
    best = 0.0
    for other in household:
        if other.geonameid == place.geonameid:
            return 1.0
        if place.admin1 and (place.country, place.admin1) == (other.country, other.admin1):
            best = max(best, _SAME_STATE)
        if (distance := near(place, other)) is not None:
            best = max(best, math.exp(-distance / _NEAR_KM))
        elif other.country == place.country:
            best = max(best, 0.1)
    return best


def _first_key(surface: str) -> str:
    keys = place_keys(surface)
    return keys[0] if keys else ""


@lru_cache(maxsize=4096)
def _matches(surface: str) -> tuple[tuple[int, float, str], ...]:
    """Rows that a name may mean, how well it fits each, and how they were found."""
    index = place_index()
    keys = [key for key in place_keys(surface) if key]
    for key in keys:
        if rows := index.names.get(key):
            return tuple((row, 1.0, "name") for row in rows)
    for key in keys:
        if " " in key and (rows := index.names.get(key.replace(" ", ""))):
            return tuple((row, _CUT_FIT, "joined") for row in rows)
    for key in keys:
        if found := _by_parts(key):
            return tuple(found)
    for key in keys:
        if found := _by_sound(key.replace(" ", "")):
            return tuple(found)
    return ()


def _by_parts(key: str) -> list[tuple[int, float, str]]:
    """A town and where it lies ("goshen new york"), or a spot of a town ("hannover hauptbahnhof")."""
    index, words = place_index(), key.split(" ")
    bare = [word for word in words if word not in STATIONS]
    if bare and len(bare) < len(words) and (rows := index.names.get(" ".join(bare))):
        return [(row, 0.9, "spot") for row in rows]
    for cut in range(len(words) - 1, 0, -1):
        town, region = index.names.get(" ".join(words[:cut])), index.names.get(" ".join(words[cut:]))
        if town and region:
            around = index.place(region[0])
            return [(row, 0.95 if _inside(index.place(row), around) else 0.05, "parts") for row in town]
    return []


def _inside(place: Place, around: Place) -> bool:
    if place.country == around.country and not place.admin1:  # an island or a mountain: its state is unknown
        return True
    if around.kind == "region" and around.admin1:
        return (place.country, place.admin1) == (around.country, around.admin1)
    distance = near(place, around)
    return place.country == around.country if distance is None else distance < _NEAR_KM


def _by_sound(key: str) -> list[tuple[int, float, str]]:
    """Rows whose name sounds like `key` and is spelled much like it."""
    from rapidfuzz import fuzz, process

    if len(key) < LEAST_HEARD:
        return []
    index = place_index()
    hits = process.extract(
        key, index.sounds().get(sound(key), ()), scorer=fuzz.ratio, score_cutoff=_LEAST_RATIO, limit=20
    )
    return [
        (row, _SOUND_FIT * (ratio / 100) ** 2, "sound")
        for name, ratio, _ in hits
        for row in index.names[name]
    ]


def _like_household(surface: str, household: Sequence[Place]) -> list[tuple[int, float, str]]:
    """Places that this household asks about and whose names are spelled much like `surface`."""
    from rapidfuzz import fuzz

    index, key = place_index(), _first_key(surface).replace(" ", "")
    if len(key) < LEAST_HEARD or _first_key(surface) in index.names:
        return []
    found = []
    for place in household:
        ratio = fuzz.ratio(key, _first_key(place.name)) / 100
        if ratio >= _LIKE or (sound(key) == sound(_first_key(place.name)) and ratio >= 0.5):
            found.append((index.keys[place.key], _SOUND_FIT * ratio, "household"))
    return found
