"""Every column is described, and a case and the package offer an analyst what analysts use."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import forensics
from forensics import Case
from forensics.case.columns import meaning_of
from forensics.case.schemas import TABLES
from forensics.errors import CaseError

COLUMNS = {(t.name, c.name) for t in TABLES.values() for c in t.all_columns}


def test_every_column_is_described_and_nothing_else() -> None:
    assert all(meaning_of(table, column) for table, column in COLUMNS)
    source = Path(forensics.__file__).parent / "case" / "data" / "columns.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row.keys() == {"table", "column", "meaning"} and all(row.values()) for row in rows)
    named = {(row["table"], row["column"]) for row in rows}
    assert len(named) == len(rows)
    everywhere = {("*", column) for _, column in COLUMNS}
    assert named - COLUMNS - everywhere == set()


def test_a_case_describes_itself(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    case.write_table("severity", [])
    tables = case.describe()
    assert list(tables.index) == list(TABLES)
    assert tables.loc["severity", "rows"] == 0
    assert tables["rows"].isna().sum() == len(TABLES) - 1
    columns = case.describe("claims")
    assert list(columns.index) == [c.name for c in TABLES["claims"].all_columns]
    assert not columns.loc["value", "shown masked"]
    assert columns.loc["p_true", "values"] == "0 to 1"
    with pytest.raises(CaseError, match="Tables: members"):
        case.describe("suspects")


def test_what_completion_offers(tmp_path: Path) -> None:
    offered = {name for name in dir(forensics) if not name.startswith("_")}
    assert offered == set(forensics.__all__)
    case = Case.create(tmp_path / "case")
    assert {"search", "report", "play", "explain", "describe", "table", "review", "transcripts"} <= set(
        dir(case)
    )
    assert not {"write_table", "record_stage", "add_evidence", "frame", "rows", "lock", "state"} & set(
        dir(case)
    )
    assert all(hasattr(case, name) for name in dir(case))


def test_ipython_completes_to_that(tmp_path: Path) -> None:
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell(user_ns={"forensics": forensics, "case": Case.create(tmp_path / "case")})
    with provisionalcompleter():
        found = {c.text for c in shell.Completer.completions("forensics.", 10)}
        of_case = {c.text for c in shell.Completer.completions("case.", 5)}
    assert found == set(forensics.__all__)
    assert of_case == set(dir(Case(tmp_path / "case")))


def test_the_stub_names_what_the_package_offers() -> None:
    stub = (Path(forensics.__file__).with_suffix(".pyi")).read_text("utf-8")
    assert all(f" as {name}\n" in stub for name in forensics.__all__)
    assert all(hasattr(forensics, name) for name in forensics.__all__)
