"""Hints at special categories: words for a person to review."""

from __future__ import annotations

import pytest

from forensics.language.rules import sensitive
from tests.language.helpers import words_of


@pytest.mark.parametrize(
    ("language", "text", "category", "surface"),
    [
        ("en", "remind me to take my insulin", "health", "insulin"),
        ("de", "erinnere mich an die Chemotherapie", "health", "Chemotherapie"),
        ("de", "wann ist der Gottesdienst", "religion", "Gottesdienst"),
        ("en", "what are the prayer times today", "religion", "prayer times"),
        ("de", "trag den Parteitag der SPD ein", "politics", "Parteitag"),
        ("en", "open grindr", "sex_life", "grindr"),
        ("de", "Termin bei der Ausländerbehörde", "origin", "Ausländerbehörde"),
        ("de", "spiel ein Schlaflied", "child", "Schlaflied"),
        ("de", "erinnere mich an die Blutdrucktabletten", "health", "Blutdrucktabletten"),
        ("de", "Termin beim Lungenfacharzt", "health", "Lungenfacharzt"),
        ("de", "wann ist meine Gesprächstherapie", "health", "Gesprächstherapie"),
        ("de", "wann ist der Abendgottesdienst", "religion", "Abendgottesdienst"),
        ("en", "order more blood pressure pills", "health", "blood pressure pills"),
        ("en", "when is bible study", "religion", "bible study"),
    ],
)
def test_sensitive(language: str, text: str, category: str, surface: str) -> None:
    found = sensitive.find(words_of(text), language)
    assert [(m.special_category, text[m.start : m.end]) for m in found][:1] == [(category, surface)]
    assert all("possible" in m.reason for m in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "play some jazz"),
        ("en", "what is the weather in cancun"),
        ("de", "wie wird das wetter"),
        ("de", "stell den wecker"),
        ("en", "bedtime"),
        ("de", "gute nacht"),
        ("de", "setze Spülmaschinentabletten auf die Liste"),
        ("de", "Geschirrspültabletten"),
        ("de", "wo gibt es Kopfsteinpflaster"),
        ("de", "ist der Tierarzt offen"),
        ("de", "Schulter"),
    ],
)
def test_sensitive_hard_negatives(language: str, text: str) -> None:
    assert sensitive.find(words_of(text), language) == []
