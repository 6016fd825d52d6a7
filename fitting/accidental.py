"""Fit the weights of ``forensics.language.accidental`` on the tuning half: commands, and talk.

Commands and talk as Whisper heard them, talk of the tables and commands of the corpora as text, and what
people read aloud in the recordings beside the repository.
"""

from __future__ import annotations

import csv
import hashlib
import sys

import numpy as np

from fitting.command import log, main
from fitting.logistic import fit, rounded, scores
from fitting.material.hearing import recordings
from fitting.material.household import as_heard, command_texts, corpus
from fitting.material.talk import FOLDER, clips_as_heard, overheard
from fitting.record import Run, Value, file, pipeline, write
from forensics.language.accidental import FEATURES, features
from forensics.language.reader import reader

SEED = 8
PRIOR = 0.1
"""Share of recordings that nobody meant: an assumption (formats.md: real bundles hold a few in a hundred)."""
Text = tuple[str, bool, str]
"""What was said, whether it is talk, the language."""


def run(how: Run) -> None:
    """Fit and write."""
    x, y = table(texts("tune")[:: how.every])
    beta = fit(x, y, ridge=1.0)
    beta[-1] += np.log(PRIOR / (1 - PRIOR)) / 2
    p = 1 / (1 + np.exp(-scores(x, beta)))
    path = write(
        "forensics/language/accidental.py",
        script=__file__,
        data=[
            *(file(corpus(language, "train")) for language in ("en", "de")),
            *(file(FOLDER / name) for name in ("overheard.csv", "talk.csv")),
            file(recordings()),
            as_heard("tune"),
            *(pipeline(language) for language in ("en", "de")),
        ],
        seed=SEED,
        values={
            "weights": Value(
                dict(zip(FEATURES, rounded(beta[:-1]), strict=True)), "log odds of talk, by feature"
            ),
            "intercept": Value(
                round(float(beta[-1]), 2),
                f"log odds; half way in log odds from even odds to a prior of {PRIOR:g} (assumption)",
            ),
        },
        quality={
            "texts": len(y),
            "talk": int(y.sum()),
            **{
                f"precision_and_recall_at_{level}": rounded(
                    np.array([y[p >= level].mean(), (p >= level)[y == 1].mean()])
                )
                for level in (0.3, 0.5, 0.7)
            },
        },
        how=how,
    )
    log.info("written: %s", path)


def texts(half: str) -> list[Text]:
    """Commands and talk of one half."""
    found = clips_as_heard(half)
    for language in ("en", "de"):
        found += [(text, True, language) for text in overheard(half, language)]
        rng = np.random.default_rng([SEED, half == "report"])
        for number, text in enumerate(command_texts(language, half, 200, rng)):
            found.append((f"alexa {text}" if number % 4 else text, False, language))
    return found + real(half)


def real(half: str) -> list[Text]:
    """Commands and read sentences of the real recordings, by their transcripts, split by speaker."""
    found = []
    with recordings().open(newline="", encoding="utf-8") as table_of:
        for row in csv.DictReader(table_of):
            side = hashlib.sha256((row["speaker_id"] or row["file"]).encode()).digest()[0] % 2
            words = len(row["transcript"].split())
            talk = row["kind"] != "command"
            own = row["language"] in ("en", "de") and half == ("tune", "report")[side]
            if own and words > (3 if talk else 1):
                found.append((row["transcript"], talk, row["language"]))
    return found


def table(found: list[Text]) -> tuple[np.ndarray, np.ndarray]:
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


if __name__ == "__main__":
    sys.exit(main(run))
