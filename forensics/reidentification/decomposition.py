"""Which sampled input carries how much of the interval of P and K.

Sobol' indices (Sobol' 1993; Saltelli et al. 2010, Comput. Phys. Commun. 181:259; scipy.stats.sobol_indices):
of the variance over the sampled worlds, the part that an input explains alone (first order), and the part
that it has any share in (total). Two independent sets of worlds are drawn; for each input a third is made of
the first with this input from the second. What rests on assumptions is one group of inputs, of which the same
is asked; its Shapley effect against all others (Owen 2014, SIAM/ASA J. Uncertainty Quantification 2:245) is
the mean of its two indices, so that both sum to 1.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forensics.reidentification.anonymity import Array, k_quantile
from forensics.reidentification.learned import Learned
from forensics.reidentification.rates import assumption
from forensics.reidentification.worlds import Worlds

SAMPLES = 2048
"""Worlds of each set; the estimator asks for a power of two. First-order indices are good to about .03."""
OTHER = 7919
"""Added to the seed for the second set of worlds: any other number would do."""
TENTH = 0.1
"""Worlds at each end of an input that show how far it moves the result."""
LEAST = 1e-12
"""Variances below this are rounding (numerics, no model)."""
READING = "reading"
"""Basis of what is doubtful because of the recordings themselves: what was said, and of whom."""
CHANCE = "chance"
"""Basis of what no better figure would take away: how many others happen to fit."""


@dataclass(frozen=True)
class Input:
    """One input of the measurement, sampled on its own.

    Parameters
    ----------
    name : str
        One of :data:`forensics.case.kinds.INPUTS`.
    basis : str
        What its distribution rests on: ``measured``, ``survey``, ``assumption``, ``reading`` or ``chance``.
    columns : tuple of int
        Of the worlds, where it belongs to claims.
    of : Learned or None
        The claim, or the first of those about one person.
    """

    name: str
    basis: str
    columns: tuple[int, ...] = ()
    of: Learned | None = None


@dataclass(frozen=True)
class Share:
    """What one input does to the result.

    Parameters
    ----------
    low, high : float
        Mean success in the tenth of worlds where the input is lowest, and where it is highest.
    p_first, p_total : float or None
        First-order and total index for the probability of success; None where nothing varies.
    k_first, k_total : float or None
        The same for the logarithm of the anonymity set.
    """

    input: Input
    low: float
    high: float
    p_first: float | None
    p_total: float | None
    k_first: float | None
    k_total: float | None


@dataclass(frozen=True)
class Decomposition:
    """Shares of all inputs, the largest first, and of all assumptions together.

    Parameters
    ----------
    assumed_p, assumed_k : float or None
        Shapley effect of the assumptions as a group, in [0, 1]: share of the variance of the probability of
        success, and of the logarithm of the anonymity set.
    """

    shares: tuple[Share, ...]
    assumed_p: float | None
    assumed_k: float | None


def decompose(worlds: Worlds, used: Iterable[str]) -> Decomposition:
    """Share out the variance of one attack.

    Parameters
    ----------
    worlds : Worlds
        Of the adversary.
    used : iterable of str
        Ids of the claims that the attack matches.
    """
    ids = set(used)
    chosen = [i for i, claim in enumerate(worlds.columns) if claim.claim_id in ids]
    variants = worlds.served(chosen)
    columns = sorted({i for one in (*variants, chosen) for i in one})
    kept = [worlds.columns[i] for i in columns]
    place = {column: number for number, column in enumerate(columns)}
    variants = [tuple(place[i] for i in one) for one in variants]
    chosen = [place[i] for i in chosen]
    first = replace(worlds, learned=kept, draws=SAMPLES)
    second = replace(worlds, learned=kept, draws=SAMPLES, seed=worlds.seed + OTHER)
    inputs = _inputs(first)
    assumed = [one for one in inputs if one.basis == "assumption"]
    f_a, f_b = _values(first, chosen, variants), _values(second, chosen, variants)
    f_ab = np.stack([_values(_mixed(first, second, [one]), chosen, variants) for one in inputs])
    together = _values(_mixed(first, second, assumed), chosen, variants)
    p, k = (_indices(f_a[row], f_b[row], f_ab[:, row]) for row in (0, 1))
    shares = []
    for number, one in enumerate(inputs):
        low, high = _ends(_draws(first, one), f_a[0])
        share = Share(one, low, high, *p[number], *k[number])
        if (share.p_total or 0.0) > 0 or (share.k_total or 0.0) > 0:
            shares.append(share)
    shares.sort(key=lambda s: (-(s.p_total or 0.0), -(s.k_total or 0.0), s.input.name))
    return Decomposition(tuple(shares), *(_group(f_a[row], f_b[row], together[row]) for row in (0, 1)))


def _inputs(worlds: Worlds) -> list[Input]:
    listed = worlds.listed.basis if worlds.listed is not None else "assumption"
    found = [Input("listed", listed)]
    if worlds.recognises:
        return found
    found += [
        Input("surname_clustering", assumption("theta").basis),
        Input("dependence", assumption("dependence").basis),
        Input("joint_rate", assumption("discrepancy").basis),
        Input("chance", CHANCE),
    ]
    if worlds.unheard:
        found.append(Input("unheard", "assumption"))
    people: dict[str, list[int]] = {}
    for i, claim in enumerate(worlds.columns):
        found.append(Input("base_rate", claim.rate.basis, (i,), claim))
        people.setdefault(claim.person, []).append(i)
    found += [Input("truth", READING, tuple(own), worlds.columns[own[0]]) for own in people.values()]
    return found


def _mixed(first: Worlds, second: Worlds, inputs: Iterable[Input]) -> Worlds:
    """The first worlds with these inputs as in the second ones."""
    mixed = copy.copy(first)
    for one in inputs:
        if one.name in _FIELDS:
            for name in _FIELDS[one.name]:
                mixed.__dict__[name] = getattr(second, name)
        elif one.name == "truth":
            mixed.__dict__["truth"] = _swapped(mixed.truth, second.truth, one.columns)
        else:
            mixed.__dict__["rates"] = _swapped(mixed.rates, second.rates, one.columns)
            mixed.__dict__["known"] = tuple(
                _swapped(mine, other, one.columns)
                for mine, other in zip(mixed.known, second.known, strict=True)
            )
    mixed.__dict__.pop("local_rates", None)  # what follows from the rates and the clustering
    return mixed


_FIELDS = {
    "listed": ("reach",),
    "surname_clustering": ("theta",),
    "dependence": ("dependence",),
    "joint_rate": ("discrepancy",),
    "chance": ("chance",),
    "unheard": ("unheard",),
}


def _swapped(mine: Array, other: Array, columns: Sequence[int]) -> Array:
    found = mine.copy(order="F")
    found[:, list(columns)] = other[:, list(columns)]
    return found


def _values(worlds: Worlds, used: Sequence[int], variants: Sequence[tuple[int, ...]]) -> Array:
    """Probability of success and logarithm of K in each world, shape (2, draws)."""
    sizes, q, success = worlds.outcome(used, variants)
    return np.stack([success, np.log(k_quantile(sizes, q, worlds.chance))])


def _indices(f_a: Array, f_b: Array, f_ab: Array) -> list[tuple[float | None, float | None]]:
    """First-order and total index of each input."""
    from scipy.stats import sobol_indices

    both = np.concatenate([f_a, f_b])
    if both.var() < LEAST:
        return [(None, None)] * len(f_ab)
    if len(f_ab) == 1:
        return [(1.0, 1.0)]
    middle = both.mean()  # the estimator is the steadier, the nearer the values are to 0
    functions = {"f_A": f_a[None] - middle, "f_B": f_b[None] - middle, "f_AB": f_ab[:, None] - middle}
    result = sobol_indices(func=functions, n=len(f_a))
    pairs = zip(np.ravel(result.first_order), np.ravel(result.total_order), strict=True)
    return [(_within(first), _within(total)) for first, total in pairs]


def _group(f_a: Array, f_b: Array, f_ab: Array) -> float | None:
    """Shapley effect of the inputs that `f_ab` has from `f_b`, against all others.

    The mean of the first-order and the total index, both by Jansen (1999): exactly 1 for all inputs.
    """
    whole = ((f_a - f_b) ** 2).mean()
    if whole < LEAST:
        return None
    return _within(0.5 + (((f_a - f_ab) ** 2).mean() - ((f_b - f_ab) ** 2).mean()) / (2 * whole))


def _within(value: float) -> float:
    """An estimate may fall a little outside what it estimates."""
    return float(min(1.0, max(0.0, value)))


def _draws(worlds: Worlds, one: Input) -> Array | None:
    """The draws of an input, where it is a number; of a truth those of its least sure claim."""
    if one.name == "unheard":
        return None
    if one.name == "base_rate":
        return worlds.rates[:, one.columns[0]]
    if one.name == "truth":
        return np.asarray(worlds.truth[:, list(one.columns)].min(axis=1))
    values: Array = getattr(worlds, _FIELDS[one.name][0])
    return values


def _ends(values: Array | None, success: Array) -> tuple[float, float]:
    """Mean success in the tenth of worlds with the lowest draws, and with the highest."""
    if values is None:
        return float(success.mean()), float(success.mean())
    low, high = np.quantile(values, [TENTH, 1 - TENTH])
    return float(success[values <= low].mean()), float(success[values >= high].mean())
