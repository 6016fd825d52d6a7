"""The requester's own files, whatever their layout: every cell with its place, and who it names."""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable

from forensics.intake import texts
from forensics.intake.exports.base import Facts, Field, Held, Inventory, Passage, Reading
from forensics.intake.problems import Problem
from forensics.intake.sniff import suffix
from forensics.intake.suspicious import paired, suspicious, without_secrets

MAX_PASSAGES = 20_000
"""Per member; more is noted and not read."""

_MAX_FIELDS = 200
_SAMPLE = 1000
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CUSTOMER = re.compile(
    r"customer_?.?id|kundennummer|kunden.?id|account.?id|konto.?nummer|user.?id", re.IGNORECASE
)
_SERIAL = re.compile(r"serial|seriennummer|\bdsn\b|device.?id|ger[äa]e?te?.?(id|nummer)", re.IGNORECASE)
_HELP = re.compile(
    r"(^|[/_. -])(readme|read.me|liesmich|description|instructions?|anleitung)([/_. -]|$)", re.IGNORECASE
)
ACCOUNT, OTHER = Facts("account_data"), Facts("other")


def read_account_files(reading: Reading, inventory: Inventory, members: Iterable[Held]) -> None:
    """Add the text of `members` to `reading` as account data, with the identities that it states."""
    for held in members:
        text = read_text(reading, inventory, held)
        cells, problems = _cells(held.kind, text, suffix(held.path) in ("csv", "tsv"))
        reading.problems += [(held, p) for p in problems]
        reading.set(held, OTHER if _HELP.search(held.name) else ACCOUNT)
        keep_cells(reading, held, cells)


def read_text(reading: Reading, inventory: Inventory, held: Held) -> str:
    """A member as text; what had to be guessed or cut goes into `reading`."""
    content = inventory.read(held, texts.MAX_BYTES + 1)
    if len(content) > texts.MAX_BYTES:
        reading.find(held, "text-cut", f"Only the first {texts.MAX_BYTES} bytes were read as text.")
        content = content[: texts.MAX_BYTES]
    text, problems = texts.decode(content)
    reading.problems += [(held, p) for p in problems]
    return text


def keep_cells(reading: Reading, held: Held, cells: list[texts.Cell]) -> None:
    """Add cells as account data, and what they say about whose they are."""
    if len(cells) > MAX_PASSAGES:
        text = f"{len(cells)} pieces of text; the first {MAX_PASSAGES} were kept."
        reading.note(held, "passages-capped", text)
    cells = list(paired(cells))
    reading.stated.update({identity for cell in cells for identity in _identities(cell)})
    reading.problems += [(held, p) for p in suspicious(cells, markup_is_plain=held.kind in ("html", "xml"))]
    cut = 0
    for cell in cells[:MAX_PASSAGES]:
        text, was_cut = texts.tidy(without_secrets(cell.field, cell.text))
        cut += was_cut
        if text:
            field = texts.tidy(cell.field)[0][:200] if cell.field else None
            reading.passages.append(Passage(held.id, "account", text, line=cell.line, field=field or None))
    seen = Counter(cell.field for cell in cells)
    kept = Counter(cell.field for cell in cells[:MAX_PASSAGES])
    for field, count in itertools.islice(seen.items(), _MAX_FIELDS):
        name = texts.tidy(field)[0][:200] if field else None
        used, distinct = kept[field], len({c.text for c in cells[:_SAMPLE] if c.field == field})
        reading.fields.append(Field(held.id, name or None, "unknown", "none", None, count, used, distinct))
    if cut:
        reading.note(held, "text-cut", f"{cut} long pieces of text were cut.")


def _cells(kind: str, text: str, named_table: bool) -> tuple[list[texts.Cell], list[Problem]]:
    """The first cells of a text, and what is odd about it."""
    if kind == "json":
        records, problems = texts.read_json(text)
        if records or not texts.looks_like_sheet(text):
            found = (
                texts.Cell(n, path or None, t) for n, value in records for path, t in texts.leaves(value)
            )
            return _first(found), problems
    if kind in ("html", "xml"):
        return [texts.Cell(n, None, line) for n, line in texts.html_text(text)], texts.page_problems(text)
    if named_table or texts.looks_like_sheet(text):
        sheet, problems = texts.read_sheet(text)
        return _first(sheet.cells()), problems
    lines = enumerate(io.StringIO(text), start=1)
    return _first(texts.Cell(n, None, line.strip()) for n, line in lines if not texts.is_missing(line)), []


def _first(cells: Iterable[texts.Cell]) -> list[texts.Cell]:
    return list(itertools.islice(cells, texts.MAX_CELLS))


def _identities(cell: texts.Cell) -> list[tuple[str, str]]:
    field = cell.field or ""
    found = []
    if "@" in cell.text:
        found += [("e-mail", m.lower()) for m in _EMAIL.findall(cell.text[:10_000])]
    if _CUSTOMER.search(field) and re.fullmatch(r"[A-Za-z0-9._-]{6,64}", cell.text):
        found.append(("customer id", cell.text))
    if _SERIAL.search(field) and re.fullmatch(r"[A-Za-z0-9]{8,32}", cell.text):
        found.append(("device", cell.text))
    return found
