"""Telephone numbers, PINs, IBANs, plates and e-mail addresses said aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.language.rules import spoken
from tests.language.helpers import words_of


def _found(text: str, language: str) -> list[tuple[str, str]]:
    return [
        (m.label, spoken.value(text[m.start : m.end], m.label, language))
        for m in spoken.find(text, words_of(text), language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "meine nummer ist null eins sieben sechs drei vier fünf sechs sieben acht",
            ("PHONE", "0176345678"),
        ),
        (
            "de",
            "ruf null fünf elf doppel drei zwo vier eins sieben an",
            ("PHONE", "05113324 17".replace(" ", "")),
        ),
        ("en", "my number is oh double three seven four four one two", ("PHONE", "03374412")),
        ("en", "call five five five one two three four", ("PHONE", "5551234")),
        ("en", "plus four nine one seven one two three four five six", ("PHONE", "+4917123456")),
        ("de", "Die PIN ist vier sieben eins eins", ("ID", "4711")),
        ("en", "the door code is 4711", ("ID", "4711")),
        ("de", "überweise auf DE89 3704 0044 0532 0130 00", ("ID", "DE89370400440532013000")),
        ("de", "mein Kennzeichen ist H A B eins zwei drei", ("ID", "HAB123")),
        ("en", "my license plate is seven a b c one two three", ("ID", "7ABC123")),
        ("de", "schreib an max punkt muster at web punkt de", ("EMAIL", "max.muster@web.de")),
        ("en", "email john underscore smith at gmail dot com please", ("EMAIL", "john_smith@gmail.com")),
    ],
)
def test_found(language: str, text: str, expected: tuple[str, str]) -> None:
    assert _found(text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "set a timer for one two three four five six seven"),
        ("en", "what is one two three four"),
        ("en", "play ninety nine red balloons"),
        ("en", "wake me up at six forty five"),
        ("en", "meet me at the station"),
        ("en", "look at this dot"),
        ("de", "stell den wecker auf sechs uhr dreißig"),
        ("de", "spiel neunundneunzig luftballons"),
        ("de", "was ist zwölf mal sieben"),
        ("de", "stell die heizung auf zweiundzwanzig grad"),
        ("de", "null punkte für den film"),
        ("de", "DE89 3704 0044 0532 0130 01"),
    ],
)
def test_hard_negatives(language: str, text: str) -> None:
    assert _found(text, language) == []


@given(st.text(max_size=120), st.sampled_from(["en", "de"]))
def test_any_text(text: str, language: str) -> None:
    for mention in spoken.find(text, words_of(text), language):
        assert 0 <= mention.start < mention.end <= len(text)
        assert spoken.value(text[mention.start : mention.end], mention.label, language)
