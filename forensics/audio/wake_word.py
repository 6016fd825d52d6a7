"""Is the wake word "Alexa" in the sound? A small acoustic detector, run over where somebody speaks.

The detector is microWakeWord's model for "Alexa" (Kevin Ahrendt, Apache-2.0, 56 kB), which comes in the
package ``pymicro-wakeword`` and was made for speakers of the size of a coin. It needs no transcript, so it
also says where a transcript is wrong or empty. It knows "Alexa" alone: a household that calls its device
"Echo", "Computer" or "Amazon" scores low, and what the transcript says has to be asked.

What the detector gets wrong on real recordings is in :func:`forensics.audio.ambience.bases`; ``make
bench-ambience`` measures it.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE
from forensics.errors import ModelError

if TYPE_CHECKING:
    from forensics.audio.speech import Speech

MODEL_SHA256 = "9011a8155b04de858c48038529235cbc0e42e9fca05a55bf588cb80a653a723b"
"""Of ``alexa.tflite`` in pymicro-wakeword 2.5.0."""

_STEP, _MEAN_OF = 160, 5
"""Samples of a step of the front end, 10 ms, and steps of the model averaged: ``feature_step_size`` and
``sliding_window_size`` of the model's ``alexa.json``."""

_LEAD_S, _TAIL_S = 0.5, 0.3
"""Seconds of quiet around the speech: the model needs some steps before it may answer (assumption)."""

_LISTENED_S = 30.0
"""Seconds of speech listened to: a wake word starts a recording (assumption)."""

_LOUD_PERCENTILE, _RAISED_TO, _MOST_GAIN = 99.5, 0.3, 50.0
"""The loudest half per cent of the samples is brought to .3 of full scale, and raised by 34 dB at most
(assumptions)."""

_NOISE = 1e-3
"""Standard deviation of the quiet, -60 dB: no model was trained on digital silence (assumption)."""

_running = threading.Lock()  # the interpreter has one state


def wake_word_score(samples: NDArray[np.float32], speech: Speech) -> float:
    """How sure the detector is that somebody says "Alexa".

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    speech : Speech
        Where somebody speaks; elsewhere is not listened to.

    Returns
    -------
    float
        0 to 1: the highest mean over five steps of 30 ms. It is a score and no probability; at .7 the
        real recordings part (``make bench-ambience``).

    Raises
    ------
    ModelError
        If the detector is missing or is not the one that was measured.
    """
    heard = _spoken(samples, speech)
    if not len(heard):
        return 0.0
    features = _features(heard)
    with _running:
        probabilities = _probabilities(detector(), features)
    if len(probabilities) < _MEAN_OF:
        return 0.0
    means = np.convolve(probabilities, np.full(_MEAN_OF, 1 / _MEAN_OF), "valid")
    return float(np.clip(means.max(), 0.0, 1.0))


def _spoken(samples: NDArray[np.float32], speech: Speech) -> NDArray[np.float32]:
    """Speech raised to one level, with the quiet before and after it that the model expects."""
    pieces: list[NDArray[np.float32]] = []
    left = int(_LISTENED_S * RATE)
    position = 0
    for start, end in speech.spans:
        begin = max(position, int((start - _LEAD_S) * RATE), 0)
        piece = samples[begin : int((end + _TAIL_S) * RATE)][:left]
        pieces.append(piece)
        position, left = begin + len(piece), left - len(piece)
        if left <= 0:
            break
    if not pieces:
        return samples[:0]
    joined = np.concatenate(pieces)
    loud = float(np.sqrt(np.percentile(joined.astype(np.float64) ** 2, _LOUD_PERCENTILE)))
    raised = joined * min(_RAISED_TO / loud, _MOST_GAIN) if loud > 0 else joined
    # the same noise for every sound
    quiet = np.random.default_rng(0).normal(0.0, _NOISE, int((_LEAD_S + _TAIL_S) * RATE))
    lead = int(_LEAD_S * RATE)
    return np.concatenate([quiet[:lead], raised, quiet[lead:]]).astype(np.float32)


def _features(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The front end's 40 channels every 10 ms, shape (n, 40)."""
    from pymicro_features import MicroFrontend

    front_end = MicroFrontend()
    pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    found = []
    for start in range(0, len(pcm) - 2 * _STEP + 1, 2 * _STEP):
        output = front_end.process_samples(pcm[start : start + 2 * _STEP])
        if output.features:
            found.append(output.features)
    return np.asarray(found, np.float32).reshape(len(found), -1)


def _probabilities(model: Any, features: NDArray[np.float32]) -> NDArray[np.float64]:
    """One probability per stride of the model, from a fresh state."""
    model.reset()
    stride = model.stride
    whole = features[: len(features) // stride * stride].reshape(-1, stride * features.shape[1])
    scaled = np.round(whole / model.input_scale + model.input_zero_point)
    steps = np.ascontiguousarray(scaled.astype(model.input_dtype))
    answer = np.empty(1, model.output_dtype)
    to_model, from_model = steps[:1].nbytes, answer.ctypes.data_as(ctypes.c_void_p)
    found = np.empty(len(steps))
    for number, step in enumerate(steps):
        model.lib.TfLiteTensorCopyFromBuffer(
            model.input_tensor, step.ctypes.data_as(ctypes.c_void_p), to_model
        )
        model.lib.TfLiteInterpreterInvoke(model.interpreter)
        model.lib.TfLiteTensorCopyToBuffer(model.output_tensor, from_model, answer.nbytes)
        found[number] = answer[0]
    probabilities: NDArray[np.float64] = (found - model.output_zero_point) * model.output_scale
    return probabilities


@lru_cache(maxsize=1)
def detector() -> Any:
    """The detector, loaded after its weights were found to be those that were measured.

    Raises
    ------
    ModelError
        If it is missing, or another.
    """
    spec = importlib.util.find_spec("pymicro_wakeword")
    if spec is None or spec.origin is None:
        raise ModelError(
            "The wake-word detector is missing.", "Install it: pip install pymicro-wakeword==2.5.0"
        )
    path = Path(spec.origin).parent / "models" / "alexa.tflite"
    found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
    if found != MODEL_SHA256:
        raise ModelError(
            f"The wake-word detector's SHA-256 is {found}, expected {MODEL_SHA256}.",
            "Do not use it: pip install --force-reinstall pymicro-wakeword==2.5.0",
        )
    from pymicro_wakeword import MicroWakeWord, Model

    return MicroWakeWord.from_builtin(Model.ALEXA)
