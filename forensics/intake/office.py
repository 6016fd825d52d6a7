"""Sheets and documents of office programs: a zip of XML, read with limits and no entity expanded.

ECMA-376 (xlsx, docx) and OASIS OpenDocument 1.3 (ods, odt). Only what holds text is read: cells, shared
strings, paragraphs, tables, notes and comments. Formulas are not computed; the value stored beside them is taken.
"""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from forensics.intake.containers.opening import open_archive
from forensics.intake.limits import Limits
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.texts import MAX_ROWS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OFFICE = frozenset({"xlsx", "docx", "ods", "odt"})
"""Kinds that are a zip file and are read as a whole."""

_PART_BYTES = 64 << 20
_ALL_BYTES = 160 << 20
_MAX_CELLS = 2_000_000
_MAX_COLUMNS = 1_000
_MAX_REPEAT = 200
_FIRST_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"word/", b"mimetype", b"customXml/", b"content.xml",
                b"META-INF/", b"Thumbnails/", b"settings.xml", b"styles.xml", b"meta.xml")  # fmt: skip
_MARKS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_HEADING = re.compile(
    r"title|subtitle|heading|titel|untertitel|berschrift|überschrift|titre|título|titulo|titolo|kop\d|nagłówek|rubrik|overskrift|otsikko",
    re.IGNORECASE,
)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LIMITS = Limits(total_bytes=_ALL_BYTES, member_bytes=_PART_BYTES, members=5_000, depth=1)


@dataclass
class Office:
    """What a file of an office program holds.

    Parameters
    ----------
    tables : list of (str, list of (int, list of str))
        Name of the sheet or number of the table, and its rows with their numbers.
    lines : list of (int, str)
        Paragraphs outside tables, notes and comments.
    titles : list of (int, str)
        Paragraphs that are set as headings.
    problems : list of Problem
    """

    tables: list[tuple[str, list[tuple[int, list[str]]]]] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def office_kind(file: BinaryIO) -> str | None:
    """Which office program's file a zip file is; None if it is an ordinary one."""
    file.seek(0)
    head = file.read(400)
    length = int.from_bytes(head[26:28], "little") if len(head) >= 30 else 0
    first = head[30 : 30 + length]
    if head[:4] != b"PK\x03\x04" or not first.startswith(_FIRST_PARTS):
        return None
    if first == b"mimetype":
        start = 30 + length + int.from_bytes(head[28:30], "little")
        return next((kind for mark, kind in _OPEN.items() if head[start:].startswith(mark)), None)
    try:
        for entry in open_archive(file, "office", _LIMITS).entries:
            if entry.name in _MARKS:
                return _MARKS[entry.name]
    except MemberRefusedError:
        return None
    return None


def read_office(file: BinaryIO, kind: str) -> Office:
    """The tables and paragraphs of an office file.

    Parameters
    ----------
    file : seekable binary file
    kind : str
        One of :data:`OFFICE`.
    """
    found = Office()
    parts = _parts(file, kind, found)
    try:
        if kind == "xlsx":
            _workbook(parts, found)
        elif kind == "docx":
            for _name, content in sorted(parts.items(), key=lambda p: (p[0] != "word/document.xml", p[0])):
                _word(content, found)
        else:
            _open_document(parts.get("content.xml", b""), found)
    except Exception as error:  # a hostile file may provoke anything from the parser
        text = f"Cannot be read as {kind}: {type(error).__name__}."
        found.problems.append(
            Problem("office-unreadable", text, "Open it elsewhere, on a machine that holds nothing else.")
        )
    return found


def _parts(file: BinaryIO, kind: str, found: Office) -> dict[str, bytes]:
    """The XML parts that hold text."""
    wanted = {
        "xlsx": r"xl/(workbook|sharedStrings|styles|comments\d*)\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml",
        "docx": r"word/(document|comments|footnotes|endnotes|header\d*|footer\d*)\.xml",
    }.get(kind, r"content\.xml")
    parts: dict[str, bytes] = {}
    total = 0
    try:
        container = open_archive(file, "office", _LIMITS)
        for entry in container.entries:
            if entry.refused or not re.fullmatch(wanted, entry.name):
                continue
            content = bytearray()
            for chunk in entry.chunks():
                content += chunk
                total += len(chunk)
                if len(content) > _PART_BYTES or total > _ALL_BYTES:
                    text = f"More than {_PART_BYTES >> 20} MB of a sheet; the rest was not read."
                    found.problems.append(Problem("office-too-large", text, "Read it with another tool."))
                    content.clear()
                    break
            if content and entry.name not in parts:
                parts[entry.name] = bytes(content)
    except MemberRefusedError as error:
        found.problems.append(error.problem)
    return parts


def _tree(content: bytes) -> Element:
    """An XML text as a tree; a document type, an entity or a reference outside is refused by raising."""
    from xml.etree.ElementTree import fromstring

    return fromstring(_plain_xml(content))  # noqa: S314 (no document type is let through)


def _plain_xml(content: bytes) -> bytes:
    """An XML text in a plain encoding and without a document type: only one of those can declare entities.

    Raises
    ------
    ValueError
        If it has a document type, or an encoding in which one could hide.
    """
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", content[:300])
    if declared and declared[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"):
        raise ValueError("encoding")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", content.decode("utf-16").encode())
    if b"\0" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("document type")
    return content


def _events(content: bytes, tag: str) -> Iterator[Element]:
    """Elements with this name, one after another, each forgotten after use."""
    from xml.etree.ElementTree import iterparse

    for _, element in iterparse(io.BytesIO(_plain_xml(content))):  # noqa: S314 (see _plain_xml)
        if _name(element) == tag:
            yield element
            element.clear()


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _get(element: Element, name: str) -> str | None:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _words(element: Element, tags: frozenset[str] = frozenset({"t"})) -> str:
    """The text of a paragraph or cell: runs joined, tabs and breaks as such."""
    out: list[str] = []
    for part in element.iter():
        name = _name(part)
        if name in tags and part.text:
            out.append(part.text)
        elif name == "tab":
            out.append("\t")
        elif name in ("br", "cr"):
            out.append("\n")
    return "".join(out)


def _workbook(parts: dict[str, bytes], found: Office) -> None:
    shared = [_words(item) for item in _events(parts.get("xl/sharedStrings.xml", b"<x/>"), "si")]
    book = _tree(parts["xl/workbook.xml"])
    old = any(_get(e, "date1904") in ("1", "true") for e in book.iter() if _name(e) == "workbookPr")
    dates = _date_styles(parts.get("xl/styles.xml"))
    targets = {}
    if "xl/_rels/workbook.xml.rels" in parts:
        for relation in _tree(parts["xl/_rels/workbook.xml.rels"]):
            targets[_get(relation, "Id")] = (_get(relation, "Target") or "").removeprefix("/xl/")
    sheets = [(e.get("name") or "", targets.get(_get(e, "id"))) for e in book.iter() if _name(e) == "sheet"]
    named = {f"xl/{target}": name for name, target in sheets if target}
    cells = 0
    for path in sorted(p for p in parts if p.startswith("xl/worksheets/")):
        rows: list[tuple[int, list[str]]] = []
        for number, row in enumerate(_events(parts[path], "row"), start=1):
            line = int(row.get("r") or number)
            values: list[str] = []
            for cell in row:
                if _name(cell) != "c":
                    continue
                at = _column(cell.get("r"), len(values))
                if at >= _MAX_COLUMNS:
                    continue
                values += [""] * (at - len(values))
                values.append(_cell(cell, shared, dates, old).strip())
                cells += 1
            if any(values):
                rows.append((line, values))
            if len(rows) > MAX_ROWS or cells > _MAX_CELLS:
                text = f"A sheet has more than {len(rows)} rows; the rest was not taken as data."
                found.problems.append(Problem("table-too-long", text, "Read the rest with another tool."))
                break
        if rows:
            found.tables.append((named.get(path, path.rpartition("/")[2]), rows))
    for path in sorted(p for p in parts if "comments" in p):
        found.lines += [(n, _words(c)) for n, c in enumerate(_events(parts[path], "comment"), start=1)]


def _column(reference: str | None, otherwise: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference or "")
    if letters is None:
        return otherwise
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(cell: Element, shared: list[str], dates: frozenset[int], old: bool) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _words(cell)
    value = next((child.text or "" for child in cell if _name(child) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "b":
        return {"1": "true", "0": "false"}.get(value, value)
    style = cell.get("s") or "0"
    if kind == "n" and value and style.isdigit() and int(style) in dates:
        return _moment(value, old)
    return value


def _moment(value: str, old: bool) -> str:
    """A number of days as the date and time that the sheet shows."""
    try:
        days = float(value)
        moment = _EPOCHS[old] + timedelta(seconds=round(days * 86_400, 3))
    except (ValueError, OverflowError):
        return value
    if 0 <= days < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if days == int(days) else f"{moment:%Y-%m-%d %H:%M:%S}"


def _date_styles(styles: bytes | None) -> frozenset[int]:
    """The cell styles that show a number as a date or a time."""
    if not styles:
        return frozenset()
    root = _tree(styles)
    own = {}
    for form in (e for e in root.iter() if _name(e) == "numFmt"):
        code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form.get("formatCode") or "")
        own[form.get("numFmtId")] = bool(re.search(r"[ymdhs]", code, re.IGNORECASE))
    found = set()
    for cells in (e for e in root.iter() if _name(e) == "cellXfs"):
        for number, form in enumerate(cells):
            id_ = form.get("numFmtId") or "0"
            if own.get(id_, id_.isdigit() and int(id_) in _DATE_FORMATS):
                found.add(number)
    return frozenset(found)


def _word(content: bytes, found: Office) -> None:
    root = _tree(content)
    body = next((e for e in root.iter() if _name(e) == "body"), root)
    _blocks(body, found, "p", "tbl", "tr", "tc", frozenset({"t"}))


def _blocks(
    body: Element, found: Office, paragraph: str, table: str, row: str, cell: str, text: frozenset[str]
) -> None:
    """Paragraphs and tables in order; a table inside a cell is part of the cell's text."""
    number = len(found.lines)
    stack = list(reversed(list(body)))
    while stack and number < _MAX_CELLS:
        element = stack.pop()
        name = _name(element)
        if name == paragraph:
            number += 1
            into = found.titles if _is_heading(element) else found.lines
            into += [(number, part.strip()) for part in _words(element, text).split("\n") if part.strip()]
        elif name == table:
            rows = []
            for line, entry in enumerate((e for e in element.iter() if _name(e) == row), start=1):
                rows.append(
                    (line, [_words(c, text).strip() for c in entry if _name(c) == cell][:_MAX_COLUMNS])
                )
            found.tables.append((f"table {len(found.tables) + 1}", rows))
        else:
            stack += reversed(list(element))


def _is_heading(paragraph: Element) -> bool:
    """Whether a paragraph has a heading's style, in any language, or a level in the outline."""
    for part in paragraph.iter():
        if _name(part) == "outlineLvl":
            return True
        if _name(part) == "pStyle":
            return bool(_HEADING.match(_get(part, "val") or ""))
    return False


def _open_document(content: bytes, found: Office) -> None:
    root = _tree(content)
    body = next(
        (e for e in root.iter() if _name(e) in ("spreadsheet", "text") and "office" in str(e.tag)), root
    )
    cells = 0
    for table in (e for e in body.iter() if _name(e) == "table"):
        rows: list[tuple[int, list[str]]] = []
        line = 0
        for row in (e for e in table.iter() if _name(e) == "table-row"):
            values: list[str] = []
            for cell in row:
                if _name(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                times = _repeat(cell, "number-columns-repeated")
                text = _open_cell(cell)
                values += [text] * (times if text else min(times, _MAX_COLUMNS - len(values)))
                cells += 1
            while values and not values[-1]:
                values.pop()
            again = _repeat(row, "number-rows-repeated")
            if values:
                rows += [(line + n + 1, values[:_MAX_COLUMNS]) for n in range(min(again, _MAX_REPEAT))]
            line += again
            if len(rows) > MAX_ROWS or cells > _MAX_CELLS:
                text = f"A sheet has more than {len(rows)} rows; the rest was not taken as data."
                found.problems.append(Problem("table-too-long", text, "Read the rest with another tool."))
                break
        if rows:
            found.tables.append((_get(table, "name") or f"table {len(found.tables) + 1}", rows))
    inside = {id(p) for t in body.iter() if _name(t) == "table" for p in t.iter()}
    number = 0
    for element in body.iter():
        if _name(element) in ("p", "h") and id(element) not in inside:
            number += 1
            if text := "".join(element.itertext()).strip():
                (found.titles if _name(element) == "h" else found.lines).append((number, text))


def _repeat(element: Element, name: str) -> int:
    value = _get(element, name) or "1"
    return min(int(value), 1 << 20) if value.isdigit() else 1


def _open_cell(cell: Element) -> str:
    kind = _get(cell, "value-type")
    if kind == "date" and (value := _get(cell, "date-value")):
        return value
    if kind == "time" and (value := _get(cell, "time-value")):
        match = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:\.\d+)?S", value)
        if match:
            return f"{int(match[1]):02d}:{int(match[2]):02d}:{int(match[3]):02d}"
    shown = ["".join(p.itertext()) for p in cell if _name(p) in ("p", "h")]
    if kind == "float" and not any(shown):
        return _get(cell, "value") or ""
    return "\n".join(shown).strip()
