"""Towns of the gazetteer with their time zones, without a map service."""

from __future__ import annotations

from zoneinfo import available_timezones

import pyarrow.parquet as pq
import pytest

from forensics.knowledge.gazetteer import find
from forensics.knowledge.towns import SMALLEST, ZONES_FILE, Town, context_towns, locate, zone_of


@pytest.mark.parametrize(
    ("key", "zone"),
    [
        ("Hannover", "Europe/Berlin"),
        ("Portland", "America/Los_Angeles"),
        ("London", "Europe/London"),
        ("Sydney", "Australia/Sydney"),
    ],
)
def test_the_zone_of_a_place_is_that_of_the_nearest_town(key: str, zone: str) -> None:
    place = find(key)
    assert place is not None
    assert place.latitude is not None
    assert place.longitude is not None
    assert zone_of(Town(place.name, place.country, place.latitude, place.longitude, 0)) == zone


def test_no_town_is_near_the_middle_of_the_atlantic() -> None:
    assert zone_of(Town("nowhere", "", 35.0, -40.0, 0)) is None


def test_every_zone_is_one_that_python_knows() -> None:
    assert set(pq.read_table(ZONES_FILE)["zone"].to_pylist()) <= available_timezones()


def test_a_map_of_one_town_shows_towns_around_it() -> None:
    place = find("Hannover")
    assert place is not None
    home = locate(place.geonameid)
    assert home is not None
    towns, (west, east, south, north) = context_towns([home])
    names = {town.name for town in towns}
    assert {"Hannover", "Celle", "Hildesheim"} <= names
    assert "Sydney" not in names
    assert all(town.population >= SMALLEST for town in towns)
    assert west < home.longitude < east
    assert south < home.latitude < north


def test_a_place_without_coordinates_is_no_dot() -> None:
    country = find("Germany")
    assert country is not None
    assert locate(country.geonameid) is None
    assert locate(None) is None
