"""The vendor's words laid beside what was said: where in them a name is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from forensics.knowledge.names import fold
from forensics.simulate.mishearing import letters_off

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word without hyphens: where one party writes two words the other writes one with a hyphen."""
ALIKE, UNLIKE = 0.6, 0.8
"""Assumptions: a run of misheard words is a name if less than this share of its letters is off; with
more than the second nothing of the name is left, and what stands there stays."""
_MORE = 2
"""Assumption: a name is taken for so many words more than it has, at most."""


@dataclass(frozen=True)
class Part:
    """Where in the vendor's text a name is.

    Parameters
    ----------
    start, end : int
        Code points, end exclusive.
    exact : bool
        The vendor has it as it was said.
    """

    start: int
    end: int
    exact: bool


def laid_beside(said: str, spans: Sequence[tuple[int, int]], heard: str) -> list[Part | None] | None:
    """For each span of what was said its part of what was understood.

    Parameters
    ----------
    spans : sequence of (int, int)
        In the order of the text.

    Returns
    -------
    list of (Part or None) or None
        None for a span of which nothing is left in the vendor's text; None for all where some span's words
        cannot be told from their neighbours'.
    """
    mine = [(m.start(), m.end(), m[0]) for m in _PART.finditer(said)]
    theirs = [(m.start(), m.end(), m[0]) for m in _PART.finditer(heard)]
    blocks = SequenceMatcher(
        None, [fold(w) for *_, w in mine], [fold(w) for *_, w in theirs], autojunk=False
    ).get_opcodes()
    found: list[Part | None] = []
    free_from = 0
    for start, end in spans:
        covered = [n for n, (a, b, _) in enumerate(mine) if a < end and b > start]
        if not covered:
            return None
        low, high = covered[0], covered[-1] + 1
        own = [block for block in blocks if block[1] < high and block[2] > low]
        if all(kind == "delete" for kind, *_ in own):
            found.append(None)
            continue
        off, run = _run(own, low, high, [w for *_, w in mine], [w for *_, w in theirs], free_from)
        if off >= UNLIKE:
            found.append(None)
            continue
        if off >= ALIKE:
            return None
        free_from = run[1]
        exact = own[0][0] == "equal" and len(own) == 1
        found.append(Part(theirs[run[0]][0], theirs[run[1] - 1][1], exact))
    return found


def _run(
    blocks: Sequence[tuple[str, int, int, int, int]],
    low: int,
    high: int,
    said: Sequence[str],
    heard: Sequence[str],
    free_from: int,
) -> tuple[float, tuple[int, int]]:
    """The share of letters that is off, and the vendor's words, first and last exclusive, of a name."""
    first, last = max(blocks[0][3], free_from), blocks[-1][4]
    if len(blocks) == 1:
        kind, a, _, c, _ = blocks[0]
        if kind == "equal":
            return 0.0, (c + low - a, c + high - a)
        if blocks[0][1:3] == (low, high) and first < last:
            return 0.0, (first, last)  # everything around it was understood
    name = "".join(said[low:high])
    best: tuple[float, tuple[int, int]] = 1.0, (first, last)
    for begin in range(first, last):
        for stop in range(begin + 1, min(last, begin + high - low + _MORE) + 1):
            best = min(best, (letters_off(name, "".join(heard[begin:stop])), (begin, stop)))
    return best
