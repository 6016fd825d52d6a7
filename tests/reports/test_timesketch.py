"""Timesketch's three columns, its dates and sizes, and no formula for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from made_case import NAMES, SENTENCE

from forensics import Case
from forensics.case.masking import Masker
from forensics.reports import write
from forensics.reports.timesketch import COLUMNS, LONGEST, _event, as_csv, as_jsonl
from forensics.reports.view import View
from forensics.reports.words import Words


def test_csv_has_the_three_columns_in_every_row(small_case: Case, tmp_path: Path) -> None:
    path = write(small_case, tmp_path / "t.csv", "timeline")
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
    assert len(rows) == 22
    for row in rows:
        assert row["message"]
        assert row["timestamp_desc"]
        assert datetime.fromisoformat(row["datetime"]).utcoffset() == timedelta(0)
    assert [row["datetime"] for row in rows] == sorted(row["datetime"] for row in rows)


def test_jsonl_holds_the_same_events(small_case: Case, tmp_path: Path) -> None:
    table = list(csv.DictReader(write(small_case, tmp_path / "t.csv", "timeline").open(newline="")))
    lines = [json.loads(line) for line in write(small_case, tmp_path / "t.jsonl", "timeline").open()]
    assert [line["event_id"] for line in lines] == [row["event_id"] for row in table]
    assert all({"message", "datetime", "timestamp_desc"} <= line.keys() for line in lines)


def test_nobody_is_named(small_case: Case, tmp_path: Path) -> None:
    shown = write(small_case, tmp_path / "t.csv", "timeline").read_text("utf-8")
    assert not [name for name in (*NAMES, SENTENCE) if name in shown]


def test_another_ending_gives_csv(small_case: Case, tmp_path: Path) -> None:
    named, other = (write(small_case, tmp_path / name, "timeline") for name in ("t.csv", "t.timeline"))
    assert other.read_bytes() == named.read_bytes()


NASTY = ["=HYPERLINK(1)", "+1", "@x", "\t=1", "-2", 'a\r\nb,"c', "é" * 40_000]


@given(st.one_of(st.text(), st.sampled_from(NASTY)))
def test_hostile_text_stays_one_harmless_cell(text: str) -> None:
    view = View.__new__(View)
    view.masker, view.words = Masker({}, revealed=True), Words()
    device = {"device_id": "dev", "device_type": None, "serial": None, "name": text}
    view._rows = {"devices": [device], "intents": [], "utterances": []}
    view._keyed = {}
    row = {
        **dict.fromkeys(("utterance_id", "recording_id", "member_id"), None),
        **{"message": text, "device_id": "dev", "domain": "weather", "timestamp_desc": "x", "event_id": "e"},
        **{"datetime": datetime(2018, 5, 4, tzinfo=UTC), "data_subject_group": "g"},
    }
    event = _event(view, row)
    parsed = list(csv.DictReader(io.StringIO(as_csv([event]), newline="")))
    assert parsed == [event]
    assert tuple(parsed[0]) == COLUMNS
    assert len(as_jsonl([event]).splitlines()) == 1
    for cell in (event["message"], event["device"]):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
        assert len(cell.encode()) <= LONGEST
