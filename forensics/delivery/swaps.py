"""Which open requests got each other's bundle: by pairs, and by the best assignment of all to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forensics.delivery.decision import odds_to_probability

SURE = 0.5
"""Assumption: a cycle is reported from this probability on."""


@dataclass(frozen=True)
class Swap:
    """Requests whose bundles went round in a circle; two of them are a plain swap.

    Parameters
    ----------
    requests : tuple of str
        The first got the second's bundle, the second the third's, and so on.
    bits : float
        How much better the exchanged bundles fit than the delivered ones, log2.
    p : float
        Probability, with the prior.
    """

    requests: tuple[str, ...]
    bits: float
    p: float


def find_swaps(bits: Mapping[str, Mapping[str, float]], priors: Mapping[str, float]) -> list[Swap]:
    """Swapped bundles among open requests.

    Parameters
    ----------
    bits : mapping
        From request to account: log2 of P(bundle | account) / P(bundle | another customer).
    priors : mapping
        Probability of mis-delivery of each request.

    Returns
    -------
    list of Swap
        The most probable first.

    Notes
    -----
    The assignment that maximises the sum of log posteriors is found with
    :func:`scipy.optimize.linear_sum_assignment` (Crouse 2016, IEEE Trans. Aerosp. Electron. Syst. 52:1679).
    Each wrong edge carries half of log2(prior / (n - 1)), so that a pair carries it once: a swap is one
    mistake, not two.
    """
    from scipy.optimize import linear_sum_assignment

    names = sorted(bits)
    if len(names) < 2:
        return []
    edge = {name: 0.5 * float(np.log2(priors[name] / (len(names) - 1))) for name in names}
    score = np.array([[bits[i][j] + (edge[i] if i != j else 0.0) for j in names] for i in names])
    rows, columns = linear_sum_assignment(score, maximize=True)
    chosen = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    found = []
    left = {i for i, j in chosen.items() if i != j}
    while left:
        start = min(left)
        cycle = [start]
        while chosen[cycle[-1]] != start:
            cycle.append(chosen[cycle[-1]])
        left -= set(cycle)
        gain = float(sum(score[i, chosen[i]] - score[i, i] for i in cycle))
        fit = float(sum(bits[names[i]][names[chosen[i]]] - bits[names[i]][names[i]] for i in cycle))
        if (p := odds_to_probability(gain)) >= SURE:
            found.append(Swap(tuple(names[i] for i in cycle), round(fit, 2), p))
    return sorted(found, key=lambda swap: (-swap.p, swap.requests))


def pair_probability(one: str, other: str, bits: Mapping[str, Mapping[str, float]], prior: float) -> float:
    """Probability that two requests got each other's bundle, looked at alone.

    Notes
    -----
    Odds prior / (n - 1) times 2^D with D = (l12 + l21) - (l11 + l22).
    """
    difference = bits[one][other] + bits[other][one] - bits[one][one] - bits[other][other]
    return odds_to_probability(difference + float(np.log2(prior / max(len(bits) - 1, 1))))
