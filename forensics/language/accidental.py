"""How likely it is that nobody meant to speak to the device, from the words alone."""

from __future__ import annotations

import math

from forensics.language.reading import Reading
from forensics.language.words import split

_WAKE_WORDS = frozenset(("alexa", "echo", "amazon", "computer", "ziggy", "siri", "google", "cortana"))
_ALMOST = frozenset(
    ("alexis", "alex", "alexia", "alexander", "alessa", "lexa", "election", "elixir", "aleksa")
)
_BIAS, _NO_WAKE, _DOUBT, _GENERAL, _TALK, _LONG, _ALMOST_WOKEN = -4.0, 1.2, 3.2, 0.8, 2.4, 1.2, 0.5
"""Weights of a logistic score: an assumption until recordings with a known intention are at hand."""
_LONG_FROM = 14


def accidental_score(reading: Reading) -> float | None:
    """From 0, a command, to 1, overheard; None where nothing was understood.

    A command starts with a wake word or an order, and the command model is sure of its domain.
    """
    words = split(reading.text).words
    if not words:
        return None
    value = _BIAS
    if not _WAKE_WORDS & set(words[:3]):
        value += _NO_WAKE
    if _ALMOST & set(words[:4]):
        value += _ALMOST_WOKEN
    value += _DOUBT * (1.0 - reading.score)
    value += _GENERAL * (reading.domain == "general")
    value += _TALK * (reading.intent == "talk")
    value += _LONG * min(2.0, max(0, len(words) - _LONG_FROM) / _LONG_FROM)
    return round(1.0 / (1.0 + math.exp(-value)), 4)
