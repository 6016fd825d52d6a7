"""Tables keep their contract: types at the file's edge, values in pandera, the column named."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forensics import Case, TableError
from forensics.case.schemas import TABLES
from forensics.errors import CaseError

AUDIO = {
    "recording_id": "rec-1",
    "data_subject_group": "g",
    "duration_s": 1.5,
    "speech": [{"start_s": 0, "end_s": 1}],
}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case")


def test_round_trip_keeps_types_and_nested_columns(case: Case) -> None:
    case.write_table("audio", [AUDIO])
    frame = case.frame("audio")
    assert frame.loc[0, "duration_s"] == 1.5
    assert frame.loc[0, "speech"][0] == {"start_s": 0.0, "end_s": 1.0}
    assert frame["sample_rate"].isna().all()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**AUDIO, "duration_s": -1.0}, "duration_s"),
        ({**AUDIO, "clipped": 1.5}, "clipped"),
        ({**AUDIO, "speech": "no list"}, "speech"),
        ({**AUDIO, "colour": "red"}, "colour"),
        ({"recording_id": "rec-1"}, "data_subject_group"),
    ],
)
def test_writing_a_broken_row_names_the_column(case: Case, row: dict[str, object], column: str) -> None:
    with pytest.raises(TableError, match=column):
        case.write_table("audio", [row])


def test_a_repeated_key_is_refused(case: Case) -> None:
    with pytest.raises(TableError, match="recording_id"):
        case.write_table("audio", [AUDIO, AUDIO])


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda t: t.drop_columns(["snr_db"]), "snr_db"),
        (lambda t: t.append_column("extra", pa.array(["x"])), "extra"),
        (lambda t: t.set_column(3, "channels", pa.array(["two"])), "channels"),
        (lambda t: t.set_column(4, pa.field("duration_s", pa.float64()), pa.array([-2.0])), "duration_s"),
    ],
)
def test_reading_a_tampered_file_names_the_column(case: Case, change: object, column: str) -> None:
    case.write_table("audio", [AUDIO])
    path = case.table_path("audio")
    pq.write_table(change(pq.read_table(path)), path)  # type: ignore[operator]
    with pytest.raises(TableError, match=column):
        case.frame("audio")


def test_every_table_names_its_data_subject_and_has_unique_columns() -> None:
    for table in TABLES.values():
        names = [c.name for c in table.all_columns]
        assert "data_subject_group" in names
        assert len(names) == len(set(names)), table.name
        assert set(table.key) <= set(names), table.name
        assert all(name == name.lower() for name in names)


def test_order_of_rows_does_not_change_the_file(case: Case) -> None:
    rows = [{**AUDIO, "recording_id": f"rec-{i}"} for i in range(5)]
    assert case.write_table("audio", rows) == case.write_table("audio", rows[::-1])


def test_an_unknown_table_is_a_clear_error(case: Case) -> None:
    with pytest.raises(CaseError, match="no table 'nonsense'"):
        case.frame("nonsense")
    with pytest.raises(CaseError, match="resume"):
        case.frame("claims")
