"""Place names linked to GeoNames."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.knowledge.gazetteer import Place, find, near
from forensics.knowledge.place_search import candidates


def _place(key: str) -> Place:
    found = find(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("language", "surface", "key"),
    [
        ("de", "Köln", "Köln"),
        ("de", "koeln", "Köln"),
        ("de", "muenchen", "Munich"),
        ("en", "munich", "Munich"),
        ("de", "Nürnberg", "Nuremberg"),
        ("en", "hanover", "Hannover"),
        ("de", "frankfurt", "Frankfurt am Main"),
        ("de", "frankfurt an der oder", "Frankfurt (Oder)"),
        ("de", "berlin kreuzberg", "Kreuzberg"),
        ("de", "hannover hauptbahnhof", "Hannover"),
        ("de", "im harz", "Harz"),
        ("en", "the Harz", "Harz"),
        ("de", "sylt", "Sylt"),
        ("de", "der zugspitze", "Zugspitze"),
        ("en", "long island new york", "Long Island"),
        ("en", "goshen new york", "Goshen, US-NY"),
        ("en", "usa", "United States"),
        ("de", "Österreich", "Austria"),
        ("en", "bavaria", "Bayern"),
    ],
)
def test_by_name(language: str, surface: str, key: str) -> None:
    assert candidates(surface, language=language)[0].place.key == key


@pytest.mark.parametrize(
    ("surface", "key", "how"),
    [
        ("Han over", "Hannover", "joined"),
        ("Kölln", "Köln", "sound"),
        ("wupertal", "Wuppertal", "sound"),
        ("hildes heim", "Hildesheim", "joined"),
    ],
)
def test_as_misheard(surface: str, key: str, how: str) -> None:
    best = candidates(surface, language="de")[0]
    assert (best.place.key, best.how) == (key, how)
    assert best.probability < candidates(key, language="de")[0].probability


@pytest.mark.parametrize("surface", ["grocery store", "the office", "xqzt", "", "im", "meine wohnung hier"])
def test_hard_negatives(surface: str) -> None:
    assert candidates(surface) == []


def test_the_household_settles_ambiguous_names() -> None:
    alone = candidates("Neustadt", language="de")
    near_hannover = candidates("Neustadt", language="de", household=[_place("Hannover"), _place("Wunstorf")])
    near_mainz = candidates("Neustadt", language="de", household=[_place("Ludwigshafen am Rhein")])
    assert alone[0].probability < 0.5
    assert near_hannover[0].place.key == "Neustadt am Rübenberge"
    assert near_mainz[0].place.key == "Neustadt an der Weinstraße"
    springfield = candidates("springfield", household=[_place("Chicago")])
    assert springfield[0].place.admin1 == "IL"


def test_a_known_place_explains_a_misspelling() -> None:
    best = candidates("Olvenberg", language="en", household=[_place("Oldenburg")])[0]
    assert (best.place.key, best.how) == ("Oldenburg", "household")


def test_distance_between_hannover_and_bremen() -> None:
    distance = near(_place("Hannover"), _place("Bremen"))
    assert distance == pytest.approx(100, abs=6)


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(["en", "de"]))
def test_probabilities(surface: str, language: str) -> None:
    found = candidates(surface, language=language)
    assert sum(c.probability for c in found) <= 1.0 + 1e-9
    assert [c.probability for c in found] == sorted((c.probability for c in found), reverse=True)
