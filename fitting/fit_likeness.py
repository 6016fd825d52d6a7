"""Fit the weights of ``forensics.transcription.likeness`` on simulated bundles of the tuning half.

Prints the constants to put there, and how well they separate.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np
from loose_bundles import Bundle, bundle, hearing_of

from forensics.transcription import likeness

RECORDINGS, SEEDS = 600, (1, 2, 3)
_EASY = 0.05  # share of the unlike pairs that are not hard which is looked at


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


def fit(x: np.ndarray, y: np.ndarray, w: np.ndarray, ridge: float = 1.0) -> np.ndarray:
    """Weights and intercept of a logistic regression, both classes weighing the same; Newton's method."""
    w = w * np.where(y == 1, 1 / w[y == 1].sum(), 1 / w[y == 0].sum()) * (y == 1).sum() * 2
    design = np.column_stack([x, np.ones(len(x))])
    beta = np.zeros(design.shape[1])
    penalty = np.full(len(beta), ridge)
    penalty[-1] = 0.0
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -40, 40)))
        gradient = design.T @ (w * (y - p)) - penalty * beta
        hessian = (design * (w * p * (1 - p))[:, None]).T @ design + np.diag(penalty + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def main(seeds: Sequence[int] = SEEDS) -> int:
    """Print the constants."""
    rng = np.random.default_rng(0)
    parts = []
    for language in ("en", "de"):
        hearing = hearing_of("tune", language)
        parts += [features_of(bundle(RECORDINGS, language, hearing, half="tune", seed=s), rng) for s in seeds]
    x, y, w = (np.concatenate(part) for part in zip(*parts, strict=True))
    beta = fit(x, y, w)
    value = x @ beta[:-1] + beta[-1]
    print(f"pairs {len(y)}, the same {int(y.sum())}")
    print("quantiles of the same     ", np.round(np.quantile(value[y == 1], [0.01, 0.05, 0.25, 0.5]), 1))
    print(
        "quantiles of hard unlike  ",
        np.round(np.quantile(value[(y == 0) & (w == 1)], [0.5, 0.95, 0.99, 0.999]), 1),
    )
    print(f"WEIGHTS = {tuple(round(float(b), 2) for b in beta[:-1])}")
    print(f"INTERCEPT = {beta[-1]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
