"""How sure is a word, how sure is an utterance: Whisper's probabilities, calibrated.

Two logistic regressions (Platt 1999), fitted once on the tuning half of real clips and on synthesised
English commands (1,074 words, 163 utterances) by comparing what was read with what was said; the features
were chosen by cross-validation there. The reliability on the other half is printed by
``make bench-hearing``.
"""

from __future__ import annotations

import math
from dataclasses import replace

from forensics.transcription.engine import Reading, Word

_WORD_LOGIT, _WORD_LOGPROB, _WORD_INTERCEPT = 0.65, 2.31, 1.436
_TEXT_LOGIT, _TEXT_LOGPROB, _TEXT_LENGTH, _TEXT_INTERCEPT = 1.243, 0.987, -1.814, 2.165


def word_confidence(word: Word, reading: Reading) -> float:
    """Probability that this word was said here."""
    score = _WORD_LOGIT * _logit(word.probability) + _WORD_LOGPROB * reading.avg_logprob + _WORD_INTERCEPT
    return round(_sigmoid(score), 4)


def utterance_confidence(reading: Reading) -> float:
    """Probability that the text is what was said, word for word.

    Longer texts are less often right as a whole, so the number of words counts beside the geometric mean
    of their probabilities and the decoder's mean log probability.
    """
    if not reading.words:
        return 0.0
    logs = [math.log(max(word.probability, 1e-4)) for word in reading.words]
    score = (
        _TEXT_LOGIT * _logit(math.exp(sum(logs) / len(logs)))
        + _TEXT_LOGPROB * reading.avg_logprob
        + _TEXT_LENGTH * math.log(len(logs) + 1)
        + _TEXT_INTERCEPT
    )
    return round(_sigmoid(score), 4)


def calibrated_words(reading: Reading) -> list[Word]:
    """The reading's words with calibrated probabilities."""
    return [replace(word, probability=word_confidence(word, reading)) for word in reading.words]


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(bounded / (1 - bounded))


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-score))
