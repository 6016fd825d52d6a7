"""Scores of calibration against values worked out by hand, and on data calibrated by construction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.simulate.calibration import (
    auc,
    bootstrap,
    brier,
    brier_skill,
    coverage,
    ece,
    murphy,
    randomised_pit,
    recalibration,
    reliability,
)


def test_brier_by_hand():
    # (.2^2 + .4^2 + .3^2) / 3
    assert brier(np.array([0.2, 0.6, 0.7]), np.array([0.0, 1.0, 1.0])) == pytest.approx(
        (0.04 + 0.16 + 0.09) / 3
    )


def test_skill_by_hand():
    y = np.array([0.0, 1.0, 1.0, 0.0])
    assert brier_skill(np.full(4, 0.5), y) == pytest.approx(0.0)
    assert brier_skill(y, y) == pytest.approx(1.0)
    assert brier_skill(np.array([0.25, 0.75, 0.75, 0.25]), y) == pytest.approx(1 - 0.0625 / 0.25)


def test_ece_by_hand():
    p, y = np.array([0.2] * 5 + [0.8] * 5), np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 0], dtype=float)
    # bins: .2 against .4, .8 against .8
    assert ece(p, y, bins=2) == pytest.approx(0.1)


def test_reliability_bins_have_equal_mass():
    parts = reliability(np.linspace(0, 1, 100), np.zeros(100))
    assert [b.n for b in parts] == [10] * 10
    assert parts[0].predicted < parts[-1].predicted
    assert all(b.realised == 0 and b.low == 0 and b.high > 0.2 for b in parts)


def test_murphy_adds_up():
    p, y = np.array([0.2] * 5 + [0.8] * 5), np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 0], dtype=float)
    unreliable, resolved, uncertain = murphy(p, y, bins=2)
    # (.2 - .4)^2 / 2; ((.4 - .6)^2 + (.8 - .6)^2) / 2; .6 * .4
    assert (unreliable, resolved, uncertain) == pytest.approx((0.02, 0.04, 0.24))
    assert unreliable - resolved + uncertain == pytest.approx(brier(p, y))


def test_recalibration_of_calibrated_and_of_too_sure_forecasts():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.02, 0.98, 20_000)
    y = (rng.uniform(size=p.size) < p).astype(float)
    assert recalibration(p, y) == pytest.approx((0.0, 1.0), abs=0.06)
    logit = np.log(p / (1 - p))
    too_sure = 1 / (1 + np.exp(-2 * logit))
    assert recalibration(too_sure, y)[1] == pytest.approx(0.5, abs=0.04)


def test_pit_is_uniform_if_the_prediction_is_right():
    rng = np.random.default_rng(0)
    pit = np.array(
        [randomised_pit(1 + rng.poisson(2, 500), 1 + rng.poisson(2), rng.uniform()) for _ in range(2000)]
    )
    assert coverage(pit) == pytest.approx(0.9, abs=0.03)
    assert pit.mean() == pytest.approx(0.5, abs=0.03)


def test_pit_by_hand():
    drawn = np.array([1.0, 1.0, 2.0, 3.0])
    assert randomised_pit(drawn, 1.0, 0.5) == pytest.approx(0.25)
    assert randomised_pit(drawn, 2.0, 0.0) == pytest.approx(0.5)
    assert randomised_pit(drawn, 9.0, 0.5) == 1.0


def test_auc_by_hand():
    assert auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])) == pytest.approx(0.75)
    assert np.isnan(auc(np.array([0.1, 0.2]), np.zeros(2)))


def test_bootstrap_holds_the_score():
    rng = np.random.default_rng(0)
    p = rng.uniform(size=400)
    y = (rng.uniform(size=400) < p).astype(float)
    low, high = bootstrap(brier, p, y, times=200)
    assert low < brier(p, y) < high


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=60))
def test_scores_keep_their_bounds(cases):
    p, y = np.array([c[0] for c in cases]), np.array([float(c[1]) for c in cases])
    assert 0 <= ece(p, y) <= 1
    assert 0 <= brier(p, y) <= 1
    assert all(np.isfinite(recalibration(p, y)))
