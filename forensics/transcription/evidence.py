"""Did somebody say these words? Evidence for and against a reading, whichever engine wrote it.

Whisper writes words for noise. What it wrote is kept (``raw_text``); whether it becomes ``text`` is decided
by what was measured on the sound and on the reading, not by a list of phrases.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.transcription.engine import Reading

_SPEECH_NONE_S = 0.06  # two of Silero's windows: below, nobody spoke
_LOGPROB_LOW = -1.0  # Whisper's own threshold (logprob_threshold)
_NO_SPEECH_HIGH = 0.6  # Whisper's own threshold (no_speech_threshold)
_COMPRESSION_HIGH = 2.4  # Whisper's own threshold (compression_ratio_threshold)
_CHARACTERS_PER_S = 35.0  # of speech: hurried read speech has about 20

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Judgement:
    """What becomes of a reading.

    Parameters
    ----------
    text : str
        Empty where nobody spoke.
    flags : tuple of str
        ``no_speech``, ``hallucination``, ``repeated``, ``empty``.
    confidence : float
        Probability that the text is what was said, word for word.
    """

    text: str
    flags: tuple[str, ...]
    confidence: float


def judge(reading: Reading, speech: Sequence[tuple[float, float]]) -> Judgement:
    """Weigh a reading against the sound.

    Parameters
    ----------
    reading : Reading
    speech : sequence of (float, float)
        Where somebody speaks, in seconds.
    """
    spoken = sum(end - start for start, end in speech)
    flags = []
    if spoken < _SPEECH_NONE_S:
        flags.append("no_speech")
    if reading.text and _is_invented(reading, spoken):
        flags.append("hallucination")
    if reading.compression_ratio > _COMPRESSION_HIGH or _repeats(reading.text):
        flags.append("repeated")
    text = "" if {"no_speech", "hallucination"} & set(flags) else reading.text
    if not text:
        flags.append("empty")
    return Judgement(text, tuple(flags), _confidence(reading) if text else 0.0)


def _is_invented(reading: Reading, spoken: float) -> bool:
    if spoken < _SPEECH_NONE_S:
        return True
    if reading.no_speech_prob > _NO_SPEECH_HIGH and reading.avg_logprob < _LOGPROB_LOW:
        return True
    return len(reading.text) / max(spoken, 0.3) > _CHARACTERS_PER_S


def _repeats(text: str) -> bool:
    """Whether one to four words come four times in a row or more."""
    words = [w.lower() for w in _WORD.findall(text)]
    for size in range(1, 5):
        for start in range(len(words) - 4 * size + 1):
            unit = words[start : start + size]
            if all(words[start + k * size : start + (k + 1) * size] == unit for k in range(1, 4)):
                return True
    return False


def _confidence(reading: Reading) -> float:
    """Geometric mean of the words' probabilities; calibrated on real speech elsewhere."""
    if not reading.words:
        return 0.0
    logs = [math.log(max(word.probability, 1e-6)) for word in reading.words]
    return round(math.exp(sum(logs) / len(logs)), 4)
