"""Places in talk: spans cut to what is on the map, and the household's own places wherever they are named."""

from __future__ import annotations

import pytest

from forensics.language.reading import MODEL, Mention, Reading
from forensics.language.talk_places import with_places


def place(text: str, surface: str, score: float = 0.9, domain: str = "weather") -> Reading:
    start = text.index(surface)
    return Reading(text, [Mention(start, start + len(surface), "PLACE", score, MODEL, "")], domain)


def places(reading: Reading) -> list[str]:
    return [reading.text[m.start : m.end] for m in reading.mentions if m.label == "PLACE"]


@pytest.mark.parametrize(
    ("language", "text", "surface", "found"),
    [
        ("de", "lübeck nicht bremen", "lübeck nicht bremen", ["lübeck", "bremen"]),
        ("de", "wie weit ist es nach husum oma", "husum oma", ["husum"]),
        ("en", "rain in leeds and nothing else", "leeds and nothing else", ["leeds"]),
        ("en", "trains to norwich please hurry", "norwich please hurry", ["norwich"]),
        ("en", "weather in new york", "new york", ["new york"]),
        ("de", "wie wird es in frankfurt am main", "frankfurt am main", ["frankfurt am main"]),
        ("en", "is the high street closed", "high street", ["high street"]),
        ("de", "wann fährt der bus ab wilhelmstraße", "wilhelmstraße", ["wilhelmstraße"]),
    ],
)
def test_spans_end_where_the_place_ends(language: str, text: str, surface: str, found: list[str]) -> None:
    (reading,) = with_places([place(text, surface)], [language])
    assert places(reading) == found


def test_a_place_named_elsewhere_is_found_everywhere() -> None:
    told = Reading("meine mutter kommt zurück wolfenbüttel ist schön", [], "general")
    assert places(with_places([told], ["de"])[0]) == []
    asked = place("wetter in wolfenbüttel", "wolfenbüttel")
    assert places(with_places([asked, told], ["de", "de"])[1]) == ["wolfenbüttel"]


def test_a_name_on_the_map_after_a_preposition_is_a_place() -> None:
    told = Reading("sie kommen um acht aus wolfenbüttel", [], "general")
    assert places(with_places([told], ["de"])[0]) == ["wolfenbüttel"]
    title = Reading("spiel den zug nach wolfenbüttel", [], "music", score=0.99)
    assert places(with_places([title], ["de"])[0]) == []


def test_things_on_a_list_are_not_cut_to_countries() -> None:
    reading = place("add guinea pig hay", "guinea pig hay", domain="lists")
    assert with_places([reading], ["en"]) == [reading]
