"""Sound cues and voices in the report: the unproven says so, and of voices nothing is said unless asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from made_case import HOUSEHOLD, rows

from forensics import Case
from forensics.reports import sound
from forensics.reports.exhibit import Cell
from forensics.reports.summary import findings
from forensics.reports.view import View


def text(row: tuple[str | Cell, ...]) -> list[str]:
    return [cell if isinstance(cell, str) else cell.text for cell in row]


@pytest.fixture
def heard_case(make_case: Callable[..., Case]) -> Case:
    case = make_case(recordings=4)
    audio = rows(recordings=4)["audio"]
    for number, row in enumerate(audio):
        row["wake_word_score"] = (0.95, 0.1, 0.2, 0.69)[number]
        row["ambience"] = [
            {"name": "music", "score": min(1.0, 0.5 * number), "basis": "unproven"},
            {"name": "several_people", "score": 0.9, "basis": "chance"},
            {"name": "whistling", "score": 0.9, "basis": "measured: of another version"},
        ]
    case.write_table("audio", audio)
    turn: dict[str, Any] = {
        "data_subject_group": HOUSEHOLD, "score": 0.9, "start_s": 0.0, "end_s": 2.0, "speech_s": 2.0,
        "age": "adult", "age_basis": "unproven", "household_lo": 1, "household_mid": 2, "household_hi": 3,
    }  # fmt: skip
    own = [
        {**turn, "recording_id": a["recording_id"], "voice_id": v} for a, v in zip(audio, "aab", strict=False)
    ]
    own[2] |= {"age": "child"}
    case.write_table("voices", [*own, {**turn, "recording_id": audio[3]["recording_id"], "voice_id": None}])
    return case


def test_an_unproven_cue_says_so(heard_case: Case) -> None:
    found = {row[0]: row for row in (text(r) for r in sound.cues(View.of_case(heard_case)).rows)}
    assert found["music"][1:4] == ["3", "4", "unproven"]
    assert found["wake word (Alexa)"][1:4] == ["1", "4", "measured"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "no better than chance"), ("de", "nicht besser als der Zufall")]
)
def test_a_cue_that_is_no_better_than_chance_is_not_called_measured(
    heard_case: Case, language: str, said: str
) -> None:
    view = View.of_case(heard_case, language=language)
    found = {row[0]: row for row in (text(r) for r in sound.cues(view).rows)}
    name, high, _, status, error = found[view.words("sound.several_people")]
    assert (high, status) == ("–", said)
    assert "0.52" in error.replace(",", ".")
    assert "measured" not in "".join((name, status, error))


def test_a_cue_of_another_version_is_shown_and_not_believed(heard_case: Case) -> None:
    found = {row[0]: row for row in (text(r) for r in sound.cues(View.of_case(heard_case)).rows)}
    assert found["whistling"][1:] == ["4", "4", "unproven", "not known"]


def test_voices_are_counted_per_data_subject(heard_case: Case) -> None:
    exhibit = sound.voices(View.of_case(heard_case))
    assert exhibit is not None
    assert [text(row)[1:] for row in exhibit.rows] == [["2 (1–3)", "4", "1", "1"]]
    assert "custody log" in exhibit.sentence


def test_the_terminal_says_how_many_voices_only_where_they_were_compared(
    heard_case: Case, small_case: Case
) -> None:
    told = [line for line in findings(heard_case) if line.startswith("voices")]
    turns = heard_case.frame("voices")
    low, mid, high = (int(turns[f"household_{end}"].iloc[0]) for end in ("lo", "mid", "hi"))
    assert len(told) == 1
    assert f"{mid} ({low} to {high})" in told[0]
    assert "biometric" in told[0]
    assert not [line for line in findings(small_case) if line.startswith("voices")]


def test_nothing_is_said_of_voices_that_were_not_compared(small_case: Case) -> None:
    assert sound.voices(View.of_case(small_case)) is None
