"""One channel of many: the mix, unless one channel holds the speech much clearer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WINDOW = 512
"""Samples of a window, 32 ms at 16 kHz (assumption: shorter than a syllable)."""
_BAND_HZ = (300, 3400)
"""Where speech is understood: the telephone band (ITU-T G.712)."""
_FLOOR_DB = -75.0
"""What is softer, in decibels of full scale, counts as silence (assumption)."""
_MARGIN_DB = 6.0
"""By how much clearer than the mix a channel must be to be taken instead of it (assumption)."""
_MOST_WINDOWS = 4000
"""Windows looked at, spread evenly: two minutes of speech decide (assumption)."""


def one_of(channels: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float32], bool]:
    """A mono sound of several channels.

    The mix of all loses speech that is on one channel of many, and speech whose channels are in opposite
    phase. Speech rises and falls within a second; hum and noise do not.

    Parameters
    ----------
    channels : ndarray of float32, shape (n_channels, n)
        Full scale 1.
    rate : int
        Samples per second.

    Returns
    -------
    samples : ndarray of float32, shape (n,)
    chosen : bool
        Whether a channel was taken instead of the mix.
    """
    if len(channels) == 1:
        return channels[0], False
    mix = channels.mean(axis=0, dtype=np.float32)
    clear = [_clearness(channel, rate) for channel in channels]
    best = int(np.argmax(clear))
    if clear[best] < _clearness(mix, rate) + _MARGIN_DB:
        return mix, False
    return channels[best], True


def _clearness(samples: NDArray[np.float32], rate: int) -> float:
    """How far loud moments stand above soft ones, in decibels, within the band of speech."""
    n = len(samples) // _WINDOW
    if not n:
        return 0.0
    step = max(1, n // _MOST_WINDOWS)
    windows = samples[: n * _WINDOW].reshape(n, _WINDOW)[::step]
    spectrum = np.fft.rfft(windows * np.hanning(_WINDOW), axis=1)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / rate)
    band = (hertz >= _BAND_HZ[0]) & (hertz <= _BAND_HZ[1])
    # a sine of full scale has 0 dB: its line holds a quarter of the window's sum, squared
    power = (np.abs(spectrum[:, band]) ** 2).sum(axis=1) / (_WINDOW / 4) ** 2
    level = np.maximum(10 * np.log10(power + 1e-12), _FLOOR_DB)
    return float(np.quantile(level, 0.95) - np.quantile(level, 0.2))
