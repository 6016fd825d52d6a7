"""Street addresses said aloud."""

from __future__ import annotations

import pytest

from forensics.language.rules import addresses
from tests.language.helpers import words_of


@pytest.mark.parametrize(
    ("language", "text", "surface"),
    [
        ("de", "navigiere zur lindenstraße zwölf", "lindenstraße zwölf"),
        ("de", "ich wohne am Gartenweg 3", "Gartenweg 3"),
        ("en", "take me to forty two main street", "forty two main street"),
        ("en", "i live at nine elm road", "nine elm road"),
    ],
)
def test_said_aloud(language: str, text: str, surface: str) -> None:
    assert [text[m.start : m.end] for m in addresses.find(text, words_of(text), language)] == [surface]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "wie weit ist der heimweg zwölf kilometer"),
        ("de", "reserviere den tennisplatz um drei"),
        ("de", "treffen am marktplatz um acht uhr"),
        ("en", "ten minutes to the street"),
        ("en", "play the long and winding road"),
        ("en", "what is on wall street today"),
    ],
)
def test_said_aloud_hard_negatives(language: str, text: str) -> None:
    assert addresses.find(text, words_of(text), language) == []
