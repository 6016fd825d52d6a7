"""Formulae against values worked out by hand, and their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.reidentification.anonymity import (
    bits,
    draw_k,
    effective_set,
    expected_rank,
    frechet_bound,
    k_quantile,
    kappa,
    matched_share,
    uniqueness,
    wilson,
)


@pytest.mark.parametrize(("q", "expected"), [(1.0, 0.0), (0.5, 1.0), (1 / 1024, 10.0)])
def test_bits(q, expected):
    assert bits(q) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("n", "q", "expected"),
    [
        (1, 0.5, 1.0),  # nobody else: always right
        (2, 0.5, 0.75),  # T is 0 or 1: (1 + 1/2) / 2
        (3, 0.5, 7 / 12),  # T is 0, 1, 2 with 1/4, 1/2, 1/4: 1/4 + 1/4 + 1/12
        (10, 1.0, 0.1),  # everybody matches
        (10, 0.0, 1.0),  # nobody does
        (83_200_000, 1 / 83_200_000, 1 - np.exp(-1)),  # n q = 1: (1 - e^-1) / 1
        (83_200_000, 1e-15, 1.0),
    ],
)
def test_kappa(n, q, expected):
    assert kappa(n, q) == pytest.approx(expected, rel=1e-6)


def test_kappa_is_the_mean_of_one_over_k():
    rng = np.random.default_rng(1)
    k = draw_k(rng, np.full(200_000, 1000), 0.003)
    assert kappa(1000, 0.003) == pytest.approx((1 / k).mean(), abs=0.002)


@pytest.mark.parametrize(
    ("n", "q", "expected"), [(1, 0.9, 1.0), (3, 0.5, 0.25), (2, 0.1, 0.9), (5, 0.0, 1.0)]
)
def test_uniqueness(n, q, expected):
    assert uniqueness(n, q) == pytest.approx(expected)


def test_k_of_a_certain_match_is_everybody():
    rng = np.random.default_rng(0)
    assert draw_k(rng, np.full(5, 100), 1.0).tolist() == [100.0] * 5
    assert draw_k(rng, np.full(5, 100), 0.0).tolist() == [1.0] * 5


@pytest.mark.parametrize(
    ("n", "q", "level", "expected"),
    [
        (10_000_001, 1e-7, 0.36, 1.0),  # Poisson(1): P(0) = .3679
        (10_000_001, 1e-7, 0.38, 2.0),
        (10_000_001, 1e-7, 0.93, 4.0),  # P(T <= 2) = .9197, P(T <= 3) = .981
        (1_000_001, 0.01, 0.5, 10_001.0),  # the median of the normal limit is the mean
    ],
)
def test_k_quantile(n, q, level, expected):
    assert k_quantile(n, q, level) == pytest.approx(expected)


def test_k_quantile_agrees_with_the_binomial():
    from scipy import stats

    levels = np.linspace(0.01, 0.99, 25)
    for n, q in ((100_000, 2e-5), (100_000, 3e-3), (5000, 0.2)):
        exact = 1 + stats.binom.ppf(levels, n - 1, q)
        assert np.abs(k_quantile(n, q, levels) - exact).max() <= max(1.0, 0.01 * exact.max())


def test_effective_set_and_rank():
    assert effective_set([0.5, 0.5]) == pytest.approx(2.0)
    assert effective_set([1.0, 0.0]) == pytest.approx(1.0)
    assert effective_set([0.5, 0.25, 0.25]) == pytest.approx(2**1.5)
    assert expected_rank([0.2, 0.5, 0.3]) == pytest.approx(0.5 + 2 * 0.3 + 3 * 0.2)
    assert expected_rank([1.0]) == pytest.approx(1.0)


def test_frechet_bound_takes_the_least_of_each_group():
    q = np.array([[0.1, 0.3], [0.2, 0.2], [0.5, 1.0]])
    assert frechet_bound(q, ["a", "a", "b"]) == pytest.approx([0.05, 0.2])
    assert frechet_bound(q, ["a", "b", "c"]) == pytest.approx(q.prod(axis=0))


def test_a_matched_surname_is_likelier_in_its_place():
    rng = np.random.default_rng(0)
    p, theta = np.full(200_000, 1e-4), np.full(200_000, 1e-3)
    # mean of Beta(p s + 1, (1 - p) s), s = (1 - θ) / θ, is p (1 - θ) + θ
    assert matched_share(rng, p, theta).mean() == pytest.approx(1e-4 * 0.999 + 1e-3, rel=0.02)


@pytest.mark.parametrize(
    ("successes", "trials", "expected"),
    [(0, 0, (0.0, 1.0)), (5, 10, (0.2366, 0.7634)), (0, 10, (0.0, 0.2775))],
)
def test_wilson(successes, trials, expected):
    assert wilson(successes, trials) == pytest.approx(expected, abs=1e-4)


populations = st.integers(min_value=1, max_value=10**10)
rates = st.floats(min_value=0.0, max_value=1.0)


@settings(deadline=None)
@given(n=populations, q=rates)
def test_success_lies_between_uniqueness_and_one(n, q):
    assert float(uniqueness(n, q)) - 1e-9 <= float(kappa(n, q)) <= 1.0 + 1e-9


@settings(deadline=None)
@given(n=populations, more=populations, q=rates, level=st.floats(min_value=1e-6, max_value=1 - 1e-6))
def test_a_larger_population_never_lowers_k(n, more, q, level):
    # At the seam of the two approximations (mean 50) the quantiles agree to one person.
    assert float(k_quantile(n + more, q, level)) >= float(k_quantile(n, q, level)) - 1.0


@settings(deadline=None)
@given(n=populations, q=rates, factor=st.floats(min_value=0.0, max_value=1.0))
def test_rarer_is_found_more_often(n, q, factor):
    assert float(kappa(n, q * factor)) >= float(kappa(n, q)) - 1e-9
