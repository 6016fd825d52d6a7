"""Web pages as tables and lines; nothing is rendered, followed or expanded."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from forensics.intake import texts
from forensics.intake.meaning.grids import Grid, grid_of_rows, unique_header

_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "td", "th", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "title", "section",
     "article",
     "dt", "dd", "summary", "details", "blockquote", "header", "footer"}
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "title"})
_MAX_COLUMNS = 200


def tables_and_lines(text: str) -> tuple[list[Grid], list[tuple[int, str]], list[tuple[int, str]]]:
    """A page's tables of at least two columns and two rows, the lines around them, its headings."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_row()
    grids: list[Grid] = []
    for number, rows in enumerate(page.tables, start=1):
        grid = _grid(rows, number)
        if grid is not None:
            grids.append(grid)
        else:
            page.lines += [(line, " ".join(cells)) for line, cells in rows if any(cells)]
    titles = [(line, text) for line, text, heading in page.texts if heading]
    return grids, sorted(page.lines + [(n, t) for n, t, heading in page.texts if not heading]), titles


def _grid(rows: list[tuple[int, list[str]]], number: int) -> Grid | None:
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if len(rows) < 2 or max(len(cells) for _, cells in rows) < 2:
        return None
    wide = max(len(cells) for _, cells in rows)
    first = next((n for n, (_, cells) in enumerate(rows) if len(cells) >= 0.6 * wide), 0)
    header_line = rows[first][1]
    data = rows[first + 1 :]
    if texts.looks_like_data(header_line):
        header_line, data = [f"column {n + 1}" for n in range(wide)], rows[first:]
    header = list(unique_header(header_line[:_MAX_COLUMNS]))

    def named() -> Iterator[tuple[int, dict[str, str]]]:
        for line, cells in data:
            row = {
                name: cell for name, cell in zip(header, cells, strict=False) if not texts.is_missing(cell)
            }
            if row:
                yield line, row

    return grid_of_rows(named(), f"table {number}")


class _Page(HTMLParser):
    """Rows of tables, and lines by block; scripts and styles are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[int, list[str]]]] = []
        self.lines: list[tuple[int, str]] = []
        self.texts: list[tuple[int, str, bool]] = []
        self._heading = 0
        self._open: list[int] = []
        self._row: list[str] | None = None
        self._row_line = 0
        self._fresh = True
        self._hidden = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._fresh |= tag in _BLOCKS
        self._hidden += tag in ("script", "style")
        self._heading += tag in _HEADINGS
        if tag == "table":
            self.end_row()
            self.tables.append([])
            self._open.append(len(self.tables) - 1)
        elif tag == "tr" and self._open:
            self.end_row()
            self._row, self._row_line = [], self.getpos()[0]
        elif tag in ("td", "th") and self._row is not None:
            self._row.append("")
        elif tag in ("a", "source", "audio") and self._row:
            values = dict(attrs)
            target = values.get("src") or values.get("href") or ""
            if texts.names_sound(target) and target not in self._row[-1]:
                self._row[-1] = f"{self._row[-1]} {target}".strip()

    def handle_endtag(self, tag: str) -> None:
        self._fresh |= tag in _BLOCKS
        self._hidden = max(0, self._hidden - (tag in ("script", "style")))
        self._heading = max(0, self._heading - (tag in _HEADINGS))
        if tag in ("tr", "table"):
            self.end_row()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text or self._hidden or self._cells > texts.MAX_CELLS:
            return
        self._cells += 1
        if self._row:
            self._row[-1] = f"{self._row[-1]} {text}".strip()
        elif self._fresh or not self.texts:
            self.texts.append((self.getpos()[0], text, bool(self._heading)))
        else:
            line, before, heading = self.texts[-1]
            self.texts[-1] = (line, f"{before} {text}", heading)
        self._fresh = False

    def end_row(self) -> None:
        """Close the row under way."""
        if self._row is not None and self._open:
            self.tables[self._open[-1]].append((self._row_line, self._row))
        self._row = None
