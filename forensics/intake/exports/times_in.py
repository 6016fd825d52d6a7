"""Times of many rows: doubts counted and told once per file, never one by one."""

from __future__ import annotations

from collections import Counter

from forensics.intake.clock import Read, read_time
from forensics.intake.exports.base import UNKNOWN, Held, Reading, When

_SAID = {
    "epoch-zero": "rows have a time of 1970, which means that none was stored; their time is unknown",
    "ambiguous-time": "local times stand twice on the clock (end of summer time); the earlier is given",
    "impossible-time": "local times do not exist (start of summer time); their time is unknown",
    "time-unreadable": "times cannot be read, or day and month cannot be told apart; their time is unknown",
}


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

    def when(
        self, text: str, *, column: str = "", day_first: bool | None = None, zone: str | None = None
    ) -> When:
        """One time."""
        return (
            self.take(read_time(text, column=column, day_first=day_first, zone=zone))
            if text.strip()
            else UNKNOWN
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
                self._reading.find(
                    self._held, doubt, f"{count} {_SAID[doubt]}.", "Use another source for them."
                )
