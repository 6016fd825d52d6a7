"""Measure what recognition makes of names: said → heard, from synthetic speech through our own engine.

Writes ``forensics/knowledge/data/name_confusion.csv``: one row per name said in a command. Linkage takes
from it how likely a name that was heard wrongly still sounds or looks like the one said.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

from fitting.command import log, main
from fitting.record import ROOT, Run, file, package, write_table
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import us_shares
from forensics.simulate.households import draw_household
from forensics.simulate.synthesis import speaker
from forensics.simulate.world import OBEYING
from forensics.transcription.files import transcribe_files

CARRIERS = {
    "de": ("Alexa, ruf {} an.", "Alexa, erinnere mich daran, dass {} morgen kommt.", "Hier spricht {}."),
    "en": ("Alexa, call {} please.", "Alexa, remind me that {} is coming tomorrow.", "This is {} speaking."),
}
TABLE = ROOT / "forensics/knowledge/data/name_confusion.csv"
NAMES = 120
"""Full names per language."""
SEED = 5
NOISE_DB = (30.0, 15.0, 8.0)
"""Signal over white noise, in turn."""


def run(how: Run) -> None:
    """Speak, listen, align, write."""
    rows = [row for language in ("de", "en") for row in measured(language, NAMES // how.every, SEED)]
    path = how.out / TABLE.relative_to(ROOT)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["language", "part", "said", "heard", "noise_db", "source"])
        writer.writerows(rows)
    written = write_table(
        path,
        script=__file__,
        what="first names and surnames as said and as heard",
        data=[
            package("names", "names", ["dist.male.first", "dist.female.first", "dist.all.last"]),
            *(file(TABLE.parent / f"{name}.csv") for name in ("first_names_de", "surnames_de", "names_de")),
        ],
        seed=SEED,
        quality={"names_said": len(rows), "heard_otherwise": sum(row[2] != row[3] for row in rows)},
        note="spoken by nanotts, heard by faster-whisper base",
        how=how,
    )
    log.info("written: %s", written)


def measured(language: str, count: int, seed: int) -> list[list[str]]:
    """Rows of one language."""
    rng = np.random.default_rng([seed, len(language), ord(language[0])])
    names = full_names(language, count, rng, seed)
    voices = [speaker(language, seed=number) for number in (0, 1)]
    with tempfile.TemporaryDirectory() as folder:
        paths, spoken = [], []
        for number, name in enumerate(names):
            carrier = CARRIERS[language][number % len(CARRIERS[language])]
            sound = voices[number % 2](carrier.format(" ".join(name))).astype(np.float64)
            level = np.sqrt((sound**2).mean()) * 10 ** (-NOISE_DB[number % 3] / 20)
            sound = sound + rng.standard_normal(sound.size) * level
            path = Path(folder) / f"{number:04d}.wav"
            with wave.open(str(path), "wb") as file:
                file.setparams((1, 2, 16_000, 0, "NONE", ""))
                file.writeframes(np.clip(sound, -32768, 32767).astype("<i2").tobytes())
            paths.append(path)
            spoken.append((name, carrier, NOISE_DB[number % 3]))
        out = Path(folder) / "out.jsonl"
        transcribe_files(paths, out, language=language)
        heard = [json.loads(line)["raw_text"] for line in out.read_text("utf-8").splitlines()]
    source = f"synthetic voice (nanotts), faster-whisper base, seed {seed}"
    rows = []
    for (name, carrier, noise), text in zip(spoken, heard, strict=True):
        for part, said, got in zip(("first", "last"), name, align(name, carrier, text), strict=True):
            rows.append([language, part, said, got, f"{noise:.0f}", source])
    return rows


def full_names(language: str, count: int, rng: np.random.Generator, seed: int) -> list[tuple[str, str]]:
    """Names to speak: by the reference tables, half of the surnames from the tail."""
    if language == "de":
        first = [row["value"] for row in read_forms("first_names_de")]
        last = [row["value"] for row in read_forms("surnames_de")]
        tail = [draw_household(n, OBEYING, seed=seed + 900).last for n in range(count)]
    else:
        first = [n.capitalize() for n, p in us_shares("female.first").items() if p > 1e-3]
        first += [n.capitalize() for n, p in us_shares("male.first").items() if p > 1e-3]
        last = [n.capitalize() for n, p in us_shares("all.last").items() if p > 2e-4]
        tail = [n.capitalize() for n, p in us_shares("all.last").items() if 2e-5 < p < 2e-4]
    return [
        (str(rng.choice(first)), str(rng.choice(tail if number % 2 else last))) for number in range(count)
    ]


def align(name: tuple[str, str], carrier: str, text: str) -> tuple[str, str]:
    """What stands in the text where the carrier has the name: first word, and the rest joined."""
    words = re.findall(r"[\w'’-]+", text)
    before, after = (re.findall(r"[\w'’-]+", part) for part in carrier.split("{}"))
    start, end = 0, len(words)
    if before:
        ends = [i + 1 for i, w in enumerate(words) if alike(w, before[-1])]
        start = ends[0] if ends else min(len(before), len(words))
    if after:
        starts = [i for i, w in enumerate(words) if i > start and alike(w, after[0])]
        end = starts[0] if starts else max(start, len(words) - len(after))
    found = words[start:end]
    if not found:
        return "", ""
    best = max(
        range(1, len(found) + 1),
        key=lambda i: near("".join(found[:i]), name[0]) + near("".join(found[i:]), name[1]),
    )
    return " ".join(found[:best]), " ".join(found[best:])


def alike(one: str, other: str) -> bool:
    """Whether two words are one, or nearly."""
    return near(one, other) > 0.75


def near(one: str, other: str) -> float:
    """Similarity of two spellings, in [0, 1]."""
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


if __name__ == "__main__":
    sys.exit(main(run))
