"""Where a profile says that somebody lives, against the places that a household speaks of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from forensics.knowledge.names import fold
from forensics.linkage.index import Register
from forensics.linkage.records import PlaceNamed

Array = npt.NDArray[np.float64]
KILOMETRES = (2.0, 15.0, 50.0, 100.0)
"""Upper ends of the levels: the same place, a suburb, near, commuting; the last level is anywhere."""
M = np.array([0.78, 0.09, 0.06, 0.03, 0.04])
"""Assumption: where a profile's place lies when the home is the place named: people who live in a suburb name
the city, and some profiles are out of date."""
SHOWS_WORK = 0.08
"""Assumption: probability that a profile shows the place of work, or where somebody used to live, instead."""
EARTH_KM = 12_742.0
SMOOTHING = 200.0


def place_ratio(register: Register, places: Sequence[PlaceNamed]) -> Array:
    """Likelihood ratio of each distinct place of a register as the home, shape (places + 1,).

    Parameters
    ----------
    register : Register
    places : sequence of PlaceNamed

    Returns
    -------
    ndarray
        Averaged over which place is the home, and over what was said; the last entry, for profiles that show
        no place, is 1.
    """
    words = [word.partition("\x1f")[0] for word in register.words("place")]
    found = np.ones(len(words) + 1)
    if not words or not places:
        return found
    spots = np.asarray(register.array("place_spots"), dtype=np.float64)
    shown = np.bincount(np.asarray(register.array("household_place")) + 1, minlength=len(words) + 1)[1:]
    folded = np.array([fold(word) for word in words], dtype=object)
    home, work = np.zeros(len(words)), np.zeros(len(words))
    p_home, p_work = min(1.0, sum(p.home for p in places)), min(1.0, sum(p.work for p in places))
    for place in places:
        ratio = np.zeros(len(words))
        for value, p in place.values.items():
            ratio += p * _ratio_of(value, place.spots.get(value), folded, spots, shown)
        ratio += max(0.0, 1.0 - sum(place.values.values()))
        home += place.home / max(1.0, sum(p.home for p in places)) * ratio
        work += place.work / max(1.0, sum(p.work for p in places)) * ratio
    home += 1.0 - p_home
    work += 1.0 - p_work
    found[:-1] = (1 - SHOWS_WORK) * home + SHOWS_WORK * work
    return found


def _ratio_of(
    value: str,
    spot: tuple[float, float] | None,
    folded: npt.NDArray[np.object_],
    spots: Array,
    shown: npt.NDArray[np.int64],
) -> Array:
    """m / u of the level of each place, if the home is `value`; 1 for places that are on no map.

    Where its coordinates are not given, those of a place of that name in the register serve.
    """
    level = np.full(len(folded), len(KILOMETRES), dtype=np.int64)
    known = ~np.isnan(spots[:, 0])
    named = folded == fold(value.partition(",")[0])
    if spot is None and (named & known).any():
        first = int(np.flatnonzero(named & known)[0])
        spot = float(spots[first, 0]), float(spots[first, 1])
    if spot is not None:
        km = _distance(spot[0], spot[1], spots)
        level = np.searchsorted(KILOMETRES, np.where(known, km, np.inf))
    else:
        level[named] = 0
    counted = np.bincount(level[known], weights=shown[known], minlength=len(M))
    u = (counted + SMOOTHING * np.array([0.002, 0.01, 0.05, 0.1, 0.838])) / (counted.sum() + SMOOTHING)
    return np.where(known | (level == 0), (M / u)[level], 1.0)


def _distance(latitude: float, longitude: float, spots: Array) -> Array:
    """Great-circle distances, km (haversine)."""
    a, b = np.radians(latitude), np.radians(spots[:, 0])
    c = (
        np.sin((b - a) / 2) ** 2
        + np.cos(a) * np.cos(b) * np.sin(np.radians(spots[:, 1] - longitude) / 2) ** 2
    )
    return np.asarray(EARTH_KM * np.arcsin(np.sqrt(np.minimum(c, 1.0))))
