"""Tables as plain rows, for code that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from forensics.case.case import Case


def rows_of(case: Case, table: str) -> list[dict[str, Any]]:
    """The rows of a table, none if it was not written yet."""
    return records(case.table(table)) if case.has_table(table) else []


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts, missing values as None, nested columns as lists of dicts or of plain values."""
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:
    """`value` as Python knows it: NaN, NaT and NA become None, arrays lists, times `datetime`."""
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime() if value == value else None
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, datetime):
        return value
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return value if value == value and type(value).__name__ != "NAType" else None
