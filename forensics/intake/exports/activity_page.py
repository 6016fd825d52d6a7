"""Pages of activities as tables: one block per record, with its title, time, sound file and place."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from forensics.intake.clock import read_time
from forensics.intake.meaning.grids import JOIN, Grid, grid_of_rows
from forensics.intake.meaning.prefixes import spoken_part
from forensics.intake.meaning.shapes import COORDINATES
from forensics.intake.texts import names_sound

_MAX_LINES = 200


@dataclass
class _Block:
    """One record under way: lines by cell, links by line."""

    line: int
    cells: list[list[str]] = field(default_factory=lambda: [[]])
    audio: list[str] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)


def grids_of_page(text: str) -> list[Grid]:
    """The records of an activity page, and the places that they name; nothing if it is no such page."""
    if "outer-cell" not in text:
        return []
    parser = _Page()
    parser.feed(text)
    parser.close()
    parser.end_block()
    records, places = [], []
    for block in parser.found:
        row = _record(block)
        if row:
            records.append((block.line, row))
        places += [(block.line, place) for place in _places(block)]
    grids = [grid_of_rows(records, "records")] if records else []
    return grids + ([grid_of_rows(places, "locations")] if places else [])


def _record(block: _Block) -> dict[str, str]:
    """Title, time and answers: in the first cell with a time, else in the one behind the product's name."""
    cells = [cell for cell in block.cells if cell]
    if not cells:
        return {}
    for cell in cells:
        at = next((n for n, line in enumerate(cell) if _is_time(line)), None)
        if at is not None:
            break
    else:
        cell = cells[1] if len(cells) > 1 else cells[0]
        at = next((n for n, line in enumerate(cell) if n > 0 and _looks_like_time(line)), None)
    end = at if at is not None else len(cell)
    head = 1 if end > 1 and cell is cells[0] and spoken_part(cell[0]) is None else 0
    row = {"title": cell[head] if end > head else ""}
    if at is not None:
        row["time"] = cell[at]
    answers = cell[head + 1 : end]
    if answers:
        row["answer"] = JOIN.join(answers)
    if block.audio:
        row["audio"] = JOIN.join(block.audio)
    return {name: value for name, value in row.items() if value}


def _places(block: _Block) -> list[dict[str, str]]:
    found = []
    for target, cell, line in block.links:
        match = COORDINATES.search(unquote(target))
        if match:
            words = block.cells[cell][line] if line < len(block.cells[cell]) else ""
            words = " ".join(word for word in words.split() if "://" not in word)
            found.append({"place": words, "url": f"{match[1]},{match[2]}"})
    return found


def _is_time(line: str) -> bool:
    if len(line) > 80 or not any(c.isdigit() for c in line):
        return False
    read = read_time(line, day_first=True)
    return read.at is not None or read.doubt in ("impossible-time", "epoch-zero", "day-month-order")


def _looks_like_time(line: str) -> bool:
    """A year and a time of day, in a form that cannot be read."""
    import re

    return len(line) <= 80 and bool(re.search(r"\d{4}", line)) and bool(re.search(r"\d{1,2}[:.]\d\d", line))


class _Page(HTMLParser):
    """Blocks of an activity page; nothing opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Block] = []
        self._block: _Block | None = None
        self._fresh = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = values.get("class") or ""
        if "outer-cell" in classes:
            self.end_block()
            self._block, self._fresh = _Block(self.getpos()[0]), True
        block = self._block
        if block is not None and "content-cell" in classes:
            block.cells.append([])
            self._fresh = True
        if block is not None:
            for name in ("href", "src"):
                target = values.get(name) or ""
                if names_sound(target):
                    if target not in block.audio:
                        block.audio.append(target)
                elif target and len(block.links) < _MAX_LINES and len(target) < 2_000:
                    cell = block.cells[-1]
                    block.links.append((target, len(block.cells) - 1, max(0, len(cell) - (not self._fresh))))
        self._fresh |= tag in ("br", "div", "p", "audio", "source")

    def handle_endtag(self, tag: str) -> None:
        self._fresh |= tag in ("div", "p")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if self._block is None or not text:
            return
        lines = self._block.cells[-1]
        if self._fresh or not lines:
            if len(lines) < _MAX_LINES:
                lines.append(text)
        else:
            lines[-1] += f" {text}"
        self._fresh = False

    def end_block(self) -> None:
        """Close the record under way."""
        if self._block is not None:
            self.found.append(self._block)
        self._block = None
