"""Recordings, rows of a history and loose lines as utterances."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from forensics.transcription.matching import Clocks, exact_times, match
from forensics.transcription.utterances import utterance_id, utterances

NOON = datetime(2018, 5, 7, 12, 0, 17, tzinfo=UTC)


def recording(
    number: int, at: datetime | None = None, text: str | None = None, **facts: Any
) -> dict[str, Any]:
    return {
        "recording_id": f"rec-{number}", "started_at": at, "started_at_basis": "export" if at else "unknown",
        "utc_offset_min": None, "device_id": None, "vendor_text": text, "vendor_status": None,
        "speaker_label": None, "member_id": "mem-0", "occurrences": 1, "data_subject_group": "one", **facts,
    }  # fmt: skip


def line(number: int, text: str, at: datetime | None = None, **facts: Any) -> dict[str, Any]:
    return {
        "passage_id": f"pas-{number}", "member_id": "mem-1", "page": 1, "line": number, "role": "transcript",
        "text": text, "started_at": at, "started_at_basis": "export" if at else "unknown",
        "utc_offset_min": None, "device_id": None, "vendor_status": None, "speaker_label": None,
        "data_subject_group": "one", **facts,
    }  # fmt: skip


def matched(
    recordings: list[dict[str, Any]], lines: list[dict[str, Any]], **heard: str
) -> list[dict[str, Any]]:
    """Rows of ``matches``, as the stage asks for them."""
    stated = {r["recording_id"]: r["vendor_text"] for r in recordings if r["vendor_text"]}
    texts = {
        r["recording_id"]: heard.get(r["recording_id"].replace("-", ""), "") for r in recordings
    } | stated
    clocks = Clocks(exact_times(lines, "member_id"), exact_times(recordings), frozenset(stated))
    times = {r["recording_id"]: r["started_at"] for r in recordings}
    return match(lines, sorted(texts.items()), times, None, clocks)


def assembled(
    recordings: list[dict[str, Any]], lines: list[dict[str, Any]], **heard: str
) -> list[dict[str, Any]]:
    matches = matched(recordings, lines, **heard)
    return list(utterances("one", recordings=recordings, passages=lines, matches=matches))


def test_a_line_that_matches_nothing_is_an_utterance() -> None:
    recordings, lines = [recording(1)], [line(1, "buche einen flug nach lissabon")]
    silent, loose = assembled(recordings, lines)
    assert (silent["recording_id"], silent["vendor_text"]) == ("rec-1", None)
    assert (loose["recording_id"], loose["vendor_text"]) == (None, "buche einen flug nach lissabon")
    assert loose["utterance_id"] == utterance_id("one", passage_id="pas-1")


def test_a_matching_line_gives_its_recording_words_and_time() -> None:
    said = line(1, "call hannah brinkmann", NOON, speaker_label="Anna", vendor_status="understood")
    (row,) = assembled([recording(1)], [said], rec1="Alexa, call Hannah Brinkman.")
    assert (row["recording_id"], row["passage_id"]) == ("rec-1", "pas-1")
    assert (row["vendor_text"], row["started_at"]) == ("call hannah brinkmann", NOON)
    assert (row["speaker_label"], row["vendor_status"]) == ("Anna", "understood")
    assert row["match_score"] > 0.5


def test_the_clock_alone_finds_the_recording_in_which_nothing_was_heard() -> None:
    recordings = [recording(n, NOON + timedelta(hours=n)) for n in range(1, 6)]
    lines = [line(n, f"text {n}", NOON + timedelta(hours=n, seconds=3)) for n in (2, 4)]
    rows = {row["recording_id"]: row for row in assembled(recordings, lines)}
    assert len(rows) == 5
    assert {r: row["vendor_text"] for r, row in rows.items() if row["vendor_text"]} == {
        "rec-2": "text 2",
        "rec-4": "text 4",
    }
    assert all(row["match_score"] is None or row["match_score"] > 0.9 for row in rows.values())


def test_the_clock_alone_outweighs_a_hearing_that_went_wrong() -> None:
    recordings = [recording(1, NOON), recording(2, NOON + timedelta(days=3))]
    lines = [line(1, "ruf bärbel an", NOON + timedelta(seconds=2))]
    assert [m["recording_id"] for m in matched(recordings, lines, rec1="Who wants it?", rec2="Stop.")] == [
        "rec-1"
    ]


def test_without_exact_times_the_clock_decides_nothing() -> None:
    at_noon = NOON.replace(second=0)
    by_file = recording(1, NOON, started_at_basis="file_time")
    for recordings, lines in (
        ([recording(1)], [line(1, "stop", NOON)]),
        ([recording(1, NOON)], [line(1, "stop")]),
        ([by_file], [line(1, "stop", NOON)]),
        ([recording(1, at_noon)], [line(1, "stop", at_noon)]),  # times in minutes
        ([recording(1, NOON)], [line(1, "stop", NOON + timedelta(seconds=40))]),
        ([recording(1, NOON)], [line(1, "stop", NOON + timedelta(hours=1))]),  # another zone
    ):
        assert [m["recording_id"] for m in matched(recordings, lines)] == [None]


def test_what_is_stated_twice_is_one_utterance() -> None:
    """A recording's own text, and the same in a history at the same time."""
    recordings = [recording(1, NOON, "wie wird das wetter"), recording(2, NOON + timedelta(hours=1), "stop")]
    lines = [
        line(1, "Wie wird das Wetter?", NOON + timedelta(seconds=1)),
        line(2, "stop", NOON + timedelta(days=1)),
    ]
    rows = assembled(recordings, lines)
    assert [(row["recording_id"], row["vendor_text"]) for row in rows] == [
        ("rec-1", "wie wird das wetter"),
        ("rec-2", "stop"),
        (None, "stop"),
    ]


def test_one_row_in_two_files_is_one_utterance() -> None:
    lines = [
        line(1, "stop", NOON),
        line(2, "stop", NOON, member_id="mem-2"),
        line(3, "stop"),
        line(4, "stop"),
    ]
    rows = assembled([], lines)
    assert [(row["passage_id"], row["occurrences"]) for row in rows] == [
        ("pas-1", 2),
        ("pas-3", 1),
        ("pas-4", 1),
    ]


def test_where_the_vendor_understood_nothing_something_was_said() -> None:
    (row,) = assembled([], [line(1, "Audio could not be understood", NOON, vendor_status="not_understood")])
    assert (row["vendor_text"], row["vendor_status"]) == (None, "not_understood")


def test_the_time_of_the_export_comes_before_that_of_the_file() -> None:
    by_file = recording(1, NOON + timedelta(days=400), started_at_basis="file_time")
    (row,) = assembled([by_file], [line(1, "call hannah brinkmann", NOON)], rec1="call hannah brinkmann")
    assert (row["started_at"], row["started_at_basis"]) == (NOON, "export")
