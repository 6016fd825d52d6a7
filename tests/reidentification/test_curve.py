"""The identification curve and what it is attributed to."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest

from forensics.case.options import Options
from forensics.profile.evidence import p_any
from forensics.reidentification.curve import (
    OVERHEAD_S,
    TEXT_OVERHEAD_S,
    WORDS_PER_S,
    TimedUtterance,
    best_first,
    reached,
    trace,
)
from forensics.reidentification.listening import Listening
from forensics.reidentification.population import population
from tests.rows import at, claim_row, utterance_row

OPTIONS = Options(population="DE", draws=400)


def claim(
    claim_id: str, attribute: str, role: str, value: str, utterances: list[int], p: float = 0.95
) -> dict[str, Any]:
    support = [f"utt-{n}" for n in utterances]
    return claim_row(
        attribute, value, role=role, p=p, claim_id=claim_id, utterance_ids=support, n_support=len(support)
    )


def household() -> list[dict[str, Any]]:
    return [
        claim("c1", "home_place", "subject", "Oldenburg", [1, 5, 7]),
        claim("c2", "first_name", "subject", "Oliver", [3]),
        claim("c3", "surname", "subject", "Brinkenthal", [3], p=0.9),
        claim("c4", "child", "child", "Jonas", [8, 9]),
        claim("c5", "home_place", "subject", "Emden", []),
    ]


def utterances(n: int = 12, *, dated: int | None = None) -> list[TimedUtterance]:
    known = n if dated is None else dated
    return [
        TimedUtterance(f"utt-{i}", at(i + 1).isoformat() if i < known else None, 2.0, 2.0 + OVERHEAD_S)
        for i in range(n)
    ]


def listening() -> Listening:
    numbers = {f"utt-{i}": i for i in range(12)}
    return Listening.of_claims(household(), numbers, population("DE", "test"), OPTIONS)


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict[str, Any]]]:
    return trace("g", household(), utterances(), options=OPTIONS)


def of(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    return [r for r in rows if r["order"] == order]


def test_every_order_starts_at_one_in_the_population_and_ends_at_the_whole(found):
    ends = set()
    for order in ("chronological", "random", "best_first"):
        rows = of(found["curve"], order)
        assert rows[0]["n_utterances"] == 0
        assert rows[0]["p_identify_mid"] < 1e-7
        assert rows[-1]["n_utterances"] == 12
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
        so_far = [b["p_identify_mid"] for b in best if b["n_utterances"] <= row["n_utterances"]]
        assert max(so_far) >= row["p_identify_mid"] - 0.02
    assert best[1]["utterance_id"] == "utt-3"  # the full name


def test_the_end_is_the_attack_on_everything():
    heard = listening()
    whole = heard.value(heard.everything)
    best = heard.worlds.attack().success.mean()
    assert whole == pytest.approx(best, rel=0.1)


def test_a_bundle_without_times_has_no_chronological_order():
    assert not of(trace("g", household(), utterances(dated=0), options=OPTIONS)["curve"], "chronological")
    assert of(trace("g", household(), utterances(dated=11), options=OPTIONS)["curve"], "chronological")


def test_without_claims_there_is_no_curve():
    assert trace("g", [], utterances(), options=OPTIONS) == {"curve": [], "attribution": []}


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
    sounds = [r for r in found["attribution"] if r["unit"] == "utterance"]
    assert sum(r["shapley"] for r in sounds) == pytest.approx(whole, abs=1e-6)


def test_what_is_said_elsewhere_too_can_be_left_out(found):
    rows = {r["item"]: r for r in found["attribution"] if r["unit"] == "utterance"}
    assert set(rows) == {f"utt-{i}" for i in (1, 3, 5, 7, 8, 9)}  # all others add nothing
    assert rows["utt-3"]["leave_one_out"] > 10 * abs(rows["utt-5"]["leave_one_out"])
    assert rows["utt-3"]["first_mention"] == 4


def test_the_first_step_at_or_above_a_threshold():
    rows = [{"p_identify_mid": p, "p_if_listed": 2 * p} for p in (0.0, 0.3, 0.45)]
    assert reached(rows, 0.3) is rows[1]
    assert reached(rows, 0.5) is None
    assert reached(rows, 0.9, "p_if_listed") is rows[2]


def test_the_shortest_of_equal_utterances_comes_first():
    sounds = [replace(u, sound_s=9.0 - i % 7, attention_s=14.0 - i % 7) for i, u in enumerate(utterances())]
    order = best_first(listening(), sounds)
    at_home = [n for n in order if n in (1, 5, 7)]
    assert at_home == sorted(at_home, key=lambda n: sounds[n].sound_s)


def test_the_demo_case_has_a_curve(demo_case):
    curve, attribution = demo_case.frame("curve"), demo_case.frame("attribution")
    risk = demo_case.frame("risk")
    group = curve["data_subject_group"].iloc[0]
    whole = curve[(curve["data_subject_group"] == group) & (curve["order"] == "random")].iloc[-1]
    mine = risk[(risk["data_subject_group"] == group) & (risk["scope"] == "audio")]
    bundle = mine[(mine["adversary"] == "stranger") & (mine["attacker"] == "machine")].iloc[0]
    assert whole["p_identify_mid"] == pytest.approx(bundle["p_identify_mid"], rel=0.25, abs=0.02)
    assert set(attribution["unit"]) == {"utterance", "claim", "family"}


def test_the_figures_of_one_row_can_all_be_true():
    """One doubtful name that nobody else bears: found with .3 if listed means 3.3 people, not one."""
    doubtful = [claim("c", "surname", "subject", "Brinkenthal", [3], p=0.3)]
    rows = trace("g", doubtful, utterances(), options=OPTIONS)["curve"]
    last = of(rows, "best_first")[-1]
    assert last["k"] == pytest.approx(1 / last["p_if_listed"], rel=1e-3)
    assert last["k"] > 1 / 0.35
    for row in [*rows, *trace("g", household(), utterances(), options=OPTIONS)["curve"]]:
        assert row["p_unique"] <= 1 / row["k"] + 1e-9
        assert row["p_identify_mid"] <= row["p_if_listed"] <= 1 / row["k"] + 1e-9


def test_before_anything_is_heard_everybody_fits():
    first = of(trace("g", household(), utterances(), options=OPTIONS)["curve"], "chronological")[0]
    assert first["k"] == pytest.approx(population("DE", "test").persons)


def test_what_has_no_sound_is_read():
    """Eight words at 238 a minute are 2.02 s, and 2 s to find and note the line; a recording's 3 s, and 5."""
    text = TimedUtterance.of(
        utterance_row("a", text="was ist heute in Oldenburg am Abend los", sound=False), {}
    )
    sound = TimedUtterance.of(utterance_row("b", text="ja", started_at=at(3)), {"rec-b": 3.0})
    assert (text.sound_s, text.attention_s) == (0.0, pytest.approx(8 / WORDS_PER_S + TEXT_OVERHEAD_S))
    assert (sound.sound_s, sound.attention_s) == (3.0, 3.0 + OVERHEAD_S)
    assert (text.started_at, sound.started_at) == (None, "2018-05-03T08:00:00+00:00")


def test_a_history_without_sound_has_a_curve_and_takes_no_sound():
    read = [replace(u, sound_s=0.0, attention_s=4.0) for u in utterances()]
    heard, seen = (trace("g", household(), said, options=OPTIONS)["curve"] for said in (utterances(), read))
    assert [r["p_identify_mid"] for r in seen] == [r["p_identify_mid"] for r in heard]
    assert {r["audio_s"] for r in seen} == {0.0}
    assert max(r["listening_s"] for r in seen) == pytest.approx(12 * 4.0)
