"""Where somebody speaks and no words are: speech activity without the words of a reading.

The decoder writes what it takes for one utterance in one language. Of a clip with two it writes one, and is
as sure of it as of any other: its probabilities do not tell. What tells is where its words are, and where
speech is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forensics.transcription.engine import Word

Span = tuple[float, float]

_WORD_S, _LETTER_S = 0.35, 0.09
"""The longest that a word takes, and each of its letters (assumptions: twice as slow as clear read speech).
Alignment lets a word reach over speech that was not read, as far as the clip goes."""

_AROUND_S = 0.2
"""How far the alignment of a word may be wrong (assumption)."""

_LEAST_S = 0.4
"""Speech without a word for so long is a stretch: two syllables (assumption)."""

_PAUSE_S = 0.8
"""Stretches that are nearer than that are read together, unless words stand between them (assumption)."""


def unread(speech: Sequence[Span], words: Sequence[Word]) -> list[Span]:
    """Stretches of speech without words, in the order of time.

    Parameters
    ----------
    speech : sequence of (float, float)
        Where somebody speaks, in seconds.
    words : sequence of Word
        With their times.

    Examples
    --------
    >>> unread([(0.2, 1.7), (2.6, 5.0)], [Word("Good", 0.3, 0.7, 1.0), Word("night.", 0.7, 1.3, 1.0)])
    [(2.6, 5.0)]
    """
    taken = sorted(_places(words))
    found: list[list[Span]] = []
    for start, end in _without(speech, taken):
        last = found[-1][-1][1] if found else None
        if last is not None and start - last < _PAUSE_S and not any(last < b and a < start for a, b in taken):
            found[-1].append((start, end))
        else:
            found.append([(start, end)])
    return [
        (parts[0][0], parts[-1][1]) for parts in found if sum(end - start for start, end in parts) >= _LEAST_S
    ]


def runs(speech: Sequence[Span], pause_s: float, least_s: float) -> list[Span]:
    """Stretches of speech with pauses between them, those with enough speech.

    Parameters
    ----------
    speech : sequence of (float, float)
        In the order of time, in seconds.
    pause_s : float
        From which on it is a pause.
    least_s : float
        Of speech.
    """
    found: list[tuple[float, float, float]] = []
    for start, end in speech:
        if found and start - found[-1][1] < pause_s:
            found[-1] = (found[-1][0], end, found[-1][2] + end - start)
        else:
            found.append((start, end, end - start))
    return [(start, end) for start, end, spoken in found if spoken >= least_s]


def _places(words: Sequence[Word]) -> Iterable[Span]:
    """Where the words can be, each no longer than its letters take."""
    for number, word in enumerate(words):
        longest = _WORD_S + _LETTER_S * len(word.word)
        start, end = word.start_s, word.end_s
        if end - start <= longest:
            yield start - _AROUND_S, end + _AROUND_S
            continue
        yield end - longest - _AROUND_S, end + _AROUND_S
        if number:  # the first word begins with the clip, wherever it stands
            yield start - _AROUND_S, start + longest + _AROUND_S


def _without(spans: Sequence[Span], taken: Sequence[Span]) -> Iterable[Span]:
    """What is left of the spans."""
    for start, end in spans:
        at = start
        for low, high in taken:
            if high <= at or low >= end:
                continue
            if low > at:
                yield at, low
            at = max(at, high)
        if at < end:
            yield at, end
