"""Recordings of next to nothing, where only the vendor's texts count, and sound as a file."""

from __future__ import annotations

import io
import wave

import numpy as np

RATE = 16_000
"""Samples a second, as the devices record."""


def tiny_recording(seed: int, home: int, number: int) -> np.ndarray:
    """A twentieth of a second of faint noise, different in each recording of each household."""
    rng = np.random.default_rng([seed, home, 2, number])
    return (rng.standard_normal(RATE // 20) * 30).astype(np.int16)


def wav(samples: np.ndarray) -> bytes:
    """16-bit samples as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()
