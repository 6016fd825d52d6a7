"""Readings from what CTranslate2 decoded: texts, their shares of the beam, words with times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.transcription.engine import (
    Clip,
    Reading,
    Word,
    compression_ratio,
)

if TYPE_CHECKING:
    from faster_whisper.tokenizer import Tokenizer

_EARLIER_S, _LATER_S = 0.1, 0.2
"""How far words may reach beyond the speech that was measured (assumption)."""


def reading_of(tokenizer: Tokenizer, result: Any, decision: tuple[str, float]) -> Reading:
    """The first hypothesis of a beam as a reading, without times, and the others with their shares."""
    texts = [tokenizer.decode([t for t in ids if t < tokenizer.eot]).strip() for ids in result.sequences_ids]
    lengths = [len(ids) for ids in result.sequences_ids]
    # CTranslate2's score is the mean over the tokens; the sum is the log probability of the whole
    sums = [score * length for score, length in zip(result.scores, lengths, strict=True)]
    return Reading(
        text=texts[0],
        language=decision[0],
        language_probability=decision[1],
        words=(),
        # Whisper's mean counts the end token as well
        avg_logprob=min(float(sums[0] / (lengths[0] + 1)), 0.0),
        no_speech_prob=float(result.no_speech_prob),
        compression_ratio=compression_ratio(texts[0]),
        alternatives=_shares(texts, sums),
        tokens=tuple(t for t in result.sequences_ids[0] if t < tokenizer.eot),
    )


def _shares(texts: Sequence[str], sums: Sequence[float]) -> tuple[tuple[str, float], ...]:
    """Share of the beam's probability of each different text but the first, the likeliest first."""
    weights: dict[str, float] = {}
    for text, total in zip(texts, sums, strict=True):
        weights[text] = weights.get(text, 0.0) + math.exp(total - sums[0])
    whole = sum(weights.values())
    others = [(text, weight / whole) for text, weight in weights.items() if text != texts[0]]
    return tuple(sorted(others, key=lambda pair: (-pair[1], pair[0])))


def words_in(found: Sequence[dict[str, Any]], clip: Clip) -> tuple[Word, ...]:
    """Words with times within the clip's speech, from CTranslate2's alignment."""
    # alignment lets the first word begin with the clip and the last end with it: speech activity knows better
    low = max(0.0, clip.speech[0][0] - _EARLIER_S) if clip.speech else 0.0
    high = min(clip.seconds, clip.speech[-1][1] + _LATER_S) if clip.speech else clip.seconds
    return tuple(
        Word(
            w["word"].strip(),
            round(float(np.clip(w["start"], low, high)), 2),
            round(float(np.clip(w["end"], low, high)), 2),
            round(float(w["probability"]), 4),
        )
        for w in found
        if w["word"].strip()
    )
