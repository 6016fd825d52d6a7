"""Recordings joined to the rows of a table: by name, by name without suffix, by time; never by order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from forensics.intake.clock import day_first_in
from forensics.intake.devices import device_of
from forensics.intake.exports.base import UNKNOWN, Facts, Field, Held, Passage, Reading, When
from forensics.intake.exports.grid import Grid
from forensics.intake.exports.roles import Roles, base_name, roles_of, stem
from forensics.intake.exports.sound import recording_facts
from forensics.intake.exports.times_in import Clock
from forensics.intake.texts import tidy
from forensics.intake.times import read_name

_SAME = timedelta(seconds=2)
_MEANINGS = {
    "time": "time", "text": "said", "answer": "answered", "audio": "file", "device": "device", "zone": "zone",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What a row says of a recording."""

    line: int
    text: str
    answer: str
    audio: str
    device: str
    when: When


def names_of(recordings: list[Held]) -> set[str]:
    """Names of recordings with and without suffix, lower case."""
    return {form for held in recordings for form in (held.name.lower(), stem(held.name.lower()))}


def is_transcript_table(roles: Roles, grid: Grid) -> bool:
    """Whether a table lists things said: text, and a recording, a device or a header that says so."""
    text = roles.of.get("text")
    if text is None:
        return False
    told = any(word in text.lower() for word in ("transcri", "transkri", "utterance"))
    return "audio" in roles.of or told or ("device" in roles.of and "time" in roles.of)


def read_rows(reading: Reading, held: Held, grid: Grid, roles: Roles) -> list[Row]:
    """The rows of a table in their roles."""
    clock = Clock(reading, held)
    column = roles.of.get("time", "")
    order = day_first_in(grid.column(column)) if column else None
    found = []
    for line, row in grid.rows:
        time = roles.get(row, "time")
        zone = roles.get(row, "zone") or None
        when = clock.when(time, column=column, day_first=order, zone=zone) if time else UNKNOWN
        text, answer, audio, device = (
            tidy(roles.get(row, role))[0] for role in ("text", "answer", "audio", "device")
        )
        found.append(Row(line, text, answer, audio, device, when))
    clock.close()
    return found


def join(
    reading: Reading, table: Held, rows: list[Row], recordings: list[Held], owner: str | None = None
) -> int:
    """Give recordings what their rows say; rows without a recording become passages.

    Returns
    -------
    int
        Recordings joined.
    """
    by_name: dict[str, list[Held]] = defaultdict(list)
    by_second: dict[int, list[tuple[Held, float]]] = defaultdict(list)
    for held in recordings:
        name = held.name.lower()
        for form in {name, stem(name)}:
            by_name[form].append(held)
        at = read_name(held.path).started_at
        if at is not None:
            by_second[int(at.timestamp())].append((held, at.timestamp()))
    joined: dict[str, Row] = {}
    loose: list[Row] = []
    for row in rows:
        found = _by_name(row, by_name) or _by_time(row, by_second)
        fresh = [held for held in found if held.id not in joined]
        for held in fresh:
            joined[held.id] = row
        if not fresh and row.text:
            loose.append(row)
    for held in recordings:
        if held.id in joined:
            _tell(reading, held, joined[held.id], owner)
    for row in loose:
        reading.passages.append(
            Passage(
                table.id,
                "transcript",
                row.text,
                line=row.line,
                field="text",
                when=row.when,
                meaning="said",
                device=device_of(row.device),
            )
        )
    return len(joined)


def _tell(reading: Reading, held: Held, row: Row, owner: str | None) -> None:
    scratch = Reading(reading.export)
    said = recording_facts(scratch, held, vendor_text=row.text or None, owner=owner)
    when = said.when
    if when.at is None or (when.basis != "export" and row.when.basis == "export"):
        when = row.when
    if when.at is None:
        reading.problems += scratch.problems
    elif (
        row.when.at is not None
        and said.when.at is not None
        and abs(row.when.at - said.when.at) > timedelta(minutes=2)
    ):
        text = f"Name and table differ on its time: {said.when.at.isoformat()} and {row.when.at.isoformat()}."
        reading.find(held, "times-differ", text)
    device = said.device if said.device.serial else device_of(row.device, kind=said.device.kind)
    reading.set(held, Facts("recording", when, device, row.text or None, owner))


def _by_name(row: Row, by_name: dict[str, list[Held]]) -> list[Held]:
    name = base_name(row.audio)
    if not name:
        return []
    found = by_name.get(name) or by_name.get(stem(name)) or []
    # the same name in several folders: the longest common path decides, a tie is no match
    if len(found) > 1:
        ends = [
            h for h in found if h.path.lower().endswith(row.audio.lower().replace("\\", "/").lstrip("./"))
        ]
        found = ends if len(ends) == 1 else []
    return found


def _by_time(row: Row, by_second: dict[int, list[tuple[Held, float]]]) -> list[Held]:
    if row.audio or row.when.at is None:
        return []
    at = row.when.at.timestamp()
    near = [
        held
        for second in range(int(at) - 3, int(at) + 4)
        for held, time in by_second.get(second, ())
        if abs(time - at) <= _SAME.total_seconds()
    ]
    return near if len(near) == 1 else []


def find_table(
    reading: Reading, held: Held, grid: Grid, recordings: list[Held]
) -> tuple[Roles, list[Row]] | None:
    """The rows of `grid` if it is a transcript table; ties are findings and no guess."""
    roles = roles_of(grid, names_of(recordings))
    for role, one, two in roles.ties:
        text = f"The columns '{one}' and '{two}' both fit the role '{role}'; neither was taken."
        reading.find(held, "column-tie", text, "Name the right column to whoever reads this.")
    if not is_transcript_table(roles, grid):
        return None
    for role, header in sorted(roles.of.items()):
        seen = len(grid.column(header))
        reading.fields.append(Field(held.id, header, _MEANINGS[role], "fit", None, seen, seen))
    for header in grid.header:
        if header not in roles.of.values():
            values = grid.column(header)
            reading.fields.append(
                Field(held.id, header, "unknown", "none", None, len(values), 0, len(set(values)))
            )
    said = ", ".join(f"{role} = '{header}'" for role, header in sorted(roles.of.items()))
    reading.note(held, "columns-by-role", f"Columns were taken by role: {said}.")
    return roles, read_rows(reading, held, grid, roles)
