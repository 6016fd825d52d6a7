"""One list of wake words serves every room: at the start of a text, anywhere in it, and alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitting.language.augment import WAKE
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.wake_words import (
    ALMOST,
    PATTERN,
    PHRASES,
    WORDS,
    is_nothing_else,
    opening,
    sounds_like_alexa,
)

REST = st.lists(st.sampled_from(["play", "music", "stop", "spiel", "musik", "bitte"]), max_size=4)
OPENINGS = [phrase for phrase in PHRASES if phrase != "jarvis"]  # alone it is a name as well


@given(st.sampled_from(OPENINGS), REST)
def test_every_phrase_opens_a_text_and_no_more_than_it(phrase: str, rest: list[str]) -> None:
    assert opening([*phrase.split(), *rest]) == len(phrase.split())
    assert opening(rest) == 0


@given(st.sampled_from(PHRASES), st.integers(1, 3), REST)
def test_a_phrase_alone_is_nothing_else_however_often(phrase: str, times: int, rest: list[str]) -> None:
    assert is_nothing_else(phrase.split() * times)
    assert not is_nothing_else([*phrase.split(), *rest]) or not rest
    assert not is_nothing_else(rest)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("hey", 0), ("hey you", 0), ("google that", 0), ("hey google", 2), ("hallo alexa stopp", 2),
        ("alexis stop", 1), ("annexer spiel musik", 1), ("alex come here", 0), ("alexander rief an", 0),
        ("jarvis called", 0), ("hey jarvis stop", 2), ("portal stop", 0), ("okay nabu", 2), ("play alexa", 0),
    ],
)  # fmt: skip
def test_openings(text: str, count: int) -> None:
    assert opening(text.split()) == count


@pytest.mark.parametrize(
    "text",
    ["Alexa, stop!", "Please, Hey Google: stop", "ok google", "COMPUTER", "tell Ziggy", "Okay, Nabu, light"],
)
def test_a_phrase_is_found_anywhere(text: str) -> None:
    assert PATTERN.search(text)


@pytest.mark.parametrize(
    "text", ["a Google account", "the portal", "Jarvis rang", "Alexandra", "echoes", "computers", "snips"]
)
def test_what_is_no_phrase(text: str) -> None:
    assert not PATTERN.search(text)


def test_what_recognisers_make_of_alexa_is_a_hint_and_never_alexa_itself() -> None:
    assert not ALMOST.search("alexa stop")
    for word in (
        "alexis",
        "alexia",
        "alessa",
        "annexer",
        "lexa",
        "election",
        "elixir",
        "aleksa",
        "alexander",
    ):
        assert ALMOST.fullmatch(word)
    words = ("alexia", "annexer", "aleksa", "relax", "elisa")
    assert [word for word in words if sounds_like_alexa(word)] == ["alexia", "annexer", "aleksa"]


def test_no_ordinary_word_counts_without_its_call() -> None:
    assert {"alexa", "echo", "amazon", "computer", "ziggy", "google", "siri", "cortana"} <= WORDS
    assert not {"portal", "jarvis", "snips"} & WORDS


def test_every_word_says_who_waits_for_it() -> None:
    rows = read_forms("wake_words")
    assert all(row["source"] for row in rows)
    assert all(row["alone"] or row["calls"] for row in rows)
    assert len({row["word"] for row in rows}) == len(rows)


def test_training_sentences_open_with_known_wake_words() -> None:
    for phrases in WAKE.values():
        assert all(opening(phrase.split()) == len(phrase.split()) for phrase in phrases)
