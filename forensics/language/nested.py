"""Mentions inside other mentions: the wife in a to-do's words, the dentist in an appointment's title.

Spans of the corpora do not nest: "call my wife about the pills" is one to-do. For a household's record
what it says of people and places matters more, so such words are read once more on their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.knowledge.words import split
from forensics.language.reading import Mention, Reading

if TYPE_CHECKING:
    from forensics.language.reader import Reader

_OUTER = frozenset(("OTHER", "EVENT"))
_INNER = frozenset(("PERSON", "RELATION", "PLACE", "ORG", "SERVICE"))
_LEAST_SCORE = 0.5
"""A second reading lacks the words around it; what it is not fairly sure of does not count."""


def with_nested(readings: Sequence[Reading], reader: Reader) -> list[Reading]:
    """Readings whose longer mentions were read again for what is inside them.

    Parameters
    ----------
    readings : sequence of Reading
    reader : Reader
        Of the readings' language.
    """
    inside = [
        (number, outer)
        for number, reading in enumerate(readings)
        for outer in reading.mentions
        if outer.label in _OUTER and len(split(_surface(reading, outer)).words) > 1
    ]
    texts = list(dict.fromkeys(_surface(readings[number], outer) for number, outer in inside))
    again = dict(zip(texts, reader.read(texts), strict=True))
    added: dict[int, list[Mention]] = {}
    for number, outer in inside:
        found = again[_surface(readings[number], outer)]
        candidates = [*found.mentions, *found.covered]
        moved = [
            replace(
                m,
                start=m.start + outer.start,
                end=m.end + outer.start,
                label="PERSON" if m.guest else m.label,
                reason=f"{m.reason}; inside the words of a longer mention",
            )
            for m in candidates
            if m.special_category or ((m.label in _INNER or m.guest) and m.score >= _LEAST_SCORE)
        ]
        added.setdefault(number, []).extend(moved)
    return [_joined(reading, added.get(number, [])) for number, reading in enumerate(readings)]


def _joined(reading: Reading, nested: list[Mention]) -> Reading:
    """`reading` with mentions nested in others, each span once."""
    taken = {(m.start, m.end) for m in reading.mentions}
    extra: list[Mention] = []
    covered = [m for m in reading.covered if m.label in _INNER or m.special_category]
    for mention in sorted([*nested, *covered], key=lambda m: -m.score):
        clash = any(m.start < mention.end and mention.start < m.end for m in extra if _alike(m, mention))
        if (mention.start, mention.end) not in taken and not clash:
            taken.add((mention.start, mention.end))
            extra.append(mention)
    if not extra:
        return reading
    outer = [_without_hint(m, extra) for m in reading.mentions]
    return replace(reading, mentions=sorted([*outer, *extra], key=lambda m: (m.start, -m.end)))


def _without_hint(outer: Mention, inner: Sequence[Mention]) -> Mention:
    """A hint counts once: at the word that gives it, not at the to-do around that word."""
    again = any(
        m.special_category == outer.special_category and outer.start <= m.start and m.end <= outer.end
        for m in inner
    )
    return replace(outer, special_category=None) if again else outer


def _alike(one: Mention, other: Mention) -> bool:
    """Hints at special categories may overlap names, nothing else may."""
    return bool(one.special_category) == bool(other.special_category)


def _surface(reading: Reading, mention: Mention) -> str:
    return reading.text[mention.start : mention.end]
