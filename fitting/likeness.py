"""Fit the weights of ``forensics.transcription.likeness`` on simulated bundles of the tuning half."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np

from fitting.command import log, main
from fitting.logistic import fit, rounded, scores
from fitting.material.household import as_heard, corpus
from fitting.material.loose_bundles import Bundle, bundle, hearing_of
from fitting.record import Run, Value, file, write
from forensics.transcription import likeness

RECORDINGS, SEEDS = 600, (1, 2, 3)
RIDGE = 0.3
"""Of .01, .1, .3, 1 and 3 the one with the best F1 of assigned lines on other bundles of the tuning half."""
_EASY = 0.05  # share of the unlike pairs that are not hard which is looked at


def run(how: Run) -> None:
    """Fit and write."""
    rng = np.random.default_rng(0)
    parts = []
    for language in ("en", "de"):
        hearing = hearing_of("tune", language)
        for seed in SEEDS:
            made = bundle(RECORDINGS // how.every, language, hearing, half="tune", seed=seed)
            parts.append(features_of(made, rng))
    x, y, w = (np.concatenate(part) for part in zip(*parts, strict=True))
    beta = fit(x, y, w, ridge=RIDGE)
    value = scores(x, beta)
    path = write(
        "forensics/transcription/likeness.py",
        script=__file__,
        data=[*(file(corpus(language, "train")) for language in ("en", "de")), as_heard("tune")],
        seed=0,
        values={
            "weights": Value(
                dict(zip(likeness.FEATURES, rounded(beta[:-1]), strict=True)),
                "log likelihood ratio of one utterance against two, by feature",
            ),
            "intercept": Value(round(float(beta[-1]), 2), "log likelihood ratio"),
        },
        quality={
            "pairs": len(y),
            "the_same": int(y.sum()),
            "quantiles_01_05_25_50_of_the_same": rounded(np.quantile(value[y == 1], [0.01, 0.05, 0.25, 0.5])),
            "quantiles_50_95_99_999_of_hard_unlike_ones": rounded(
                np.quantile(value[(y == 0) & (w == 1)], [0.5, 0.95, 0.99, 0.999])
            ),
        },
        note=f"bundles of {RECORDINGS // how.every} recordings with the seeds {SEEDS}, in two languages",
        how=how,
    )
    log.info("written: %s", path)


def features_of(made: Bundle, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, whether the two are one utterance or one class, and weights of all pairs of a bundle."""
    theirs = [likeness.plain(text) for _, text in made.lines]
    ours = [likeness.plain(text) for _, text in made.heard]
    names = [likeness.plain(text) for text in made.said]
    counts = Counter(theirs) + Counter(ours)
    unique, other = sorted(set(theirs) - {""}), sorted(set(ours) - {""})
    truth: Counter[tuple[str, str]] = Counter()
    sound = dict(made.heard)
    for utterance, text in made.lines:
        if utterance in sound:
            truth[likeness.plain(text), likeness.plain(sound[utterance])] += 1
    alike = {
        (likeness.plain(a), likeness.plain(b))
        for u, a in made.lines for v, b in made.heard if names[u] == names[v]
    }  # fmt: skip
    x, y, w = [], [], []
    for rows, columns, features in likeness.compare(unique, other, counts):
        for row, column, values in zip(rows, columns, features, strict=True):
            pair = unique[row], other[column]
            n = truth[pair]
            if n:
                x.append(values)
                y.append(1)
                w.append(float(n))
            elif pair in alike:
                continue
            elif values[0] > 0.5 or rng.random() < _EASY:
                x.append(values)
                y.append(0)
                w.append(1.0 if values[0] > 0.5 else 1 / _EASY)
    return np.array(x), np.array(y), np.array(w)


if __name__ == "__main__":
    sys.exit(main(run))
