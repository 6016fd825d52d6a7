"""Whether stated probabilities and intervals come true: reliability, Brier score, recalibration, coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forensics.reidentification.anonymity import Array, wilson

CLIP = 1e-3
"""Probabilities are clipped here before their logit is taken."""
WEAK, LEAST_STEP = 0.1, 1e-4


@dataclass(frozen=True)
class Bin:
    """One bin of a reliability diagram.

    Parameters
    ----------
    predicted, realised : float
        Means.
    low, high : float
        Wilson's 95 % interval of the realised share.
    n : int
        Cases in it.
    """

    predicted: float
    realised: float
    low: float
    high: float
    n: int


def reliability(p: Array, y: Array, bins: int = 10) -> list[Bin]:
    """Bins of equal mass, from the least to the most probable.

    Parameters
    ----------
    p : ndarray
        Predicted probabilities.
    y : ndarray
        What happened, 0 or 1.
    bins : int
        At most so many; fewer where there are fewer cases.
    """
    order = np.argsort(p, kind="stable")
    found = []
    for part in np.array_split(order, min(bins, len(order))):
        low, high = wilson(float(y[part].sum()), len(part))
        found.append(Bin(float(p[part].mean()), float(y[part].mean()), low, high, len(part)))
    return found


def ece(p: Array, y: Array, bins: int = 10) -> float:
    """Expected calibration error: mean distance between predicted and realised share over equal-mass bins.

    Examples
    --------
    >>> round(ece(np.array([0.1] * 10 + [0.9] * 10), np.array([0] * 10 + [1] * 10), bins=2), 6)
    0.1
    """
    return float(sum(b.n * abs(b.predicted - b.realised) for b in reliability(p, y, bins)) / len(p))


def brier(p: Array, y: Array) -> float:
    """Mean squared error of the probabilities."""
    return float(np.mean((p - y) ** 2))


def brier_skill(p: Array, y: Array) -> float:
    """1 - Brier / Brier of always saying the overall share; 0 is no skill, 1 perfect."""
    reference = brier(np.full(len(y), y.mean()), y)
    return 1.0 - brier(p, y) / reference if reference > 0 else 0.0


def murphy(p: Array, y: Array, bins: int = 10) -> tuple[float, float, float]:
    """Murphy's decomposition of the Brier score over the bins: reliability, resolution, uncertainty.

    Brier is about reliability - resolution + uncertainty (exactly, if p is constant within bins).
    """
    share = float(y.mean())
    parts = reliability(p, y, bins)
    unreliable = sum(b.n * (b.predicted - b.realised) ** 2 for b in parts) / len(p)
    resolved = sum(b.n * (b.realised - share) ** 2 for b in parts) / len(p)
    return float(unreliable), float(resolved), share * (1 - share)


def recalibration(p: Array, y: Array) -> tuple[float, float]:
    """Intercept and slope of the logistic regression of `y` on the logit of `p`; (0, 1) if calibrated.

    Newton's method, halving steps that lead upwards. A weak prior around (0, 1), worth :data:`WEAK` of an
    observation, keeps separable data finite.
    """
    clipped = np.clip(p, CLIP, 1 - CLIP)
    x = np.stack([np.ones(len(p)), np.log(clipped / (1 - clipped))], axis=1)
    centre = np.array([0.0, 1.0])

    def loss(beta: Array) -> float:
        z = x @ beta
        return float((np.logaddexp(0, z) - y * z).sum() + WEAK * ((beta - centre) ** 2).sum() / 2)

    beta = centre
    for _ in range(100):
        mean = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (mean - y) + WEAK * (beta - centre)
        hessian = (x * (mean * (1 - mean))[:, None]).T @ x + WEAK * np.eye(2)
        step, size = np.linalg.solve(hessian, gradient), 1.0
        while size > LEAST_STEP and loss(beta - size * step) > loss(beta):
            size /= 2
        beta = beta - size * step
        if np.abs(size * step).max() < 1e-9:
            break
    return float(beta[0]), float(beta[1])


def randomised_pit(drawn: Array, value: float, uniform: float) -> float:
    """Where a discrete value lies in its predictive distribution, uniform if that distribution is right.

    Parameters
    ----------
    drawn : ndarray
        Draws of the predictive distribution.
    value : float
        What came true.
    uniform : float
        A uniform number that spreads ties.
    """
    below = float((drawn < value).mean())
    return below + uniform * float((drawn == value).mean())


def coverage(pit: Array, level: float = 0.9) -> float:
    """Share of values within the central interval of this level."""
    edge = (1 - level) / 2
    return float(((pit >= edge) & (pit <= 1 - edge)).mean())


def auc(p: Array, y: Array) -> float:
    """Area under the ROC curve by ranks; ties count half."""
    from scipy.stats import rankdata

    positives = float(y.sum())
    if positives in (0.0, float(len(y))):
        return float("nan")
    ranks = rankdata(p)
    return float((ranks[y > 0].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives)))


def bootstrap(
    score: Callable[[Array, Array], float],
    p: Array,
    y: Array,
    *,
    times: int = 500,
    seed: int = 0,
    clusters: Sequence[str] | None = None,
) -> tuple[float, float]:
    """95 % percentile interval of a score over resampled cases.

    Parameters
    ----------
    score : callable
        From resampled `p` and `y` to one number.
    p, y : ndarray
        As in :func:`reliability`; a case's two values are drawn together.
    times : int
        Resamplings.
    seed : int
        The same interval for the same seed.
    clusters : sequence of str, optional
        To which of few independent things each case belongs: these are resampled, each with all its cases.
    """
    rng = np.random.default_rng(seed)
    if clusters is None:
        drawn = list(rng.integers(0, len(p), size=(times, len(p))))
    else:
        names = np.array(clusters)
        members = [np.flatnonzero(names == name) for name in sorted(set(clusters))]
        drawn = [
            np.concatenate([members[i] for i in chosen])
            for chosen in rng.integers(0, len(members), size=(times, len(members)))
        ]
    values = [score(p[chosen], y[chosen]) for chosen in drawn]
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)
