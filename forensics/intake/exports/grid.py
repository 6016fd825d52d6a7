"""CSV, TSV, JSON and JSON Lines as one thing: rows of named text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from forensics.intake import texts
from forensics.intake.exports.account import read_text
from forensics.intake.exports.base import Held, Inventory, Reading
from forensics.intake.sniff import suffix

_MAX_ROWS = 500_000


@dataclass
class Grid:
    """A table.

    Parameters
    ----------
    header : list of str
    rows : list of (int, dict)
        Line number and cells by header; cells that hold nothing are left out.
    """

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        """The values of a column."""
        return [row[name] for _, row in self.rows if name in row]


def read_grid(reading: Reading, inventory: Inventory, held: Held) -> Grid | None:
    """A member as a table, or None if it is none. What is odd goes into `reading`."""
    if held.kind not in ("text", "json"):
        return None
    scratch = Reading(reading.export)
    text = read_text(scratch, inventory, held)
    grid = _from_json(scratch, held, text) if held.kind == "json" else _from_sheet(scratch, held, text)
    if grid is not None and grid.rows:
        reading.problems += scratch.problems
        return grid
    return None


def records_in(value: Any) -> list[dict[str, Any]]:
    """The longest list of objects in a JSON value, at most two levels down."""
    found: list[dict[str, Any]] = []
    for candidate in (value, *(value.values() if isinstance(value, dict) else ())):
        if isinstance(candidate, list):
            records = [item for item in candidate if isinstance(item, dict)]
            if len(records) > len(found):
                found = records
    return found


def _from_sheet(reading: Reading, held: Held, text: str) -> Grid | None:
    if suffix(held.path) not in ("csv", "tsv") and not texts.looks_like_sheet(text):
        return None
    sheet, problems = texts.read_sheet(text)
    reading.problems += [(held, p) for p in problems]
    rows = []
    for line, cells in sheet.rows[:_MAX_ROWS]:
        row = {
            name: cell for name, cell in zip(sheet.header, cells, strict=False) if not texts.is_missing(cell)
        }
        rows.append((line, row))
    return Grid(sheet.header, rows)


def _from_json(reading: Reading, held: Held, text: str) -> Grid | None:
    loaded, problems = texts.read_json(text)
    reading.problems += [(held, p) for p in problems]
    if len(loaded) == 1:
        pairs = [(n, record) for n, record in enumerate(records_in(loaded[0][1]), start=1)]
    else:
        pairs = [(line, record) for line, record in loaded if isinstance(record, dict)]
    header: dict[str, None] = {}
    rows = []
    for line, record in pairs[:_MAX_ROWS]:
        row = dict(texts.leaves(record))
        header.update(dict.fromkeys(row))
        rows.append((line, row))
    return Grid(list(header), rows)
