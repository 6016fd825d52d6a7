"""Fit the two regressions of ``forensics.transcription.confidence``: is a word right, is a text right?

The tuning half of the real clips is read by the shipped engine, and what was read is compared with what was
said. With synthesised commands among them, texts of the other half's real clips were judged worse.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from fitting.command import log, main
from fitting.logistic import rounded, scores
from fitting.material.hearing import Spoken, real, recordings
from fitting.record import Run, Value, rows, table_files, write
from forensics.transcription import confidence
from forensics.transcription.engine import Reading
from forensics.transcription.engines import load_engine
from forensics.transcription.files import UNINFORMED
from forensics.transcription.listening import listen

Outcome = tuple[Reading, list[bool], bool]
"""What was read, which of its words were said, whether the text is what was said."""


def run(how: Run) -> None:
    """Read, compare, fit, write."""
    spoken = [clip for clip in real("tune") if clip.text][:: how.every]
    found = list(outcomes(spoken, read(spoken)))
    words = [
        (confidence.word_features(word, reading), ok)
        for reading, right, _ in found
        for word, ok in zip(reading.words, right, strict=True)
    ]
    texts = [(confidence.text_features(reading), ok) for reading, _, ok in found]
    values, quality = {}, {}
    for name, names, pairs in (
        ("word", confidence.WORD_FEATURES, words),
        ("text", confidence.TEXT_FEATURES, texts),
    ):
        x, y = np.array([features for features, _ in pairs]), np.array([ok for _, ok in pairs], float)
        beta = platt(x, y)
        values[name] = Value(
            dict(zip((*names, "intercept"), rounded(beta, 3), strict=True)),
            f"log odds that a {name} is right, by feature",
        )
        p = 1 / (1 + np.exp(-scores(x, beta)))
        quality[name] = {"n": len(y), "right": round(float(y.mean()), 4), "brier": _brier(p, y)}
    heard = ([r.text, r.avg_logprob, [[w.word, w.probability] for w in r.words]] for r, _, _ in found)
    path = write(
        "forensics/transcription/confidence.py",
        script=__file__,
        data=[
            table_files(recordings(), "file"),
            rows(f"{len(found)} clips as faster-whisper base read them", heard),
        ],
        seed=None,
        values=values,
        quality=quality,
        note="the tuning half of the real clips that somebody speaks in",
        how=how,
    )
    log.info("written: %s", path)


def read(clips: Sequence[Spoken]) -> list[Reading | None]:
    """What the shipped engine reads in each clip, without any prior; None where nobody speaks."""
    listened = [listen(clip.samples) for clip in clips]
    audible = [one for one in listened if one is not None]
    readings = iter(load_engine("auto", "base").read(audible, UNINFORMED))
    return [None if one is None else next(readings) for one in listened]


def outcomes(clips: Sequence[Spoken], readings: Sequence[Reading | None]) -> Iterator[Outcome]:
    """Which words of each reading were said, and whether the whole is; nothing of clips without words.

    Words are aligned as Whisper's own evaluation writes them.
    """
    from rapidfuzz.distance import Levenshtein

    plain = normaliser()
    for clip, reading in zip(clips, readings, strict=True):
        if reading is None or not reading.words:
            continue
        owners = [(t, i) for i, w in enumerate(reading.words) for t in plain(w.word, clip.language)]
        edits = Levenshtein.editops([t for t, _ in owners], plain(clip.text, clip.language))
        wrong = {owners[op.src_pos][1] for op in edits if op.tag != "insert" and op.src_pos < len(owners)}
        right = plain(reading.text, clip.language) == plain(clip.text, clip.language)
        yield reading, [i not in wrong for i in range(len(reading.words))], right


def normaliser() -> Callable[[str, str], list[str]]:
    """Words as Whisper's own evaluation counts them."""
    from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

    english, other = EnglishTextNormalizer(), BasicTextNormalizer()
    return lambda text, language: (english if language == "en" else other)(text).split()


def platt(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights, and the intercept last, with the targets that Platt (1999, section 2.2) smooths.

    The classes keep their shares: a probability is wanted, not a ratio.
    """
    positive, negative = y.sum(), len(y) - y.sum()
    target = np.where(y == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design, beta = np.column_stack([x, np.ones(len(x))]), np.zeros(x.shape[1] + 1)
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -40, 40)))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.eye(len(beta)) * 1e-6
        step = np.linalg.solve(hessian, design.T @ (target - p))
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return beta


def _brier(p: np.ndarray, y: np.ndarray) -> float:
    return round(float(((p - y) ** 2).mean()), 4)


if __name__ == "__main__":
    sys.exit(main(run))
