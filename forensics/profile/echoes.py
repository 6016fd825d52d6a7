"""Names that the household is known to use, found where the reader of single sentences passed over them.

A sentence is read alone by the language room. Here the household is known: a place that it named in one
utterance is found by its words in the others too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forensics.profile.records import Heard, Utterance

P_SAME = 0.8
"""Probability that the words of a place known to the household mean that place elsewhere (assumption)."""
SHORTEST = 4
"""Letters from which a name is looked for: shorter ones are other words too often (assumption)."""


def echoed_places(heard: Sequence[Heard], utterances: Mapping[str, Utterance]) -> list[Heard]:
    """Places by their words in utterances in which they were not read.

    Parameters
    ----------
    heard : sequence of Heard
    utterances : mapping
        By id.
    """
    known: dict[str, Heard] = {}
    there: dict[str, set[str]] = defaultdict(set)
    for one in heard:
        if one.label != "PLACE" or one.here or not one.places or one.utterance is None:
            continue
        for surface in one.surfaces:
            name = surface.casefold()
            there[one.witness].add(name)
            if len(name) >= SHORTEST and (name not in known or known[name].p < one.p):
                known[name] = one
    return [
        replace(
            known[name],
            witness=utterance_id,
            p=known[name].p * P_SAME,
            asr=known[name].asr,
            alternatives={},
            mention_ids=(),
            sources=frozenset({utterance.source}),
            utterance=utterance,
            surfaces=frozenset({found}),
        )
        for utterance_id, utterance in sorted(utterances.items())
        for name, found in _names_in(utterance.texts, known)
        if not any(name in other for other in there[utterance_id])
    ]


def _names_in(texts: Iterable[str], names: Iterable[str]) -> list[tuple[str, str]]:
    """Which of the names stand in a text as whole words, with the words as written."""
    found: dict[str, str] = {}
    for text in texts:
        lower = text.casefold()
        for name in names:
            if name in lower and (match := re.search(rf"\b{re.escape(name)}\b", lower)):
                found.setdefault(name, text[match.start() : match.end()] if len(lower) == len(text) else name)
    return sorted(found.items())
