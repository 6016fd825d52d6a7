"""Text of unknown origin: decoded with the reason stated, cut into cells, one bad row never the end."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from forensics.intake.clock import parse
from forensics.intake.problems import Problem

MAX_BYTES = 24 << 20
"""Text read of one member: JSON of empty lists takes twenty times its size in memory."""

MAX_ROWS = 100_000
MAX_CELLS = 200_000
AUDIO_NAME = re.compile(
    r"\.(wav|wave|mp3|ogg|oga|opus|flac|m4a|mp4|aac|amr|3gp|webm|aiff?|au|caf|wma|wv|pcm|raw|ts)$",
    re.IGNORECASE,
)
_MAX_DEPTH = 200
_MAX_CONTAINERS = 500_000
_MAX_COMMAS = 1_500_000
_MAX_COLUMNS = 1_000
_MAX_DIGITS = 4000
_MAX_TEXT = 2000
_EMPTY = {"", "-", "n/a", "na", "null", "none", "nan", "not available", "nicht verfügbar"}


@dataclass(frozen=True)
class Cell:
    """One piece of text and where it stands.

    Parameters
    ----------
    line : int
        Row of a table or line of a text, counted from 1.
    field : str or None
        Column header or JSON path.
    text : str
    """

    line: int
    field: str | None
    text: str


@dataclass
class Sheet:
    """A delimited table.

    Parameters
    ----------
    header : list of str
    rows : list of (int, list of str)
        Line number and cells.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def cells(self) -> Iterator[Cell]:
        """All cells that hold something."""
        for line, row in self.rows:
            for position, text in enumerate(row):
                name = self.header[position] if position < len(self.header) else f"column {position + 1}"
                if not is_missing(text):
                    yield Cell(line, name, text)


def decode(content: bytes) -> tuple[str, list[Problem]]:
    """Text from bytes, composed (NFC): byte order mark, UTF-8, UTF-16, then a guess that is reported."""
    text, problems = _decoded(content)
    return text if text.isascii() else unicodedata.normalize("NFC", text), problems


def _decoded(content: bytes) -> tuple[str, list[Problem]]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            note = Problem(
                "byte-order-mark",
                f"Text in {encoding.removesuffix('-sig').upper()} with a mark.",
                level="note",
            )
            return content.decode(encoding, "replace"), [note]
    if content.count(0) > len(content) * 0.3 and len(content) > 3:
        encoding = "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
        return content.decode(encoding, "replace"), [_guessed(encoding)]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(content[: 1 << 16], cp_isolation=["cp1252", "cp850"]).best()
    encoding = best.encoding if best is not None else "cp1252"
    return content.decode(encoding, "replace"), [_guessed(encoding)]


def read_sheet(text: str) -> tuple[Sheet, list[Problem]]:
    """A delimited table.

    Delimiter from a ``sep=`` line or from what splits the first lines evenly. Rows that break are
    findings. A documentation row under the header and a tail after ``File Summary:`` are left out.
    """
    problems: list[Problem] = []
    if "\0" in text:
        problems.append(Problem("nul-in-text", "NUL characters in a table; left out."))
        text = text.replace("\0", "")
    stated = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if stated:
        text = text[stated.end() :]
    delimiter = stated[1] if stated else _delimiter(text)
    rows: list[tuple[int, list[str]]] = []
    lines = io.StringIO(text, newline="") if "\n" in text else iter(text.split("\r"))
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    wide = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(Problem("row-unreadable", f"Line {reader.line_num} cannot be read: {error}."))
            continue
        if row and row[0].strip().lower().startswith("file summary:"):
            problems.append(Problem("table-tail", "A summary after the table was not taken as data."))
            break
        if len(rows) > MAX_ROWS:
            text = f"The table has more than {MAX_ROWS} rows; the rest was not taken as data."
            problems.append(Problem("table-too-long", text, "Read the rest with another tool."))
            break
        if len(row) > _MAX_COLUMNS:
            wide += 1
            row = row[:_MAX_COLUMNS]
        if any(c.strip() for c in row):
            rows.append((reader.line_num, [c.strip() for c in row]))
    if wide:
        said = f"{wide} rows have more than {_MAX_COLUMNS} cells; the rest of them was not taken as data."
        problems.append(Problem("table-too-wide", said, "Read the rest with another tool."))
    sheet, odd = sheet_of(rows)
    return sheet, problems + odd


def sheet_of(rows: list[tuple[int, list[str]]]) -> tuple[Sheet, list[Problem]]:
    """A table from its rows: which of them is the header, and what is odd about the others.

    Rows with a single cell above a wider table are its title, not its header.
    """
    problems: list[Problem] = []
    if not rows:
        return Sheet([]), problems
    wide = max(sum(bool(cell) for cell in row) for _, row in rows[:50])
    titles = 0
    while wide >= 3 and titles < min(10, len(rows) - 2) and sum(map(bool, rows[titles][1])) == 1:
        titles += 1
    if titles:
        problems.append(
            Problem(
                "table-title",
                f"{titles} lines above the table's header were not taken as rows.",
                level="note",
            )
        )
        rows = rows[titles:]
    header = rows[0][1]
    if looks_like_data(header):
        problems.append(Problem("no-header", "The table has no header; columns are numbered."))
        return Sheet([f"column {i + 1}" for i in range(len(header))], rows), problems
    if len(rows) == 1:
        problems.append(Problem("no-rows", "The table has a header and no rows."))
    if len({name for name in header if name}) < sum(map(bool, header)):
        problems.append(Problem("duplicate-header", "Two columns have the same header."))
    if len(rows) > 2 and _documents(rows[1][1], [row for _, row in rows[2:]]):
        problems.append(
            Problem("documentation-row", "The row under the header explains it; not taken as data.")
        )
        del rows[1]
    ragged = sum(len(row) != len(header) for _, row in rows[1:])
    if ragged:
        problems.append(Problem("ragged-rows", f"{ragged} rows have more or fewer cells than the header."))
    return Sheet(header, rows[1:]), problems


def looks_like_sheet(text: str) -> bool:
    """Whether the first lines split evenly into at least two columns."""
    head = re.split(r"(?mi)^file summary:", text[:20_000])[0]
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    if re.match(r"sep=.", text, re.IGNORECASE):
        return True
    if len(lines) < 2:
        return False
    delimiter = _delimiter(text)
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return False
    return widths[0] >= 2 and sum(w == widths[0] for w in widths) >= 0.7 * len(widths)


def read_json(text: str) -> tuple[list[tuple[int, Any]], list[Problem]]:
    """JSON, or JSON Lines: records with their line numbers; what breaks is a finding."""
    problems: list[Problem] = []
    depth, containers, commas = _size_of(text)
    if depth > _MAX_DEPTH:
        return [], [Problem("json-too-deep", f"JSON nested deeper than {_MAX_DEPTH}; not read.")]
    if containers > _MAX_CONTAINERS or commas > _MAX_COMMAS:
        said = f"JSON with more than {_MAX_CONTAINERS} objects and lists or {_MAX_COMMAS} values; not read."
        return [], [Problem("json-too-large", said, "Read it with another tool.")]
    try:
        return [(1, _load(text, problems))], problems
    except ValueError as error:
        whole = error
    records, broken = [], 0
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.strip():
            try:
                records.append((number, _load(line, problems)))
            except ValueError:
                broken += 1
    if not records:
        return [], [*problems, Problem("json-unreadable", f"Not JSON: {str(whole)[:200]}.")]
    if broken:
        problems.append(Problem("row-unreadable", f"{broken} lines are not JSON; {len(records)} are."))
    return records, problems


def page_problems(text: str) -> list[Problem]:
    """What a page would do if somebody rendered it."""
    acting = len(
        re.findall(r"<\s*(?:script|iframe|object|embed)\b|\son\w+\s*=|javascript:", text, re.IGNORECASE)
    )
    entities = "<!ENTITY" in text
    found = []
    if acting:
        found.append(
            Problem("markup", f"{acting} scripts, frames or handlers in a page; never run or rendered.")
        )
    if entities:
        found.append(Problem("entities", "The file declares entities; none was expanded."))
    return found


def is_missing(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return text.strip().lower() in _EMPTY


def tidy(text: str) -> tuple[str, bool]:
    """Text fit for a table: no controls, no lone surrogates, bounded; and whether it was cut."""
    clean = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text[: _MAX_TEXT + 1])
    clean = clean.encode("utf-8", "replace").decode("utf-8").strip()
    return clean[:_MAX_TEXT], len(text) > _MAX_TEXT


def _guessed(encoding: str) -> Problem:
    return Problem("encoding-guessed", f"The text does not say how it is encoded; read as {encoding}.")


def _delimiter(text: str) -> str:
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()] or [""]

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            return (0.0, 0)
        return (sum(w == widths[0] for w in widths) / len(widths) if widths[0] > 1 else 0.0, widths[0])

    return max(",;\t|", key=evenness)


def names_sound(target: str) -> bool:
    """Whether a link's target ends like a name of a sound file."""
    return bool(AUDIO_NAME.search(target[-40:]))


def looks_like_data(row: list[str]) -> bool:
    """A first row of numbers, times, names of sound files or addresses is no header."""
    filled = [c for c in row if c]
    data = sum(bool(re.fullmatch(r"[\d.,:/TZ+\- ]*\d[\d.,:/TZ+\- ]*", c)) or "@" in c for c in filled)
    return bool(filled) and (data >= 0.5 * len(filled) or any(map(_is_value, filled)))


def _is_value(cell: str) -> bool:
    """Whether a cell can be no header: a time with its date, the name of a sound file."""
    if len(cell) > 120 or not any(c.isdigit() for c in cell):
        return names_sound(cell) and len(cell) > 5 and cell.lower() != "audio.wav"
    parts = parse(cell, True)
    return names_sound(cell) or (parts is not None and parts.day is not None and parts.clock is not None)


_CLOCK_WORDS = frozenset(
    [
        "t",
        "z",
        "utc",
        "gmt",
        "am",
        "pm",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "eur",
        "usd",
    ]
)


def _is_datum(text: str) -> bool:
    """Whether a cell holds a number or a time and no other words."""
    cut = text[:100]
    return any(c.isdigit() for c in cut) and all(
        word in _CLOCK_WORDS for word in re.findall(r"[^\W\d_]+", cut.lower())
    )


def _documents(row: list[str], others: list[list[str]]) -> bool:
    """Whether `row` explains columns that elsewhere hold numbers or times and here hold words."""
    telling = 0
    for position, text in enumerate(row):
        values = [o[position] for o in others if position < len(o) and not is_missing(o[position])]
        if values and all(_is_datum(v) for v in values):
            if _is_datum(text) or not re.search(r"[^\W\d]{2}", text):
                return False
            telling += 1
    return telling > 0


def _size_of(text: str) -> tuple[int, int, int]:
    """Depth, containers and commas of a JSON text, without building anything."""
    depth = deepest = containers = commas = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]|,', text):
        if match[0] in "[{":
            depth += 1
            containers += 1
            deepest = max(deepest, depth)
        elif match[0] in "]}":
            depth -= 1
        elif match[0] == ",":
            commas += 1
        if containers > _MAX_CONTAINERS or commas > _MAX_COMMAS:
            break
    return deepest, containers, commas


def _load(text: str, problems: list[Problem]) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({k for k, _ in items}) < len(items):
            _once(problems, Problem("duplicate-key", "An object names a key twice; all values were kept."))
            times: Counter[str] = Counter()
            grouped: dict[str, Any] = {}
            for key, value in items:
                times[key] += 1
                grouped[key if times[key] == 1 else f"{key} ({times[key]})"] = value
            return grouped
        return dict(items)

    def constant(name: str) -> None:
        _once(problems, Problem("not-a-number", f"{name} in JSON; read as missing."))

    def integer(digits: str) -> int | str:
        return int(digits) if len(digits) <= _MAX_DIGITS else digits

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer)


def _once(problems: list[Problem], problem: Problem) -> None:
    if problem not in problems:
        problems.append(problem)
