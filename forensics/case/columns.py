"""What the columns of the tables mean, in a sentence each: for the reference and for people at a notebook."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

_SHARED = "*"
"""Stands for every table that has such a column and no sentence of its own for it."""


def meaning_of(table: str, column: str) -> str:
    """What a column of a table holds.

    Parameters
    ----------
    table, column : str
        As :data:`forensics.case.schemas.TABLES` has them.

    Raises
    ------
    KeyError
        If nobody has written down what it holds.
    """
    known = _meanings()
    return known[table, column] if (table, column) in known else known[_SHARED, column]


@cache
def _meanings() -> dict[tuple[str, str], str]:
    source = files("forensics.case").joinpath("data", "columns.csv")
    rows = csv.DictReader(source.read_text("utf-8").splitlines())
    return {(row["table"], row["column"]): row["meaning"] for row in rows}
