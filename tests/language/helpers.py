"""What the recognisers' tests share."""

from __future__ import annotations

from typing import Any

from forensics.knowledge.lexicon import word_classes
from forensics.knowledge.words import split


def words_of(text: str) -> dict[str, Any]:
    """The words of a text as a Doc's ``user_data`` has them, without a model."""
    found = split(text)
    return {"words": found.words, "spans": found.spans, "classes": word_classes().of(found.words)}


def found_by(module: Any, text: str, language: str) -> list[tuple[str, str]]:
    """Labels and surfaces of what a recogniser finds in `text`."""
    return [(m.label, text[m.start : m.end]) for m in module.find(words_of(text), language)]
