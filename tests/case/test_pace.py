"""The time that is left: true within a factor of two after a few batches, loading a model set aside."""

from __future__ import annotations

import pytest

from forensics.corridor.pace import LOADING_S, Pace, in_words


def test_nothing_is_told_before_the_pace_is_known() -> None:
    """The first batch ends after a minute of loading a model, which says nothing of the others."""
    pace = Pace(100)
    assert pace.left(60.0) is None
    for n in range(16):
        pace.advance(1, 84.0 + n * 0.01)
    assert pace.left(90.0) is None


def test_loading_a_model_is_no_part_of_the_pace() -> None:
    """A minute of loading, then batches of 16 at 1.5 s an item: 1,700 items."""
    pace, now = Pace(1700), 60.0
    for _ in range(6):
        now += 24.0
        for _ in range(16):
            pace.advance(1, now)
            now += 0.001
    assert pace.left(now + 2.0) == pytest.approx(1.5 * (1700 - 96), rel=0.05)
    assert pace.left(now + 20.0) == pytest.approx(1.5 * (1700 - 96) - 20, rel=0.05)


def test_a_batch_that_is_just_ending_does_not_confuse() -> None:
    pace = Pace(160)
    for batch in range(3):
        for n in range(16):
            pace.advance(1, 10.0 + batch * 24.0 + n * 0.01)
            if batch == 2 and n == 0:
                assert pace.left(10.0 + batch * 24.0) == pytest.approx(1.5 * 128 - 24, rel=0.05)


def test_it_is_no_part_of_it_where_items_are_short_either() -> None:
    pace = Pace(1000)
    for n in range(101):
        pace.advance(1, 30.0 + n * 0.3)
    assert pace.left(60.0) == pytest.approx(0.3 * 899, rel=0.05)


def test_what_comes_after_counts() -> None:
    pace = Pace(100, later=6.5)
    for n in range(1, 51):
        pace.advance(1, n * 2.0)
    assert pace.left(101.0) == pytest.approx(2.0 * 50 + 2.0 * 100 * 6.5 + LOADING_S, rel=0.05)


def test_it_never_falls_below_nothing() -> None:
    pace = Pace(4)
    for now in (1.0, 3.0, 5.0):
        pace.advance(1, now)
    assert pace.left(1000.0) == 0.0
    assert in_words(0.0) == "1 s"
