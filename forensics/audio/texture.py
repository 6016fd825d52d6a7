"""Numbers that describe how a sound is made up, whoever speaks and whatever is said.

They are few, cheap (milliseconds a clip) and each means something that can be heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE

if TYPE_CHECKING:
    from forensics.audio.speech import Speech

Floats = NDArray[np.float64]

NAMES = (
    "range_db", "floor_db", "decay_slow", "decay_median", "decay_fast", "modulation", "rolloff", "high_db",
    "low_db", "tilt", "flatness", "flux", "steady", "pulse", "harmony", "speech_share", "speech_s",
    "turn_distance", "turn_pitch", "kurtosis",
)  # fmt: skip
"""The features, in order:

range_db, floor_db: level of the loud (95th percentile) over the middle and over the quiet (5th) frames;
decay_*: how fast bands fall after their peaks (dB per frame, 10th, 50th, 90th percentile): rooms ring;
modulation: share of the envelope's movement between 2 and 8 Hz, the rate of syllables, against 8 to 24 Hz;
rolloff, high_db, low_db, tilt, flatness: the colour of the loud frames;
flux, steady: how much the spectrum changes from frame to frame, and how often it hardly does;
pulse: strongest repetition of onsets at .25 to 1 s; harmony: how much of the energy stands on few semitones;
speech_share, speech_s: how much of the sound is speech; turn_distance, turn_pitch: how far the most distant
turns are apart in colour and octaves of pitch; kurtosis: of the samples, peaked for a near voice.

All numbers in these features (percentiles, bands, lags, least counts of frames) are assumptions. What the
features are worth with them is printed by ``benchmarks/ambience_bench.py``; whoever changes one runs it with
``--train``.
"""

_FRAME, _HOP = 512, 256
"""Samples: 32 ms, every 16 ms (assumption)."""

_HEARD_S = 20.0
"""From the start of a sound: what stands around a voice does not change within one (assumption)."""

_FLOOR = 1e-10
"""Added to powers, so that digital silence has a logarithm."""


def texture(samples: NDArray[np.float32], speech: Speech) -> Floats:
    """The features of a sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, at least one frame of 32 ms; the first 20 s count.
    speech : Speech
        Of the same sound: without it there are no turns.

    Returns
    -------
    ndarray of float64, shape (20,)
        In the order of :data:`NAMES`.
    """
    cut = samples[: int(_HEARD_S * RATE)].astype(np.float64)
    cut = np.pad(cut, (0, max(0, 4 * _FRAME - len(cut))))
    frames = np.lib.stride_tricks.sliding_window_view(cut, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2 + _FLOOR
    level = 10 * np.log10(power.sum(axis=1))
    bands = 10 * np.log10(power @ _mel() + _FLOOR)
    quiet, middle, loud = np.percentile(level, [5, 50, 95])
    strong = power[level >= middle]
    return np.array(
        [
            loud - middle,
            loud - quiet,
            *_decays(bands),
            _modulation(bands),
            *_colour(strong),
            *_change(bands, level),
            _pulse(bands),
            _harmony(strong),
            min(1.0, speech.seconds / (len(samples) / RATE)),
            np.log(0.3 + speech.seconds),
            *_spread(cut, bands, speech),
            np.log(_kurtosis(cut)),
        ]
    )


def _mel() -> Floats:
    """20 triangular bands from 100 Hz to 7.6 kHz, shape (257, 20), on O'Shaughnessy's mel scale (1987)."""
    centres = 700 * (10 ** (np.linspace(_mels(100), _mels(7600), 22) / 2595) - 1)
    frequency = np.linspace(0, RATE / 2, _FRAME // 2 + 1)[:, None]
    rise = (frequency - centres[:-2]) / (centres[1:-1] - centres[:-2])
    fall = (centres[2:] - frequency) / (centres[2:] - centres[1:-1])
    bands: Floats = np.maximum(0, np.minimum(rise, fall))
    return bands


def _mels(hertz: float) -> float:
    return 2595 * float(np.log10(1 + hertz / 700))


def _decays(bands: Floats) -> Floats:
    """Fall of bands over 4 frames (64 ms) where they do fall, from at least 15 dB over their floor.

    Numbers: see :data:`NAMES`.
    """
    if len(bands) < 6:
        return np.array([0.0, 0.0, 0.0])
    fall = (bands[:-4] - bands[4:]) / 4
    audible = bands[:-4] > np.percentile(bands, 5, axis=0) + 15
    falling = fall[audible & (fall > 0.2)]
    slow, median, fast = np.percentile(falling, [10, 50, 90]) if len(falling) > 10 else (0.0, 0.0, 0.0)
    return np.array([slow, median, fast])


def _modulation(bands: Floats) -> float:
    """Logarithm of the envelope's power at 2 to 8 Hz over that at 8 to 24 Hz. Numbers: see :data:`NAMES`."""
    if len(bands) < 32:
        return 0.0
    moving = np.abs(np.fft.rfft((bands - bands.mean(axis=0)) * np.hanning(len(bands))[:, None], axis=0)) ** 2
    rate = np.fft.rfftfreq(len(bands), _HOP / RATE)
    slow = moving[(rate >= 2) & (rate < 8)].sum()
    quick = moving[(rate >= 8) & (rate < 24)].sum()
    return float(np.log((slow + 1e-6) / (quick + 1e-6)))


def _colour(strong: Floats) -> Floats:
    """Roll-off (kHz), high (> 4 kHz) and low (< 250 Hz) share in dB, tilt, flatness of the loud frames.

    Numbers: see :data:`NAMES`.
    """
    mean = strong.mean(axis=0)
    frequency = np.linspace(0, RATE / 2, len(mean))
    whole = mean.sum()
    rolloff = frequency[int(np.searchsorted(np.cumsum(mean), 0.85 * whole))] / 1000
    high = 10 * np.log10(mean[frequency > 4000].sum() / whole)
    low = 10 * np.log10(mean[frequency < 250].sum() / whole)
    speech_band = (frequency > 200) & (frequency < 6000)
    tilt = np.polyfit(np.log2(frequency[speech_band]), 10 * np.log10(mean[speech_band]), 1)[0]
    flat = float(
        np.mean(np.log(strong[:, speech_band]).mean(axis=1) - np.log(strong[:, speech_band].mean(axis=1)))
    )
    return np.array([rolloff, high, low, tilt, flat])


def _change(bands: Floats, level: Floats) -> Floats:
    """Mean change of the colour between frames, and the share of loud frames where it hardly changes.

    Numbers: see :data:`NAMES`.
    """
    shape = bands - bands.mean(axis=1, keepdims=True)
    change = np.abs(np.diff(shape, axis=0)).mean(axis=1)
    loud = level[1:] >= np.median(level)
    return np.array([change[loud].mean(), (change[loud] < 2.0).mean()])


def _pulse(bands: Floats) -> float:
    """Highest autocorrelation of onsets at a lag of .25 to 1 s. Numbers: see :data:`NAMES`."""
    onsets = np.maximum(0, np.diff(bands, axis=0)).mean(axis=1)
    onsets = onsets - onsets.mean()
    shortest, longest = int(0.25 * RATE / _HOP), int(1.0 * RATE / _HOP)
    if len(onsets) < 2 * longest or not onsets.any():
        return 0.0
    found = np.correlate(onsets, onsets, "full")[len(onsets) - 1 :]
    return float(found[shortest:longest].max() / found[0])


def _harmony(strong: Floats) -> float:
    """Largest share that three of twelve semitones have of the energy at 100 Hz to 2 kHz, over the sound.

    Numbers: see :data:`NAMES`.
    """
    frequency = np.linspace(0, RATE / 2, strong.shape[1])
    inside = (frequency > 100) & (frequency < 2000)
    semitone = np.round(12 * np.log2(frequency[inside] / 440)).astype(int) % 12  # from concert pitch, ISO 16
    energy = np.sqrt(strong[:, inside]).sum(axis=0)
    per_semitone = np.bincount(semitone, energy, 12) / np.maximum(np.bincount(semitone, minlength=12), 1)
    return float(np.sort(per_semitone)[-3:].sum() / per_semitone.sum())


def _spread(samples: Floats, bands: Floats, speech: Speech) -> Floats:
    """Largest distance in colour (dB) and pitch (octaves) between thirds of the speech.

    Notes
    -----
    This tells that a sound holds different voices, not whose they are: nothing here can be compared between
    recordings, and no vector of a voice is made. Numbers: see :data:`NAMES`.
    """
    inside = np.zeros(len(bands), bool)
    for start, end in speech.spans:
        inside[int(start * RATE / _HOP) : int(end * RATE / _HOP)] = True
    spoken = np.flatnonzero(inside)
    if len(spoken) < 45:
        return np.array([0.0, 0.0])
    shape = bands - bands.mean(axis=1, keepdims=True)
    parts = np.array_split(spoken, min(6, len(spoken) // 15))
    colours = np.stack([shape[part].mean(axis=0) for part in parts])
    pitches = np.array([_pitch(samples, part) for part in parts])
    distance = np.abs(colours[:, None] - colours[None]).mean(axis=2).max()
    known = pitches[pitches > 0]
    octaves = float(np.log2(known.max() / known.min())) if len(known) > 1 else 0.0
    return np.array([distance, min(octaves, 2.0)])


def _pitch(samples: Floats, part: NDArray[np.int64]) -> float:
    """Median period by autocorrelation over some frames of a part of the speech, in hertz; 0 if unvoiced.

    Numbers: see :data:`NAMES`.
    """
    found = []
    for index in part[:: max(1, len(part) // 8)]:
        frame = samples[index * _HOP : index * _HOP + 1024]
        if len(frame) < 1024:
            continue
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(1024), 2048)) ** 2
        correlation = np.fft.irfft(spectrum)
        shortest, longest = RATE // 400, RATE // 70
        lag = shortest + int(np.argmax(correlation[shortest:longest]))
        if correlation[0] > 0 and correlation[lag] > 0.5 * correlation[0]:
            found.append(RATE / lag)
    return float(np.median(found)) if len(found) >= 2 else 0.0


def _kurtosis(samples: Floats) -> float:
    centred = samples - samples.mean()
    variance = float((centred**2).mean())
    return max(1.0, float((centred**4).mean()) / variance**2) if variance > 0 else 1.0
