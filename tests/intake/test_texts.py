"""Tables, JSON, pages and times of unknown origin: one bad row is a finding, never the end."""

# ruff: noqa: E501 (tables of cases are easier to read whole)

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.intake import texts
from forensics.intake.clock import day_first_in, read_time
from forensics.intake.meaning.pages import tables_and_lines
from forensics.intake.sniff import AUDIO, PLAYLISTS, demuxer, sniff
from forensics.intake.suspicious import paired, suspicious, without_secrets
from forensics.intake.texts import Cell
from forensics.intake.times import read_name, utterance_key


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of every leaf that holds something."""
    stack: list[tuple[str, Any]] = [(path, value)]
    while stack:
        where, item = stack.pop()
        if isinstance(item, dict):
            stack += reversed([(f"{where}.{k}" if where else str(k), v) for k, v in item.items()])
        elif isinstance(item, list):
            stack += reversed([(f"{where}[{i}]", v) for i, v in enumerate(item)])
        elif item is not None and not isinstance(item, bool) and not texts.is_missing(str(item)):
            yield where, str(item)


def codes(problems: list[object]) -> set[str]:
    return {p.code for p in problems}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "expected", "said"),
    [
        ("name,x\nÄ,1\n".encode("utf-8-sig"), "name,x\nÄ,1\n", {"byte-order-mark"}),
        ("name,x\nÄ,1\n".encode("utf-16"), "name,x\nÄ,1\n", {"byte-order-mark"}),
        ("name,x\nÄ,1\n".encode("utf-16-le"), "name,x\nÄ,1\n", {"encoding-guessed"}),
        ("Straße;Büro\nÄ;ß\n".encode("cp1252"), "Straße;Büro\nÄ;ß\n", {"encoding-guessed"}),
        (b"plain", "plain", set()),
    ],
)
def test_encodings_are_found_and_guesses_are_told(content: bytes, expected: str, said: set[str]) -> None:
    text, problems = texts.decode(content)
    assert text == expected
    assert codes(list(problems)) == said


@pytest.mark.parametrize(
    ("text", "cells", "said"),
    [
        ("a;b\n1;2\n", [("a", "1"), ("b", "2")], set()),
        ("a\tb\n1\t2\n", [("a", "1"), ("b", "2")], set()),
        ("sep=|\na|b\n1|2\n", [("a", "1"), ("b", "2")], set()),
        ("a,b\r1,2\r", [("a", "1"), ("b", "2")], set()),
        ('a,b\n"one\ntwo",2\n', [("a", "one\ntwo"), ("b", "2")], set()),
        ("a,b\n1,2,3\nx\n", [("a", "1"), ("b", "2"), ("column 3", "3"), ("a", "x")], {"ragged-rows"}),
        ("a,a\n1,2\n", [("a", "1"), ("a", "2")], {"duplicate-header"}),
        ("2018-01-01,12\n2018-01-02,13\n", [("column 1", "2018-01-01"), ("column 2", "12"), ("column 1", "2018-01-02"), ("column 2", "13")], {"no-header"}),
        ("a,b\n1,N/A\nFile Summary:\nRows: 1\n", [("a", "1")], {"table-tail"}),
        ("when,n\nthe time,how many\n2018-01-01,3\n2018-01-02,4\n", [("when", "2018-01-01"), ("n", "3"), ("when", "2018-01-02"), ("n", "4")], {"documentation-row"}),
        ("a,b\n1\0,2\n", [("a", "1"), ("b", "2")], {"nul-in-text"}),
        ('a,b\n"open,2\n', [("a", "open,2")], {"ragged-rows"}),
    ],
)  # fmt: skip
def test_tables(text: str, cells: list[tuple[str, str]], said: set[str]) -> None:
    sheet, problems = texts.read_sheet(text)
    assert [(c.field, c.text) for c in sheet.cells()] == cells
    assert codes(list(problems)) == said


def test_a_field_beyond_the_librarys_limit() -> None:
    sheet, problems = texts.read_sheet(f"a,b\n{'x' * 200_000},2\n")
    assert len(next(iter(sheet.cells())).text) == 200_000
    assert problems == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 300 + "]" * 300, {"json-too-deep"}),
        ('{"a": 1, "a": 2}', {"duplicate-key"}),
        ('{"a": NaN}', {"not-a-number"}),
        ('{"a": ' + "9" * 5000 + "}", set()),
        ('{"a": "\\ud800"}', set()),
        ('{"a": 1}\n{"a": 2}\n{broken\n', {"row-unreadable"}),
        ("{broken", {"json-unreadable"}),
    ],
)
def test_json(text: str, said: set[str]) -> None:
    records, problems = texts.read_json(text)
    assert codes(list(problems)) == said
    for _, record in records:
        for _, leaf in leaves(record):
            texts.tidy(leaf)[0].encode("utf-8")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n" + "1,2\n" * (texts.MAX_ROWS + 5), "table-too-long"),
        (",".join(["x"] * 2000) + "\n" + "1,2\n" * 3, "table-too-wide"),
    ],
)
def test_tables_are_bounded(text: str, code: str) -> None:
    sheet, problems = texts.read_sheet(text)
    assert code in codes(list(problems))
    assert len(sheet.rows) <= texts.MAX_ROWS
    assert len(sheet.header) <= 1000


def test_json_is_bounded_before_it_is_built() -> None:
    assert codes(list(texts.read_json("[" + "[]," * 600_000 + "[]]")[1])) == {"json-too-large"}


def test_both_values_of_a_duplicate_key_are_kept() -> None:
    (record,), _ = texts.read_json('{"a": 1, "a": 2}')
    assert sorted(leaf for _, leaf in leaves(record[1])) == ["1", "2"]


def test_pages_are_parsed_and_never_run() -> None:
    page = "<html><script>alert(1)</script><p>Hello <b>you</b></p><img src=x onerror='x()'></html>"
    assert tables_and_lines(page)[1] == [(1, "Hello you")]
    assert codes(list(texts.page_problems(page))) == {"markup"}
    bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;&a;</x>"
    assert codes(list(texts.page_problems(bomb))) == {"entities"}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_can_be_read_as_anything(content: bytes) -> None:
    text, _ = texts.decode(content)
    texts.read_sheet(text)
    texts.read_json(text)
    tables_and_lines(text)
    kind = sniff(content)
    assert not (kind in AUDIO and kind in PLAYLISTS)
    assert (demuxer(kind) is not None) == (kind in AUDIO)
    texts.tidy(text)[0].encode("utf-8")


# -- what text would do elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(\"http://x\")", "=cmd|'/c calc'!A1", "@SUM(1+1)", "+SUM(A1)", "-IMPORTXML(x)", "= 1+(2)"]
)  # fmt: skip
def test_formulas_are_told(text: str) -> None:
    assert codes(list(suspicious([Cell(1, "a", text)]))) == {"formula"}


@pytest.mark.parametrize("text", ["+49 171 3920042", "-5.00", "- milk", "@home", "=", "a = b", "12:30"])
def test_ordinary_text_is_no_formula(text: str) -> None:
    assert suspicious([Cell(1, "a", text)]) == []


def test_markup_is_told() -> None:
    assert codes(list(suspicious([Cell(1, None, "<img src=x onerror=alert(1)>")]))) == {"markup"}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("cookies.session-token", "abcdefghijklmnop"),
        ("wifi.pre_shared_key", "correct horse"),
        ("access_token", "Atza|IwEBIAbcdefghijklmnopqrstuvwxyz"),
        (None, "Authorization: Bearer abcdef0123456789abcdef"),
        (None, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"),
        ("password", "hunter2hunter2"),
    ],
)
def test_live_credentials_are_found_and_masked(field: str | None, text: str) -> None:
    (problem,) = suspicious([Cell(1, field, text)])
    assert problem.code == "live-credential"
    assert text not in problem.message
    assert text not in without_secrets(field, text)


@pytest.mark.parametrize(
    ("field", "text"),
    [("password", "********"), ("token", "N/A"), ("Result", "SUCCESS"), ("Title", "The Secret Garden"), ("wifi", "true"),
     ("Order ID", "302-4410982-7719034"), ("encodedRequestToken", "")],
)  # fmt: skip
def test_ordinary_cells_are_no_credentials(field: str, text: str) -> None:
    assert suspicious([Cell(1, field, text)]) == []


# -- times ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "basis"),
    [
        ("2018-11-21T17:31:56.905Z", "2018-11-21T17:31:56.905+00:00", "export"),
        ("2018-05-15 11:27:07", "2018-05-15T11:27:07+00:00", "derived"),
        ("6/30/18 8:41:09 AM UTC", "2018-06-30T08:41:09+00:00", "export"),
        ("Tue May 15 13:07:08 UTC 2018", "2018-05-15T13:07:08+00:00", "export"),
        ("Tue, 15 May 2018 13:07:08 GMT", "2018-05-15T13:07:08+00:00", "export"),
        ("Jan 15, 2021, 6:54:12\u202fPM BST", "2021-01-15T17:54:12+00:00", "export"),
        ("08.03.2018, 17:14:40 MEZ", "2018-03-08T16:14:40+00:00", "export"),
        ("1526389648123", "2018-05-15T13:07:28.123+00:00", "export"),
        ("1526389648", "2018-05-15T13:07:28+00:00", "export"),
    ],
)
def test_time_forms(text: str, expected: str, basis: str) -> None:
    read = read_time(text)
    assert read.at == datetime.fromisoformat(expected)
    assert read.basis == basis


@pytest.mark.parametrize(
    ("text", "zone", "doubt"),
    [
        ("0", None, "epoch-zero"),
        ("1970-01-01 01:00:00.000", "UTC+2", "epoch-zero"),
        ("2018-10-28 02:30:00", "Europe/Berlin", "ambiguous-time"),
        ("2018-03-25 02:30:00", "Europe/Berlin", "impossible-time"),
        ("05/06/2018 10:00", None, "day-month-order"),
        ("soon", None, "time-unreadable"),
        ("99999999999999999", None, "time-unreadable"),
    ],
)
def test_doubts_are_never_shifted_away(text: str, zone: str | None, doubt: str) -> None:
    assert read_time(text, zone=zone).doubt == doubt


def test_both_candidates_of_an_ambiguous_time_are_given() -> None:
    read = read_time("2018-10-28 02:30:00", zone="Europe/Berlin")
    assert (read.at, read.other) == (
        datetime(2018, 10, 28, 0, 30, tzinfo=UTC),
        datetime(2018, 10, 28, 1, 30, tzinfo=UTC),
    )


def test_day_and_month_are_decided_by_the_column_or_not_at_all() -> None:
    assert day_first_in(["05/06/2018 10:00", "15/06/2018 10:00"]) is True
    assert day_first_in(["05/06/2018 10:00", "05/16/2018 10:00"]) is False
    assert day_first_in(["05/06/2018 10:00"]) is None
    assert day_first_in(["15/06/2018 10:00", "05/16/2018 10:00"]) is None
    assert read_time("05/06/2018 10:00", day_first=True).at == datetime(2018, 6, 5, 10, tzinfo=UTC)


_ESCAPES = ["_", "-", " ", "%3A", "__"]


@settings(max_examples=200, deadline=None)
@given(
    at=st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(microsecond=0)),
    one=st.sampled_from(_ESCAPES), two=st.sampled_from([*_ESCAPES, "/", "%2F"]),
)  # fmt: skip
def test_an_utterance_id_is_read_in_every_escaped_form(at: datetime, one: str, two: str) -> None:
    name = f"AB72C64C86AW2{one}1.0{two}{at:%Y}{two}{at:%m}{two}{at:%d}{two}{at:%H}{two}B0F00712518400WN{two}{at:%M}{one}{at:%S}{one}{one}TNIH_2V.x"
    said = read_name(f"Audio/{name}.wav")
    assert said.started_at == at.replace(tzinfo=UTC)
    assert said.device == "B0F00712518400WN"
    assert said.basis == "export"
    assert utterance_key(name) is not None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_no_name_and_no_cell_breaks_the_clock(text: str) -> None:
    read_name(text)
    read_time(text)
    utterance_key(text)


def test_a_value_stands_under_the_name_that_its_record_gives_it() -> None:
    browser = [Cell(1, "name", "session-token"), Cell(1, "value", "AbCdEfGhIjKl"), Cell(1, "domain", "a.de")]
    nested = [Cell(2, "cookies.0.name", "at-main"), Cell(2, "cookies.0.value", "Atza-AbCdEfGh")]
    file = [Cell(3, None, "1577836800"), Cell(3, None, "ubid-main"), Cell(3, None, "131-0000000-1111111")]
    found = suspicious(paired([*browser, *nested, *file]))
    assert len(found) == 3
    assert codes(found) == {"live-credential"}


def test_ordinary_names_and_values_are_no_pair() -> None:
    cells = [
        Cell(1, "name", "Living room"),
        Cell(1, "value", "AbCdEfGhIjKl"),
        Cell(2, "value", "AbCdEfGhIjKl"),
    ]
    assert suspicious(paired(cells)) == []
