"""Recordings in which more than one thing is said, joined from real clips: what one reading loses.

Two languages, two people, a command after a pause, the end of a long recording; and one utterance beside a
noise, where nothing may be added. Clips of one half never meet those of the other, and no speaker is in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitting.material.hearing import Sound, Spoken, add_noise, real
from forensics.audio.decode import RATE
from forensics.transcription.evidence import is_wake_word

KINDS = ("two languages", "two people", "after a pause", "end of a long one", "beside a noise")

_LEVEL = 0.05
"""Root mean square of every utterance before its own gain: -26 dBFS, a usual level of speech (ITU-T P.56)."""

_GAIN_DB = (-4.0, 4.0)
"""One speaker is nearer than the other (assumption)."""

_ROOM_DB = 35.0
"""Signal to noise of the room around them all (assumption)."""

_PAUSES_S = {
    "two languages": (0.2, 1.5),
    "two people": (0.2, 1.5),
    "after a pause": (3.0, 5.0),
    "end of a long one": (1.0, 3.0),
    "beside a noise": (0.3, 0.8),
}
"""Between two utterances (assumptions)."""

_LONG_S = 31.0
"""A long recording: more than Whisper's window."""

_NOISE_S = 4.0
"""Of a noise beside an utterance (assumption)."""


@dataclass(frozen=True)
class Joined:
    """Several utterances in one sound.

    Parameters
    ----------
    name, kind : str
        The kind is one of :data:`KINDS`.
    samples : ndarray of float32
    said : tuple of (Spoken, float, float)
        What is said, and from where to where in seconds.
    """

    name: str
    kind: str
    samples: Sound
    said: tuple[tuple[Spoken, float, float], ...]


def joined(half: str, each: int, *, seed: int) -> list[Joined]:
    """`each` recordings of every kind, a quarter of that of the long ones.

    Parameters
    ----------
    half : {'tune', 'report'}
    each : int
    seed : int
    """
    clips = real(half)
    said = [c for c in clips if c.text and 1.3 <= c.seconds <= 6.5 and len(c.text.split()) >= 3
            and c.kind in ("read", "command") and not is_wake_word(c.text)]  # fmt: skip
    noises = [c for c in clips if c.kind == "nonspeech" and np.abs(c.samples).max() > 0]
    german = [c for c in said if c.language == "de"]
    english = [c for c in said if c.language == "en"]
    found = []
    for number, kind in enumerate(KINDS):
        rng = np.random.default_rng([seed, number])
        for count in range(max(each // 4, 1) if kind == "end of a long one" else each):
            one, other = _pick(german, rng), _pick(english, rng)
            if kind in ("two people", "after a pause"):
                same = german if count % 2 else english
                one, other = _pick(same, rng), _pick(same, rng)
            parts = [one, other] if rng.random() < 0.5 else [other, one]
            if kind == "end of a long one":
                while sum(part.seconds + 1.0 for part in parts) < _LONG_S:
                    parts.insert(0, _pick(english, rng))
            if kind == "beside a noise":
                noise = _pick(noises, rng)
                noise = Spoken(noise.name, noise.samples[: int(_NOISE_S * RATE)], "", "", "nonspeech")
                parts = [parts[0], noise] if rng.random() < 0.5 else [noise, parts[0]]
            found.append(_join(f"{kind} {count}", kind, parts, rng))
    return found


def _pick(clips: Sequence[Spoken], rng: np.random.Generator) -> Spoken:
    return clips[int(rng.integers(len(clips)))]


def _join(name: str, kind: str, parts: Sequence[Spoken], rng: np.random.Generator) -> Joined:
    pieces = [np.zeros(int(rng.uniform(0.1, 0.5) * RATE), np.float32)]
    said = []
    for number, part in enumerate(parts):
        if number:
            pieces.append(np.zeros(int(rng.uniform(*_PAUSES_S[kind]) * RATE), np.float32))
        start = sum(len(piece) for piece in pieces) / RATE
        gain = 10 ** (rng.uniform(*_GAIN_DB) / 20)
        power = float(np.sqrt((part.samples.astype(np.float64) ** 2).mean()))
        pieces.append((part.samples * (gain * _LEVEL / power)).astype(np.float32))
        if part.text:
            said.append((part, round(start, 3), round(start + part.seconds, 3)))
    return Joined(name, kind, add_noise(np.concatenate(pieces), _ROOM_DB, rng), tuple(said))
