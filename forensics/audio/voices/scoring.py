"""How strongly two pieces of speech speak for one voice: calibrated log-likelihood ratios.

A cosine between two vectors says nothing by itself: .7 is a lot between clips of half a second and little
between clips of five. A logistic regression on the cosine and the length of the shorter piece turns it into
the logarithm of the likelihood ratio between "one voice" and "two voices".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.errors import ModelError
from forensics.knowledge.fitted import fitted

Floats = NDArray[np.float64]

MOST = float(np.log(30.0))
"""Bound on a log-likelihood ratio. Some twenty speakers cannot show more than odds of about 30 to 1
(the reasoning of empirical bounds: Vergeer et al., Science & Justice 56(6), 2016)."""

_SHORTEST_S, _LONGEST_S = 0.3, 8.0
"""Lengths that ``benchmarks/speaker_bench.py`` has calibrated on: beyond them the ratio is not continued."""


@dataclass(frozen=True)
class Calibration:
    """From cosine and length to a log-likelihood ratio.

    Parameters
    ----------
    encoder : str
        The encoder that it belongs to.
    intercept, cosine, log_seconds : float
        Of the logistic regression, for the natural logarithm of the odds at equal priors.
    threshold : float
        Mean log-likelihood ratio from which two groups of clips are one voice.
    """

    encoder: str
    intercept: float
    cosine: float
    log_seconds: float
    threshold: float = 0.0

    def llr(self, cosine: Floats, seconds: Floats) -> Floats:
        """Log-likelihood ratios (natural logarithm), bounded to :data:`MOST`.

        Parameters
        ----------
        cosine : ndarray
            Between the vectors of two pieces.
        seconds : ndarray of the same shape
            Speech in the shorter piece.
        """
        length = np.log(np.clip(seconds, _SHORTEST_S, _LONGEST_S))
        raw = self.intercept + self.cosine * cosine + self.log_seconds * length
        bounded: Floats = np.clip(raw, -MOST, MOST)
        return bounded


def calibration_of(encoder: str) -> Calibration:
    """The calibration that was measured for an encoder.

    Raises
    ------
    ModelError
        If there is none.
    """
    found = fitted(__name__)
    if encoder not in found.values:
        raise ModelError(
            f"No scores were calibrated for the speaker encoder '{encoder}'.", "Run: make fits-voices"
        )
    return Calibration(encoder, *found.numbers(encoder, ("intercept", "cosine", "log_seconds", "threshold")))


def fit(
    cosine: Floats, seconds: Floats, same: NDArray[np.bool_], weight: Floats, *, encoder: str
) -> Calibration:
    """Fit a calibration by logistic regression.

    Parameters
    ----------
    cosine, seconds, weight : ndarray, shape (n,)
        One trial each; `seconds` of the shorter piece. Weights are scaled so that both answers weigh alike:
        the regression's odds are then likelihood ratios.
    same : ndarray of bool, shape (n,)
        Whether one voice speaks in both.
    encoder : str
        Whose cosines they are.

    Notes
    -----
    Brümmer and du Preez, Application-independent evaluation of speaker detection, Computer Speech &
    Language 20, 2006.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    length = np.log(np.clip(seconds, _SHORTEST_S, _LONGEST_S))
    balanced = np.where(same, weight / weight[same].sum(), weight / weight[~same].sum()) * len(same) / 2
    # almost no penalty: three numbers from thousands of trials (assumption)
    model = LogisticRegression(C=1e3, max_iter=1000)
    model.fit(np.column_stack([cosine, length]), same, sample_weight=balanced)
    slope, per_length = (float(v) for v in model.coef_[0])
    return Calibration(encoder, float(model.intercept_[0]), slope, per_length)


def cllr(same: Floats, different: Floats) -> float:
    """Cost of log-likelihood ratios: 0 is perfect, 1 is what saying nothing costs.

    Parameters
    ----------
    same, different : ndarray
        Natural log-likelihood ratios of trials of one voice and of two.

    Notes
    -----
    Brümmer and du Preez 2006, equation 18.
    """
    costs = np.logaddexp(0, -same).mean() + np.logaddexp(0, different).mean()
    return float(costs / (2 * np.log(2)))


def equal_error_rate(same: Floats, different: Floats, weights: tuple[Floats, Floats] | None = None) -> float:
    """The rate at which as many same voices are missed as different ones are taken for one.

    Parameters
    ----------
    same, different : ndarray
        Scores; higher means one voice.
    weights : pair of ndarray, optional
        Of the trials.
    """
    w_same, w_different = weights if weights is not None else (np.ones(len(same)), np.ones(len(different)))
    scores = np.concatenate([same, different])
    order = np.argsort(-scores, kind="stable")
    ours = np.concatenate([w_same, np.zeros(len(different))])[order]
    theirs = np.concatenate([np.zeros(len(same)), w_different])[order]
    missed = 1 - np.cumsum(ours) / ours.sum()
    taken = np.cumsum(theirs) / theirs.sum()
    where = int(np.argmin(np.abs(missed - taken)))
    return float((missed[where] + taken[where]) / 2)
