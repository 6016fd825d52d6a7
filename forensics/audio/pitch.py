"""The pitch of a voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE
from forensics.audio.speech import Speech

_F0_LOW, _F0_HIGH = 65.0, 450.0
"""Hertz, from a low man to a small child (assumption)."""

_WINDOW, _HOP = 1024, 256
"""Samples: 64 ms, four periods of the lowest voice, every 16 ms (assumption)."""

_LEAST_SPEECH_S, _LEAST_VOICED = 0.2, 3
"""Seconds of speech and voiced frames below which there is no pitch (assumptions)."""

_AT_BOUND = 0.02
"""A value this near to a bound of the search, as a share of it, is the bound (assumption)."""


def pitch_hz(samples: NDArray[np.float32], speech: Speech) -> float | None:
    """Median fundamental frequency of the loud half of speech (librosa's YIN), in hertz.

    Returns
    -------
    float or None
        None without at least .2 s of speech.
    """
    import librosa

    parts = [samples[int(start * RATE) : int(end * RATE)] for start, end in speech.spans]
    spoken = np.concatenate(parts) if parts else samples[:0]
    if len(spoken) < _LEAST_SPEECH_S * RATE:
        return None
    found = librosa.yin(spoken, fmin=_F0_LOW, fmax=_F0_HIGH, sr=RATE, frame_length=_WINDOW, hop_length=_HOP)
    level = librosa.feature.rms(y=spoken, frame_length=_WINDOW, hop_length=_HOP)[0]
    # voiced sounds are the loud ones; values at the bounds mean that YIN found no period
    inside = (found > _F0_LOW * (1 + _AT_BOUND)) & (found < _F0_HIGH * (1 - _AT_BOUND))
    voiced = (level[: len(found)] >= np.median(level)) & inside
    return float(np.median(found[voiced])) if voiced.sum() >= _LEAST_VOICED else None
