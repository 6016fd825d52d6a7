"""What a household is fitted and measured on: spoken names, commands and talk, each with what was heard.

Nobody in it exists. Voices: piper joe, hibari, flite slt, rms, kal and awb (English), Pico (German and
English); a voice played higher or lower is a trick, not another speaker. Each clip gets a room, noise and a
level of its own, is read once by the shipped engine, and lies under ``build/household`` from then on.
Households and texts are split in two halves: what is tuned on ``tune`` is reported on ``report``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from fitting.material.hearing import PICO, RATE, Sound, add_noise, missing_voice, piper
from fitting.record import ROOT, Source, rows, shared

CACHE = ROOT / "build" / "household"
VOICES = {
    "en": ("piper", "hibari", "flite slt", "flite rms", "flite kal", "flite awb", "pico"),
    "de": ("pico", "pico low", "pico high", "pico slow"),
}
_SHIFT = {"low": 0.86, "high": 1.14}

CALLS = {
    "en": (
        "Alexa, call {0}.", "Alexa, send a message to {0}.", "Alexa, text {0} that I am running late.",
        "Alexa, remind me to ring {0} on Friday.", "Alexa, put dinner with {0} into my calendar.",
        "{0}, can you come down please?",
    ),
    "de": (
        "Alexa, ruf {0} an.", "Alexa, schick {0} eine Nachricht.",
        "Alexa, schreib {0}, dass ich später komme.",
        "Alexa, erinnere mich daran, {0} am Freitag anzurufen.",
        "Alexa, trag ein Essen mit {0} in den Kalender ein.",
        "{0}, kommst du bitte mal runter?",
    ),
}  # fmt: skip
NOBODY = {
    "en": (
        "Alexa, call the nearest pharmacy.", "Alexa, remind me to take out the bins.",
        "Alexa, text me the recipe.",
        "Alexa, send a message to everybody.",
        "Alexa, put the dentist into my calendar.", "Alexa, call a taxi.",
    ),
    "de": (
        "Alexa, ruf die nächste Apotheke an.", "Alexa, erinnere mich an die Mülltonnen.",
        "Alexa, schick mir das Rezept.", "Alexa, schick allen eine Nachricht.",
        "Alexa, trag den Zahnarzt in den Kalender ein.", "Alexa, ruf ein Taxi.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """One clip.

    Parameters
    ----------
    name, half, language, voice, kind : str
        `kind` is ``name``, ``nobody``, ``command`` or ``talk``.
    text : str
        What is said, as one would write it.
    say : str
        The same as the synthesiser needs it spelt.
    names : tuple of str
        Names of private people said in it.
    household : str
    """

    name: str
    half: str
    language: str
    voice: str
    kind: str
    text: str
    say: str
    names: tuple[str, ...] = ()
    household: str = ""


@dataclass(frozen=True)
class Name:
    """Somebody whom a household calls."""

    first: str
    last: str
    say: str

    @property
    def full(self) -> str:
        """Both parts."""
        return f"{self.first} {self.last}"


def households(half: str) -> dict[str, tuple[str, list[Name]]]:
    """By origin, the language spoken and three names."""
    found: dict[str, tuple[str, list[Name]]] = {}
    with (Path(__file__).parent / "scripts" / "names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["half"] == half:
                say = row[f"say_{row['language']}"] or f"{row['first']} {row['last']}"
                _, names = found.setdefault(row["origin"], (row["language"], []))
                names.append(Name(row["first"], row["last"], say))
    return found


def spoken_names(half: str) -> list[Spoken]:
    """Eight recordings per household: the first name thrice, the second twice, the third once, none twice."""
    clips = []
    for number, (origin, (language, names)) in enumerate(sorted(households(half).items())):
        voices = VOICES[language]
        for k, who in enumerate((0, 0, 0, 1, 1, 2)):
            name = names[who]
            template = CALLS[language][(number + k) % len(CALLS[language])]
            clips.append(
                Spoken(
                    f"name-{half}-{origin}-{k}", half, language, voices[(number + k) % len(voices)], "name",
                    template.format(name.full), template.format(name.say), (name.full,), f"{half}-{origin}",
                )
            )  # fmt: skip
        for k in range(2):
            text = NOBODY[language][(number + 3 * k) % len(NOBODY[language])]
            voice = voices[(number + k + 2) % len(voices)]
            clips.append(
                Spoken(
                    f"nobody-{half}-{origin}-{k}", half, language, voice, "nobody", text, text, (),
                    f"{half}-{origin}",
                )
            )  # fmt: skip
    return clips


def spoken_commands(half: str, count: int = 30) -> list[Spoken]:
    """Commands of the corpora's training part, half of them in a second voice as well."""
    clips = []
    for language in ("en", "de"):
        rng = np.random.default_rng([2026, half == "report", language == "de"])
        texts = command_texts(language, half, count, rng)
        for k, text in enumerate(texts):
            voice = VOICES[language][k % len(VOICES[language])]
            written = f"Alexa, {text}" if k % 4 else text
            clips.append(
                Spoken(f"command-{half}-{language}-{k}", half, language, voice, "command", written, written)
            )
    return clips


def command_texts(language: str, half: str, count: int, rng: np.random.Generator) -> list[str]:
    """Commands of 2 to 10 words without digits; a text is in one half only, by its hash."""
    lines = corpus(language, "train").read_text("utf-8").splitlines()
    found = sorted({json.loads(line)["text"] for line in lines if '"snips' not in line})
    side = half == "report"
    fit = [
        text
        for text in found
        if 2 <= len(text.split()) <= 10
        and not any(c.isdigit() for c in text)
        and hashlib.sha256(text.encode()).digest()[0] % 2 == side
    ]
    return [fit[i] for i in rng.permutation(len(fit))[:count]]


def corpus(language: str, part: str) -> Path:
    """A file of the corpora: ``train`` or ``dev``."""
    return shared(f"corpora/{language}/{part}.jsonl", what="sentences that people say to voice assistants")


def spoken_talk(half: str) -> list[Spoken]:
    """Talk that nobody meant for a device: family, telephone, television, visitors."""
    clips = []
    with (Path(__file__).parent / "scripts" / "talk.csv").open(encoding="utf-8", newline="") as file:
        for k, row in enumerate(r for r in csv.DictReader(file) if r["half"] == half):
            voice = VOICES[row["language"]][k % len(VOICES[row["language"]])]
            clips.append(
                Spoken(
                    f"talk-{half}-{row['language']}-{k}", half, row["language"], voice, "talk", row["text"],
                    row["text"], (), row["kind"],
                )
            )  # fmt: skip
    return clips


def everything(half: str) -> list[Spoken]:
    """All clips of one half."""
    return [*spoken_names(half), *spoken_commands(half), *spoken_talk(half)]


# -- sound -------------------------------------------------------------------------------------------------


def sound_of(clip: Spoken) -> Sound:
    """The clip as 16 kHz samples, from the cache or synthesised: a room, noise of 8 to 25 dB, a level."""
    path = CACHE / "sounds" / f"{_key(clip)}.npy"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(int(_key(clip)[:12], 16))
        dry = _trim(_say(clip.say, clip.voice, clip.language, int(_key(clip)[:8], 16)))
        lead, rest = rng.uniform(0.25, 0.6, 2)
        padded = np.pad(dry, (int(lead * RATE), int(rest * RATE)))
        if clip.household == "tv":
            padded = _band(padded)
        reverberation, ratio = (rng.uniform(*ends) for ends in _circumstances(clip))
        mixed = add_noise(_room(padded, reverberation, rng), ratio, rng)
        np.save(path, (mixed / np.abs(mixed).max() * 10 ** (rng.uniform(-18, -2) / 20)).astype(np.float32))
    found: Sound = np.load(path)
    return found


def _circumstances(clip: Spoken) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds of reverberation, and decibels of speech over noise.

    Pico's German is badly understood in a quiet room already (word error rate .2 to .3): with the noise of
    the other clips its commands reach .6, which no household's do.
    """
    if clip.language == "de" and clip.kind in ("command", "nobody"):
        return (0.1, 0.2), (18.0, 30.0)
    return (0.15, 0.45), (8.0, 25.0)


def _key(clip: Spoken) -> str:
    what = f"{clip.name}|{clip.voice}|{clip.say}"
    what += "|seeded" if clip.voice == "piper" else ""
    what += "|quiet" if _circumstances(clip)[1][0] > 8 else ""
    return hashlib.sha256(what.encode()).hexdigest()[:24]


def _say(text: str, voice: str, language: str, seed: int) -> Sound:
    engine, _, style = voice.partition(" ")
    try:
        return _spoken(text, engine, style, language, seed)
    except (ImportError, FileNotFoundError) as error:
        raise missing_voice(voice) from error


def _spoken(text: str, engine: str, style: str, language: str, seed: int) -> Sound:
    if engine == "piper":
        return piper(seed)(text)
    if engine == "hibari":
        return _hibari(text)
    if engine == "flite":
        return _flite(text, style)
    speed = "0.8" if style == "slow" else "1.0"
    code = "de-DE" if language == "de" else "en-GB"
    return _shifted(_pico(text, code, speed), _SHIFT.get(style, 1.0))


def _hibari(text: str) -> Sound:
    import soxr

    return np.asarray(soxr.resample(_hibari_voice()(text, seed=7), 24_000, RATE), np.float32)


@lru_cache(maxsize=1)
def _hibari_voice() -> Any:
    from hibari import Hibari

    return Hibari()


def _flite(text: str, voice: str) -> Sound:
    from forensics.audio.decode import decode

    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(
            ["flite", "-voice", voice, "-t", text, "-o", file.name], check=True, capture_output=True
        )
        return decode(Path(file.name).read_bytes(), name="flite").samples


def _pico(text: str, code: str, speed: str) -> Sound:
    import sys

    # Pico reads memory that it never set, so it gets a process whose fresh memory is all zeros
    command = [sys.executable, "-c", PICO, text, code, speed]
    raw = subprocess.run(command, env={"MALLOC_PERTURB_": "255"}, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.int16).astype(np.float32) / 32768


def _shifted(sound: Sound, factor: float) -> Sound:
    import soxr

    return sound if factor == 1.0 else np.asarray(soxr.resample(sound, RATE * factor, RATE), np.float32)


def _trim(sound: Sound, floor: float = 0.004) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > floor)
    return sound[max(0, loud[0] - 320) : loud[-1] + 800]


def _room(sound: Sound, seconds: float, rng: np.random.Generator) -> Sound:
    """A direct path, then noise that decays by 60 dB in `seconds`."""
    import scipy.signal

    t = np.arange(int(seconds * RATE)) / RATE
    tail = rng.standard_normal(t.size) * 10 ** (-3 * t / seconds)
    tail[: RATE // 200] = 0
    tail *= 0.3 / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return np.asarray(scipy.signal.fftconvolve(sound, tail)[: len(sound)], np.float32)


def _band(sound: Sound) -> Sound:
    """The narrow band of a television's loudspeaker."""
    import scipy.signal

    sos = scipy.signal.butter(2, [250, 3800], "bandpass", fs=RATE, output="sos")
    return np.asarray(scipy.signal.sosfilt(sos, sound), np.float32)


# -- what was heard ----------------------------------------------------------------------------------------


def heard(clips: Sequence[Spoken], *, prior: bool = True) -> list[dict[str, Any]]:
    """What the shipped engine read in each clip, judged as in a case: text, words, alternatives, sound.

    A household's language is known after a few recordings, so each clip is read with that prior.
    """
    missing = [clip for clip in clips if not _row_path(clip).is_file()]
    for language in ("en", "de"):
        _read([c for c in missing if c.language == language], language)
    return [json.loads(_row_path(clip).read_text("utf-8")) for clip in clips]


def _row_path(clip: Spoken) -> Path:
    return CACHE / "heard" / f"{_key(clip)}.json"


def _read(clips: Iterable[Spoken], language: str) -> None:
    from forensics.audio.speech import speech_activity
    from forensics.transcription.confidence import calibrated_words, utterance_confidence
    from forensics.transcription.engine import Clip, LanguageChoice
    from forensics.transcription.engines import load_engine
    from forensics.transcription.evidence import judge

    (CACHE / "heard").mkdir(parents=True, exist_ok=True)
    choice = LanguageChoice(prior={language: 0.9, "en" if language == "de" else "de": 0.09, "": 0.0002})
    todo = list(clips)
    for start in range(0, len(todo), 16):
        chunk = todo[start : start + 16]
        sounds = [sound_of(clip) for clip in chunk]
        speech = [speech_activity(sound) for sound in sounds]
        given = [Clip(s, a.spans, a.probability) for s, a in zip(sounds, speech, strict=True)]
        readings = load_engine("auto", "base").read(given, choice)
        for clip, one, reading in zip(chunk, given, readings, strict=True):
            judgement = judge(reading, one)
            row = {
                "text": judgement.text,
                "raw_text": reading.text,
                "flags": list(judgement.flags),
                "language": reading.language,
                "words": [asdict(w) for w in calibrated_words(reading)],
                "alternatives": [list(pair) for pair in reading.alternatives],
                "avg_logprob": reading.avg_logprob,
                "no_speech_prob": reading.no_speech_prob,
                "confidence": utterance_confidence(reading),
                "speech": [list(span) for span in one.speech],
                "speech_probability": one.speech_probability,
                "duration_s": round(one.seconds, 3),
            }
            _row_path(clip).write_text(json.dumps(row, ensure_ascii=False), "utf-8")


def as_heard(half: str) -> Source:
    """What the shipped engine heard in all clips of a half, as data of a fit."""
    clips = everything(half)
    found = ([clip.name, clip.voice, clip.say, row] for clip, row in zip(clips, heard(clips), strict=True))
    return rows(
        f"{len(clips)} synthesised clips of the half '{half}' as faster-whisper base heard them", found
    )
