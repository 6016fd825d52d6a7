"""Recognisers by rule: what has a form of its own, or a list of its own.

Each module has ``find(text, words, language)``; ``words`` is the ``user_data`` of the Doc.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from forensics.language.reading import MODEL, Mention
from forensics.language.rules import addresses, contact, devices, names, relations, sensitive, spoken

_SURER_THAN_A_HINT = 0.5
_LONGER = frozenset(("OTHER", "EVENT", "FOOD", "DATE"))
_RULES_FIRST = frozenset(("EMAIL", "PHONE", "ADDRESS", "ID"))


def find_all(text: str, words: Mapping[str, Any], language: str, domain: str = "") -> list[Mention]:
    """The mentions that rules find in `text`, a request of a domain."""
    return [
        *contact.find(text),
        *spoken.find(text, words, language),
        *addresses.find(text, words, language),
        *relations.find(words, language),
        *names.find(words, domain),
        *devices.find(words, language),
        *sensitive.find(words, language),
    ]


def join(found: Iterable[Mention]) -> list[Mention]:
    """Mentions without overlaps, in order.

    Numbers and addresses come first, then the model's mentions, then word lists. A hint at a special
    category inside a mention becomes part of it.
    """
    found = list(found)
    hints = [mention for mention in found if mention.special_category]
    kept: list[Mention] = []
    for mention in sorted((m for m in found if not m.special_category), key=_rank):
        if not any(_overlap(mention, other) for other in kept):
            kept.append(mention)
    for hint in hints:
        kept = [m for m in kept if not (_overlap(hint, m) and m.score < _SURER_THAN_A_HINT)]
        around = [n for n, other in enumerate(kept) if _overlap(hint, other)]
        if around:
            first = kept[around[0]]
            kept[around[0]] = replace(
                first, special_category=hint.special_category, reason=f"{first.reason}; {hint.reason}"
            )
        else:
            kept.append(hint)
    return sorted(kept, key=lambda m: (m.start, m.end))


def covered(found: Iterable[Mention], kept: Iterable[Mention]) -> list[Mention]:
    """What rules found that lies inside the words of a kept mention: a wife in a to-do."""
    longer = [m for m in kept if m.label in _LONGER]
    return [
        m
        for m in found
        if m.found_by != MODEL
        and any(o.start <= m.start and m.end <= o.end and o.end - o.start > m.end - m.start for o in longer)
    ]


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _rank(mention: Mention) -> tuple[int, float, int]:
    order = 0 if mention.label in _RULES_FIRST else 1 if mention.found_by == MODEL else 2
    return order, -mention.score, mention.start
