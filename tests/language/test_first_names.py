"""First names after a word that calls for one."""

from __future__ import annotations

import pytest

from forensics.language.rules import names
from tests.language.helpers import words_of


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("please add tom to my contact list", ["tom"]),
        ("lunch with mike and jim", ["mike", "jim"]),
        ("sende eine mail an jürgen", ["jürgen"]),
        ("füge bitte tobias hinzu", ["tobias"]),
    ],
)
def test_names_after_a_cue(text: str, surfaces: list[str]) -> None:
    assert [text[m.start : m.end] for m in names.find(words_of(text), "communication")] == surfaces


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("email from will power", "communication"),
        ("mail von gestern", "communication"),
        ("meeting in may", "calendar"),
        ("play something from adele", "music"),
        ("message for paris", "communication"),
    ],
)
def test_names_hard_negatives(text: str, domain: str) -> None:
    assert names.find(words_of(text), domain) == []
