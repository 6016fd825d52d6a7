"""The tables of a case and their columns, described for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.case.columns import meaning_of
from forensics.errors import CaseError

if TYPE_CHECKING:
    import pandas as pd

    from forensics.case.case import Case
    from forensics.case.tables import Column


def tables_of(case: Case) -> pd.DataFrame:
    """Every table with what a row of it is, and how many rows this case has; none where it was not written.

    Parameters
    ----------
    case : Case
        Need not be finished: a table that was not written yet has no number of rows.

    Returns
    -------
    pandas.DataFrame
        By name: ``a row is``, ``rows``, ``key``.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    from forensics.case.schemas import TABLES

    rows = []
    for table in TABLES.values():
        path = case.table_path(table.name)
        count = pq.read_metadata(path).num_rows if path.is_file() else None
        rows.append((table.name, table.row, count, ", ".join(table.key)))
    found = pd.DataFrame(rows, columns=["table", "a row is", "rows", "key"]).set_index("table")
    found["rows"] = found["rows"].astype("Int64")
    return found


def columns_of(table: str) -> pd.DataFrame:
    """The columns of a table: what each holds, its type, its values, and whether it is shown masked.

    Parameters
    ----------
    table : str
        One of :data:`forensics.case.schemas.TABLES`.

    Returns
    -------
    pandas.DataFrame
        By name: ``meaning``, ``type``, ``may be missing``, ``values``, ``shown masked``.

    Raises
    ------
    CaseError
        If there is no such table.
    """
    import pandas as pd

    from forensics.case.schemas import TABLES

    if table not in TABLES:
        raise CaseError(f"There is no table '{table}'.", f"Tables: {', '.join(TABLES)}.")
    rows = [
        (c.name, meaning_of(table, c.name), type_in_words(c), c.nullable, values_in_words(c), c.shown_masked)
        for c in TABLES[table].all_columns
    ]
    names = ["column", "meaning", "type", "may be missing", "values", "shown masked"]
    return pd.DataFrame(rows, columns=names).set_index("column")


def type_in_words(column: Column) -> str:
    """A column's type: ``list of struct of value: string, probability: double``."""
    return re.sub(r"\b(?:element|item): ", "", str(column.type)).replace("<", " of ").replace(">", "")


def values_in_words(column: Column) -> str:
    """What a column's values are bound to: an enumeration, or numbers; empty if nothing binds them."""
    allowed = column.one_of or column.each_of
    if allowed:
        return ", ".join(allowed)
    if column.low is None and column.high is None:
        return ""
    if column.high is None:
        return f"{column.low:g} or more"
    return f"up to {column.high:g}" if column.low is None else f"{column.low:g} to {column.high:g}"
