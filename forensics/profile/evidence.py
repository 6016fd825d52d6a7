"""How witnesses of one value add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from forensics.knowledge.names import fold
from forensics.profile.records import Heard

TALK = 0.5
"""From this score an utterance is taken for one that nobody meant for the device: talk, or a television
(the middle of a probability)."""
SHARED_ERROR = 0.25
"""Share of recognition errors that recur whenever the same person says the same word: an assumption."""


def p_any(probabilities: Iterable[float]) -> float:
    """Probability that at least one of several hearings of the same value is right.

    Errors recur: with probability :data:`SHARED_ERROR` all hearings share one error, so that only the best
    counts; otherwise they err independently. So repetition raises confidence, and never to certainty.

    Parameters
    ----------
    probabilities : iterable of float
        One per witness.

    Examples
    --------
    >>> round(p_any([0.8]), 3), round(p_any([0.8, 0.8]), 3)
    (0.8, 0.92)
    """
    ps = list(probabilities)
    if not ps:
        return 0.0
    wrong = 1.0
    for p in ps:
        wrong *= 1.0 - p
    return 1.0 - (SHARED_ERROR * (1.0 - max(ps)) + (1.0 - SHARED_ERROR) * wrong)


def p_said(heard: Sequence[Heard]) -> float:
    """Probability that a value was said at least once, given its witnesses.

    The same sentence heard again confirms its words, but is read by the language model in the same way, so
    that a mistaken reading recurs with it: identical sentences confirm the words and count once for the
    reading.
    """
    sentences: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        text = one.utterance.texts[-1] if one.utterance and one.utterance.texts else one.witness
        sentences[fold(text) or one.witness].append(one)
    parts = []
    for same in sentences.values():
        read = max(min(1.0, one.p / one.asr) if one.asr else 0.0 for one in same)
        parts.append(p_any(one.asr for one in same) * read)
    return p_any(parts)
