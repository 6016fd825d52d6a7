"""The speaker's own place: "here", "at home", "my current spot", in requests for the weather."""

from __future__ import annotations

import pytest

from forensics.language.meaning import understand
from forensics.language.reading import Mention, Reading


@pytest.mark.parametrize(
    ("language", "text", "surface"),
    [
        ("en", "what is the weather here", "here"),
        ("en", "weather in my hometown", "hometown"),
        ("en", "what's it like at home", "home"),
        ("en", "will it rain at my current spot", "current spot"),
        ("de", "wie wird das Wetter hier", "hier"),
        ("de", "regnet es zu Hause", "zu Hause"),
        ("de", "wie warm ist es an meinem jetzigen Standort", "Standort"),
        ("de", "Wetter in meiner Heimatstadt", "Heimatstadt"),
    ],
)
def test_pointed(language: str, text: str, surface: str) -> None:
    found = understand(Reading(text, [], "weather"), language)
    places = [(text[m.mention.start : m.mention.end], m.entity, m.places) for m in found]
    assert [(s.removeprefix("my "), *rest) for s, *rest in places] == [(surface, "here", ())]


@pytest.mark.parametrize(
    ("language", "text", "domain"),
    [
        ("en", "weather for tomorrow", "weather"),
        ("en", "will it rain in the morning", "weather"),
        ("en", "play here comes the sun", "music"),
        ("de", "wie wird das Wetter morgen", "weather"),
        ("de", "regnet es am Abend", "weather"),
        ("de", "spiel hier kommt die sonne", "music"),
    ],
)
def test_nothing_pointed(language: str, text: str, domain: str) -> None:
    assert understand(Reading(text, [], domain), language) == []


def test_a_named_place_stays_what_it_is() -> None:
    text = "wie wird das Wetter in Oldenburg"
    named = Mention(text.index("Oldenburg"), len(text), "PLACE", 0.9, "model", "")
    (found,) = understand(Reading(text, [named], "weather"), "de")
    assert (found.normalised, found.entity) == ("Oldenburg", "name")
