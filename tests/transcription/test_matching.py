"""Loose vendor lines find the recording in which they were said."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.knowledge.fitted import fitted
from forensics.transcription.assignment import assign
from forensics.transcription.likeness import plain, weights_of_evidence
from forensics.transcription.matching import match, time_evidence

HEARD = [
    ("rec-1", "Alexa, what's the weather like in Oldenburg today?"),
    ("rec-2", "Alexa, spiele Adele auf Spotify."),
    ("rec-3", "Alexa, stop."),
    ("rec-4", "Alexa, stop."),
    ("rec-5", "Alexa, call Hannah."),
]


def lines(*texts: str, started_at: datetime | None = None) -> list[dict[str, Any]]:
    return [
        {
            "passage_id": f"pas-{i}",
            "member_id": "mem-1",
            "page": 1,
            "line": i,
            "text": text,
            "started_at": started_at,
            "data_subject_group": "one",
        }
        for i, text in enumerate(texts)
    ]


def test_misheard_lines_in_another_order_are_assigned() -> None:
    rows = match(
        lines("call anna", "alexa spiele adel auf spotify", "whats the weather in oldenburg today"), HEARD
    )
    assert [row["recording_id"] for row in rows] == ["rec-5", "rec-2", "rec-1"]
    assert all(row["score"] > (row["second_best"] or 0) for row in rows)


def test_both_readings_stay_and_their_differences_are_named() -> None:
    (row,) = match(lines("call anna"), HEARD)
    assert (row["text"], row["heard"]) == ("call anna", "Alexa, call Hannah.")
    assert row["differences"] == [{"name": "hannah", "value": "anna"}]


def test_what_else_the_decoder_had_finds_a_line_that_the_first_reading_has_lost() -> None:
    heard = [*HEARD, ("rec-6", "Alexa, basketball.")]
    said = lines("was geht morgen", "stop", "alexa stop")
    assert match(said, heard)[0]["recording_id"] is None
    others = {"rec-6": [("Alexa, Basketball!", 0.17), ("Alexa, was geht morgen?", 0.08)]}
    row = match(said, heard, None, others)[0]
    assert (row["recording_id"], row["heard"]) == ("rec-6", "Alexa, basketball.")
    assert row["differences"] == [{"name": "basketball", "value": "was geht morgen"}]


def test_a_reading_with_a_small_share_is_worth_its_share() -> None:
    (_, _, alone), *_ = weights_of_evidence(["was geht morgen"], ["was geht morgen"])
    ((_, _, mixed),) = weights_of_evidence(
        ["was geht morgen"], ["basketball"], {0: [("basketball", 0.6), ("was geht morgen", 0.2)]}
    )
    assert mixed < alone
    # three to one against it: the ratio is a quarter of the one of the words alone (rarity aside)
    assert mixed == pytest.approx(alone + math.log(0.25), abs=1.0)


def test_identical_commands_are_one_class() -> None:
    rows = match(lines("stop", "alexa stop"), HEARD)
    assert {row["recording_id"] for row in rows} == {"rec-3", "rec-4"}
    assert [row["tie_class"] for row in rows] == [["rec-3", "rec-4"]] * 2


def test_what_nobody_said_stays_unmatched() -> None:
    (row,) = match(lines("buche einen flug nach lissabon im september"), HEARD)
    assert (row["recording_id"], row["score"], row["tie_class"]) == (None, None, [])


def test_more_lines_than_recordings() -> None:
    rows = match(lines("stop", "stop", "stop"), HEARD)
    assert sorted(str(row["recording_id"]) for row in rows) == ["None", "rec-3", "rec-4"]


def test_a_number_decides_between_commands_that_are_otherwise_the_same() -> None:
    heard = [("rec-1", "Set a timer for 5 minutes."), ("rec-2", "Set a timer for 15 minutes.")]
    rows = match(lines("set a timer for fifteen minutes", "set a timer for five minutes"), heard)
    assert [row["recording_id"] for row in rows] == ["rec-2", "rec-1"]


def test_the_clock_decides_between_identical_commands() -> None:
    noon = datetime(2018, 5, 7, 12, tzinfo=UTC)
    times = {"rec-3": noon - timedelta(hours=3, minutes=12), "rec-4": noon, "rec-1": noon - timedelta(days=9)}
    (row,) = match(lines("stop", started_at=noon + timedelta(seconds=2)), HEARD, times)
    assert (row["recording_id"], row["tie_class"]) == ("rec-4", [])


def test_no_text_no_match() -> None:
    rows = match(lines("TRANSCRIPT NOT AVAILABLE", " "), [("rec-1", "transcript not available")])
    assert [row["recording_id"] for row in rows] == [None, None]


@pytest.mark.parametrize(
    ("seconds", "sign"), [(2.0, 1), (7200.0, 1), (-3600.0, 1), (5000.0, -1), (90_000.0, -1)]
)
def test_times_speak_for_one_utterance_if_they_differ_by_seconds_or_by_zones(
    seconds: float, sign: int
) -> None:
    assert math.copysign(1, time_evidence(seconds, 30 * 86_400.0)) == sign


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_assignment_is_one_to_one_and_ignores_order(texts: list[str], random: Any) -> None:
    rows = match(lines(*texts), HEARD)
    given_lines, given_heard = lines(*texts), list(HEARD)
    random.shuffle(given_lines)
    random.shuffle(given_heard)
    assert match(given_lines, given_heard) == rows
    matched = [row["recording_id"] for row in rows if row["recording_id"]]
    assert len(matched) == len(set(matched))
    least = fitted("forensics.transcription.matching").number("least")
    assert all(least <= row["score"] <= 1 for row in rows if row["score"] is not None)


@given(st.text(max_size=40))
def test_plain_text_is_its_own_plain_text(text: str) -> None:
    once = plain(text)
    assert plain("alexa " + once) == once or not once


def test_rare_words_weigh_more_than_frequent_ones() -> None:
    heard = ["call hannah"] + ["call the office"] * 30
    weights = {(i, j): w for i, j, w in weights_of_evidence(["call hannah", "call the office"], heard)}
    assert weights[0, 0] > weights.get((0, 1), -9.0)


def test_all_lines_together_decide() -> None:
    """The first line would take the first recording, but the second line has no other."""
    found = assign([(0, 0, 9.0), (0, 1, 8.0), (1, 0, 8.5)], 2, 2)
    assert found.chosen.tolist() == [1, 0]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(-5, 12)), unique_by=lambda t: t[:2])
)
def test_probabilities_of_a_line_and_of_a_recording_sum_to_one_at_most(evidence: list[Any]) -> None:
    found = assign(evidence, 5, 5)
    for side in (0, 1):
        if evidence:
            sums = np.bincount(found.pairs[:, side], found.probability, 5)
            assert (sums <= 1 + 1e-9).all()
