"""Speech for simulated households (extra ``speech``): one synthetic voice per language."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from forensics.errors import ForensicsError

RATE = 16_000
VOICES = {"de": "de-DE", "en": "en-GB"}
_PICO = """
import sys, py_nanotts
_, text, voice = sys.argv
sys.stdout.buffer.write(py_nanotts.NanoTTS().speak(text, voice=voice))
"""
LEVEL = 0.5  # of full scale, so that nothing clips after resampling: an assumption
_PAUSE_S = 0.3  # of faint noise before and after the words: an assumption


def speaker(language: str, *, seed: int = 0) -> Callable[[str], npt.NDArray[np.int16]]:
    """A voice: text in, 16 kHz mono samples out, with faint noise around the words.

    Parameters
    ----------
    language : {'de', 'en'}
        Which voice: it speaks no other.
    seed : int
        Odd seeds play the voice 12 % lower: a trick, not a second speaker.

    Raises
    ------
    ForensicsError
        If the extra ``speech`` is not installed.
    """
    import soxr

    rng = np.random.default_rng(seed)
    stretch = 1.0 - 0.12 * (seed % 2)

    def speak(text: str) -> npt.NDArray[np.int16]:
        # The engine reads memory that it never set, so it gets a process whose fresh memory is all zeros.
        command = [sys.executable, "-c", _PICO, text, VOICES[language]]
        done = subprocess.run(command, env={"MALLOC_PERTURB_": "255"}, capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            raise ForensicsError(
                "Speech cannot be synthesised.", "Install the extra: pip install 'forensics[speech]'."
            )
        sound = soxr.resample(
            np.frombuffer(done.stdout, np.int16).astype(np.float32) * LEVEL, RATE * stretch, RATE
        )
        pause = np.zeros(int(_PAUSE_S * RATE), np.float32)
        whole = np.concatenate([pause, sound, pause])
        return (np.clip(whole + rng.standard_normal(whole.size) * 40, -32768, 32767)).astype(np.int16)

    return speak
