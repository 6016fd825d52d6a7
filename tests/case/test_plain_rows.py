"""A table's rows are plain Python values, and a stage's keys are the same as with pandas' own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import Case
from forensics.case.digests import clean
from forensics.case.rows import plain, records
from forensics.case.schemas import TABLES
from forensics.case.tables import Table
from forensics.corridor.pipeline import STAGES
from forensics.corridor.progress import Silent
from forensics.corridor.workbench import Workbench
from forensics.errors import CaseError

WHEN = datetime(2018, 6, 11, 20, 30, 59, 123456, UTC)
NESTED_NUMBERS = st.none() | st.integers(-(2**53), 2**53)
"""Numbers inside a nested column: pandas holds them as floats beside a null, exact up to 2**53."""


def cells(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Values that a column of this type can hold, null among them."""
    if pa.types.is_list(kind):
        return st.lists(cells(kind.value_type), max_size=3)
    if pa.types.is_struct(kind):
        return st.fixed_dictionaries(
            {f.name: NESTED_NUMBERS if pa.types.is_int64(f.type) else cells(f.type) for f in kind}
        )
    if pa.types.is_timestamp(kind):
        return st.none() | st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(
            lambda moment: moment.replace(tzinfo=UTC)
        )
    scalars: dict[pa.DataType, st.SearchStrategy[Any]] = {
        pa.int64(): st.integers(-(2**62), 2**62),
        pa.float64(): st.floats(allow_nan=False),
        pa.bool_(): st.booleans(),
        pa.string(): st.text(max_size=5),
        pa.date32(): st.dates(),
    }
    return st.none() | scalars[kind]


def rows_of_any_table() -> st.SearchStrategy[tuple[Table, list[dict[str, Any]]]]:
    def rows(table: Table) -> st.SearchStrategy[tuple[Table, list[dict[str, Any]]]]:
        one = st.fixed_dictionaries({column.name: cells(column.type) for column in table.all_columns})
        return st.tuples(st.just(table), st.lists(one, max_size=4))

    return st.sampled_from(list(TABLES.values())).flatmap(rows)


@settings(deadline=None)  # the first example imports pandas
@given(rows_of_any_table())
def test_rows_come_back_as_they_went_in_and_digest_as_pandas_rows_do(
    given_rows: tuple[Table, list[dict[str, Any]]],
) -> None:
    table, rows = given_rows
    arrays = [pa.array([row[c.name] for row in rows], c.type) for c in table.all_columns]
    schema = pa.schema([pa.field(c.name, c.type) for c in table.all_columns])
    types = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get
    frame = pa.Table.from_arrays(arrays, schema=schema).to_pandas(types_mapper=types)
    assert records(frame) == rows
    assert clean(records(frame)) == clean(frame.to_dict("records"))
    assert json.loads(json.dumps(clean(records(frame)))) == clean(records(frame))


@pytest.mark.parametrize(
    "missing", [None, float("nan"), np.nan, np.float32("nan"), pd.NaT, pd.NA, np.datetime64("NaT")]
)
def test_every_kind_of_missing_value_is_none(missing: Any) -> None:
    assert plain(missing) is None
    assert plain([{"value": missing}]) == [{"value": None}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.float32(0.5), 0.5),
        (pd.Timestamp(WHEN), WHEN),
        (np.array([{"start_s": np.float64(1)}], dtype=object), [{"start_s": 1.0}]),
        (("a", "b"), ["a", "b"]),
    ],
)
def test_values_are_plain_types(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_a_case_reads_its_rows_with_and_without_the_analysts_decisions(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    recording = {"recording_id": "r", "sha256": "0" * 64, "started_at": WHEN, "occurrences": 1}
    rest = {"started_at_basis": "export", "vendor_text": "wehter", "data_subject_group": "g"}
    case.write_table("recordings", [recording | rest])
    (row,) = case.rows("recordings")
    assert row["started_at"] == WHEN
    assert type(row["started_at"]) is datetime
    assert type(row["occurrences"]) is int
    assert row["utc_offset_min"] is None
    assert row["device_id"] is None
    case.review.decide("recordings", "r", "correct", reviewer="A", column="vendor_text", value="weather")
    assert case.rows("recordings")[0]["vendor_text"] == "weather"
    assert case.rows("recordings", reviewed=False)[0]["vendor_text"] == "wehter"


def test_a_table_not_written_yet_is_an_error_unless_that_is_allowed(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    with pytest.raises(CaseError, match="no table 'claims' yet"):
        case.rows("claims")
    assert case.rows("claims", missing_ok=True) == []
    with pytest.raises(CaseError, match="There is no table 'clams'"):
        case.rows("clams", missing_ok=True)


def test_a_stage_reads_the_rows_that_the_floor_plan_allows(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    case.write_table("recordings", [])
    stage = next(s for s in STAGES if s.name == "audio")
    bench = Workbench(case, stage, {}, Silent())
    try:
        assert bench.rows("recordings") == []
        with pytest.raises(ValueError, match="does not declare that it reads 'claims'"):
            bench.rows("claims")
    finally:
        bench.close()
