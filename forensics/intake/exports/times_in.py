"""Times of many rows: how a column writes them; doubts counted and told once per file, never one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.intake.calendar_words import languages_of
from forensics.intake.clock import Read, day_first_in, read_time
from forensics.intake.exports.base import UNKNOWN, Held, Reading, When
from forensics.intake.number_times import unit_in
from forensics.intake.zones import zone_in

_SAID = {
    "epoch-zero": "rows have a time of 1970, which means that none was stored; their time is unknown",
    "ambiguous-time": "local times stand twice on the clock (end of summer time); the earlier is given",
    "impossible-time": "local times do not exist (start of summer time); their time is unknown",
    "time-unreadable": "times are in no form that is known; the rows are kept, their time is unknown",
    "day-month-order": "times where day and month cannot be told apart; rows are kept, their time is unknown",
    "date-without-time": "rows have a date and no time of day; they are kept, their time is unknown",
    "epoch-guessed": "times are numbers that count from another year than 1970, as their size says; in doubt",
    "offset-of-export": "times carry the zone of the day of export, wrong in the other season",
}
_REMEDIES = {
    "offset-of-export": "Prefer the times in the names of the sound files; allow an hour.",
    "epoch-guessed": "Compare one of them with a time that is known.",
}
_SAMPLE = 2_000


@dataclass(frozen=True)
class Manner:
    """How a column writes its times.

    Parameters
    ----------
    column : str
        The header.
    zone : str or None
        The zone that the header names.
    day_first : bool or None
    unit : str or None
        What its numbers count.
    languages : frozenset of str or None
        That its month names are of.
    """

    column: str = ""
    zone: str | None = None
    day_first: bool | None = None
    unit: str | None = None
    languages: frozenset[str] | None = None


class Clock:
    """Reads the times of one file.

    Parameters
    ----------
    reading : Reading
    held : Held
    """

    def __init__(self, reading: Reading, held: Held) -> None:
        self._reading, self._held = reading, held
        self._doubts: Counter[str] = Counter()

    def manner(self, values: Sequence[str], column: str = "") -> Manner:
        """How these values write times."""
        sample = values[:_SAMPLE]
        numbers = unit_in(sample)
        words = None if numbers else languages_of(v for v in sample if any(c.isalpha() for c in v))
        return Manner(column, zone_in(column), None if numbers else day_first_in(values), numbers, words)

    def when(self, text: str, manner: Manner | None = None, *, zone: str | None = None) -> When:
        """One time."""
        if not text.strip():
            return UNKNOWN
        how = manner or Manner()
        return self.take(
            read_time(
                text, zone=zone or how.zone, day_first=how.day_first, unit=how.unit, languages=how.languages
            )
        )

    def take(self, read: Read) -> When:
        """One time that was read elsewhere."""
        if read.doubt is not None:
            self._doubts[read.doubt] += 1
        return When(read.at, read.basis, read.utc_offset_min) if read.at is not None else UNKNOWN

    def close(self) -> None:
        """Tell what was doubtful."""
        for doubt, count in sorted(self._doubts.items()):
            if doubt == "time-without-zone":
                text = f"{count} times have no zone; read as UTC."
                self._reading.note(self._held, doubt, text)
            else:
                remedy = _REMEDIES.get(doubt, "Use another source for them.")
                self._reading.find(self._held, doubt, f"{count} {_SAID[doubt]}.", remedy)
        self._doubts.clear()
