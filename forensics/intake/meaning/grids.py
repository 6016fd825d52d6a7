"""Tables of every origin as one thing: rows of named text, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MAX_ROWS = 500_000


@dataclass
class Grid:
    """A table, or one kind of record.

    Parameters
    ----------
    header : list of str
        In order. Of a record, the paths of its leaves: ``device.name``, ``persons[].name``.
    rows : list of (int, dict)
        Line number and cells by header; cells that hold nothing are left out. A cell that comes from a list
        inside its record holds the list's values joined by :data:`JOIN`.
    name : str
        Of the sheet, or the path of the records in their file.
    inherited : frozenset of str
        Headers whose values come from what surrounds the record.
    merged : frozenset of str
        Headers whose values come from records inside the record, which are tables of their own too.
    mixed : frozenset of str
        Headers whose values are texts here and numbers, lists or objects there.
    """

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    name: str = ""
    inherited: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    mixed: frozenset[str] = frozenset()

    def column(self, name: str) -> list[str]:
        """The values of a column."""
        return [row[name] for _, row in self.rows if name in row]


JOIN = "\x1f"
"""Between the values of a list in one cell: a sign that no text of a table holds after cleaning."""


def parts_of(cell: str) -> list[str]:
    """The values of a cell that may hold several."""
    return [part for part in cell.split(JOIN) if part]


def shown(cell: str) -> str:
    """A cell's values for reading."""
    return "; ".join(dict.fromkeys(parts_of(cell)))


def grid_of_rows(
    rows: Iterable[tuple[int, dict[str, str]]],
    name: str,
    inherited: frozenset[str] = frozenset(),
    merged: frozenset[str] = frozenset(),
) -> Grid:
    """A grid from rows whose header is what they hold, in order of appearance."""
    header: dict[str, None] = {}
    kept: list[tuple[int, dict[str, str]]] = []
    for line, row in rows:
        if len(kept) >= MAX_ROWS:
            break
        header.update(dict.fromkeys(row))
        kept.append((line, row))
    return Grid(list(header), kept, name, inherited & frozenset(header), merged & frozenset(header))


def unique_header(header: list[str]) -> Iterator[str]:
    """Headers, numbered where one is empty or stands twice."""
    seen: dict[str, int] = {}
    for position, name in enumerate(header, start=1):
        plain = name.strip() or f"column {position}"
        seen[plain] = seen.get(plain, 0) + 1
        yield plain if seen[plain] == 1 else f"{plain} ({seen[plain]})"
