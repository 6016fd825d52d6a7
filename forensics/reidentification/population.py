"""Who could be the subject: countries and their people, places and theirs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from forensics.errors import TableError
from forensics.knowledge.gazetteer import PLACES_FILE, Place, candidates, find, near
from forensics.reidentification.rates import Rate, assumption, prior, table

GEONAMES = "GeoNames (CC BY 4.0)"
OWNERS = "/smart-speaker"
"""Written behind a country: only households with a smart speaker are the population."""
DENSITY = 2500.0
"""Inhabitants per square kilometre of a built-up city: decides which places are districts of a larger one."""
DISTRICT_RATIO = 5.0
"""A district's city has at least this many times its inhabitants."""
LANGUAGE_COUNTRY = {"de": "DE", "en": "US", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pl": "PL"}
"""Where most speakers of a language live, among the countries whose figures are at hand."""


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
    own_names : mapping
        A user's own rates of names, by kind and folded name; they win over the built-in ones.
    owners : bool
        Only those who live with a smart speaker: owning one adds no bits.
    acquainted : bool
        Only those whom somebody knows.
    """

    country: str
    persons: int
    households: int
    definition: str
    own_names: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)
    owners: bool = False
    acquainted: bool = False

    @property
    def kind(self) -> str:
        """Who they are: ``residents``, ``owners`` or ``acquaintances``."""
        return "acquaintances" if self.acquainted else "owners" if self.owners else "residents"

    def among_owners(self) -> Population:
        """Only those who live with a smart speaker: owning one then tells nobody apart.

        Persons and households shrink by the same survey's share of households, so that bits change by its
        logarithm and nothing else does.
        """
        share = speaker_rate(self.country)
        return replace(
            self,
            persons=max(1, round(self.persons * share.p)),
            households=max(1, round(self.households * share.p)),
            definition=f"{self.definition}; of these the {share.p:.0%} with a smart speaker ({share.source})",
            owners=True,
        )


def speaker_rate(country: str) -> Rate:
    """Share of households with a smart speaker.

    Parameters
    ----------
    country : str
    """
    rate = prior("device", "smart speaker", country)
    if rate is None:
        raise TableError("reference/priors.csv has no row 'smart speaker'.", "Add it, with its source.")
    return rate


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
        Keys of places, with the weight of each as a home.
    languages : sequence of str
        Spoken languages, the commonest first.

    Returns
    -------
    country, why : str
    """
    weights: dict[str, float] = defaultdict(float)
    for name, weight in places:
        if (place := look_up(name)) is not None and place.country:
            weights[place.country] += weight
    if weights:
        country = max(sorted(weights), key=lambda c: weights[c])
        return country, "the country of the most probable home"
    spoken = next((LANGUAGE_COUNTRY[name] for name in languages if name in LANGUAGE_COUNTRY), None)
    if spoken:
        return spoken, f"no home is known; the country where most speak '{languages[0]}'"
    return "*", "neither home nor language is known"


def look_up(name: str, language: str = "de") -> Place | None:
    """The place with this key, else the likeliest of this name.

    Parameters
    ----------
    name : str
        As the language room normalises places, or as an analyst corrects them.
    language : {'en', 'de'}
    """
    if (place := find(name)) is not None:
        return place
    found = candidates(name, language=language, limit=1)
    return found[0].place if found and found[0].how == "name" else None


@lru_cache(maxsize=4096)
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
        Log-uniform: the place's own inhabitants, more or fewer by the catchment's factor.
    place : Place or None
        None if no gazetteer knows it.
    """
    place = look_up(name)
    if place is None:
        return assumption("unknown_place"), None
    if place.kind in ("country", "continent"):
        return Rate(1.0, 1e9, "person", "assumption", f"{place.name} is no home place", (1.0, 1.0)), place
    if country not in ("*", place.country):
        source = f"{place.name} is not in {country}"
        return Rate(1e-6, 20, "person", "assumption", source, (1e-8, 1e-4)), place
    people = population(country, "").persons
    if place.population <= 0:
        low, high = assumption("zero_population").spread or (200.0, 10_000.0)
        basis, source = "assumption", f"{GEONAMES}: no figure; assumed {low:.0f} to {high:.0f} inhabitants"
    else:
        low_factor, high_factor = assumption("catchment").spread or (1.0, 1.0)
        low, high = place.population * low_factor, place.population * high_factor
        basis, source = "measured", f"{GEONAMES}: {place.name}, {place.population:,} inhabitants"
        if (city := city_of(place)) is not None:
            source += f"; listed apart from {city.name}"
    spread = (min(1.0, low / people), min(1.0, high / people))
    return Rate(math.sqrt(spread[0] * spread[1]), 20, "person", basis, source, spread), place


def city_of(place: Place) -> Place | None:
    """The city that a place is probably a district of: much larger, and nearer than its own built-up radius.

    The data has no feature code and lists districts beside their cities (the German places of GeoNames sum to
    92 million people), so a heuristic has to do.
    """
    best = None
    for name, inhabitants in towns_of(place.country):
        least = max(DISTRICT_RATIO * place.population, 20_000, best.population if best else 0)
        if inhabitants < least:
            continue
        other = find(name)
        if other is None or other.geonameid == place.geonameid:
            continue
        km = near(place, other)
        if km is not None and km < math.sqrt(inhabitants / (math.pi * DENSITY)):
            best = other
    return best


@cache
def country_places(country: str) -> npt.NDArray[np.float64]:
    """Inhabitants of a country's places, those without a figure left out, the smallest first.

    Parameters
    ----------
    country : str
        ``*`` gives none: nobody's home is drawn from the whole world.
    """
    return np.array(sorted(float(n) for _, n in towns_of(country) if n > 0), dtype=np.float64)


@cache
def towns_of(country: str) -> tuple[tuple[str, int], ...]:
    """Keys and inhabitants of a country's towns.

    Parameters
    ----------
    country : str
        ISO 3166 code.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(PLACES_FILE, columns=["key", "kind", "country", "population"])
    chosen = pc.and_(
        pc.equal(table["kind"].cast("string"), "city"), pc.equal(table["country"].cast("string"), country)
    )
    towns = table.filter(chosen)
    return tuple(zip(towns["key"].to_pylist(), towns["population"].to_pylist(), strict=True))
