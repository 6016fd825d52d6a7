"""Formulae of anonymity and re-identification, on numbers and arrays alone.

Notation: a population of `n` people, one of whom is the subject; `q` is the probability that any one of the
others matches all claims. T, the number of others who match, is Binomial(n - 1, q); the anonymity set is K
= 1 + T.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
POISSON_BELOW = 50.0
"""Means below this are counted term by term, those above by the normal distribution (numerics, no model)."""
MOST_TERMS = 200
"""Terms that are summed: 21 standard deviations above the largest of those means."""


def bits(q: npt.ArrayLike) -> Array:
    """Surprisal of a match, in bits (Eckersley 2010).

    Parameters
    ----------
    q : array_like
        Probability of a match, above 0.

    Examples
    --------
    >>> float(bits(0.125))
    3.0
    """
    return -np.log2(np.asarray(q, dtype=np.float64)) + 0.0  # + 0.0 makes -0.0 a plain zero


def kappa(n: npt.ArrayLike, q: npt.ArrayLike) -> Array:
    """Expected success of an attacker who names one of the K matching people at random, E[1 / (1 + T)].

    Parameters
    ----------
    n : array_like
        Population size, at least 1.
    q : array_like
        Probability that another member matches, in [0, 1].

    Returns
    -------
    ndarray of float
        ``(1 - (1 - q)^n) / (n q)``, the closed form of Rocher et al. (2019); 1 as q goes to 0.

    Examples
    --------
    >>> round(float(kappa(2, 0.5)), 6)  # T is 0 or 1 with probability 1/2 each: (1 + 1/2) / 2
    0.75
    """
    size = np.asarray(n, dtype=np.float64)
    prob = np.asarray(q, dtype=np.float64)
    mean = size * prob
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (
            -np.expm1(size * np.log1p(-np.minimum(prob, 1.0))) / mean
        )  # exact where 1 - q would round to 1
    return np.where(mean < 1e-12, 1.0, value)


def uniqueness(n: npt.ArrayLike, q: npt.ArrayLike) -> Array:
    """Probability that nobody else matches, P(T = 0) = (1 - q)^(n - 1).

    Examples
    --------
    >>> round(float(uniqueness(3, 0.5)), 6)
    0.25
    """
    size = np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_others = (size - 1) * np.log1p(-np.minimum(np.asarray(q, dtype=np.float64), 1.0))
    return np.where(size <= 1, 1.0, np.exp(log_others))


def draw_k(rng: np.random.Generator, n: npt.ArrayLike, q: npt.ArrayLike) -> Array:
    """Anonymity sets drawn, K = 1 + Binomial(n - 1, q).

    Parameters
    ----------
    n, q : array_like
        Broadcast against each other.
    """
    size = np.asarray(n, dtype=np.int64)
    return 1.0 + rng.binomial(np.maximum(size - 1, 0), np.clip(q, 0.0, 1.0)).astype(np.float64)


def k_quantile(n: npt.ArrayLike, q: npt.ArrayLike, uniform: npt.ArrayLike) -> Array:
    """The quantile of K at `uniform`, so that one set of uniform numbers makes K monotone in `n` and in `q`.

    Parameters
    ----------
    uniform : array_like
        In (0, 1), one per draw.
    """
    from scipy import special

    size = np.maximum(np.asarray(n, dtype=np.float64) - 1, 0)
    prob = np.clip(np.asarray(q, dtype=np.float64), 0.0, 1.0)
    mean = size * prob
    level = np.asarray(uniform, dtype=np.float64)
    size, prob, mean, level = np.broadcast_arrays(size, prob, mean, level)
    found = np.empty(mean.shape)
    few = mean < POISSON_BELOW
    if few.any():
        # Poisson limit: within 1e-5 of the binomial for the populations of a country (q < 50 / n).
        found[few] = _poisson_quantile(mean[few], level[few])
    many = ~few
    spread = np.sqrt(mean[many] * (1 - prob[many]))
    found[many] = np.clip(np.round(mean[many] + spread * special.ndtri(level[many])), 0, size[many])
    return 1.0 + np.minimum(found, size)


def effective_set(posterior: Sequence[float] | Array) -> float:
    """Effective anonymity set 2^H of a posterior over candidates (Serjantov and Danezis, Diaz et al., 2002).

    Examples
    --------
    >>> effective_set([0.25, 0.25, 0.25, 0.25])
    4.0
    """
    p = np.asarray(posterior, dtype=np.float64)
    p = p[p > 0] / p.sum()
    return float(2.0 ** -(p * np.log2(p)).sum())


def expected_rank(posterior: Sequence[float] | Array) -> float:
    """Guessing entropy: candidates contacted until the right one, when the likeliest are tried first.

    Examples
    --------
    >>> expected_rank([0.5, 0.25, 0.25])
    1.75
    """
    p = np.sort(np.asarray(posterior, dtype=np.float64))[::-1]
    return float((p / p.sum() * np.arange(1, len(p) + 1)).sum())


def frechet_bound(q: Sequence[Array], groups: Sequence[str]) -> Array:
    """Upper bound of the probability that all claims match, when claims of one group may depend in any way.

    Parameters
    ----------
    q : sequence of ndarray, shape (draws,)
        Of each claim.
    groups : sequence of str
        The dependence group of each claim.

    Returns
    -------
    ndarray, shape (draws,)
        The least q of each group (Fréchet's upper bound), multiplied across groups.

    Examples
    --------
    >>> frechet_bound(np.array([[0.1], [0.2], [0.5]]), ["a", "a", "b"]).round(6).tolist()
    [0.05]
    """
    least: dict[str, Array] = {}
    for one, group in zip(q, groups, strict=True):
        least[group] = np.minimum(least[group], one) if group in least else one
    bound = np.ones(len(q[0]))
    for group in sorted(least):
        bound *= least[group]
    return bound


def matched_share(rng: np.random.Generator, p: Array, theta: Array) -> Array:
    """Share of a place's people who bear a surname that is known to occur there (Balding & Nichols 1994).

    A surname clusters: having met it once in a place makes it likelier there. The count among the others
    of the place is BetaBinomial(n - 1, p (1 - θ) / θ + 1, (1 - p)(1 - θ) / θ); this draws its success
    probability.

    Parameters
    ----------
    p : ndarray
        Share of the surname in the country, one per draw.
    theta : ndarray
        Coancestry (isonymy within places against the whole), in (0, 1).

    Returns
    -------
    ndarray
        With mean ``(p (1 - θ) + θ)``, as ``(p s + 1) / (s + 1)`` for ``s = (1 - θ) / θ``.
    """
    scale = (1.0 - theta) / theta
    return rng.beta(p * scale + 1.0, (1.0 - p) * scale)


def wilson(successes: float, trials: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's score interval of a proportion.

    Examples
    --------
    >>> tuple(round(x, 4) for x in wilson(5, 10))
    (0.2366, 0.7634)
    """
    if trials <= 0:
        return 0.0, 1.0
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))


def _poisson_quantile(mean: Array, level: Array) -> Array:
    """Smallest t with P(Poisson(mean) <= t) >= level, for means below :data:`POISSON_BELOW`."""
    found = np.zeros(mean.shape)
    term = np.exp(-mean)
    cumulated = term.copy()
    open_ = cumulated < level
    t = 0
    while open_.any() and t < MOST_TERMS:
        t += 1
        term = term * mean / t
        cumulated = cumulated + term
        found[open_] = t
        open_ = cumulated < level
    return found
