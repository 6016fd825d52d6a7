"""The adversary who compares voices: formulae against galleries that are drawn, and rows of the tables."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from forensics.case.options import Options
from forensics.reidentification import voice_risk
from forensics.reidentification.voice_search import COLUMNS, KINDS, Search, search


def made(mean: float, spread: float) -> Search:
    """A search whose margins are known: normal tails, and nothing hangs on the length."""
    draw = dict.fromkeys(COLUMNS, 0.0) | {"margin": mean, "within": spread, "threshold": 1.28, "scale": 1.0}
    return Search(np.array([[draw[c] for c in COLUMNS]]), (0.3, 20.0), (1.0, 8.0))


@pytest.mark.parametrize(("mean", "gallery"), [(2.0, 10), (3.0, 100), (3.0, 2000)])
def test_first_and_place_are_those_of_galleries_that_are_drawn(mean: float, gallery: int) -> None:
    rng = np.random.default_rng(0)
    own = rng.normal(mean, 0.8, 4000)
    better = np.array([(rng.standard_normal(gallery - 1) > m).sum() for m in own])
    of = made(mean, 0.8).find(5.0, 1, gallery - 1)
    assert of.first[0] == pytest.approx((better == 0).mean(), abs=0.03)
    assert of.rank[0] == pytest.approx(1 + better.mean(), rel=0.15)
    # whoever keeps so many loses the right person in one of twenty cases
    assert (better + 1 > of.alike[0]).mean() == pytest.approx(0.05, abs=0.015)


def test_the_tail_begins_where_the_body_ends() -> None:
    known = search()
    threshold = known.draws[:, COLUMNS.index("threshold")][:, None]
    near = known.survival(threshold + np.array([[-1e-6, 1e-6]]))
    assert np.abs(near[:, 0] - near[:, 1]).max() < 1e-3
    wide = known.survival(np.broadcast_to(np.linspace(-4, 9, 200), (len(known.draws), 200)))
    assert (np.diff(wide, axis=1) <= 1e-9).all()


@pytest.mark.parametrize("kind", KINDS)
def test_more_people_never_help(kind: str) -> None:
    found = [search(kind).find(4.0, 2, n - 1).first for n in (2, 100, 10_000, 1_000_000)]
    for fewer, more in pairwise(found):
        assert (more <= fewer + 1e-12).all()


def test_a_mask_helps_on_the_average_and_speech_helps_the_attacker() -> None:
    mean = {kind: search(kind).find(6.0, 3, 99).first.mean() for kind in KINDS}
    assert mean["ignorant"] < 0.5 * mean["plain"]
    assert mean["informed"] < mean["plain"]
    assert search().find(10.0, 1, 99).first.mean() > search().find(0.5, 1, 99).first.mean()


TURNS = [
    {"voice_id": "v1", "recording_id": "r1", "speech_s": 2.0},
    {"voice_id": "v1", "recording_id": "r2", "speech_s": 1.5},
    {"voice_id": "v2", "recording_id": "r2", "speech_s": 1.0},
    {"voice_id": None, "recording_id": "r3", "speech_s": 9.0},
]


def test_rows_by_voice_and_gallery() -> None:
    voices = voice_risk.heard(TURNS, [{"voice_id": "v2", "person_id": "p2"}, {"voice_id": None}])
    assert [(v.voice_id, v.seconds, v.recordings, v.person_id) for v in voices] == [
        ("v1", 3.5, 2, None), ("v2", 1.0, 1, "p2"),
    ]  # fmt: skip
    found = voice_risk.measure("g", voices, Options())
    assert len(found["voice_risk"]) == 2 * len(voice_risk.GALLERIES)
    for row in [*found["voice_risk"], *found["risk"]]:
        for name in ("p_identify", "k"):
            assert row[f"{name}_lo"] <= row[f"{name}_mid"] <= row[f"{name}_hi"]
        assert row["p_identify_hi"] <= 1
    assert all(r["p_identify_mid"] < r["p_first_mid"] for r in found["voice_risk"])
    assert {r["scope"] for r in found["risk"]} == {"audio", "bundle"}
    assert voice_risk.measure("g", [], Options()) == {"voice_risk": [], "risk": []}


def test_words_and_voice_together_find_no_worse_than_the_voice_alone() -> None:
    words = [
        {"n_utterances": 0, "bits": 0.0, "p_if_listed": 1e-7},
        {"n_utterances": 2, "bits": 8.0, "p_if_listed": 2.0**8 / 1e7},
        {"n_utterances": 3, "bits": 8.0, "p_if_listed": 0.3 * 2.0**8 / 1e7},
    ]
    rows = voice_risk.curve("g", voice_risk.heard(TURNS), 3, words, 10_000_000)
    assert rows[0]["p_voice_mid"] == pytest.approx(1e-4)
    assert rows[1]["p_both_mid"] > rows[1]["p_voice_mid"] + 0.01  # one in 256 of the gallery is left
    assert rows[2]["p_both_mid"] >= rows[2]["p_voice_mid"]  # words that are probably wrong are not used
