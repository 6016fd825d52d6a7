"""Loose vendor lines find the recording in which they were said."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.transcription.matching import LEAST, match, similarity

HEARD = [
    ("rec-1", "Alexa, what's the weather like in Oldenburg today?"),
    ("rec-2", "Alexa, spiele Adele auf Spotify."),
    ("rec-3", "Alexa, stop."),
    ("rec-4", "Alexa, stop."),
    ("rec-5", "Alexa, call Hannah."),
]


def lines(*texts: str) -> list[dict[str, Any]]:
    return [
        {
            "passage_id": f"pas-{i}",
            "member_id": "mem-1",
            "page": 1,
            "line": i,
            "text": text,
            "data_subject_group": "one",
        }
        for i, text in enumerate(texts)
    ]


def test_misheard_lines_in_another_order_are_assigned() -> None:
    rows = match(
        lines("call anna", "alexa spiele adel auf spotify", "whats the weather in oldenburg today"), HEARD
    )
    assert [row["recording_id"] for row in rows] == ["rec-5", "rec-2", "rec-1"]
    assert all(row["score"] > row["second_best"] for row in rows)


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


def test_no_text_no_match() -> None:
    rows = match(lines("TRANSCRIPT NOT AVAILABLE", " "), [("rec-1", "transcript not available")])
    assert [row["recording_id"] for row in rows] == [None, None]


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
    assert all(LEAST <= row["score"] <= 1 for row in rows if row["score"] is not None)


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_is_a_share(one: str, other: str) -> None:
    assert 0 <= similarity([one], [other])[0, 0] <= 1
