"""How likely it is that nobody meant to speak to the device: from the words, and the sound where measured.

A command begins with a wake word or an order, is short, and is about the device's business. Talk is about
people and what they did, answers somebody, is long, or has several sentences. Television tells. The score is
a logistic regression fitted on commands and talk as Whisper heard them (``make fits-accidental``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from forensics.knowledge.fitted import fitted
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.wake_words import ALMOST
from forensics.knowledge.wake_words import WORDS as WAKE_WORDS
from forensics.knowledge.words import split
from forensics.language.reading import Reading

FEATURES = (
    "no wake word", "almost a wake word", "no order", "doubt", "general", "talk", "length", "sentences",
    "others spoken of", "past", "opinion or answer",
)  # fmt: skip

_SOUND = {"television": 1.5}
"""Log odds that a full score of an ambience adds: assumptions, because no recordings with a known intention
have such scores. Only cues whose basis is measured come this far; several people is no better than chance on
real talk (AUC .52) and adds nothing."""
_WAKE_HEARD = 1.5
"""Log odds that a wake word heard by its sound takes away, where no text has it: an assumption."""

_OPINION = re.compile(
    r"^(no|yes|yeah|well|so|and|but|right|okay|nein|ja|doch|na|und|aber|also|genau|ach)\b"
    r"|\b(don't|dont|never)\b|\bi (think|can't|told|was|have|said|am|really|mean)\b|\blet's\b"
    r"|\bdo you\b|\bare you\b|\byou (never|can't)\b|\bmöchtest du\b"
    r"|\b(ich|da|lass) (glaub\w*|hab|mein\w*|uns|war|versteh|finde)\b|\b(doch|halt|denn|schon)\b",
    re.IGNORECASE,
)
_LONG_FROM = 8


@dataclass(frozen=True)
class Sound:
    """What was measured on the sound of a recording.

    Parameters
    ----------
    wake_word : float or None
        Score of a wake word, 0 to 1.
    ambience : mapping
        Scores by name.
    """

    wake_word: float | None = None
    ambience: Mapping[str, float] = field(default_factory=dict)


def accidental_score(reading: Reading, sound: Sound | None = None) -> float | None:
    """From 0, a command, to 1, overheard; None where nothing was understood.

    Parameters
    ----------
    reading : Reading
    sound : Sound, optional
    """
    values = features(reading)
    if values is None:
        return None
    weights, intercept = _weights()
    score = intercept + sum(w * v for w, v in zip(weights, values, strict=True))
    if sound is not None:
        score += sum(_SOUND.get(name, 0.0) * value for name, value in sound.ambience.items())
        if sound.wake_word is not None and values[0]:
            score -= _WAKE_HEARD * sound.wake_word
    return round(1.0 / (1.0 + math.exp(-max(min(score, 30.0), -30.0))), 4)


def features(reading: Reading) -> tuple[float, ...] | None:
    """The values of :data:`FEATURES`, or None where there are no words."""
    words = split(reading.text).words
    if not words:
        return None
    woken = bool(WAKE_WORDS & set(words[:3]))
    almost = not woken and any(ALMOST.fullmatch(word) for word in words[:3])
    after = [word for word in words[:4] if word not in WAKE_WORDS and not ALMOST.fullmatch(word)]
    sentences = [s for s in re.split(r"[.!?…]+\s", reading.text) if len(s.split()) > 1]
    plain = " ".join(words)
    return (
        float(not woken),
        float(almost),
        float(not _cues("order") & set(after[:2])),
        1.0 - reading.score,
        float(reading.domain == "general"),
        float(reading.intent == "talk"),
        min(2.0, max(0, len(words) - _LONG_FROM) / _LONG_FROM),
        float(min(len(sentences) - 1, 2)) if sentences else 0.0,
        min(len(_cues("other person") & set(words)), 2) / 2,
        min(len(_cues("past") & set(words)), 2) / 2,
        float(bool(_OPINION.search(plain))),
    )


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    fit = fitted(__name__)
    return fit.numbers("weights", FEATURES), fit.number("intercept")


@cache
def _cues(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in read_forms("talk_cues") if row["kind"] == kind)
