"""Rows of a history: what was said, when, to which device, by whom, and in which recording."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from forensics.intake import texts
from forensics.intake.devices import NO_DEVICE, Device, device_of
from forensics.intake.exports.base import UNKNOWN, Field, Held, Reading, When
from forensics.intake.exports.times_in import Clock, Manner
from forensics.intake.meaning.column import Recognised
from forensics.intake.meaning.grids import Grid, parts_of, shown
from forensics.intake.meaning.prefixes import common_prefix, spoken_part
from forensics.intake.statuses import placeholder, status_of
from forensics.intake.times import read_name, utterance_key
from forensics.knowledge.device_types import device_type

RECORD_KEY = re.compile(r"(?<![A-Za-z0-9])([A-Z0-9]{2,})#(\d{13})#([A-Z0-9]{8,16})#([A-Za-z0-9]{8,32})")
"""Customer, milliseconds, device type and serial: the key of a record in a voice history."""


@dataclass(frozen=True)
class Told:
    """What a row says of one utterance.

    Parameters
    ----------
    line : int
    text, answer, other : str
        What was said, what was answered, and what is neither; empty if there is none.
    when : When
    field, answer_field : str
        Headers of the columns that text and answer stand in.
    audio : tuple of str
        Names of recordings.
    key : str or None
        What the forms of its utterance id have in common.
    device : Device
    status, speaker, customer : str or None
    page : int or None
        Of a paged member.
    """

    line: int
    text: str
    answer: str
    other: str
    when: When
    field: str = "text"
    answer_field: str = "answer"
    audio: tuple[str, ...] = ()
    key: str | None = None
    device: Device = NO_DEVICE
    status: str | None = None
    speaker: str | None = None
    customer: str | None = None
    page: int | None = None


@dataclass
class _Used:
    """How many rows of each column became evidence."""

    rows: dict[str, int] = field(default_factory=dict)

    def add(self, *names: str | None) -> None:
        for name in names:
            if name:
                self.rows[name] = self.rows.get(name, 0) + 1


def rows_told(
    reading: Reading, held: Held, grid: Grid, found: Recognised, *, verbs: bool = False
) -> list[Told]:
    """The rows of a history; what was used of each column goes into ``reading.fields``.

    Parameters
    ----------
    reading : Reading
    held : Held
    grid : Grid
    found : Recognised
    verbs : bool
        Only texts behind a verb ("Said …") were said: the layout is one of activities of all sorts.
    """
    part = found.part
    clock = Clock(reading, held)
    manners: dict[str, Manner] = {
        role: clock.manner(grid.column(part[role]), part[role])
        for role in ("time", "date", "time_of_day")
        if role in part
    }
    prefix = common_prefix(grid.column(part["said"])[:500]) if "said" in part else None
    verbs = verbs or prefix is not None or _has_verbs(grid, part.get("said"))
    used = _Used()
    told = [
        row
        for line, cells in grid.rows
        if (row := _row(clock, line, cells, found, manners, prefix if verbs else None, verbs, used))
        is not None
    ]
    clock.close()
    if len(told) < len(grid.rows):
        text = (
            f"{len(grid.rows) - len(told)} of {len(grid.rows)} rows hold nothing that was said or answered."
        )
        reading.note(held, "rows-without-text", text)
    _note_fields(reading, held, grid, found, used)
    return told


def _row(
    clock: Clock,
    line: int,
    cells: dict[str, str],
    found: Recognised,
    manners: dict[str, Manner],
    prefix: str | None,
    verbs: bool,
    used: _Used,
) -> Told | None:
    part = found.part

    def cell(role: str) -> str:
        return shown(cells.get(part.get(role, ""), ""))

    text, answer, other = texts.tidy(cell("said"))[0], texts.tidy(cell("answered"))[0], ""
    kind = found.kinds.get(cell("kind"))
    instead = placeholder(text) if text else None
    if instead is not None:
        text = ""
    if kind == "answered":
        text, answer = "", text or answer
    elif "kind" in part and kind is None and text:
        text, other = "", text
    elif verbs and text:
        spoken = spoken_part(text, prefix)
        text, other = (spoken, "") if spoken else ("", text)
    audio = tuple(parts_of(cells.get(part.get("file", ""), "")))
    if not (text or answer or audio or other):
        return None
    when = _when(clock, cells, part, manners)
    ids = " ".join(parts_of(cells.get(part.get("id", ""), "")))
    record = next((m for value in cells.values() if "#" in value and (m := RECORD_KEY.search(value))), None)
    named = read_name(ids) if ids else None
    if (
        when.at is None
        and named is not None
        and named.rule == "utterance id"
        and named.started_at is not None
    ):
        when = When(named.started_at, "export")
    status = (status_of(cell("status")) or instead) if kind != "answered" else None
    speakers = set(parts_of(cells.get(part.get("speaker", ""), "")))
    speaker = texts.tidy(speakers.pop())[0] or None if len(speakers) == 1 and kind != "answered" else None
    customer = cell("customer") or (record[1] if record else "")
    if text or audio:
        used.add(part.get("said") if text else None, part.get("kind"))
        used.add(
            *(part.get(r) for r in ("time", "date", "time_of_day", "zone")) if when.at is not None else ()
        )
        others = ("file", "device", "device_serial", "device_type", "room", "id", "customer")
        used.add(*(part[r] for r in others
                   if r in part and cells.get(part[r])))  # fmt: skip
        used.add(part.get("status") if status else None, part.get("speaker") if speaker else None)
    used.add(
        part.get("answered") if answer and kind is None else part.get("said") if kind == "answered" else None
    )
    serial = named.device if named and named.rule == "utterance id" else None
    device = _device(cells, part, ids, record, serial)
    key = utterance_key(ids) if ids else None
    return Told(
        line, text, answer, other, when, part.get("said", "text"),
        part.get("said" if kind == "answered" else "answered", "answer"), audio, key, device,
        status, speaker, customer or None,
    )  # fmt: skip


def _when(clock: Clock, cells: dict[str, str], part: dict[str, str], manners: dict[str, Manner]) -> When:
    zone = cells.get(part.get("zone", "")) or None
    text = shown(cells.get(part.get("time", ""), ""))
    if text:
        return clock.when(text, manners["time"], zone=zone)
    day, hour = (shown(cells.get(part.get(role, ""), "")) for role in ("date", "time_of_day"))
    if day and hour:
        return clock.when(f"{day} {hour}", manners["date"], zone=zone or manners["time_of_day"].zone)
    if day:
        return clock.when(day, manners["date"], zone=zone)
    return UNKNOWN


def _device(
    cells: dict[str, str], part: dict[str, str], ids: str, record: re.Match[str] | None, named: str | None
) -> Device:
    serial = shown(cells.get(part.get("device_serial", ""), "")) or (record[4] if record else None) or named
    name = shown(cells.get(part.get("device", ""), ""))
    stated = shown(cells.get(part.get("device_type", ""), ""))
    kind = device_type(ids) or device_type(stated) or (device_type(record[3]) if record else None)
    room = texts.tidy(shown(cells.get(part.get("room", ""), "")))[0] or None
    plain = device_of(texts.tidy(name)[0])
    return Device(serial or plain.serial, plain.name, kind or _stated_kind(stated), room)


def _stated_kind(text: str) -> str | None:
    from forensics.knowledge.device_types import device_names

    return next((known for known in device_names() if known.casefold() == text.strip().casefold()), None)


def _has_verbs(grid: Grid, name: str | None) -> bool:
    """Whether a column's texts begin with the verb of an activity list."""
    values = grid.column(name)[:200] if name else []
    return bool(values) and sum(spoken_part(v) is not None for v in values) >= 0.3 * len(values)


def _note_fields(reading: Reading, held: Held, grid: Grid, found: Recognised, used: _Used) -> None:
    for name in grid.header:
        if name in grid.inherited | grid.merged and not used.rows.get(name):
            continue
        column, values = found.columns[name], grid.column(name)
        reading.fields.append(
            Field(
                held.id, field_name(grid, name), column.meaning, column.by, column.score, len(values),
                min(used.rows.get(name, 0), len(values)), withheld_in(values),
            )
        )  # fmt: skip


def field_name(grid: Grid, name: str) -> str:
    """A column's name with the path of its records, for tables and passages."""
    plain = texts.tidy(name)[0][:160] or "?"
    path = texts.tidy(grid.name)[0][:80]
    return f"{path}.{plain}" if path and name not in grid.inherited else plain


def withheld_in(values: Iterable[str]) -> int:
    """How many different values a column has, counted up to a thousand."""
    seen: set[str] = set()
    for value in values:
        seen.add(value)
        if len(seen) >= 1000:
            break
    return len(seen)
