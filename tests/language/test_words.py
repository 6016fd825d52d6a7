"""One spelling for every casing, and places that still point into the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.knowledge.sounds import sound
from forensics.knowledge.words import spelling, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Play B. B. C. at 7 p.m., Sarah's song!", ["play", "bbc", "at", "d", "pm", "sarah", "'s", "song"]),
        ("wie wird das Wetter in Köln-Mülheim?", ["wie", "wird", "das", "wetter", "in", "köln", "mülheim"]),
        ("Straße Beyoncé", ["strasse", "beyonce"]),
        ("um 7:30 Uhr", ["um", "d:dd", "uhr"]),
        ("mail an max.muster@web.de", ["mail", "an", "email@"]),
        ("geht's dir", ["geht", "'s", "dir"]),
        ("Wi isch ds Wätter zLondon?", ["wi", "ist", "das", "wetter", "z", "london"]),
        ("", []),
        ("?!… —", []),
    ],
)
def test_split(text: str, words: list[str]) -> None:
    assert split(text).words == words


@pytest.mark.parametrize(
    "text",
    ["what's the weather in new york", "spiel etwas von den ärzten", "ruf frau müller an", "play u two"],
)
def test_casing_and_punctuation_change_nothing(text: str) -> None:
    plain = split(text).words
    assert split(text.upper()).words == plain
    assert split(text.title().replace("'S", "'s")).words == plain
    assert split(f"{text.capitalize()}?").words == plain


@given(st.text(max_size=200))
def test_spans_lie_in_order_inside_the_text(text: str) -> None:
    found = split(text)
    assert len(found.words) == len(found.spans)
    end = 0
    for word, (start, stop) in zip(found.words, found.spans, strict=True):
        assert end <= start < stop <= len(text)
        assert word == spelling(text[start:stop])
        end = stop


@pytest.mark.parametrize(("one", "other"), [("meier", "mayer"), ("kölln", "köln"), ("hanover", "hannover")])
def test_same_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("bremen", "hamburg"), ("anna", "peter"), ("köln", "bonn")])
def test_other_sound(one: str, other: str) -> None:
    assert sound(one) != sound(other)
