"""How sure is a word, how sure is an utterance: Whisper's probabilities, calibrated.

Two logistic regressions (Platt 1999), fitted on the tuning half of real clips and on synthesised English
commands by comparing what was read with what was said (``make fits-confidence``); the features were chosen by
cross-validation there. The reliability on the other half is printed by ``make bench-hearing``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from forensics.knowledge.fitted import fitted
from forensics.transcription.engine import Reading, Word

WORD_FEATURES = ("probability of the word", "mean log probability")
TEXT_FEATURES = ("mean probability of the words", "mean log probability", "length")
"""Probabilities as log odds, the length as the logarithm of one word more than there are."""


def word_confidence(word: Word, reading: Reading) -> float:
    """Probability that this word was said here."""
    return _probability(_weights("word"), word_features(word, reading))


def utterance_confidence(reading: Reading) -> float:
    """Probability that the text is what was said, word for word.

    Longer texts are less often right as a whole, so the number of words counts beside the geometric mean
    of their probabilities and the decoder's mean log probability.
    """
    return _probability(_weights("text"), text_features(reading)) if reading.words else 0.0


def calibrated_words(reading: Reading) -> list[Word]:
    """The reading's words with calibrated probabilities."""
    return [replace(word, probability=word_confidence(word, reading)) for word in reading.words]


def word_features(word: Word, reading: Reading) -> tuple[float, ...]:
    """The values of :data:`WORD_FEATURES`."""
    return _logit(word.probability), reading.avg_logprob


def text_features(reading: Reading) -> tuple[float, ...]:
    """The values of :data:`TEXT_FEATURES` of a reading with words."""
    logs = [math.log(max(word.probability, 1e-4)) for word in reading.words]
    return _logit(math.exp(sum(logs) / len(logs))), reading.avg_logprob, math.log(len(logs) + 1)


@cache
def _weights(what: str) -> tuple[float, ...]:
    names = {"word": WORD_FEATURES, "text": TEXT_FEATURES}[what]
    return fitted(__name__).numbers(what, (*names, "intercept"))


def _probability(weights: Sequence[float], values: Sequence[float]) -> float:
    *slopes, intercept = weights
    score = intercept + sum(w * v for w, v in zip(slopes, values, strict=True))
    return round(1 / (1 + math.exp(-score)), 4)


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(bounded / (1 - bounded))
