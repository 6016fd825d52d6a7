"""Rows of a history joined to recordings: by name, by utterance id, by time; never by order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from forensics.intake.devices import Device
from forensics.intake.exports.base import Facts, Held, Passage, Reading
from forensics.intake.exports.sound import recording_facts, tagged
from forensics.intake.exports.told import Told
from forensics.intake.file_names import base_name, stem
from forensics.intake.times import read_name, utterance_key

_SAME = timedelta(seconds=2)


def names_of(recordings: Iterable[Held]) -> set[str]:
    """Names of recordings with and without suffix, in one spelling."""
    return {form for held in recordings for name in (base_name(held.name),) for form in (name, stem(name))}


@dataclass
class Joiner:
    """Gives recordings what rows say of them.

    Parameters
    ----------
    recordings : list of Held
        Those that no layout has taken yet.
    """

    recordings: list[Held]
    _by_name: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))
    _by_key: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))
    _by_second: dict[int, list[tuple[Held, float]]] = field(default_factory=lambda: defaultdict(list))
    _joined: dict[str, Told] = field(default_factory=dict)
    _tags_read: bool = False

    def __post_init__(self) -> None:
        for held in self.recordings:
            name = base_name(held.name)
            for form in {name, stem(name)}:
                self._by_name[form].append(held)
            if key := utterance_key(held.path):
                self._by_key[key].append(held)
            at = read_name(held.path).started_at
            if at is not None:
                self._by_second[int(at.timestamp())].append((held, at.timestamp()))

    def join(self, reading: Reading, table: Held, rows: list[Told]) -> int:
        """Join the rows of one member; those without a recording become passages, and so do the answers.

        Returns
        -------
        int
            Recordings joined.
        """
        if not self._tags_read and any(row.when.at is not None for row in rows):
            self._tags_read = True
            self._read_tags(reading)
        count = 0
        missing = 0
        for row in rows:
            found = [h for h in self._of(row) if h.id not in self._joined]
            for held in found:
                self._joined[held.id] = row
                _tell(reading, held, row)
            count += len(found)
            missing += bool(row.audio) and not found
            if row.text and not found:
                reading.passages.append(passage_of(table, row, row.text, "said"))
            if row.answer:
                reading.passages.append(passage_of(table, row, row.answer, "answered"))
            if row.other:
                reading.passages.append(passage_of(table, row, row.other, "text"))
        if missing:
            text = f"{missing} rows name a recording that is not here, or one that another row names too."
            reading.note(table, "recording-not-here", text)
        return count

    def _read_tags(self, reading: Reading) -> None:
        """Times in the recordings' own files, of those whose names have none."""
        for held in self.recordings:
            if read_name(held.path).started_at is None and (at := tagged(reading, held).at) is not None:
                self._by_second[int(at.timestamp())].append((held, at.timestamp()))

    def left(self) -> list[Held]:
        """Recordings that no row speaks of."""
        return [held for held in self.recordings if held.id not in self._joined]

    def _of(self, row: Told) -> list[Held]:
        found = [held for name in row.audio for held in self._named(name)]
        if not found and row.key:
            found = self._by_key.get(row.key, [])
        return found or self._timed(row)

    def _named(self, text: str) -> list[Held]:
        name = base_name(text)
        found = (self._by_name.get(name) or self._by_name.get(stem(name)) or []) if name else []
        # the same name in several folders: the longest common path decides, a tie is no match
        if len(found) > 1:
            end = "/".join(
                base_name(part) for part in text.replace("\\", "/").split("/") if part not in ("", ".")
            )
            ends = [h for h in found if "/".join(map(base_name, h.path.split("/"))).endswith(end)]
            found = ends if len(ends) == 1 else []
        return found

    def _timed(self, row: Told) -> list[Held]:
        if (row.audio and any(self._named(name) for name in row.audio)) or row.when.at is None:
            return []
        at = row.when.at.timestamp()
        near = [
            held
            for second in range(int(at) - 3, int(at) + 4)
            for held, time in self._by_second.get(second, ())
            if abs(time - at) <= _SAME.total_seconds()
        ]
        serials = {held.id: read_name(held.path).device for held in near}
        if row.device.serial:
            near = [h for h in near if serials[h.id] in (None, row.device.serial)]
        return near if len(near) == 1 else []


def passage_of(table: Held, row: Told, text: str, meaning: str) -> Passage:
    """One text of a row as a passage."""
    said = meaning == "said"
    field = row.answer_field if meaning == "answered" else row.field
    return Passage(
        table.id, "transcript" if said else "account", text, row.page, row.line, field,
        row.when, meaning, row.device, row.status if said else None, row.speaker if said else None,
    )  # fmt: skip


def _is_offset(difference: timedelta) -> bool:
    """Whether two times differ as two zones do: a name without a zone is read as UTC."""
    seconds = abs(difference.total_seconds())
    return seconds <= 14 * 3600 + 120 and min(seconds % 900, 900 - seconds % 900) <= 120


def _tell(reading: Reading, held: Held, row: Told) -> None:
    scratch = Reading(reading.export, opened=reading.opened)
    said = recording_facts(scratch, held, vendor_text=row.text or None, owner=row.customer)
    when = said.when
    weak = when.basis == "tag" or (when.basis != "export" and row.when.basis == "export")
    if when.at is None or (weak and row.when.at is not None):
        when = row.when
    if when.at is not None and when.utc_offset_min is None and row.when.at is not None:
        when = replace(when, utc_offset_min=row.when.utc_offset_min)
    if when.at is None:
        reading.problems += scratch.problems
    elif (
        row.when.at is not None
        and said.when.at is not None
        and abs(row.when.at - said.when.at) > timedelta(minutes=2)
        and said.when.basis != "tag"  # whoever encoded the sound later may have written it
        and not (said.when.basis == "derived" and _is_offset(row.when.at - said.when.at))
    ):
        text = f"Name and table differ on its time: {said.when.at.isoformat()} and {row.when.at.isoformat()}."
        reading.find(held, "times-differ", text)
    own, told = said.device, row.device
    device = Device(own.serial or told.serial, told.name, own.kind or told.kind, told.room)
    reading.set(
        held, Facts("recording", when, device, row.text or None, row.customer, row.status, row.speaker)
    )
