"""From samples to a clip: what is measured on a sound before anybody reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.audio.speech import speech_activity
from forensics.audio.wake_word import wake_word_score
from forensics.transcription.engine import Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def listen(samples: NDArray[np.float32]) -> Clip | None:
    """A clip with what is measured on it, or None where nobody speaks.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    """
    speech = speech_activity(samples)
    if not speech.spans:
        return None
    return Clip(samples, speech.spans, speech.probability, wake_word_score(samples, speech))
