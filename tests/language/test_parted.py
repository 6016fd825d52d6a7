"""A town and the country or state it is in: two places where the corpora part them, else one."""

from __future__ import annotations

import pytest

from forensics.language.conventions import drawn
from forensics.language.reading import Mention


def _places(text: str, surface: str, domain: str) -> list[str]:
    start = text.index(surface)
    mention = Mention(start, start + len(surface), "PLACE", 0.9, "model", "")
    return [text[m.start : m.end] for m in drawn([mention], text, "de", domain)]


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("Wetter in Austin Texas", "Austin Texas", ["Austin", "Texas"]),
        ("regnet es in Podgorica, Montenegro", "Podgorica, Montenegro", ["Podgorica", "Montenegro"]),
        ("wetter in long island new york", "long island new york", ["long island", "new york"]),
    ],
)
def test_two(text: str, surface: str, expected: list[str]) -> None:
    assert _places(text, surface, "weather") == expected


@pytest.mark.parametrize(
    ("text", "surface", "domain"),
    [
        ("wie ist das wetter in münchen bayern", "münchen bayern", "weather"),
        ("wetter in berlin deutschland", "berlin deutschland", "weather"),
        ("wetter in new york", "new york", "weather"),
        ("wetter in Guinea-Bissau", "Guinea-Bissau", "weather"),
        ("wetter in den vereinigten staaten von amerika", "vereinigten staaten von amerika", "weather"),
        ("wetter in Süd Korea", "Süd Korea", "weather"),
        ("wie komme ich nach Austin Texas", "Austin Texas", "transport"),
    ],
)
def test_one(text: str, surface: str, domain: str) -> None:
    assert _places(text, surface, domain) == [surface]
