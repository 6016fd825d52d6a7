"""Tables of a DOCX document with columns as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from forensics.reports.exhibit import Cell, Exhibit

if TYPE_CHECKING:
    from docx.document import Document

WIDE_CM = 16.5
"""A4 less its margins."""
NAMES_CM = 5.0
"""The column of names of a table of facts."""
_LETTER_CM = 0.2
_SMALLEST_CM = 1.2


def facts_table(document: Document, rows: Sequence[tuple[str, str | Cell | None]], gap: str) -> None:
    """Names on the left, values on the right; what is missing is marked with the words `gap`."""
    missing = [value is None or (isinstance(value, Cell) and value.gap) for _, value in rows]
    body = [(name, gap if value is None else text_of(value)) for name, value in rows]
    table = _table(document, (), body, [NAMES_CM, WIDE_CM - NAMES_CM])
    for row, absent in zip(table.rows, missing, strict=True):
        for run in row.cells[1].paragraphs[0].runs if absent else ():
            mark(run)


def mark(run: Any) -> None:
    """Highlight a stretch of text that a person has to replace."""
    from docx.enum.text import WD_COLOR_INDEX

    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def exhibit_table(document: Document, exhibit: Exhibit) -> None:
    """An exhibit's sentence and its table."""
    document.add_paragraph(exhibit.sentence)
    body = [tuple(text_of(value) for value in row) for row in exhibit.rows]
    _table(document, exhibit.columns, body, widths(exhibit.columns, body))


def widths(heads: Sequence[str], body: Sequence[Sequence[str]]) -> list[float]:
    """Centimetres of each column: its longest word at least, and of what is left by how much it holds."""
    columns = [[head, *(row[n] for row in body)] for n, head in enumerate(heads)]
    least = [
        max(
            _SMALLEST_CM, _LETTER_CM * max((len(word) for text in column for word in text.split()), default=1)
        )
        for column in columns
    ]
    if sum(least) >= WIDE_CM:
        return [width * WIDE_CM / sum(least) for width in least]
    longest = [max(len(text) for text in column) ** 0.75 for column in columns]
    wanted = [max(0.0, _LETTER_CM * length * 4 - width) for length, width in zip(longest, least, strict=True)]
    share = (WIDE_CM - sum(least)) / (sum(wanted) or 1.0)
    return [width + share * more for width, more in zip(least, wanted, strict=True)]


def text_of(value: str | Cell) -> str:
    """What a cell says."""
    return value if isinstance(value, str) else value.text


def _table(
    document: Document, heads: Sequence[str], body: Sequence[Sequence[str]], columns: Sequence[float]
) -> Any:
    from docx.shared import Cm, Pt

    table = document.add_table(rows=0, cols=len(columns))
    table.style, table.autofit = "Table Grid", False
    for number, row in enumerate([heads, *body] if heads else body):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, columns, strict=True):
            cell.width = Cm(width)
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
                run.font.bold = bool(heads) and number == 0
    for column, width in zip(table.columns, columns, strict=True):
        column.width = Cm(width)
    if heads:
        _repeat(table.rows[0])
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    return table


def _repeat(row: Any) -> None:
    """Print a table's head on each page that the table reaches."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
