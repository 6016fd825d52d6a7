"""What can be measured on a sound: speech activity, level, noise, pitch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forensics.audio.ambience import ambience
from forensics.audio.decode import RATE
from forensics.audio.pitch import pitch_hz
from forensics.audio.speech import WINDOW, Speech, speech_activity
from forensics.audio.wake_word import wake_word_score

if TYPE_CHECKING:
    from forensics.audio.decode import Sound

_SILENCE_DBFS = -120.0
"""Peak of digital silence: below what 16 bits can hold (assumption)."""

_BLOCK_S = 0.4
"""A gating block of ITU-R BS.1770-4."""

_GATE_LUFS = -70.0
"""Absolute gate of ITU-R BS.1770-4; the filter says this value where nothing passes it."""

_SURE_SPEECH, _SURE_NOISE, _LEAST_WINDOWS = 0.5, 0.1, 3
"""Probability of speech above and below which a window counts, and windows needed of each kind, 96 ms
(assumptions)."""

_SNR_BOUNDS_DB = (-10.0, 60.0)
"""Beyond them the estimate says nothing (assumption)."""


def loudness_lufs(samples: NDArray[np.float32]) -> float | None:
    """Integrated loudness after ITU-R BS.1770-4, by FFmpeg's ``ebur128``.

    Returns
    -------
    float or None
        LUFS; None if the sound is shorter than one block of 400 ms or wholly below the gate of -70 LUFS.
    """
    import av

    if len(samples) < _BLOCK_S * RATE:
        return None
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono")
    meter = graph.add("ebur128", "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    # the filter reports every 100 ms; a rest at the end would be dropped, so it is filled up
    padded = np.pad(samples, (0, -len(samples) % (RATE // 10)))
    frame = av.AudioFrame.from_ndarray(padded.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = RATE
    graph.push(frame)
    graph.push(None)
    value = None
    while True:
        try:
            value = graph.pull().metadata.get("lavfi.r128.I", value)
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    if value is None or float(value) <= _GATE_LUFS:
        return None
    return round(float(value), 1)


def peak_dbfs(samples: NDArray[np.float32]) -> float:
    """Highest magnitude in dB of full scale; -120 for digital silence."""
    peak = float(np.max(np.abs(samples)))
    return max(20 * float(np.log10(peak)), _SILENCE_DBFS) if peak > 0 else _SILENCE_DBFS


def snr_db(samples: NDArray[np.float32], speech: Speech) -> float | None:
    """Signal-to-noise ratio from the energy inside and outside of speech.

    Returns
    -------
    float or None
        10 log10((S - N) / N) with the mean power S of windows with speech probability over .5 and N of
        windows under .1, bounded to -10 … 60 dB. None where there are fewer than 3 windows of either.
    """
    frames = np.pad(samples, (0, -len(samples) % WINDOW)).reshape(-1, WINDOW).astype(np.float64)
    power = (frames**2).mean(axis=1)
    inside, outside = speech.probabilities > _SURE_SPEECH, speech.probabilities < _SURE_NOISE
    outside &= power > 0  # digital silence is padding, not the room
    if min(inside.sum(), outside.sum()) < _LEAST_WINDOWS:
        return None
    signal, noise = float(power[inside].mean()), float(power[outside].mean())
    ratio = max(signal - noise, 1e-12) / noise  # the logarithm of 0 is none
    return float(np.clip(10 * np.log10(ratio), *_SNR_BOUNDS_DB))


def measure(sound: Sound) -> dict[str, object]:
    """All measures of a sound as columns of the ``audio`` table.

    Notes
    -----
    How many digits are kept is an assumption: more than each measure is good for.
    """
    speech = speech_activity(sound.samples)
    pitch = pitch_hz(sound.samples, speech)
    return {
        "codec": sound.codec,
        "sample_rate": sound.sample_rate,
        "channels": sound.channels,
        "duration_s": round(sound.seconds, 4),
        "speech_s": round(speech.seconds, 4),
        "speech": [{"start_s": round(s, 3), "end_s": round(e, 3)} for s, e in speech.spans],
        "speech_probability": round(speech.probability, 4),
        "snr_db": _rounded(snr_db(sound.samples, speech)),
        "loudness_lufs": loudness_lufs(sound.samples),
        "peak_dbfs": _rounded(peak_dbfs(sound.samples)),
        "clipped": round(sound.clipped, 6),
        "wake_word_score": _rounded(wake_word_score(sound.samples, speech)),
        "f0_hz": _rounded(pitch),
        "ambience": ambience(sound.samples, speech, pitch_hz=pitch),
        "decode_error": sound.damage,
        "oddities": list(sound.oddities),
    }


def _rounded(value: float | None) -> float | None:
    # two decimals are more than the measure is good for, and hide differences between processors
    return None if value is None else round(value, 2)
