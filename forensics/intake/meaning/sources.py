"""What a member holds, whatever its kind: tables, records and lines."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from forensics.intake import texts
from forensics.intake.meaning.grids import MAX_ROWS, Grid, unique_header
from forensics.intake.meaning.pages import tables_and_lines
from forensics.intake.meaning.records import Kind, kinds_in
from forensics.intake.office import Office
from forensics.intake.problems import Problem


@dataclass
class Content:
    """What a member holds.

    Parameters
    ----------
    grids : list of Grid
    kinds : list of Kind
        Records of a JSON text, the deepest first.
    lines : list of (int, str)
        Text outside tables.
    titles : list of (int, str)
        Headings, which nobody said.
    problems : list of Problem
    """

    grids: list[Grid] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def content_of(kind: str, text: str, *, named_table: bool = False) -> Content:
    """The tables and lines of a text.

    Parameters
    ----------
    kind : str
        ``text``, ``json``, ``html`` or ``xml``, by its first bytes.
    text : str
    named_table : bool
        Its name says that it is a delimited table.
    """
    if kind == "json":
        loaded, problems = texts.read_json(text)
        if loaded or not texts.looks_like_sheet(text):
            return Content(kinds=kinds_in(loaded), problems=problems)
    if kind in ("html", "xml"):
        grids, lines, titles = tables_and_lines(text)
        return Content(grids, lines=lines, titles=titles, problems=texts.page_problems(text))
    if named_table or texts.looks_like_sheet(text):
        sheet, problems = texts.read_sheet(text)
        return Content([grid_of_sheet(sheet)], problems=problems)
    lines = [
        (n, line.strip()) for n, line in enumerate(io.StringIO(text), start=1) if not texts.is_missing(line)
    ]
    return Content(lines=lines[: texts.MAX_CELLS])


def content_of_office(office: Office) -> Content:
    """The tables and lines of a sheet or a document."""
    found = Content(lines=office.lines, titles=office.titles, problems=list(office.problems))
    for name, rows in office.tables:
        if max((len(row) for _, row in rows), default=0) < 2:
            found.lines += [(line, row[0]) for line, row in rows if row and row[0]]
            continue
        sheet, problems = texts.sheet_of(rows)
        found.problems += problems
        found.grids.append(grid_of_sheet(sheet, name))
    return found


def grid_of_sheet(sheet: texts.Sheet, name: str = "") -> Grid:
    """A delimited table as a grid; cells beyond the header get numbered columns."""
    widest = max((len(row) for _, row in sheet.rows), default=0)
    header = list(unique_header([*sheet.header, *[""] * (widest - len(sheet.header))]))
    rows = [
        (line, {name: cell for name, cell in zip(header, row, strict=False) if not texts.is_missing(cell)})
        for line, row in sheet.rows[:MAX_ROWS]
    ]
    return Grid(header, [(line, row) for line, row in rows if row], name)
