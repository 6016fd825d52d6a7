"""Where in a recording somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE

_FRAME = 512  # Silero's window: 32 ms
_WARM_UP = 10
_SPEECH_BEGINS, _SPEECH_ENDS, _PAUSE_S = 0.35, 0.2, 0.1
_LEAST_S = 0.05  # one window alone is a click


@dataclass(frozen=True)
class Speech:
    """Where somebody speaks.

    Parameters
    ----------
    spans : tuple of (float, float)
        Start and end in seconds.
    probabilities : ndarray of float32, shape (n,)
        Silero's probability of speech per 32 ms window.
    """

    spans: tuple[tuple[float, float], ...]
    probabilities: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Total length of the spans."""
        return sum(end - start for start, end in self.spans)

    @property
    def probability(self) -> float:
        """Mean of the five highest windows: 160 ms, the length of a short syllable."""
        return float(np.sort(self.probabilities)[-5:].mean()) if len(self.probabilities) else 0.0


def speech_activity(samples: NDArray[np.float32]) -> Speech:
    """Silero's voice activity (the model inside faster-whisper), one probability per 32 ms.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.

    Notes
    -----
    Silero misses quiet speakers: speech 45 dB lower is found in three clips of five. So the sound is heard
    twice, as it is and raised to the level of near speech, and the higher probability counts. Spans begin
    at .35 and end where it stays below .2 for 100 ms: generous, because what is no speech is sorted out
    later with more evidence, and what is left out here is never heard again.
    """
    probabilities = np.maximum(_silero(samples), _silero(_raised(samples)))
    limit = len(samples) / RATE
    spans = tuple((start, min(end, limit)) for start, end in _spans(probabilities))
    return Speech(spans, probabilities)


def _silero(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    from faster_whisper.vad import get_vad_model

    # silence before it: Silero needs some windows before it believes a sound that starts at once
    padded = np.pad(samples, (_WARM_UP * _FRAME, -len(samples) % _FRAME))
    found: NDArray[np.float32] = np.asarray(get_vad_model()(padded), np.float32).reshape(-1)[_WARM_UP:]
    return found


def _raised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound with its loudest half per cent at -6 dBFS, raised by 40 dB at most."""
    level = float(np.sqrt(np.percentile(samples.astype(np.float64) ** 2, 99.5)))
    gain = min(0.5 / level, 100.0) if level > 0 else 1.0
    raised: NDArray[np.float32] = np.clip(samples * gain, -1.0, 1.0).astype(np.float32)
    return raised


def _spans(probabilities: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Hysteresis over windows, in seconds."""
    seconds = _FRAME / RATE
    spans: list[tuple[float, float]] = []
    start: int | None = None
    last = 0
    for index, probability in enumerate(probabilities):
        if probability >= _SPEECH_BEGINS and start is None:
            start = index
        if start is not None and probability >= _SPEECH_ENDS:
            last = index
        if start is not None and (index - last) * seconds > _PAUSE_S:
            spans.append((start * seconds, (last + 1) * seconds))
            start = None
    if start is not None:
        spans.append((start * seconds, (last + 1) * seconds))
    return [(start, end) for start, end in spans if end - start >= _LEAST_S]
