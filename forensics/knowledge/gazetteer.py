"""Links spoken place names to GeoNames: candidates, how probable each is, where it lies, how many live there.

A name is looked up as it stands, then without a word cut ("Han over"), then by sound ("Kölln"). Candidates
are weighted by population, by how well the name fits, and by the other places of the household: who asks
about Hannover and Celle means the Neustadt near them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.knowledge.lexicon import DATA
from forensics.knowledge.sounds import sound
from forensics.knowledge.words import split

PLACES_FILE = DATA / "places.parquet"

_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_FILLERS = frozenset(
    [
        "the",
        "der",
        "die",
        "das",
        "dem",
        "den",
        "im",
        "in",
        "am",
        "an",
        "auf",
        "city",
        "of",
        "stadt",
        "town",
        "greater",
        "near",
        "bei",
        "nach",
        "von",
        "zu",
        "nähe",
        "area",
        "region",
    ]
)
_STATIONS = frozenset(
    [
        "bahnhof",
        "hauptbahnhof",
        "hbf",
        "station",
        "airport",
        "flughafen",
        "zoo",
        "zentrum",
        "center",
        "centre",
        "downtown",
        "altstadt",
        "innenstadt",
        "haltestelle",
        "central",
        "downtown",
        "umgebung",
    ]
)
"""Words that name a spot of a town: without them the town is found."""
_HOME_COUNTRIES = {
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
_SOUND_FIT, _CUT_FIT, _LIKE, _LEAST_HEARD = 0.6, 0.6, 0.7, 4
"""How well a name fits that only sounds right, or is right once its parts are joined: assumptions."""
_LEAST_SHARE = 0.02
_COMMON_PART = 10
"""Names of places that a word must be a part of to be a common part."""
_EARTH_KM = 6371.0  # mean radius (IUGG)
"""Candidates with less than this share of the best one's probability are left out: an assumption."""
_LEAST_RATIO, _LEAST_SOUNDED = 55, 5000
"""Letters (per cent) that a name found by its sound shares, and inhabitants of such a town: assumptions."""


@dataclass(frozen=True)
class Place:
    """A place on the map.

    Parameters
    ----------
    geonameid : int
        Negative for places that are not from GeoNames.
    key : str
        Readable and unique: ``"Oldenburg"`` is the most populous of that name, ``"Oldenburg, US"`` another.
    name, kind, country, admin1 : str
        As GeoNames writes it; ``city``, ``country``, ``region`` or a kind of ``data/regions.csv``; ISO 3166
        country code; GeoNames' first-order division, empty if unknown.
    latitude, longitude : float or None
        Degrees; None for countries and states, which have no one point.
    population : int
        Inhabitants; 0 where nobody lives or nobody counted.
    """

    geonameid: int
    key: str
    name: str
    kind: str
    country: str
    admin1: str
    latitude: float | None
    longitude: float | None
    population: int


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
    index, homes = _index(), _HOME_COUNTRIES.get(language, {})
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
    index = _index()
    north, east = index.points()
    kilometres = _EARTH_KM * math.pi / 180
    away = np.hypot(north - latitude, (east - longitude) * math.cos(math.radians(latitude))) * kilometres
    weights: dict[int, float] = {}
    for row in np.flatnonzero(away < _NEAR_KM).tolist():
        place = index.place(row)
        if place.kind == "city":
            weights[row] = max(place.population, 200) / max(float(away[row]), 1.0) ** 2
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:limit]
    total = sum(weights.values())
    return [Candidate(index.place(row), weight / total, "point") for row, weight in ranked]


def find(key: str) -> Place | None:
    """The place with this key, as mentions have it in ``normalised``."""
    index = _index()
    row = index.keys.get(key)
    return None if row is None else index.place(row)


def place_by_id(place_id: int) -> Place | None:
    """The place with this GeoNames id (negative ids are places that are not from GeoNames).

    This is how every room after the one that read the text gets at a place: names are resolved once.
    """
    index = _index()
    row = index.ids.get(place_id)
    return None if row is None else index.place(row)


def region_of(place: Place) -> str | None:
    """The state or province by which people tell towns of one name apart: in the United States, Canada,
    Australia.

    Examples
    --------
    >>> region_of(find("Paris, US"))
    'Texas'
    """
    return _regions().get((place.country, place.admin1)) if place.kind == "city" else None


def near(one: Place, other: Place) -> float | None:
    """Great-circle distance in kilometres; None where a place has no one point."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    c = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(c)))


@cache
def is_part_of_names(word: str) -> bool:
    """Whether a word is a common part of longer names of places, or names a spot of a town: "park", "saint".

    Examples
    --------
    >>> is_part_of_names("park"), is_part_of_names("hauptbahnhof"), is_part_of_names("daddy")
    (True, True, False)
    """
    return word in _STATIONS or _index().parts().get(word, 0) >= _COMMON_PART


def place_keys(name: str) -> list[str]:
    """The spellings under which a name is looked up: ``Köln`` as ``koeln`` and ``koln``."""
    joined = " ".join(w for w in split(name).words if w not in _FILLERS) or " ".join(split(name).words)
    return list(dict.fromkeys((joined.translate(_ASCII), joined.translate(_BARE))))


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
    index = _index()
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
    index, words = _index(), key.split(" ")
    bare = [word for word in words if word not in _STATIONS]
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

    if len(key) < _LEAST_HEARD:
        return []
    index = _index()
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

    index, key = _index(), _first_key(surface).replace(" ", "")
    if len(key) < _LEAST_HEARD or _first_key(surface) in index.names:
        return []
    found = []
    for place in household:
        ratio = fuzz.ratio(key, _first_key(place.name)) / 100
        if ratio >= _LIKE or (sound(key) == sound(_first_key(place.name)) and ratio >= 0.5):
            found.append((index.keys[place.key], _SOUND_FIT * ratio, "household"))
    return found


class _Index:
    """Rows of ``places.parquet`` by name."""

    def __init__(self) -> None:
        import pyarrow.parquet as pq

        table = pq.read_table(PLACES_FILE)
        self._columns: dict[str, list[Any]] = {
            name: table.column(name).to_pylist() for name in table.column_names
        }
        self.names: dict[str, list[int]] = {}
        self.primary: dict[str, set[int]] = {}
        self.keys = {key: row for row, key in enumerate(self._columns["key"])}
        self.ids = {number: row for row, number in enumerate(self._columns["geonameid"])}
        self._sounds: dict[str, list[str]] | None = None
        self._parts: dict[str, int] | None = None
        self._points: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        for row, (own, others) in enumerate(
            zip(self._columns.pop("keys"), self._columns.pop("other_keys"), strict=True)
        ):
            for key in own.split("|"):
                self._add(key, row)
                self.primary.setdefault(key, set()).add(row)
            for key in others.split("|") if others else ():
                self._add(key, row)

    def _add(self, key: str, row: int) -> None:
        rows = self.names.setdefault(key, [])
        if not rows or rows[-1] != row:  # rows come in order
            rows.append(row)

    def sounds(self) -> dict[str, list[str]]:
        """Names by sound, made when first needed."""
        if self._sounds is None:
            self._sounds = {}
            population = self._columns["population"]
            for name, rows in self.primary.items():
                if len(name) >= _LEAST_HEARD and " " not in name and population[min(rows)] >= _LEAST_SOUNDED:
                    self._sounds.setdefault(sound(name), []).append(name)
        return self._sounds

    def parts(self) -> dict[str, int]:
        """How many names of several words each word is in."""
        if self._parts is None:
            self._parts = dict(Counter(w for name in self.names if " " in name for w in set(name.split(" "))))
        return self._parts

    def points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitudes and longitudes in degrees by row, NaN where a place has no one point."""
        if self._points is None:
            north, east = (np.array(self._columns[c], np.float64) for c in ("latitude", "longitude"))
            self._points = north, east
        return self._points

    def place(self, row: int) -> Place:
        columns = self._columns
        return Place(
            *(
                columns[c][row]
                for c in (
                    "geonameid",
                    "key",
                    "name",
                    "kind",
                    "country",
                    "admin1",
                    "latitude",
                    "longitude",
                    "population",
                )
            )
        )


_PROVINCES = {
    ("CA", code): name
    for code, name in (
        ("01", "Alberta"), ("02", "British Columbia"), ("03", "Manitoba"), ("04", "New Brunswick"),
        ("05", "Newfoundland and Labrador"), ("07", "Nova Scotia"), ("08", "Ontario"),
        ("09", "Prince Edward Island"), ("10", "Quebec"), ("11", "Saskatchewan"), ("12", "Yukon"),
        ("13", "Northwest Territories"), ("14", "Nunavut"),
    )
} | {
    ("AU", code): name
    for code, name in (
        ("01", "Australian Capital Territory"), ("02", "New South Wales"), ("03", "Northern Territory"),
        ("04", "Queensland"), ("05", "South Australia"), ("06", "Tasmania"), ("07", "Victoria"),
        ("08", "Western Australia"),
    )
}  # fmt: skip
"""GeoNames' admin1 codes (admin1CodesASCII.txt), for provinces that the table of places has no row of."""


@cache
def _regions() -> dict[tuple[str, str], str]:
    index = _index()
    places = (index.place(row) for row in index.keys.values())
    return _PROVINCES | {(p.country, p.admin1): p.name for p in places if p.kind == "region" and p.admin1}


@cache
def _index() -> _Index:
    return _Index()
