"""Turns: which spans of speech in one recording are heard as one piece."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[float, float]

_TURN_PAUSE_S = 0.6
"""A change of speaker nearly always comes with a pause; a pause rarely with a change (assumption)."""

_LEAST_TURN_S = 1.5
"""Of speech: a shorter turn says little about a voice (assumption)."""

_WHOLE_S = 4.0
"""A recording with less speech than this is one command by one person (assumption)."""


def turns(spans: Sequence[Span]) -> list[list[Span]]:
    """Group spans of speech to turns.

    Parameters
    ----------
    spans : sequence of (float, float)
        Start and end in seconds, in order.

    Returns
    -------
    list of list of (float, float)
        Every span once, in order. A recording with little speech is one turn; else a turn ends at a pause,
        once it has 1.5 s of speech.
    """
    if not spans:
        return []
    if sum(end - start for start, end in spans) < _WHOLE_S:
        return [list(spans)]
    found: list[list[Span]] = [[]]
    for span in spans:
        current = found[-1]
        long_enough = sum(end - start for start, end in current) >= _LEAST_TURN_S
        if current and long_enough and span[0] - current[-1][1] >= _TURN_PAUSE_S:
            found.append([])
        found[-1].append(span)
    if len(found) > 1 and sum(end - start for start, end in found[-1]) < _LEAST_TURN_S:
        found[-2].extend(found.pop())
    return found
