"""A table or chart of the report, and how a notebook displays it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Cell:
    """A table cell that is more than text.

    Parameters
    ----------
    text : str
    links : tuple of (str, str)
        Anchors in the document and what they are called.
    numeric, code, gap : bool
        Aligned to the right; a hash or the like; a fact that is missing.
    anchor : str
        What links to this row point at.
    english : bool
        Whether the text is English in a report of another language (WCAG 2.1, 3.1.2).
    sound : str
        A ``data:`` address of what can be heard; `text` says what it is.
    """

    text: str
    links: tuple[tuple[str, str], ...] = ()
    numeric: bool = False
    code: bool = False
    gap: bool = False
    anchor: str = ""
    english: bool = False
    sound: str = ""


Cells = list[tuple[str | Cell, ...]]
"""Rows of a table."""


def right(text: str) -> Cell:
    """A cell aligned to the right."""
    return Cell(text, numeric=True)


@dataclass(frozen=True)
class Exhibit:
    """A table, mostly with a figure, and the sentence that says what it shows.

    Parameters
    ----------
    name : str
        Anchor.
    title, sentence : str
    columns : tuple of str
    rows : list of tuple
        Text or :class:`Cell`.
    figure : plotly figure, optional
    """

    name: str
    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: Cells
    figure: go.Figure | None = field(default=None, compare=False)

    def _ipython_display_(self) -> None:

        show(self)

    def numeric(self, column: int) -> bool:
        """Whether a column holds figures: its head is aligned with them."""
        first = self.rows[0][column] if self.rows else ""
        return isinstance(first, Cell) and first.numeric


_STYLE = "border-collapse:collapse;font-size:.92em"


def exhibit_html(exhibit: Exhibit) -> str:
    """An exhibit's title, sentence and table as a notebook shows them; the figure displays itself.

    Parameters
    ----------
    exhibit : Exhibit
    """
    return heading_html(exhibit) + table_html(exhibit)


def heading_html(exhibit: Exhibit) -> str:
    """An exhibit's title and sentence."""
    return f"<h3>{escape(exhibit.title)}</h3><p>{escape(exhibit.sentence)}</p>"


def table_html(exhibit: Exhibit) -> str:
    """An exhibit's table: sortable and searchable in a notebook that was set up for it, else plain."""
    from forensics.reports import interactive

    if interactive.ready() and exhibit.rows:
        import pandas as pd

        frame = pd.DataFrame(plain_rows(exhibit), columns=list(exhibit.columns))
        numeric = [n for n in range(len(exhibit.columns)) if exhibit.numeric(n)]
        return interactive.table_html(frame, numeric)
    sides = ["right" if exhibit.numeric(n) else "left" for n in range(len(exhibit.columns))]
    head = "".join(
        f'<th style="text-align:{side}">{escape(column)}</th>'
        for column, side in zip(exhibit.columns, sides, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, sides)}</tr>" for row in exhibit.rows)
    return f'<table style="{_STYLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def plain_rows(exhibit: Exhibit) -> list[list[str]]:
    """An exhibit's rows as text."""
    return [[_text(cell) for cell in row] for row in exhibit.rows]


def show(exhibit: Exhibit) -> None:
    """Show an exhibit in a notebook: its sentence, and the table; of a figure the table is folded away.

    Parameters
    ----------
    exhibit : Exhibit
    """
    from IPython.display import HTML, display

    table = table_html(exhibit)
    if exhibit.figure is None:
        display(HTML(heading_html(exhibit) + table))  # type: ignore[no-untyped-call]
        return
    display(HTML(heading_html(exhibit)))  # type: ignore[no-untyped-call]
    display(exhibit.figure)  # type: ignore[no-untyped-call]
    folded = f"<details><summary>As a table ({len(exhibit.rows)} rows)</summary>{table}</details>"
    display(HTML(folded))  # type: ignore[no-untyped-call]


def _cells(row: Sequence[str | Cell], sides: Sequence[str]) -> str:
    placed = zip(row, sides, strict=True)
    return "".join(f'<td style="text-align:{side}">{_cell(value)}</td>' for value, side in placed)


def _cell(value: str | Cell) -> str:
    return escape(_text(value))


def _text(value: str | Cell) -> str:
    if isinstance(value, str):
        return value
    return ", ".join([*(label for _, label in value.links), *([value.text] if value.text else [])])
