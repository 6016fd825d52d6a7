"""How far a name that only the vendor read is believed where our own reading of its words is clear.

The vendor's transcripts carry no probabilities, ours do, word by word. Where both read the same stretch of
one utterance differently, at most one is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from forensics.knowledge.names import fold
from forensics.profile.evidence import p_any
from forensics.profile.records import Heard

LEAST_IN_COMMON = 1
"""Words that both readings must share before they can be laid side by side."""
ALIKE = 88.0
"""Assumption: words this alike (rapidfuzz ratio of their letters) are one name in two spellings. Words that
only sound alike are not: both readings are of the same sound, whoever is right."""

Word = tuple[str, float]
"""A word of ours and the probability that it was heard rightly."""


def doubted(
    one: Heard, mention: Mapping[str, Any], vendor_text: str, ours: Iterable[Sequence[Word]]
) -> Heard:
    """A name that the vendor read and we did not, weighed by what we read in its place.

    Parameters
    ----------
    one : Heard
    mention : mapping
        The row of ``mentions`` that it is from: where the name stands in the vendor's text.
    vendor_text : str
    ours : iterable of sequence of (str, float)
        Our own readings of the same sound, word by word.

    Notes
    -----
    If the vendor's reading is right, all our words in its place are wrong. With v its probability and a that
    of any of our words being right, errors independent and at most one of the two right, the vendor's is
    right with probability v (1 - a) / (v (1 - a) + a (1 - v) + (1 - v) (1 - a)). The surest of our readings
    counts.
    """
    if mention["source_kind"] != "vendor" or one.label not in ("PERSON", "PLACE"):
        return one
    sure = max((instead(vendor_text, mention["start"], mention["end"], words) for words in ours), default=0.0)
    if sure <= 0.0:
        return one
    p = one.asr * (1.0 - sure) / (one.asr * (1.0 - sure) + (1.0 - one.asr))
    return replace(one, asr=p, p=one.p * p / one.asr if one.asr else 0.0)


def instead(vendor_text: str, start: int, end: int, words: Sequence[Word]) -> float:
    """How sure we are of any other word in the place of ``vendor_text[start:end]``; 0 if we read none there.

    Parameters
    ----------
    vendor_text : str
    start, end : int
        Characters.
    words : sequence of (str, float)
        Our reading of the same utterance.

    Examples
    --------
    >>> ours = [("Alexa", 0.7), ("erinnere", 0.9), ("mich", 0.9), ("morgen", 0.92), ("daran", 0.95)]
    >>> round(instead("alexa eleanor image morgan darren", 20, 33, ours), 3)
    0.985
    """
    theirs = [fold(word) for word in vendor_text.split()]
    mine = [fold(word) for word, _ in words]
    first = len(vendor_text[:start].split())
    last = first + len(vendor_text[start:end].split())
    found: list[int] = []
    differing: list[str] = []
    common = 0
    for kind, a, b, c, d in SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes():
        if kind == "equal":
            common += b - a
        elif kind == "replace" and a < last and first < b:
            found += range(*_part(first, last, a, b, c, d))
            differing += theirs[max(first, a) : min(last, b)]
    if common < LEAST_IN_COMMON or not found or _alike(differing, [mine[i] for i in found]):
        return 0.0
    return p_any(words[i][1] for i in found)


def _part(first: int, last: int, a: int, b: int, c: int, d: int) -> tuple[int, int]:
    """Of our words c to d in the place of the vendor's a to b, those in the place of its first to last."""
    scale = (d - c) / (b - a)
    low, high = c + int((max(first, a) - a) * scale), c + round((min(last, b) - a) * scale)
    return low, max(high, min(low + 1, d))


def _alike(theirs: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether both spell one name."""
    from rapidfuzz import fuzz

    return fuzz.ratio("".join(theirs), "".join(ours)) >= ALIKE
