"""Hints at special categories of Article 9 GDPR, and at children: words, never conclusions.

A hint says that a person should look; the word may stand in a song's title. Categories: health, religion,
politics, sex life, origin, and child (Article 8, recital 38).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.words import split
from forensics.language.reading import HINTS, Mention

_LONGEST = 4
_SHORTEST_COMPOUND = 8


def find(words: Mapping[str, Any], language: str) -> list[Mention]:
    """Words of a text that may hint at a special category; each is a mention with the label OTHER."""
    single, longer, parts = _forms(language)
    all_words, found = words["words"], []
    position = 0
    while position < len(all_words):
        length = 0
        word = all_words[position]
        if word in longer:
            for size in range(min(_LONGEST, len(all_words) - position), 1, -1):
                if category := longer[word].get(" ".join(all_words[position : position + size])):
                    length = size
                    break
        if not length and (category := single.get(word) or _of_compound(word, parts)):
            length = 1
        if length and category:
            start, end = words["spans"][position][0], words["spans"][position + length - 1][1]
            found.append(
                Mention(
                    start,
                    end,
                    "OTHER",
                    0.5,
                    HINTS,
                    f"possible hint at {category}, for a person to review",
                    category,
                )
            )
        position += length or 1
    return found


def _of_compound(word: str, parts: Parts) -> str | None:
    """The category of a compound by its first or last part: "blutdrucktabletten", but no "spültabletten"."""
    if len(word) < _SHORTEST_COMPOUND or word.startswith(parts.harmless):
        return None
    for ends, matches in ((parts.last, word.endswith), (parts.first, word.startswith)):
        if matches(tuple(ends)):
            return next(category for part, category in ends.items() if matches(part))
    return None


@dataclass(frozen=True)
class Parts:
    """Parts of compounds with their categories, and beginnings of harmless ones."""

    first: dict[str, str]
    last: dict[str, str]
    harmless: tuple[str, ...]


@cache
def _forms(language: str) -> tuple[dict[str, str], dict[str, dict[str, str]], Parts]:
    single: dict[str, str] = {}
    longer: dict[str, dict[str, str]] = {}
    parts: dict[str, dict[str, str]] = {"first": {}, "last": {}, "harmless": {}}
    for row in read_forms("sensitive"):
        if row["language"] == language:
            for form in row["form"].split("|"):
                words = split(form).words
                if "*" in form or form[0] == "!":
                    place = "harmless" if form[0] == "!" else "last" if form[0] == "*" else "first"
                    parts[place][words[0]] = row["category"]
                elif len(words) == 1:
                    single[words[0]] = row["category"]
                else:
                    longer.setdefault(words[0], {})[" ".join(words)] = row["category"]
    return single, longer, Parts(parts["first"], parts["last"], tuple(parts["harmless"]))
