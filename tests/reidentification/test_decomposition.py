"""Which input the interval comes from: the shares of a case that can be told by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forensics.reidentification.decomposition import decompose
from forensics.reidentification.learned import Learned
from forensics.reidentification.population import population
from forensics.reidentification.rates import Rate
from forensics.reidentification.worlds import Worlds

PEOPLE = population("DE", "test")


def one_claim(spread: tuple[float, float], p_role: float, listed: Rate, basis: str = "survey") -> Worlds:
    middle = float(np.sqrt(spread[0] * spread[1]))
    rate = Rate(middle, 20.0, "person", basis, "test", spread, key="test")
    claim = Learned(
        "clm-1", "first_name", "subject", "Anna", 1.0, p_role, {}, frozenset({"audio"}), "g", rate
    )
    return Worlds([claim], PEOPLE, "machine", 0, 2000, listed=listed, structural=False)


def test_an_input_that_alone_decides_has_all_of_the_variance():
    listed = Rate(0.6, 20.0, "person", "assumption", "test", (0.3, 0.9), key="test")
    # one in a billion: the claim fits nobody else, so that only being found at all is left
    found = decompose(one_claim((1e-9, 1.0001e-9), 1.0, listed), ["clm-1"])
    first = found.shares[0]
    assert first.input.name == "listed"
    assert first.p_first == pytest.approx(1.0, abs=0.1)
    assert first.p_total == pytest.approx(1.0, abs=0.1)
    assert found.assumed_p == pytest.approx(1.0, abs=1e-6)
    assert first.low < 0.4 < 0.8 < first.high


def test_what_is_measured_is_not_counted_as_assumed():
    surely = Rate(1.0, 1e9, "person", "assumption", "test", (1.0, 1.0), key="test")
    wide = one_claim((1e-9, 1e-6), 1.0, surely)
    measured = decompose(wide, ["clm-1"])
    assert measured.shares[0].input.name == "base_rate"
    assert measured.assumed_p == pytest.approx(0.0, abs=1e-6)
    rate = replace(wide.columns[0].rate, basis="assumption")
    assumed = decompose(replace(wide, learned=[replace(wide.columns[0], rate=rate)]), ["clm-1"])
    assert assumed.assumed_p == pytest.approx(1.0, abs=1e-6)
    assert 0.5 < assumed.assumed_k < 1.0  # the rest is chance: how many others happen to fit
