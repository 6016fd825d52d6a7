"""The tables that are read of one data subject, and their rows by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.case.rows import Row


def rows_of(group: str, tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows of one group, of passages those of the account's own data.

    Parameters
    ----------
    group : str
        A data subject's.
    tables : mapping
        Rows of all groups by table.
    """
    found = {
        name: [row for row in rows if row["data_subject_group"] == group] for name, rows in tables.items()
    }
    found["passages"] = [row for row in found["passages"] if row["role"] == "account"]
    return found
