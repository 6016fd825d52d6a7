"""The identification curve and what it is attributed to."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest

from forensics.case.options import Options
from forensics.profile.evidence import p_any
from forensics.reidentification.curve import Recording, best_first, reached, trace
from forensics.reidentification.listening import Listening
from forensics.reidentification.population import population

OPTIONS = Options(population="DE", draws=400)


def claim(
    claim_id: str, attribute: str, role: str, value: str, recordings: list[int], p: float = 0.95
) -> dict[str, Any]:
    return {
        "claim_id": claim_id, "attribute": attribute, "subject_role": role, "value": value,
        "alternatives": [],
        "roles": [{"value": role, "probability": 1.0}], "p_true": p, "support": [],
        "recordings": [f"rec-{n}" for n in recordings], "n_support": len(recordings), "dep_group": attribute,
        "reason": "", "data_subject_group": "g",
        "details": [{"name": "p_value", "value": str(p)}, {"name": "p_role", "value": "1.0"},
                    {"name": "sources", "value": "audio"}],
    }  # fmt: skip


def household() -> list[dict[str, Any]]:
    return [
        claim("c1", "home_place", "subject", "Oldenburg", [1, 5, 7]),
        claim("c2", "first_name", "subject", "Oliver", [3]),
        claim("c3", "surname", "subject", "Brinkenthal", [3], p=0.9),
        claim("c4", "child", "child", "Jonas", [8, 9]),
        claim("c5", "home_place", "subject", "Emden", []),
    ]


def recordings(n: int = 12, *, dated: int | None = None) -> list[Recording]:
    known = n if dated is None else dated
    return [
        Recording(f"rec-{i}", f"2018-05-{i + 1:02d}T08:00:00+00:00" if i < known else None, 2.0)
        for i in range(n)
    ]


def listening() -> Listening:
    numbers = {f"rec-{i}": i for i in range(12)}
    return Listening.of_claims(household(), numbers, population("DE", "test"), OPTIONS)


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict[str, Any]]]:
    return trace("g", household(), recordings(), options=OPTIONS)


def of(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    return [r for r in rows if r["order"] == order]


def test_every_order_starts_at_one_in_the_population_and_ends_at_the_whole(found):
    ends = set()
    for order in ("chronological", "random", "best_first"):
        rows = of(found["curve"], order)
        assert rows[0]["n_recordings"] == 0
        assert rows[0]["p_identify_mid"] < 1e-7
        assert rows[-1]["n_recordings"] == 12
        assert rows[-1]["audio_s"] == pytest.approx(24.0)
        ends.add(round(rows[-1]["p_identify_mid"], 9))
    assert len(ends) == 1


def test_hearing_more_never_makes_the_subject_harder_to_find(found):
    for order in ("chronological", "random", "best_first"):
        values = [r["p_identify_mid"] for r in of(found["curve"], order)]
        assert all(b >= a - 1e-9 for a, b in pairwise(values))
        for row in of(found["curve"], order):
            assert row["p_identify_lo"] <= row["p_identify_mid"] <= row["p_identify_hi"]


def test_best_first_is_nowhere_behind_the_other_orders(found):
    best = of(found["curve"], "best_first")
    for row in of(found["curve"], "chronological"):
        so_far = [b["p_identify_mid"] for b in best if b["n_recordings"] <= row["n_recordings"]]
        assert max(so_far) >= row["p_identify_mid"] - 0.02
    assert best[1]["recording_id"] == "rec-3"  # the full name


def test_the_end_is_the_attack_on_everything():
    heard = listening()
    whole = heard.value(heard.everything)
    best = heard.worlds.attack().success.mean()
    assert whole == pytest.approx(best, rel=0.1)


def test_a_bundle_without_times_has_no_chronological_order():
    assert not of(trace("g", household(), recordings(dated=0), options=OPTIONS)["curve"], "chronological")
    assert of(trace("g", household(), recordings(dated=11), options=OPTIONS)["curve"], "chronological")


def test_without_claims_there_is_no_curve():
    assert trace("g", [], recordings(), options=OPTIONS) == {"curve": [], "attribution": []}


def test_a_reading_grows_surer_as_the_profile_says():
    heard = listening()
    column = next(i for i, c in enumerate(heard.claims) if c.claim_id == "c1")
    one = heard._scales[column][1] * 0.95
    assert p_any([one] * 3) == pytest.approx(0.95, abs=1e-6)


def test_shapley_values_sum_to_the_whole_and_agree_with_all_orders_enumerated(found):
    heard = listening()
    n = len(heard.claims)
    exact = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        counts, before = [0] * n, heard.value((0,) * n)
        for column in order:
            counts[column] = heard.everything[column]
            now = heard.value(tuple(counts))
            exact[column] += (now - before) / len(orders)
            before = now
    rows = {r["item"]: r for r in found["attribution"] if r["unit"] == "claim"}
    whole = heard.value(heard.everything)
    assert sum(r["shapley"] for r in rows.values()) == pytest.approx(whole, abs=1e-6)
    families = [r for r in found["attribution"] if r["unit"] == "family"]
    assert sum(r["shapley"] for r in families) == pytest.approx(whole, abs=1e-6)
    for i, one in enumerate(heard.claims):
        row = rows[one.claim_id]
        assert abs(row["shapley"] - exact[i]) <= 5 * row["shapley_se"] + 1e-6
    sounds = [r for r in found["attribution"] if r["unit"] == "recording"]
    assert sum(r["shapley"] for r in sounds) == pytest.approx(whole, abs=1e-6)


def test_what_is_said_elsewhere_too_can_be_left_out(found):
    rows = {r["item"]: r for r in found["attribution"] if r["unit"] == "recording"}
    assert set(rows) == {f"rec-{i}" for i in (1, 3, 5, 7, 8, 9)}  # all others add nothing
    assert rows["rec-3"]["leave_one_out"] > 10 * abs(rows["rec-5"]["leave_one_out"])
    assert rows["rec-3"]["first_mention"] == 4


def test_the_first_step_at_or_above_a_threshold():
    rows = [{"p_identify_mid": p, "p_if_listed": 2 * p} for p in (0.0, 0.3, 0.45)]
    assert reached(rows, 0.3) is rows[1]
    assert reached(rows, 0.5) is None
    assert reached(rows, 0.9, "p_if_listed") is rows[2]


def test_the_shortest_of_equal_recordings_comes_first():
    sounds = [Recording(r.recording_id, r.started_at, 9.0 - i % 7) for i, r in enumerate(recordings())]
    order = best_first(listening(), sounds)
    at_home = [n for n in order if n in (1, 5, 7)]
    assert at_home == sorted(at_home, key=lambda n: sounds[n].seconds)


def test_the_demo_case_has_a_curve(demo_case):
    curve, attribution = demo_case.frame("curve"), demo_case.frame("attribution")
    risk = demo_case.frame("risk")
    group = curve["data_subject_group"].iloc[0]
    whole = curve[(curve["data_subject_group"] == group) & (curve["order"] == "random")].iloc[-1]
    mine = risk[(risk["data_subject_group"] == group) & (risk["scope"] == "audio")]
    bundle = mine[(mine["adversary"] == "stranger") & (mine["attacker"] == "machine")].iloc[0]
    assert whole["p_identify_mid"] == pytest.approx(bundle["p_identify_mid"], rel=0.25, abs=0.02)
    assert set(attribution["unit"]) == {"recording", "claim", "family"}
