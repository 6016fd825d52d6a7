"""The requester's own files, whatever their layout: every cell with its place, and who it names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forensics.intake import texts
from forensics.intake.exports.base import Facts, Held, Identity, Inventory, Passage, Reading
from forensics.intake.problems import Problem
from forensics.intake.sniff import suffix

MAX_PASSAGES = 20_000
"""Per member; more is noted and not read."""

_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CUSTOMER = re.compile(
    r"customer.?id|kundennummer|kunden.?id|account.?id|konto.?nummer|user.?id", re.IGNORECASE
)
_SERIAL = re.compile(r"serial|seriennummer|\bdsn\b|device.?id|ger[äa]e?te?.?(id|nummer)", re.IGNORECASE)
_OWN_EMAIL = re.compile(r"e-?mail|account|konto|login|user|customer|kunde", re.IGNORECASE)
_HELP = re.compile(
    r"(^|[/_. -])(readme|read.me|liesmich|description|instructions?|anleitung)([/_. -]|$)", re.IGNORECASE
)


def read_account_files(reading: Reading, inventory: Inventory, members: Iterable[Held]) -> None:
    """Add the text of `members` to `reading` as account data, with the identities that it states."""
    for held in members:
        content = inventory.read(held, texts.MAX_BYTES + 1)
        if len(content) > texts.MAX_BYTES:
            problem = Problem("text-cut", f"Only the first {texts.MAX_BYTES} bytes were read as text.")
            reading.problems.append((held.id, problem))
            content = content[: texts.MAX_BYTES]
        text, problems = texts.decode(content)
        cells, more = _cells(held.kind, text, suffix(held.path) in ("csv", "tsv"))
        reading.problems += [(held.id, p) for p in problems + more]
        reading.facts[held.id] = Facts(
            "other" if _HELP.search(held.path.rsplit("/", 1)[-1]) else "account_data"
        )
        _keep(reading, held, cells)


def _cells(kind: str, text: str, named_table: bool) -> tuple[list[texts.Cell], list[Problem]]:
    if kind == "json":
        records, problems = texts.read_json(text)
        if records or not texts.looks_like_sheet(text):
            return [
                texts.Cell(n, path or None, leaf) for n, v in records for path, leaf in texts.leaves(v)
            ], problems
    if kind in ("html", "xml"):
        return [texts.Cell(n, None, line) for n, line in texts.html_text(text)], []
    if named_table or texts.looks_like_sheet(text):
        sheet, problems = texts.read_sheet(text)
        return list(sheet.cells()), problems
    lines = enumerate(text.splitlines(), start=1)
    return [texts.Cell(n, None, line.strip()) for n, line in lines if not texts.is_missing(line)], []


def _keep(reading: Reading, held: Held, cells: list[texts.Cell]) -> None:
    if len(cells) > MAX_PASSAGES:
        note = Problem(
            "passages-capped",
            f"{len(cells)} pieces of text; the first {MAX_PASSAGES} were kept.",
            level="note",
        )
        reading.problems.append((held.id, note))
    cut = 0
    reading.identities += dict.fromkeys(i for cell in cells for i in _identities(held.id, cell))
    for cell in cells[:MAX_PASSAGES]:
        text, was_cut = texts.tidy(cell.text)
        cut += was_cut
        if text:
            field = texts.tidy(cell.field)[0][:200] if cell.field else None
            reading.passages.append(Passage(held.id, "account", text, line=cell.line, field=field or None))
    if cut:
        reading.problems.append(
            (held.id, Problem("text-cut", f"{cut} long pieces of text were cut.", level="note"))
        )


def _identities(member: str, cell: texts.Cell) -> list[Identity]:
    field = cell.field or ""
    found = [
        Identity(member, "e-mail", m.lower(), field or "text") for m in _EMAIL.findall(cell.text[:10_000])
    ]
    if _CUSTOMER.search(field) and re.fullmatch(r"[A-Za-z0-9._-]{6,64}", cell.text):
        found.append(Identity(member, "customer id", cell.text, field))
    if _SERIAL.search(field) and re.fullmatch(r"[A-Za-z0-9]{8,32}", cell.text):
        found.append(Identity(member, "device", cell.text, field))
    return found
