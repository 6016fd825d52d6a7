"""Members of any layout, read by meaning: histories of things said, the account's own tables, loose lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from forensics.intake import texts
from forensics.intake.exports.account import (
    ACCOUNT,
    OTHER,
    Account,
    cells_of,
    is_help,
    read_text,
    told_of_cells,
)
from forensics.intake.exports.base import Facts, Held, Inventory, Reading
from forensics.intake.exports.papers import rows_of, spoken_of_text
from forensics.intake.exports.told import Told, rows_told
from forensics.intake.meaning.column import Recognised
from forensics.intake.meaning.columns import recognise
from forensics.intake.meaning.grids import Grid
from forensics.intake.meaning.numbered import one_turn_a_row
from forensics.intake.meaning.records import grid_of
from forensics.intake.meaning.sources import Content, content_of, content_of_office
from forensics.intake.office import OFFICE, read_office
from forensics.intake.sniff import TEXTS, suffix

_TYPED = (
    "said",
    "answered",
    "time",
    "date",
    "time_of_day",
    "file",
    "device",
    "device_serial",
    "speaker",
    "person",
)
READABLE = TEXTS | OFFICE
"""Kinds that hold tables, records or lines."""


@dataclass
class Read:
    """A member, read.

    Parameters
    ----------
    held : Held
    told : list of Told
        Rows of its histories.
    tables : int
        How many histories it holds.
    customer : str or None
        Whose history it says it is.
    """

    held: Held
    told: list[Told] = field(default_factory=list)
    tables: int = 0
    customer: str | None = None


def read_members(
    reading: Reading,
    inventory: Inventory,
    members: Iterable[Held],
    names: Collection[str],
    hints: Mapping[str, str] | None = None,
    *,
    verbs: bool = False,
) -> list[Read]:
    """Read members by meaning; each is taken, and those with a history are given back to be joined.

    Parameters
    ----------
    reading : Reading
    inventory : Inventory
    members : iterable of Held
    names : collection of str
        Names of the recordings, in one spelling.
    hints : mapping, optional
        From headers in lower case to meanings, of which a layout is sure.
    verbs : bool
        See :func:`forensics.intake.exports.told.rows_told`.
    """
    found = []
    for held in members:
        if held.kind in OFFICE:
            with inventory.open(held) as file:
                content = content_of_office(read_office(file, held.kind))
        else:
            text = read_text(reading, inventory, held)
            content = content_of(held.kind, text, named_table=suffix(held.path) in ("csv", "tsv"))
            del text
        read = read_content(reading, held, content, names, hints, verbs=verbs)
        if read.tables:
            found.append(read)
    return found


def read_content(
    reading: Reading,
    held: Held,
    content: Content,
    names: Collection[str],
    hints: Mapping[str, str] | None = None,
    *,
    verbs: bool = False,
) -> Read:
    """Read what one member holds, and take it."""
    reading.problems += [(held, p) for p in content.problems]
    read, account = Read(held), Account(reading, held)
    consumed: set[str] = set()
    for kind in content.kinds:
        grid = grid_of(kind, frozenset(consumed))
        if _table(reading, read, account, grid, names, hints, verbs):
            consumed.add(kind.path)
    for grid in content.grids:
        _table(reading, read, account, grid, names, hints, verbs)
    lines = content.lines
    if lines and not is_help(held):
        said = spoken_of_text(lines)
        if said is not None and not read.tables:
            read.told += rows_of(reading, held, said, rest=len(content.titles) + len(lines) - len(said))
            read.tables += 1
            lines = []
    told_of_cells(reading, held, (texts.Cell(n, None, t) for n, t in lines))
    account.lines((n, t, None, None) for n, t in (*content.titles, *lines))
    account.close()
    if read.tables:
        customers = Counter(row.customer for row in read.told if row.customer)
        read.customer = min(customers, key=lambda c: (-customers[c], c)) if customers else None
        for customer in customers:
            reading.histories[customer] += 1
        reading.set(held, Facts("transcript", owner=read.customer))
    else:
        reading.set(held, OTHER if is_help(held) else ACCOUNT)
    return read


def _table(
    reading: Reading, read: Read, account: Account, grid: Grid, names: Collection[str],
    hints: Mapping[str, str] | None, verbs: bool,
) -> bool:  # fmt: skip
    held = read.held
    grid = one_turn_a_row(grid)
    found = recognise(grid, names, hints=hints, file=held.name)
    for meaning, one, two in found.ties:
        text = f"The columns '{one}' and '{two}' both fit the role '{meaning}'; neither was taken."
        reading.find(held, "column-tie", text, "Name the right column to whoever reads this.")
    odd = [n for n in grid.mixed if n in found.columns and found.columns[n].meaning in _TYPED]
    if odd:
        text = (
            f"{len(odd)} keys hold texts in some records and values of another type in others; kept as text."
        )
        reading.find(held, "wrong-type", text)
    told_of_cells(reading, held, cells_of(grid))
    if not found.history or is_help(held):
        account.table(grid, found)
        return False
    told = rows_told(reading, held, grid, found, verbs=verbs)
    read.tables += 1
    read.told += told
    parts = ", ".join(f"{part} = '{name}'" for part, name in sorted(found.part.items()))
    reading.note(held, "columns-by-role", f"Columns were taken by role: {parts}.")
    _beside(account, grid, found)
    for row in told:
        if row.device:
            reading.devices.append((held, row.device))
    return True


def _beside(account: Account, grid: Grid, found: Recognised) -> None:
    """What a history says besides what was said: people, devices, places and e-mail addresses, each once."""
    told = {found.part.get(role) for role in ("said", "answered", "kind")}
    plain = frozenset(
        name for name in grid.header
        if name in told
        or found.columns[name].meaning in ("unknown", "text", "said", "answered", "value", "id", "customer")
    )  # fmt: skip
    account.table(grid, found, plain, noted=True)
