"""Where a profile says that somebody lives, against the places that a household speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forensics.knowledge.gazetteer import place_by_id
from forensics.knowledge.names import fold
from forensics.linkage.index import Register
from forensics.linkage.wanted import PlaceNamed

Array = npt.NDArray[np.float64]
KILOMETRES = (2.0, 15.0, 50.0, 100.0)
"""Assumption: upper ends of the levels: the same place, a suburb, near, commuting; the last level is
anywhere."""
M = np.array([0.78, 0.09, 0.06, 0.03, 0.04])
"""Assumption: where a profile's place lies when the home is the place named: people who live in a suburb name
the city, and some profiles are out of date."""
SHOWS_WORK = 0.08
"""Assumption: probability that a profile shows the place of work, or where somebody used to live, instead."""
EARTH_KM = 12_742.0
"""The earth's mean diameter."""
SMOOTHING = 200.0
"""Assumption: profiles that the typical shares count for when a register's own are smoothed with them."""
TYPICAL = np.array([0.002, 0.01, 0.05, 0.1, 0.838])
"""Assumption: share of a country's people at each level around a town of middling size."""


def place_ratio(register: Register, places: Sequence[PlaceNamed]) -> Array:
    """Likelihood ratio of each distinct place of a register as the home, shape (places + 1,).

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
    shown = np.bincount(np.asarray(register.array("household_place")) + 1, minlength=len(words) + 1)[1:]
    listed = _Listed(
        np.array([fold(word) for word in words], dtype=object),
        np.asarray(register.array("place_ids")),
        np.asarray(register.array("place_spots"), dtype=np.float64),
        shown,
    )
    home, work = np.zeros(len(words)), np.zeros(len(words))
    p_home, p_work = min(1.0, sum(p.home for p in places)), min(1.0, sum(p.work for p in places))
    for place in places:
        ratio = np.zeros(len(words))
        meant = [(listed.ratio(place_id), p) for place_id, p in place.places.items()]
        if not meant:
            meant = [(listed.ratio_of_name(place.name), place.p_name)]
        for one, p in meant:
            ratio += p * one
        ratio += max(0.0, 1.0 - sum(p for _, p in meant))
        home += place.home / max(1.0, sum(p.home for p in places)) * ratio
        work += place.work / max(1.0, sum(p.work for p in places)) * ratio
    home += 1.0 - p_home
    work += 1.0 - p_work
    found[:-1] = (1 - SHOWS_WORK) * home + SHOWS_WORK * work
    return found


@dataclass(frozen=True)
class _Listed:
    """The distinct places of a register.

    Parameters
    ----------
    names : ndarray of str
        Folded.
    ids : ndarray of int
        Of the gazetteer; 0 where it does not know the place.
    spots : ndarray
        Latitude and longitude, degrees; NaN where they are unknown.
    shown : ndarray of int
        Households that show each.
    """

    names: npt.NDArray[np.object_]
    ids: npt.NDArray[np.int64]
    spots: Array
    shown: npt.NDArray[np.int64]

    def ratio(self, place_id: int) -> Array:
        """m / u of the level of each place, if the home is this one; 1 for places that are on no map."""
        place = place_by_id(place_id)
        level = np.full(len(self.names), len(KILOMETRES), dtype=np.int64)
        if place is not None and place.latitude is not None and place.longitude is not None:
            km = _distance(place.latitude, place.longitude, self.spots)
            level = np.searchsorted(KILOMETRES, np.where(np.isnan(km), np.inf, km))
        level[self.ids == place_id] = 0
        return self._weighed(level)

    def ratio_of_name(self, name: str) -> Array:
        """The same for a home that no gazetteer knows: by letters, or by the place that bears them."""
        named = self.names == fold(name)
        on_map = named & (self.ids != 0)
        if on_map.any():
            return self.ratio(int(self.ids[np.flatnonzero(on_map)[0]]))
        level = np.full(len(self.names), len(KILOMETRES), dtype=np.int64)
        level[named] = 0
        return self._weighed(level)

    def _weighed(self, level: npt.NDArray[np.int64]) -> Array:
        known = ~np.isnan(self.spots[:, 0])
        counted = np.bincount(level[known], weights=self.shown[known], minlength=len(M))
        u = (counted + SMOOTHING * TYPICAL) / (counted.sum() + SMOOTHING)
        return np.where(known | (level == 0), (M / u)[level], 1.0)


def _distance(latitude: float, longitude: float, spots: Array) -> Array:
    """Great-circle distances, km (haversine)."""
    a, b = np.radians(latitude), np.radians(spots[:, 0])
    c = (
        np.sin((b - a) / 2) ** 2
        + np.cos(a) * np.cos(b) * np.sin(np.radians(spots[:, 1] - longitude) / 2) ** 2
    )
    return np.asarray(EARTH_KM * np.arcsin(np.sqrt(np.minimum(c, 1.0))))
