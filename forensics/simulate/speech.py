"""Speech for simulated households (extra ``speech``): one synthetic voice per language."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from forensics.errors import ForensicsError

RATE = 16_000


def speaker(language: str) -> Callable[[str], npt.NDArray[np.int16]]:
    """A voice: text in, 16 kHz mono samples out.

    Parameters
    ----------
    language : {'de', 'en'}

    Raises
    ------
    ForensicsError
        If the extra ``speech`` is not installed.
    """
    try:
        import soxr
        from py_nanotts import NanoTTS
    except ImportError as error:
        raise ForensicsError(
            f"Speech cannot be synthesised: {error}.", "Install the extra: pip install 'forensics[speech]'."
        ) from error
    engine = NanoTTS(voice={"de": "de-DE", "en": "en-GB"}[language])

    def speak(text: str) -> npt.NDArray[np.int16]:
        samples, rate = engine.synthesize(text)
        sound = soxr.resample(np.asarray(samples, dtype=np.float32), rate, RATE)
        silence = np.zeros(RATE // 4, dtype=np.float32)
        return np.asarray(np.concatenate([silence, sound, silence]), dtype=np.int16)

    return speak
