"""Fit the weights of ``forensics.language.accidental`` on the tuning half: commands, and talk.

Commands and talk as Whisper heard them, talk of the tables and commands of the corpora as text, and what
people read aloud in the recordings beside the repository. Prints the constants to put there.
"""

from __future__ import annotations

import csv
import hashlib
import sys

import numpy as np
from fit_likeness import fit
from hearing_material import SHARED
from household_material import command_texts
from household_talk import clips_as_heard, overheard

from forensics.language.accidental import features
from forensics.language.reader import reader

PRIOR = 0.1
"""Share of recordings that nobody meant: an assumption (formats.md: real bundles hold a few in a hundred)."""


def texts(half: str) -> list[tuple[str, bool, str]]:
    """Text, whether it is talk, language."""
    found = clips_as_heard(half)
    for language in ("en", "de"):
        found += [(text, True, language) for text in overheard(half, language)]
        rng = np.random.default_rng([8, half == "report"])
        for number, text in enumerate(command_texts(language, half, 200, rng)):
            found.append((f"alexa {text}" if number % 4 else text, False, language))
    return found + real(half)


def real(half: str) -> list[tuple[str, bool, str]]:
    """Commands and read sentences of the real recordings, by their transcripts, split by speaker."""
    found = []
    with (SHARED / "audio" / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            side = hashlib.sha256((row["speaker_id"] or row["file"]).encode()).digest()[0] % 2
            words = len(row["transcript"].split())
            talk = row["kind"] != "command"
            own = row["language"] in ("en", "de") and half == ("tune", "report")[side]
            if own and words > (3 if talk else 1):
                found.append((row["transcript"], talk, row["language"]))
    return found


def table(found: list[tuple[str, bool, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Features and truth."""
    x, y = [], []
    for language in ("en", "de"):
        chosen = [(text, talk) for text, talk, spoken in found if spoken == language]
        for reading, (_, talk) in zip(reader(language).read([t for t, _ in chosen]), chosen, strict=True):
            values = features(reading)
            if values is not None:
                x.append(values)
                y.append(float(talk))
    return np.array(x), np.array(y)


def main() -> int:
    """Print the constants."""
    x, y = table(texts("tune"))
    beta = fit(x, y, np.ones(len(y)), ridge=1.0)
    beta[-1] += np.log(PRIOR / (1 - PRIOR)) / 2
    score = 1 / (1 + np.exp(-(x @ beta[:-1] + beta[-1])))
    print(f"texts {len(y)}, talk {int(y.sum())}")
    for level in (0.3, 0.5, 0.7):
        hit = score >= level
        print(f"at {level}: precision {y[hit].mean():.2f}, recall {hit[y == 1].mean():.2f} (tuning half)")
    print(f"WEIGHTS = {tuple(round(float(b), 2) for b in beta[:-1])}")
    print(f"INTERCEPT = {beta[-1]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
