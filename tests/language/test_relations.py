"""Relations after a possessive, and what people call their own."""

from __future__ import annotations

import pytest

from forensics.language.rules import relations
from tests.language.helpers import found_by


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "call my wife sarah", ("RELATION", "wife")),
        ("en", "ask mom what's for dinner", ("RELATION", "mom")),
        ("de", "schreib meinem Chef eine mail", ("RELATION", "Chef")),
        ("de", "ruf Mama an", ("RELATION", "Mama")),
        ("de", "ich möchte mit Oma sprechen", ("RELATION", "Oma")),
    ],
)
def test_relations(language: str, text: str, expected: tuple[str, str]) -> None:
    assert found_by(relations, text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "play mother by pink floyd"),
        ("en", "who is the boss"),
        ("de", "der mann im mond"),
        ("de", "spiel frau holle"),
        ("de", "was kostet ein kind"),
    ],
)
def test_relations_hard_negatives(language: str, text: str) -> None:
    assert found_by(relations, text, language) == []
