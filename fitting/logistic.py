"""Logistic regression as the fits use it: both classes weigh the same, a ridge, some weights held."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def fit(
    x: np.ndarray,
    y: np.ndarray,
    w: np.ndarray | None = None,
    *,
    ridge: float = 1.0,
    held: Mapping[int, float] | None = None,
) -> np.ndarray:
    """Weights, and the intercept last, by Newton's method.

    Parameters
    ----------
    x : ndarray, shape (rows, features)
    y : ndarray of 0 and 1, shape (rows,)
    w : ndarray, shape (rows,), optional
        Weights of the rows; scaled so that both classes weigh the same.
    ridge : float
        Penalty on squared weights, none on the intercept.
    held : mapping, optional
        Features, by column, whose weight is given and not fitted.

    Notes ----- Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd edition, 4.4.1.
    With classes that weigh the same, a score is a log likelihood ratio.
    """
    held = held or {}
    free = [column for column in range(x.shape[1]) if column not in held]
    offset = sum((x[:, column] * value for column, value in held.items()), start=np.zeros(len(x)))
    w = np.ones(len(y)) if w is None else w
    w = w * np.where(y == 1, 1 / w[y == 1].sum(), 1 / w[y == 0].sum()) * (y == 1).sum() * 2
    design = np.column_stack([x[:, free], np.ones(len(x))])
    beta = np.zeros(design.shape[1])
    penalty = np.full(len(beta), ridge)
    penalty[-1] = 0.0
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(design @ beta + offset, -40, 40)))
        gradient = design.T @ (w * (y - p)) - penalty * beta
        hessian = (design * (w * p * (1 - p))[:, None]).T @ design + np.diag(penalty + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    found = np.zeros(x.shape[1] + 1)
    found[[*free, -1]] = beta
    for column, value in held.items():
        found[column] = value
    return found


def scores(x: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Log odds of rows."""
    return np.asarray(x @ beta[:-1] + beta[-1])


def rounded(values: np.ndarray, digits: int = 2) -> list[float]:
    """Numbers as they are shipped."""
    return [round(float(value), digits) for value in values]
