"""The pitch of a voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE
from forensics.audio.speech import Speech

_F0_LOW, _F0_HIGH = 65.0, 450.0  # from a low man (65 Hz) to a small child (450 Hz)


def pitch_hz(samples: NDArray[np.float32], speech: Speech) -> float | None:
    """Median fundamental frequency of the loud half of speech (librosa's YIN), in hertz.

    Returns
    -------
    float or None
        None without at least .2 s of speech.
    """
    import librosa

    inside = [samples[int(start * RATE) : int(end * RATE)] for start, end in speech.spans]
    spoken = np.concatenate(inside) if inside else samples[:0]
    if len(spoken) < 0.2 * RATE:
        return None
    window, hop = 1024, 256
    found = librosa.yin(spoken, fmin=_F0_LOW, fmax=_F0_HIGH, sr=RATE, frame_length=window, hop_length=hop)
    level = librosa.feature.rms(y=spoken, frame_length=window, hop_length=hop)[0]
    # voiced sounds are the loud ones; values at the bounds mean that YIN found no period
    voiced = (level[: len(found)] >= np.median(level)) & (found > _F0_LOW * 1.02) & (found < _F0_HIGH * 0.98)
    return float(np.median(found[voiced])) if voiced.sum() >= 3 else None
