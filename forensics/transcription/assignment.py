"""Assign lines to recordings one to one, so that all of them together are likeliest.

A line may belong to no recording, and a recording may have no line: both are alternatives with a weight of
their own, so that a weak likeness loses against "neither".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISSING = 0.03
"""Share of lines without a recording, and of recordings without a line: an assumption. It is not estimated:
a recording that was badly heard looks like one whose line is missing, and taking it for that costs more right
pairs than it saves wrong ones (tuning half)."""
_SINKHORN = 60


@dataclass(frozen=True)
class Assignment:
    """Who goes with whom.

    Parameters
    ----------
    chosen : ndarray of int, shape (lines,)
        The recording of each line, -1 for none.
    pairs : ndarray of int, shape (pairs, 2)
        Lines and recordings that could belong together.
    probability : ndarray of float, shape (pairs,)
        Of each pair, given all the others.
    """

    chosen: NDArray[np.intp]
    pairs: NDArray[np.intp]
    probability: NDArray[np.float64]


def assign(evidence: Sequence[tuple[int, int, float]], lines: int, recordings: int) -> Assignment:
    """The likeliest assignment and the probability of each pair.

    Parameters
    ----------
    evidence : sequence of (int, int, float)
        Line, recording, log likelihood ratio.
    lines, recordings : int
        How many there are.

    Notes
    -----
    With a share m missing on either side a pair's odds against "neither" are LR (1-m)² / (R m²), R the
    number of recordings: a line that is there belongs to one of them.
    """
    chosen = np.full(lines, -1, np.intp)
    if not evidence:
        return Assignment(chosen, np.empty((0, 2), np.intp), np.empty(0))
    pairs = np.array([(i, j) for i, j, _ in evidence], np.intp)
    ratios = np.array([value for _, _, value in evidence])
    odds = ratios + 2 * np.log((1 - MISSING) / MISSING) - np.log(recordings)
    probability = _marginals(pairs, odds, lines, recordings)
    possible = odds > 0
    chosen = _best(pairs[possible], odds[possible], lines, recordings)
    return Assignment(chosen, pairs, probability)


def _best(
    pairs: NDArray[np.intp], odds: NDArray[np.float64], lines: int, recordings: int
) -> NDArray[np.intp]:
    """Maximum weight matching; each line has a column of its own that stands for "no recording"."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    everyone = np.arange(lines)
    rows = np.concatenate([pairs[:, 0], everyone])
    columns = np.concatenate([pairs[:, 1], recordings + everyone])
    # each line is in exactly one pair, so a constant changes nothing; a cost of zero would be no edge
    costs = 1.0 + odds.max(initial=0.0) - np.concatenate([odds, np.zeros(lines)])
    graph = csr_matrix((costs, (rows, columns)), shape=(lines, recordings + lines))
    at, to = min_weight_full_bipartite_matching(graph)
    chosen = np.full(lines, -1, np.intp)
    chosen[at] = np.where(to < recordings, to, -1)
    return chosen


def _marginals(
    pairs: NDArray[np.intp], odds: NDArray[np.float64], lines: int, recordings: int
) -> NDArray[np.float64]:
    """Probability of each pair: rows and columns scaled in turn, with one weight for "none" in each.

    Notes
    -----
    Sinkhorn's iteration on the matrix of odds with a slack row and column; it approximates the marginals of
    the distribution over matchings.
    """
    weights = np.exp(np.clip(odds, -50.0, 50.0))
    row, column = pairs[:, 0], pairs[:, 1]

    def scale(other: NDArray[np.float64], at: NDArray[np.intp], count: int) -> NDArray[np.float64]:
        return np.asarray(1.0 / (1.0 + np.bincount(at, weights * other, count)), np.float64)

    down: NDArray[np.float64] = np.ones(recordings)
    for _ in range(_SINKHORN):
        across = scale(down[column], row, lines)
        down = scale(across[row], column, recordings)
    across = scale(down[column], row, lines)
    found: NDArray[np.float64] = across[row] * weights * down[column]
    # the scaling ends before it rests: lines sum to 1 at most, a recording may be a few per cent above
    return found / np.maximum(np.bincount(column, found, recordings), 1.0)[column]
