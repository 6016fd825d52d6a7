"""Which words of a transcript are in which language."""

from __future__ import annotations

from typing import Any

from forensics.language.spoken_languages import by_language, words_between

TEXT = "Guten Abend. Good morning to you. Gute Nacht."
WORDS = [(word, float(n), n + 0.9, 1.0) for n, word in enumerate(TEXT.split())]


def stretch(start: float, end: float, language: str) -> dict[str, Any]:
    return {"start_s": start, "end_s": end, "language": language, "probability": 0.9}


def test_one_language_is_no_division() -> None:
    assert by_language(TEXT, WORDS, [stretch(0, 8, "de")]) == []
    assert by_language(TEXT, WORDS, []) == []


def test_another_language_in_the_middle() -> None:
    """The whole was read first, in German, and then what it left out."""
    parts = by_language(TEXT, WORDS, [stretch(0, 8, "de"), stretch(1.8, 6.1, "en")])
    assert [(TEXT[a:b], language) for a, b, language in parts] == [
        ("Good morning to you.", "en"),
        ("Guten Abend.", "de"),
        ("Gute Nacht.", "de"),
    ]
    start, end, _ = parts[2]
    assert [word for word, *_ in words_between(TEXT, WORDS, start, end)] == ["Gute", "Nacht."]


def test_words_without_a_stretch_stay_with_those_before() -> None:
    parts = by_language(TEXT, WORDS, [stretch(0, 1.9, "de"), stretch(2, 5, "en")])
    assert [TEXT[a:b] for a, b, _ in parts] == ["Good morning to you. Gute Nacht.", "Guten Abend."]
