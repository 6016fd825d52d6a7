"""A table's rows as plain Python values, for code that goes through a table row by row.

pandas marks a missing value as NaN, NaT or NA, depending on the column, and gives times and nested columns as
types of its own. Here a missing value is None whatever the column: ``row["started_at"] is None`` is the test.
:meth:`Case.rows` and :meth:`Workbench.rows` read a table this way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Row: TypeAlias = dict[str, Any]
"""One row: a str, int, float, bool, datetime (aware), list or None for each column."""


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a data frame, in its order.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table, or a selection of its rows or columns.

    Returns
    -------
    list of dict
        From column name to the value as :func:`plain` gives it. :func:`forensics.case.digests.clean` gives
        the same for these rows as for ``frame.to_dict("records")``, so that a stage's keys do not depend on
        how it read them.
    """
    names = [str(name) for name in frame.columns]
    columns = [[plain(value) for value in frame.iloc[:, i].tolist()] for i in range(len(names))]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def plain(value: Any) -> Any:
    """One value of a table as Python knows it.

    Parameters
    ----------
    value
        A cell: a scalar of Python, numpy or pandas, or nested mappings and sequences of them.

    Returns
    -------
    object
        NaN, NaT and NA as None, numpy scalars as numbers, arrays as lists, times as `datetime`; the same
        inside nested columns.
    """
    kind = type(
        value
    )  # the types that most cells have, first: asking an abstract class takes ten times as long
    if kind is dict:
        return {str(k): plain(v) for k, v in value.items()}
    if kind is list:
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    if isinstance(value, datetime):  # pandas' Timestamp and NaT are datetimes too; NaT differs from itself
        if value != value:
            return None
        return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return plain(value.tolist())
    if type(value).__name__ == "NAType":
        return None
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return value
