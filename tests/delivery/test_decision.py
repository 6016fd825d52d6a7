"""Costs, posteriors and swaps, by hand-computed values."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.delivery.decision import Costs, decide, posterior
from forensics.delivery.swaps import find_swaps, pair_probability


def test_the_threshold_is_where_the_costs_balance() -> None:
    assert Costs(200, 1).threshold == pytest.approx(1 / 201)
    assert Costs(1, 1).threshold == 0.5


def test_the_posterior_by_hand() -> None:
    """8 bits for the other of two, 2 against oneself, prior .01: .005 · 256, .99 / 4 and .005 outside."""
    p, alternative = posterior(-2.0, {"r2": 8.0}, 0.01)
    assert p == pytest.approx(1 - 0.2475 / (0.2475 + 0.005 + 1.28))
    assert alternative == "r2"
    assert posterior(0.0, {}, 0.01) == (pytest.approx(0.01), None)


@given(st.floats(-20, 20), st.lists(st.floats(-20, 20), max_size=5), st.floats(1e-6, 0.5))
def test_more_evidence_for_oneself_never_raises_the_probability(
    own: float, rest: list[float], prior: float
) -> None:
    others = {str(n): bits for n, bits in enumerate(rest)}
    p, _ = posterior(own, others, prior)
    assert 0 <= posterior(own + 1, others, prior)[0] <= p <= 1


def test_the_three_ways() -> None:
    plain = {"blocked": False, "doubtful": False, "comparable": True}
    assert decide(0.004, Costs(), **plain) == "release"
    assert decide(0.006, Costs(), **plain) == "review"
    assert decide(0.5, Costs(), **plain) == "block"
    assert decide(0.0, Costs(), **{**plain, "doubtful": True}) == "review"
    assert decide(0.0, Costs(), **{**plain, "blocked": True}) == "block"
    assert decide(0.9, Costs(), **{**plain, "comparable": False}) == "review"  # it abstains


def test_what_is_no_number_never_releases() -> None:
    plain = {"blocked": False, "doubtful": False, "comparable": True}
    nan = float("nan")
    assert decide(nan, Costs(), **plain) == "review"
    assert decide(1e-9, Costs(nan, 1), **plain) == "review"
    assert Costs(1e308, 1e308).threshold == 0.5


def test_a_swap_and_a_circle_of_three_are_found_and_the_rest_left_alone() -> None:
    names = ["a", "b", "c", "d", "e", "f"]
    delivered = {"a": "b", "b": "a", "c": "d", "d": "e", "e": "c", "f": "f"}
    bits = {n: {m: 9.0 if m == delivered[n] else -3.0 for m in names} for n in names}
    found = find_swaps(bits, dict.fromkeys(names, 1e-4))
    assert [s.requests for s in found] == [("c", "d", "e"), ("a", "b")]
    assert all(s.p > 0.99 for s in found)
    assert found[1].bits == 24.0


def test_weak_evidence_is_no_swap() -> None:
    bits = {"a": {"a": 0.0, "b": 3.0}, "b": {"a": 3.0, "b": 0.0}}
    assert find_swaps(bits, {"a": 1e-4, "b": 1e-4}) == []
    assert pair_probability("a", "b", bits, 1e-4) == pytest.approx(1 / (1 + 1e4 / 64))
    assert [s.requests for s in find_swaps(bits, {"a": 0.1, "b": 0.1})] == [("a", "b")]


@given(st.integers(2, 5), st.integers(0, 10_000))
def test_the_assignment_is_the_best_of_all_permutations(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"r{k}" for k in range(n)]
    matrix = rng.normal(0, 12, (n, n))
    bits = {i: {j: float(matrix[a, b]) for b, j in enumerate(names)} for a, i in enumerate(names)}
    edge = 0.5 * np.log2(1e-2 / (n - 1))
    score = matrix + edge * (1 - np.eye(n))
    best = max(itertools.permutations(range(n)), key=lambda p: sum(score[i, p[i]] for i in range(n)))
    moved = {names[i] for i in range(n) if best[i] != i}
    found = {name for swap in find_swaps(bits, dict.fromkeys(names, 1e-2)) for name in swap.requests}
    assert found <= moved
    gains = sum(score[i, best[i]] - score[i, i] for i in range(n))
    assert bool(found) or gains < n  # a clear gain is never passed over
