"""Places of the world with where they lie and how many live there, from GeoNames, by name, key and id."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
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
STATIONS = frozenset(
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
LEAST_HEARD = 4
"""Letters of a name that is found by its sound: an assumption."""
_COMMON_PART = 10
"""Names of places that a word must be a part of to be a common part."""
EARTH_KM = 6371.0  # mean radius (IUGG)
_LEAST_SOUNDED = 5000
"""Inhabitants of a town that is found by its sound: an assumption."""


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


def find(key: str) -> Place | None:
    """The place with this key, as mentions have it in ``normalised``."""
    index = place_index()
    row = index.keys.get(key)
    return None if row is None else index.place(row)


def place_by_id(place_id: int) -> Place | None:
    """The place with this GeoNames id (negative ids are places that are not from GeoNames).

    This is how every room after the one that read the text gets at a place: names are resolved once.
    """
    index = place_index()
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
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(c)))


def distances(latitude: float, longitude: float) -> NDArray[np.float64]:
    """Kilometres from a point to every place by row, on a plane: right for what is near.

    Parameters
    ----------
    latitude, longitude : float
        Degrees (WGS 84).

    Returns
    -------
    array of float64, shape (n_places,)
        NaN where a place has no one point.
    """
    north, east = place_index().points()
    away = np.hypot(north - latitude, (east - longitude) * math.cos(math.radians(latitude)))
    kilometres: NDArray[np.float64] = away * EARTH_KM * math.pi / 180
    return kilometres


@cache
def is_part_of_names(word: str) -> bool:
    """Whether a word is a common part of longer names of places, or names a spot of a town: "park", "saint".

    Examples
    --------
    >>> is_part_of_names("park"), is_part_of_names("hauptbahnhof"), is_part_of_names("daddy")
    (True, True, False)
    """
    return word in STATIONS or place_index().parts().get(word, 0) >= _COMMON_PART


def place_keys(name: str) -> list[str]:
    """The spellings under which a name is looked up: ``Köln`` as ``koeln`` and ``koln``."""
    joined = " ".join(w for w in split(name).words if w not in _FILLERS) or " ".join(split(name).words)
    return list(dict.fromkeys((joined.translate(_ASCII), joined.translate(_BARE))))


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
                if len(name) >= LEAST_HEARD and " " not in name and population[min(rows)] >= _LEAST_SOUNDED:
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
    index = place_index()
    places = (index.place(row) for row in index.keys.values())
    return _PROVINCES | {(p.country, p.admin1): p.name for p in places if p.kind == "region" and p.admin1}


@cache
def place_index() -> _Index:
    return _Index()
