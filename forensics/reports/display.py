"""What a case and its parts look like in a notebook: masked, escaped, without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from forensics.reports.exhibit import Cell, Exhibit
from forensics.reports.summary import findings
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

_STYLE = "border-collapse:collapse;font-size:.92em"


def case_html(case: Case) -> str:
    """A case as a notebook shows it: its findings and its tables, names masked.

    Parameters
    ----------
    case : Case
    """
    from forensics.case.schemas import TABLES

    view = View.of_case(case)
    lines = "".join(f"<li>{escape(line)}</li>" for line in findings(case))
    tables = [(name, TABLES[name].row, str(len(view.rows(name)))) for name in case.table_names]
    body = "".join(f"<tr>{''.join(f'<td>{escape(v)}</td>' for v in row)}</tr>" for row in tables)
    return (
        f"<div><p><strong>{escape(str(case.folder))}</strong></p><ul>{lines}</ul>"
        f"<details><summary>{len(tables)} tables</summary>"
        f'<table style="{_STYLE}"><thead><tr><th>table</th><th>a row is</th><th>rows</th></tr></thead>'
        f"<tbody>{body}</tbody></table></details></div>"
    )


def exhibit_html(exhibit: Exhibit) -> str:
    """An exhibit's title, sentence and table as a notebook shows them; the figure displays itself.

    Parameters
    ----------
    exhibit : Exhibit
    """
    sides = ["right" if exhibit.numeric(n) else "left" for n in range(len(exhibit.columns))]
    head = "".join(
        f'<th style="text-align:{side}">{escape(column)}</th>'
        for column, side in zip(exhibit.columns, sides, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, sides)}</tr>" for row in exhibit.rows)
    return (
        f"<h3>{escape(exhibit.title)}</h3><p>{escape(exhibit.sentence)}</p>"
        f'<table style="{_STYLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def show(exhibit: Exhibit) -> None:
    """Show an exhibit in a notebook: its sentence, the figure where there is one, and the table.

    Parameters
    ----------
    exhibit : Exhibit
    """
    from IPython.display import HTML, display

    display(HTML(exhibit_html(exhibit)))  # type: ignore[no-untyped-call]
    if exhibit.figure is not None:
        display(exhibit.figure)  # type: ignore[no-untyped-call]


def _cells(row: Sequence[str | Cell], sides: Sequence[str]) -> str:
    placed = zip(row, sides, strict=True)
    return "".join(f'<td style="text-align:{side}">{_cell(value)}</td>' for value, side in placed)


def _cell(value: str | Cell) -> str:
    if isinstance(value, str):
        return escape(value)
    return escape(", ".join([*(label for _, label in value.links), *([value.text] if value.text else [])]))
