"""Which words of a transcript are in which language, where a recording holds several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Word = tuple[str, float, float, float]
"""Word, start and end in seconds, probability."""


def by_language(
    text: str, words: Sequence[Word], stretches: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, str]]:
    """Start, end and language of each part of a text, the longest first; nothing where there is but one.

    Parameters
    ----------
    text : str
        Of the whole recording.
    words : sequence of (str, float, float, float)
        Of the text, in its order.
    stretches : sequence of mapping
        ``start_s``, ``end_s`` and ``language`` of what was read on its own, as in ``transcripts``.

    Examples
    --------
    >>> words = [("Licht", 0.2, 0.5, 1.0), ("an.", 0.5, 0.9, 1.0), ("Thanks.", 2.0, 2.5, 1.0)]
    >>> stretches = [{"start_s": 0.0, "end_s": 1.0, "language": "de"}]
    >>> stretches += [{"start_s": 1.8, "end_s": 2.7, "language": "en"}]
    >>> by_language("Licht an. Thanks.", words, stretches)
    [(0, 9, 'de'), (10, 17, 'en')]
    """
    if len({one["language"] for one in stretches}) < 2:
        return []
    parts: list[tuple[int, int, str]] = []
    at = 0
    for word, start_s, end_s, _ in words:
        bare = word.strip()
        found = text.find(bare, at) if bare else -1
        if found < 0:
            continue
        at = found + len(bare)
        language = _language_at((start_s + end_s) / 2, stretches)
        if parts and language in (parts[-1][2], None):
            parts[-1] = (parts[-1][0], at, parts[-1][2])
        elif language is not None:
            parts.append((found if parts else 0, at, language))
    return sorted(parts, key=lambda part: (part[0] - part[1], part[0]))


def words_between(text: str, words: Sequence[Word], start: int, end: int) -> tuple[Word, ...]:
    """The words of a text that stand in a part of it; all of them where the part is the whole."""
    if (start, end) == (0, len(text)):
        return tuple(words)
    inside, at = [], 0
    for word in words:
        bare = word[0].strip()
        found = text.find(bare, at) if bare else -1
        if found >= 0:
            at = found + len(bare)
            inside += [word] if start <= found < end else []
    return tuple(inside)


def _language_at(second: float, stretches: Sequence[Mapping[str, Any]]) -> str | None:
    """The language of the shortest stretch that holds a second: the whole was read first, then its parts."""
    holding = [one for one in stretches if one["start_s"] <= second <= one["end_s"]]
    return min(holding, key=lambda one: one["end_s"] - one["start_s"])["language"] if holding else None
