"""Words with which people begin what they say to a device, by language."""

from __future__ import annotations

from functools import cache

from forensics.knowledge.lexicon import read_forms


@cache
def openings() -> frozenset[str]:
    """First words of commands and questions, in all languages of the list, in lower case."""
    return _words("opening")


@cache
def replies() -> frozenset[str]:
    """Whole turns of a dialogue that say nothing without the question before them."""
    return _words("reply")


def _words(kind: str) -> frozenset[str]:
    rows = (row for row in read_forms("spoken_words") if row["kind"] == kind)
    return frozenset(word for row in rows for word in row["words"].split("|"))
