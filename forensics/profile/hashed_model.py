"""A logistic regression over hashed features: what reads names, places and words of talk."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def hashed(names: Iterable[str], bits: int) -> npt.NDArray[np.int64]:
    """Features as rows of the weights.

    Parameters
    ----------
    names : iterable of str
        Of the features.
    bits : int
        There are two to the power of so many rows.
    """
    return np.array([zlib.crc32(name.encode()) & ((1 << bits) - 1) for name in names], dtype=np.int64)


class HashedModel:
    """A multinomial logistic regression whose features are hashed into rows.

    Parameters
    ----------
    weights : array of float16, shape (2**bits, n_classes)
        One row per hashed feature, one column per class.
    intercept : array of float32, shape (n_classes,)
        By class.
    """

    def __init__(self, weights: npt.NDArray[np.float16], intercept: npt.NDArray[np.float32]) -> None:
        self.weights, self.intercept = weights, intercept

    def p_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Probability of each class, shape (n_classes,); the features count as a vector of length one."""
        score = self.weights[rows].sum(axis=0, dtype=np.float64) / np.sqrt(len(rows)) + self.intercept
        exp = np.exp(score - score.max())
        result: npt.NDArray[np.float64] = exp / exp.sum()
        return result
