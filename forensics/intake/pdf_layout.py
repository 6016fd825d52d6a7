"""From the letters of a page to its lines: bold print once, columns apart, turned text upright, wraps undone.

Letters come as :mod:`pdfplumber` gives them. Distances are measured in sizes of the letters, so that any font
and scale is read alike. The bounds are assumptions, tried on pages with other bullets, fonts, columns, wraps.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from forensics.intake.clock import parse
from forensics.intake.meaning.spoken import opens_like_speech

_NO_LETTER = re.compile(r"\(cid:\d+\)")
_BULLETS = frozenset("•●▪◦‣·*-–—■□▫○◆◇►▸➢➤➔→✓✔✗❖⁃∙·o")
_SAME_PLACE = 0.2  # of a letter's size: what is drawn twice for boldness lies within
_SPACE = 0.22  # of a letter's size: a wider gap is a blank
_GUTTER = 1.2  # of a letter's size: a gap that may part columns
_COLUMN_ROWS = 4
_WHOLE = 0.8


@dataclass(frozen=True)
class Letter:
    """A letter upright: from left to right, from top to bottom."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Row:
    """Letters that stand side by side."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bullet: bool = False


def lines_of_page(chars: Sequence[Mapping[str, Any]], width: float, height: float) -> list[tuple[str, float]]:
    """The lines of a page in reading order, each with the median size of its letters.

    Parameters
    ----------
    chars : sequence of mapping
        Letters: ``text``, ``x0``, ``x1``, ``top``, ``bottom``, ``size`` and ``matrix``.
    width, height : float
        Of the page, in points.
    """
    lines: list[tuple[str, float]] = []
    for turned, letters in _by_direction(chars, width, height):
        across = height if turned in (90, 270) else width
        for column in _columns(_rows(_once(letters))):
            lines += [(text, row.size) for row in _joined(column, across) if (text := _clean(row.text))]
    return lines


def _by_direction(
    chars: Iterable[Mapping[str, Any]], width: float, height: float
) -> list[tuple[int, list[Letter]]]:
    """Letters by the direction that they are written in, turned upright; the commonest direction first."""
    found: dict[int, list[Letter]] = defaultdict(list)
    for char in chars:
        text = str(char["text"])
        a, b = (float(v) for v in char.get("matrix", (1, 0))[:2])
        left, right, top, bottom = (float(char[k]) for k in ("x0", "x1", "top", "bottom"))
        size = float(char["size"])
        turn = (0 if a >= 0 else 180) if abs(a) >= abs(b) else 90 if b > 0 else 270
        if turn == 90:  # from the bottom up
            left, right, top, bottom = height - bottom, height - top, left, right
        elif turn == 270:
            left, right, top, bottom = top, bottom, width - right, width - left
        elif turn == 180:
            left, right, top, bottom = width - right, width - left, height - bottom, height - top
        if turn in (90, 270):
            size = max(size, bottom - top)
        found[turn].append(Letter(text, left, right, top, bottom, size or 1.0))
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _once(letters: list[Letter]) -> list[Letter]:
    """Letters without those drawn again at the same place: bold print without a bold font, and shadows."""
    grid: dict[tuple[str, int, int], list[Letter]] = defaultdict(list)
    kept = []
    for letter in letters:
        step = max(letter.size, 1.0)
        column, line = int(letter.left / step), int(letter.top / step)
        near = (
            other
            for x in (column - 1, column, column + 1)
            for y in (line - 1, line, line + 1)
            for other in grid.get((letter.text, x, y), ())
        )
        reach = _SAME_PLACE * step
        narrow = min(reach, 0.6 * max(letter.right - letter.left, 0.1))  # "ll" is two letters
        if any(abs(o.left - letter.left) <= narrow and abs(o.top - letter.top) <= reach for o in near):
            continue
        grid[letter.text, column, line].append(letter)
        kept.append(letter)
    return kept


def _rows(letters: list[Letter]) -> list[list[Letter]]:
    """Letters by line, from the top; in a line from the left."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda c: (c.middle, c.left)):
        row = rows[-1] if rows else None
        if row is not None and abs(median(c.middle for c in row[-20:]) - letter.middle) <= 0.45 * max(
            letter.size, row[-1].size
        ):
            row.append(letter)
        else:
            rows.append([letter])
    return [sorted(row, key=lambda c: c.left) for row in rows]


def _columns(rows: list[list[Letter]]) -> list[list[Row]]:
    """Lines by column, from left to right; a page without columns is one."""
    visible = [[c for c in row if c.text.strip()] for row in rows]
    edges = _gutters([row for row in visible if row])
    if not edges:
        return [[_row(row) for row in rows if any(c.text.strip() for c in row)]]
    columns: list[list[Row]] = []
    block: list[list[list[Letter]]] = [[] for _ in range(len(edges) + 1)]
    for row in rows:
        parts: list[list[Letter]] = [[] for _ in range(len(edges) + 1)]
        for letter in row:
            across = (letter.left + letter.right) / 2
            parts[sum(across >= edge for edge in edges)].append(letter)
        crosses = any(c.left < edge < c.right for c in row if c.text.strip() for edge in edges)
        if crosses or _spans(row, edges):
            columns += _closed(block)
            columns.append([_row(row)])
            block = [[] for _ in range(len(edges) + 1)]
            continue
        for number, part in enumerate(parts):
            if any(c.text.strip() for c in part):
                block[number].append(part)
    return columns + _closed(block)


def _closed(block: list[list[list[Letter]]]) -> list[list[Row]]:
    return [[_row(part) for part in column] for column in block if column]


def _spans(row: list[Letter], edges: list[float]) -> bool:
    """Whether a line goes on over a gutter without a gap there: a heading above the columns."""
    visible = [c for c in row if c.text.strip()]
    for one, two in itertools.pairwise(visible):
        for edge in edges:
            if one.right <= edge <= two.left and two.left - one.right < 0.6 * one.size:
                return True
    return False


def _gutters(rows: list[list[Letter]]) -> list[float]:
    """Where columns of text part: a blank stripe through most lines with words on both sides.

    Lines of a table, with a time or a number before the words, are no columns.
    """
    if len(rows) < _COLUMN_ROWS:
        return []
    size = median(c.size for row in rows for c in row)
    gaps: list[tuple[float, float, int]] = []
    for number, row in enumerate(rows):
        for one, two in itertools.pairwise(row):
            if two.left - one.right >= _GUTTER * size:
                gaps.append((one.right, two.left, number))
    edges: list[float] = []
    for _, end, _ in sorted(gaps, key=lambda g: g[1]):
        edge = end - 0.3 * size
        if edges and edge - edges[-1] < 3 * size:
            continue
        open_rows = {n for left, right, n in gaps if left <= edge <= right}
        both = [row for row in rows if row[0].left < edge < row[-1].right]
        if len(open_rows) >= _COLUMN_ROWS and len(open_rows) >= _WHOLE * len(both):
            left_texts = [_text([c for c in rows[n] if c.right <= edge]) for n in open_rows]
            right_texts = [_text([c for c in rows[n] if c.left >= edge]) for n in open_rows]
            if _is_prose(left_texts) and _is_prose(right_texts):
                edges.append(edge)
    return edges


def _is_prose(texts: list[str]) -> bool:
    """Whether one side of a gap reads like lines of text: words, mostly several, and no times."""
    plain = [_stripped(text)[0] for text in texts if text.strip()]
    if not plain:
        return False
    timed = sum(any(c.isdigit() for c in t) and parse(t[:80], True) is not None for t in plain) / len(plain)
    worded = sum(bool(re.search(r"[^\W\d_]{2}", t)) for t in plain) / len(plain)
    several = sum(len(t.split()) >= 2 for t in plain) / len(plain)
    return timed < 0.3 and worded > 0.7 and several >= 0.5


def _row(letters: list[Letter]) -> Row:
    visible = [c for c in letters if c.text.strip()]
    text, bullet = _stripped(_text(letters))
    return Row(
        text, visible[0].left, visible[-1].right, min(c.top for c in visible), max(c.bottom for c in visible),
        round(median(c.size for c in visible), 1), bullet,
    )  # fmt: skip


def _text(letters: list[Letter]) -> str:
    """The text of a line; a gap is a blank, with or without a sign for it."""
    out: list[str] = []
    before: Letter | None = None
    for letter in letters:
        if not letter.text.strip():
            out.append(" ")
            continue
        if before is not None and letter.left - before.right > _SPACE * letter.size:
            out.append(" ")
        out.append(letter.text)
        before = letter
    return " ".join("".join(out).split())


def _stripped(text: str) -> tuple[str, bool]:
    """A line without the mark of a list before it, and whether there was one.

    A mark is a bullet, or a glyph that stands for no letter: symbols in a font of their own come out as such.
    """
    plain = text.lstrip()
    if match := re.match(r"(?:\(cid:\d+\)|[\ue000-\uf8ff\ufffd\u007f-\u009f])\s*(?=\S)", plain):
        return plain[match.end() :], True
    if len(plain) > 2 and plain[0] in _BULLETS and plain[1] == " ":
        return plain[2:].lstrip(), True
    return plain, False


def _joined(rows: list[Row], across: float) -> list[Row]:
    """Lines with wraps undone: told by a hanging indent, a missing mark, a smaller gap, a full line."""
    if len(rows) < 2:
        return rows
    marked = sum(row.bullet for row in rows) >= 0.5 * _items(rows)
    base = Counter(round(row.left) for row in rows).most_common(1)[0][0]
    first_left = min(base, min(round(row.left) for row in rows))
    pairs = itertools.pairwise(rows)
    gaps = [
        two.top - one.top
        for one, two in pairs
        if two.top > one.top and abs(one.size - two.size) <= 0.1 * one.size
    ]
    inner, outer = _two_gaps(gaps)
    margin = across - first_left
    out = [rows[0]]
    previous = rows[0]
    for row in rows[1:]:
        if _goes_on(previous, row, out[-1], marked, first_left, inner, outer, margin):
            out[-1] = _merged(out[-1], row)
        else:
            out.append(row)
        previous = row
    return out


def _items(rows: list[Row]) -> int:
    """Lines that could be items of a list: those as far left as the leftmost marked line."""
    marked = [row.left for row in rows if row.bullet]
    if not marked:
        return len(rows) + 1
    return sum(row.left <= min(marked) + 0.5 * row.size for row in rows)


def _goes_on(
    before: Row, row: Row, item: Row, marked: bool, left: float, inner: float, outer: float, margin: float
) -> bool:
    gap = row.top - before.top
    size = max(before.size, 1.0)
    if abs(row.size - before.size) > 0.1 * size or row.bullet or gap <= 0 or gap > 2.2 * size:
        return False
    hanging = row.left - item.left > 0.4 * size
    if marked:
        return item.bullet and (hanging or row.left - item.left > -0.5 * size) and gap <= 1.7 * size
    if outer and gap >= (inner + outer) / 2:
        return False
    if outer and inner:
        return True
    if hanging and gap <= 1.7 * size and item.left <= left + 0.5 * size:
        return True
    word = len(row.text.split(" ", 1)[0]) * 0.5 * size
    full = before.right + 0.3 * size + word > margin
    return full and row.text[:1].islower() and gap <= 1.7 * size and not opens_like_speech(row.text)


def _two_gaps(gaps: list[float]) -> tuple[float, float]:
    """The smaller and the larger of two distances between lines, if there are just two kinds; else zeros."""
    ordered = sorted(gaps)
    if len(ordered) < 3:
        return 0.0, 0.0
    jumps = [(b - a, n) for n, (a, b) in enumerate(itertools.pairwise(ordered), start=1)]
    jump, at = max(jumps)
    small, large = median(ordered[:at]), median(ordered[at:])
    if (
        jump < 0.25 * small
        or len(ordered) - at < max(2, 0.3 * len(ordered))
        or ordered[at - 1] > 1.25 * ordered[0]
        or large > 3 * small
    ):
        return 0.0, 0.0
    return small, large


def _merged(one: Row, two: Row) -> Row:
    text = one.text
    if text.endswith("\u00ad") or (
        text.endswith(("-", "\u2010")) and two.text[:1].islower() and len(text) > 2
    ):
        joined = text[:-1] + two.text
    else:
        joined = f"{text} {two.text}"
    return replace(one, text=joined, right=max(one.right, two.right), bottom=two.bottom)


def _clean(text: str) -> str:
    """Composed letters, ligatures as letters, no soft hyphens, a sign for glyphs that stand for no letter."""
    plain = "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in text)
    plain = _NO_LETTER.sub("\ufffd", plain).replace("\u00ad", "")
    return " ".join(unicodedata.normalize("NFC", plain).split())
