"""Who could be the subject: countries and their people, places and theirs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from forensics.errors import TableError
from forensics.knowledge.gazetteer import PLACES_FILE, Place, find, near, place_by_id
from forensics.reidentification.rates import SURE, UNCOUNTED, Rate, assumption, prior, table

GEONAMES = "GeoNames (CC BY 4.0)"
DISTRICTS = "Destatis, districts on 31 December 2018 (landkreise-deutschland 3.0.0, CC BY 4.0)"
SAME_TOWN = 2.0
"""Assumption: GeoNames' figure of a city is within this factor of the official one; another town is not."""
WORLD = "*"
"""The country of a population that is everybody's."""
OWNERS = "/smart-speaker"
"""Written behind a country: only households with a smart speaker are the population."""
SPEAKER = "smart_speaker"
"""The kind of device, in the table of priors, that a household of this case owns by definition."""
DENSITY = 2500.0
"""Assumption: inhabitants per square kilometre of a built-up city. Decides which places are its districts."""
DISTRICT_RATIO = 5.0
"""Assumption: a district's city has at least this many times its inhabitants."""
SMALLEST_CITY = 20_000
"""Assumption: a town of fewer inhabitants has no districts that are listed apart."""
ABROAD = (1e-8, 1e-4)
"""Assumption: share of a country's people whose home is a given place abroad, log-uniform."""
LANGUAGE_COUNTRY = {"de": "DE", "en": "US", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL", "pl": "PL"}
"""Assumption: where a speaker of a language lives, among the countries whose figures are at hand."""


@dataclass(frozen=True)
class Population:
    """The people who could be the subject.

    Parameters
    ----------
    country : str
        ISO 3166 code, or ``*`` for the world.
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
    """Share of households with a smart speaker."""
    rate = prior("device", SPEAKER, country)
    if rate is None:
        raise TableError(f"reference/priors.csv has no row of kind '{SPEAKER}'.", "Add it, with its source.")
    return rate


def population(country: str, why: str) -> Population:
    """The population of a country; the world's if the country is unknown.

    Parameters
    ----------
    why : str
        How the country was chosen, for the definition.
    """
    rows = {(r["country"], r["value"]): r for r in table("population")}
    code = country if (country, "persons") in rows else WORLD
    persons = rows[code, "persons"]
    name = "the world" if code == WORLD else code
    return Population(
        code,
        int(float(persons["p"])),
        int(float(rows[code, "households"]["p"])),
        f"residents of {name} ({persons['source']}, {persons['year']}); {why}",
    )


def likely_country(places: Iterable[tuple[int, float]], languages: Sequence[str]) -> tuple[str, str]:
    """The country of the most probable home, else of the language spoken.

    Parameters
    ----------
    places : iterable of (int, float)
        Ids of places, with the weight of each as a home.
    languages : sequence of str
        Codes of spoken languages, the commonest first.

    Returns
    -------
    country, why : str
    """
    weights: dict[str, float] = defaultdict(float)
    for place_id, weight in places:
        if (place := place_by_id(place_id)) is not None and place.country:
            weights[place.country] += weight
    if weights:
        country = max(sorted(weights), key=lambda c: weights[c])
        return country, "the country of the most probable home"
    spoken = next((LANGUAGE_COUNTRY[name] for name in languages if name in LANGUAGE_COUNTRY), None)
    if spoken:
        return spoken, f"no home is known; the country where most speak '{languages[0]}'"
    return WORLD, "neither home nor language is known"


@lru_cache(maxsize=4096)
def place_rate(place_id: int | None, country: str) -> Rate:
    """Share of a country's people who call a place theirs.

    Parameters
    ----------
    place_id : int or None
        None for a name that no gazetteer knows.
    country : str
        The population's country; ``*`` for the world.

    Returns
    -------
    Rate
        Log-uniform: the place's own inhabitants, more or fewer by the catchment's factor.
    """
    place = None if place_id is None else place_by_id(place_id)
    if place is None:
        return assumption("unknown_place")
    if place.kind in ("country", "continent"):
        source = f"{place.name} is no home place"
        return Rate(1.0, SURE, "person", "assumption", source, (1.0, 1.0), key="geonames:no_town")
    if country not in (WORLD, place.country):
        source = f"{place.name} is not in {country}"
        middle = math.sqrt(ABROAD[0] * ABROAD[1])
        return Rate(middle, UNCOUNTED, "person", "assumption", source, ABROAD, key="assumption:place_abroad")
    people = population(country, "").persons
    counted = district_of(place)
    inhabitants = place.population if counted is None else counted
    if inhabitants <= 0:
        unpeopled = assumption("zero_population")
        low, high = unpeopled.spread or (unpeopled.p, unpeopled.p)
        basis, key = "assumption", "assumption:zero_population"
        source = f"{GEONAMES}: no figure; assumed {low:.0f} to {high:.0f} inhabitants"
    else:
        catchment = assumption("catchment")
        low_factor, high_factor = catchment.spread or (catchment.p, catchment.p)
        low, high = inhabitants * low_factor, inhabitants * high_factor
        basis, key = "measured", "geonames" if counted is None else "destatis:districts"
        source = f"{GEONAMES if counted is None else DISTRICTS}: {place.name}, {inhabitants:,} inhabitants"
        if (city := city_of(place)) is not None:
            source += f"; listed apart from {city.name}"
    spread = (min(1.0, low / people), min(1.0, high / people))
    return Rate(math.sqrt(spread[0] * spread[1]), UNCOUNTED, "person", basis, source, spread, key=key)


def district_of(place: Place) -> int | None:
    """Official inhabitants of a German city that is a district of its own; None of any other place."""
    return _districts().get(place.geonameid)


@cache
def _districts() -> Mapping[int, int]:
    """Inhabitants of Germany's district-free cities, by the place of that name and about that size."""
    found = {}
    for row in table("districts_de"):
        if row["type"] not in ("Kreisfreie Stadt", "Stadtkreis"):
            continue
        official = int(row["population"])
        place = find(row["name"].partition(",")[0].partition(" (")[0])
        if place is not None and 1 / SAME_TOWN < place.population / official < SAME_TOWN:
            found[place.geonameid] = official
    return found


def city_of(place: Place) -> Place | None:
    """The city that a place is probably a district of: much larger, and nearer than its own built-up radius.

    The data has no feature code and lists districts beside their cities (the German places of GeoNames sum to
    92 million people), so a heuristic has to do.
    """
    best = None
    for place_id, inhabitants in towns_of(place.country):
        least = max(DISTRICT_RATIO * place.population, SMALLEST_CITY, best.population if best else 0)
        if inhabitants < least:
            continue
        other = place_by_id(place_id)
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
def towns_of(country: str) -> tuple[tuple[int, int], ...]:
    """Ids and inhabitants of a country's towns.

    Parameters
    ----------
    country : str
        ISO 3166 code.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(PLACES_FILE, columns=["geonameid", "kind", "country", "population"])
    chosen = pc.and_(
        pc.equal(table["kind"].cast("string"), "city"), pc.equal(table["country"].cast("string"), country)
    )
    towns = table.filter(chosen)
    return tuple(zip(towns["geonameid"].to_pylist(), towns["population"].to_pylist(), strict=True))
