"""Where in a recording somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE

WINDOW = 512
"""Samples of one probability, 32 ms: the only length that Silero's model takes at 16 kHz."""

_WARM_UP = 10
"""Windows of silence before the sound: Silero misses speech that starts at once (assumption)."""

_SPEECH_BEGINS, _SPEECH_ENDS, _SPAN_PAUSE_S = 0.35, 0.2, 0.1
"""Probability from which a span begins, below which it ends, and for how long (assumptions, on the generous
side; Silero's own threshold in faster-whisper is .5)."""

_SHORTEST_SPAN_S = 0.05
"""One window alone is a click (assumption)."""

_SYLLABLE = 5
"""Windows, 160 ms: the length of a short syllable (assumption)."""

_LOUD_PERCENTILE, _RAISED_TO, _MOST_GAIN = 99.5, 0.5, 100.0
"""The loudest half per cent of the samples gives the level of a sound, which is raised to -6 dBFS, by at most
40 dB (assumptions)."""


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
        """Mean of the five highest windows."""
        return float(np.sort(self.probabilities)[-_SYLLABLE:].mean()) if len(self.probabilities) else 0.0


def speech_activity(samples: NDArray[np.float32]) -> Speech:
    """Silero's voice activity (the model inside faster-whisper), one probability per 32 ms.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.

    Notes
    -----
    Silero misses quiet speakers: speech 45 dB lower was found in three clips of five (no script was kept;
    ``make bench-hearing`` counts false silences at 30 dB lower). So the sound is heard twice, as it is and
    raised to the level of near speech, and the higher probability counts. Spans begin at .35 and end where it
    stays below .2 for 100 ms: generous, because what is no speech is sorted out later with more evidence, and
    what is left out here is never heard again.
    """
    probabilities = np.maximum(_silero(samples), _silero(_raised(samples)))
    limit = len(samples) / RATE
    spans = tuple((start, min(end, limit)) for start, end in _spans(probabilities))
    return Speech(spans, probabilities)


def _silero(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    from faster_whisper.vad import get_vad_model

    # silence before it: Silero needs some windows before it believes a sound that starts at once
    padded = np.pad(samples, (_WARM_UP * WINDOW, -len(samples) % WINDOW))
    found: NDArray[np.float32] = np.asarray(get_vad_model()(padded), np.float32).reshape(-1)[_WARM_UP:]
    return found


def _raised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound with its loudest half per cent at -6 dBFS, raised by 40 dB at most."""
    level = float(np.sqrt(np.percentile(samples.astype(np.float64) ** 2, _LOUD_PERCENTILE)))
    gain = min(_RAISED_TO / level, _MOST_GAIN) if level > 0 else 1.0
    raised: NDArray[np.float32] = np.clip(samples * gain, -1.0, 1.0).astype(np.float32)
    return raised


def _spans(probabilities: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Hysteresis over windows, in seconds."""
    seconds = WINDOW / RATE
    spans: list[tuple[float, float]] = []
    start: int | None = None
    last = 0
    for index, probability in enumerate(probabilities):
        if probability >= _SPEECH_BEGINS and start is None:
            start = index
        if start is not None and probability >= _SPEECH_ENDS:
            last = index
        if start is not None and (index - last) * seconds > _SPAN_PAUSE_S:
            spans.append((start * seconds, (last + 1) * seconds))
            start = None
    if start is not None:
        spans.append((start * seconds, (last + 1) * seconds))
    return [(start, end) for start, end in spans if end - start >= _SHORTEST_SPAN_S]
