"""The requester's own files, whatever their layout: every cell with its meaning, and who it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from forensics.intake import texts
from forensics.intake.devices import Device, device_of
from forensics.intake.exports.base import UNKNOWN, Facts, Field, Held, Inventory, Passage, Reading, When
from forensics.intake.exports.times_in import Clock
from forensics.intake.exports.told import field_name, withheld_in
from forensics.intake.meaning.column import Recognised
from forensics.intake.meaning.grids import Grid, parts_of, shown
from forensics.intake.meaning.roles import age_in, person_role, place_role, relation_in
from forensics.intake.meaning.shapes import COORDINATES, EMAIL
from forensics.intake.suspicious import paired, suspicious, without_secrets
from forensics.knowledge.device_types import device_type
from forensics.knowledge.headers import meanings_of
from forensics.knowledge.things import is_switch

MAX_PASSAGES = 20_000
"""Per member; more is noted and not read."""

_CUSTOMER = re.compile(
    r"customer_?.?id|kundennummer|kunden.?id|account.?id|konto.?nummer|user.?id", re.IGNORECASE
)
_HELP = re.compile(
    r"(^|[/_. -])(readme|read.me|liesmich|description|instructions?|anleitung)([/_. -]|$)", re.IGNORECASE
)
_OPEN = ("unknown", "text", "value")
"""Meanings that say little: their texts are kept, and not counted as understood."""
_NOT_TOLD = ("checksum", "file", "time", "date", "time_of_day", "zone", "status")
ACCOUNT, OTHER = Facts("account_data"), Facts("other")


def is_help(held: Held) -> bool:
    """Whether a member explains the others."""
    return bool(_HELP.search(held.name))


def read_text(reading: Reading, inventory: Inventory, held: Held) -> str:
    """A member as text; what had to be guessed or cut goes into `reading`."""
    content = inventory.read(held, texts.MAX_BYTES + 1)
    if len(content) > texts.MAX_BYTES:
        reading.find(held, "text-cut", f"Only the first {texts.MAX_BYTES} bytes were read as text.")
        content = content[: texts.MAX_BYTES]
    text, problems = texts.decode(content)
    reading.problems += [(held, p) for p in problems]
    return text


def told_of_cells(reading: Reading, held: Held, cells: Iterable[texts.Cell]) -> None:
    """What the cells of a member would do elsewhere: formulas, markup, live credentials."""
    plain = held.kind in ("html", "xml")
    reading.problems += [(held, p) for p in suspicious(paired(cells), markup_is_plain=plain)]


def cells_of(grid: Grid) -> Iterable[texts.Cell]:
    """All cells of a table that are its own."""
    for line, row in grid.rows:
        for name, cell in row.items():
            if name not in grid.inherited and name not in grid.merged:
                for part in parts_of(cell):
                    yield texts.Cell(line, name, part)


@dataclass
class Account:
    """Collects what the account's tables of one member say, each thing once.

    Parameters
    ----------
    reading : Reading
    held : Held
    """

    reading: Reading
    held: Held
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _kept: int = 0
    _cut: int = 0
    _left: int = 0

    def table(
        self, grid: Grid, found: Recognised, without: frozenset[str] = frozenset(), *, noted: bool = False
    ) -> None:
        """Add the cells of a table.

        Parameters
        ----------
        grid : Grid
        found : Recognised
        without : frozenset of str
            Columns that were read as something else.
        noted : bool
            What its columns were read as was noted elsewhere.
        """
        clock = Clock(Reading("") if without else self.reading, self.held)  # a history told its doubts itself
        dated, zoned = found.part.get("time"), found.part.get("zone", "")
        manner = clock.manner(grid.column(dated), dated) if dated else None
        own = [
            n for n in grid.header if n not in grid.inherited and n not in grid.merged and n not in without
        ]
        far = grid.inherited | grid.merged
        holder = _is_holder(grid, found)
        used: Counter[str] = Counter()
        known_rows: set[tuple[str | None, ...]] = set()
        for line, row in grid.rows:
            if without:  # a history's other columns repeat a few values: each once
                values = tuple(row.get(n) for n in own if found.columns[n].meaning not in _NOT_TOLD)
                if values in known_rows:
                    continue
                known_rows.add(values)
            zone = shown(row.get(zoned, "")) or None
            known = dated is not None and dated in row and manner is not None
            when = clock.when(shown(row[dated or ""]), manner, zone=zone) if known else UNKNOWN
            used[dated or ""] += when.at is not None
            age = next(
                (a for n, cell in row.items() if n not in far and (a := age_in(cell, n)) is not None), None
            )
            near = {n: cell for n, cell in row.items() if n not in far}
            relation = relation_in(near, found.topic == "person")
            beside = " ".join(row[n] for n in own if n in row and len(row[n]) < 200)
            secret = _secret_names(own, row)
            for name in own:
                if name not in row:
                    continue
                used[name] += self._cell(
                    grid, found, line, name, row, when, holder, age, relation, beside, secret
                )
            self._device(found, row, own)
        clock.close()
        for name in () if noted else own:
            column, cells = found.columns[name], grid.column(name)
            self.reading.fields.append(
                Field(
                    self.held.id, field_name(grid, name), column.meaning, column.by, column.score,
                    len(cells), min(used[name], len(cells)), withheld_in(cells),
                )
            )  # fmt: skip

    def lines(self, lines: Iterable[tuple[int, str, int | None, str | None]]) -> None:
        """Add loose lines: line, text, page and field."""
        seen = used = 0
        values: list[str] = []
        for line, text, page, name in lines:
            seen += 1
            values.append(text)
            meaning = "email" if EMAIL.fullmatch(text.strip()) else "text"
            used += self.add(text, meaning, line=line, page=page, name=name)
            self._identify("", text, "text")
        if seen:
            self.reading.fields.append(
                Field(self.held.id, None, "text", "none", None, seen, 0, withheld_in(values))
            )

    def add(
        self,
        text: str,
        meaning: str,
        *,
        line: int | None,
        name: str | None,
        page: int | None = None,
        when: When = UNKNOWN,
        person: str | None = None,
        place: str | None = None,
        device: Device | None = None,
    ) -> bool:
        """Add one piece of text, if it was not said before."""
        clean, cut = texts.tidy(without_secrets(name, text))
        if meaning == "secret" and clean == texts.tidy(text)[0]:
            clean = "[masked]"
        self._cut += cut
        key = (
            name or "",
            clean,
            meaning,
            person or "",
            "" if meaning not in ("text", "answered") else str(line),
        )
        if not clean or key in self._seen:
            return bool(clean)
        if self._kept >= MAX_PASSAGES:
            self._left += 1
            return False
        self._seen.add(key)
        self._kept += 1
        passage = Passage(
            self.held.id, "account", clean, page, line,
            texts.tidy(name)[0][:200] or None if name else None, when,
            meaning, person_role=person, place_role=place,
        )  # fmt: skip
        self.reading.passages.append(passage)
        return True

    def close(self) -> None:
        """Tell what was cut or left."""
        if self._cut:
            self.reading.note(self.held, "text-cut", f"{self._cut} long pieces of text were cut.")
        if self._left:
            text = f"{self._kept + self._left} pieces of text; the first {self._kept} were kept."
            self.reading.note(self.held, "passages-capped", text)

    def _cell(
        self, grid: Grid, found: Recognised, line: int, name: str, row: dict[str, str], when: When,
        holder: bool, age: str | None, relation: str | None, beside: str, secret: frozenset[str],
    ) -> bool:  # fmt: skip
        meaning = found.columns[name].meaning
        label = field_name(grid, name)
        if meaning == "setting":
            return True  # a setting's name is the field of its value
        key = next((n for n in found.columns if found.columns[n].meaning == "setting" and n in row), None)
        if meaning == "value" and key is not None:
            label = shown(row[key])
            meaning = "value" if is_switch(shown(row[name])) else _meaning_of_setting(label)
        kept = False
        for text in parts_of(row[name]):
            self._identify(name, text, meaning)
            if meaning in _NOT_TOLD or meaning == "id":
                kept |= meaning in _NOT_TOLD
                continue
            if meaning == "unknown" and not _is_wordy(text):
                continue
            actual = "secret" if name in secret else meaning
            if actual == "coordinates" and (match := COORDINATES.search(text)):
                text = f"{match[1]},{match[2]}"
            kept |= self.add(
                text, actual, line=line, name=label, when=when,
                person=person_role(actual, f"{self.held.name}/{grid.name}/{label}", holder, age, relation),
                place=place_role(actual, label, found.topic, beside),
            )  # fmt: skip
        return kept and meaning not in _OPEN

    def _device(self, found: Recognised, row: dict[str, str], own: list[str]) -> None:
        """A row of a list of devices, or any row that names a device by its serial."""
        part = found.part
        serial = shown(row.get(part.get("device_serial", ""), "")) if part.get("device_serial") in own else ""
        name = shown(row.get(part.get("device", ""), "")) if part.get("device") in own else ""
        if not serial and not (name and found.topic == "device"):
            return
        stated = shown(row.get(part.get("device_type", ""), ""))
        room = texts.tidy(shown(row.get(part.get("room", ""), "")))[0] or None
        plain = device_of(texts.tidy(name)[0])
        device = Device(texts.tidy(serial)[0][:64] or plain.serial, plain.name, device_type(stated), room)
        if device:
            self.reading.devices.append((self.held, device))
            if device.serial:
                self.reading.stated["device", device.serial] += 1
            if device.name and " " in device.name:
                self.reading.stated["device", device.name] += 1

    def _identify(self, name: str, text: str, meaning: str) -> None:
        if "@" in text:
            for mail in EMAIL.findall(text[:10_000]):
                self._state("e-mail", mail.lower())
        plain = text.strip()
        named = meaning == "customer" or (meaning != "id" and bool(_CUSTOMER.search(name)))
        if named and re.fullmatch(r"[A-Za-z0-9._-]{6,64}", plain) and any(c.isdigit() for c in plain):
            self._state("customer id", plain)

    def _state(self, kind: str, value: str) -> None:
        if ("state", kind, value) not in self._seen:
            self._seen.add(("state", kind, value))
            self.reading.stated[kind, value] += 1


def _is_holder(grid: Grid, found: Recognised) -> bool:
    """Whether a table describes the account's holder: one person, with an address or a number."""
    meanings = {c.meaning for c in found.columns.values()}
    people = [n for n in grid.header if found.columns[n].meaning == "person"]
    distinct = {row[n] for n in people for _, row in grid.rows if n in row and len(people) == 1}
    personal = bool({"email", "phone", "customer"} & meanings)
    return personal and bool(people) and (len(grid.rows) == 1 or len(distinct) == 1)


def _meaning_of_setting(name: str) -> str:
    """What the value of a setting is, from the setting's name."""
    given = meanings_of(name)
    useful = ("secret", "address", "place", "email", "phone", "coordinates", "service", "skill", "person",
              "device",
              "room",
              "device_serial", "zone", "speaker")  # fmt: skip
    fits = [(score, meaning) for meaning in useful if (score := given.get(meaning, 0)) > 0]
    return max(fits)[1] if fits else "value"


def _secret_names(own: list[str], row: dict[str, str]) -> frozenset[str]:
    """Columns of a row whose value is a secret by the name beside it."""
    cells = [texts.Cell(1, name, row[name]) for name in own if name in row]
    return frozenset(
        cell.field or ""
        for cell, original in zip(paired(cells), cells, strict=True)
        if cell.field != original.field
        for cell in (original,)
    )


def _is_wordy(text: str) -> bool:
    """Whether a text of unknown meaning has words that could name somebody or something."""
    return (
        bool(re.search(r"[^\W\d_]{2}", text))
        and text.casefold() not in ("true", "false")
        and len(text) < 5_000
    )
