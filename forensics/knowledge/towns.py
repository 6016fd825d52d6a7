"""Where a claimed place lies, and the towns around it, from the gazetteer: no map service is asked.

The time zones are in a table of their own, ``data/town_zones.parquet`` (``fitting/language/places.py``).
GeoNames data, CC BY 4.0 (https://www.geonames.org).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians

from forensics.knowledge.lexicon import DATA

ZONES_FILE = DATA / "town_zones.parquet"
SMALLEST = 15_000
"""Inhabitants of a town that is worth a dot; the gazetteer has every such town of the world."""
_LEAST = 3.0  # degrees of latitude that a map shows at least: an assumption
_JOURNEY = 5.0  # degrees of latitude, about 550 km: an assumption


@dataclass(frozen=True)
class Town:
    """A populated place.

    Parameters
    ----------
    name, country : str
        As GeoNames writes it; ISO 3166 country code, empty if unknown.
    latitude, longitude : float
        Degrees.
    population : int
        Inhabitants, 0 if unknown.
    zone : str
        Time zone, empty if unknown.
    """

    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    zone: str = ""


def locate(place_id: int | None) -> Town | None:
    """A place of the gazetteer as a dot on the map; None for one without coordinates."""
    from forensics.knowledge.gazetteer import place_by_id

    place = None if place_id is None else place_by_id(place_id)
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Town(place.name, place.country, place.latitude, place.longitude, place.population)


def zone_of(town: Town) -> str | None:
    """The time zone of the nearest town of 15,000 inhabitants or more within a degree."""
    near = [t for t in _towns() if abs(t.latitude - town.latitude) + abs(t.longitude - town.longitude) < 1]
    return min(near, key=lambda t: _squared(t, town)).zone if near else None


def around(home: Town, places: Sequence[Town]) -> list[Town]:
    """Those of `places` within a day's journey (5 degrees) of `home`, which fit on one map."""
    return [p for p in places if _squared(p, home) <= _JOURNEY**2]


def context_towns(places: Sequence[Town], *, aspect: float = 1.6) -> tuple[list[Town], tuple[float, ...]]:
    """Towns of 15,000 inhabitants or more around `places`: dots that show coast and border without a map.

    Parameters
    ----------
    places : sequence of Town
        At least one.
    aspect : float
        Width by height of the map, in kilometres.

    Returns
    -------
    towns : list of Town
    window : tuple of float
        West, east, south, north in degrees.
    """
    south, north = min(p.latitude for p in places), max(p.latitude for p in places)
    west, east = min(p.longitude for p in places), max(p.longitude for p in places)
    narrow = cos(radians((south + north) / 2)) or 1.0
    height = max(1.35 * (north - south), 1.35 * (east - west) * narrow / aspect, _LEAST)
    width = height * aspect / narrow
    middle, centre = (south + north) / 2, (west + east) / 2
    window = (centre - width / 2, centre + width / 2, middle - height / 2, middle + height / 2)
    towns = [  # twice the window: a page wider or higher than expected shows more of it
        town
        for town in _towns()
        if abs(town.longitude - centre) <= width and abs(town.latitude - middle) <= height
    ]
    return towns, window


def _squared(one: Town, other: Town) -> float:
    """Squared distance in degrees of latitude."""
    east = (one.longitude - other.longitude) * cos(radians(other.latitude))
    return (one.latitude - other.latitude) ** 2 + east**2


@cache
def _towns() -> tuple[Town, ...]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from forensics.knowledge.gazetteer import PLACES_FILE

    zones = pq.read_table(ZONES_FILE)
    zone_of = dict(zip(zones["geonameid"].to_pylist(), zones["zone"].to_pylist(), strict=True))
    columns = ("name", "country", "latitude", "longitude", "population", "geonameid", "kind")
    table = pq.read_table(PLACES_FILE, columns=list(columns))
    large = pc.and_(pc.equal(table["kind"], "city"), pc.greater_equal(table["population"], SMALLEST))
    return tuple(
        Town(
            row["name"],
            row["country"],
            round(row["latitude"], 4),  # 10 m: a dot on a map
            round(row["longitude"], 4),
            row["population"],
            zone_of[row["geonameid"]],
        )
        for row in table.filter(large).to_pylist()
    )
