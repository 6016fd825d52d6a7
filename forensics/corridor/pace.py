"""How long a task still takes, from its pace so far."""

from __future__ import annotations

_TOGETHER_S = 1.0
"""Items that end within a second of each other were worked on together, as a batch is: an assumption."""
LATER = {"Listening for speech": 6.5, "Transcribing": 0.3}
"""What the steps after this one take, as a multiple of this one's time, where recordings are heard.

Measured on the demo, per recording: listening .32 s, transcribing 1.68 s, hearing names again .64 s. Of a
case of 1,700 that last figure is .34 s, since at most 300 are heard again; the other steps take little.
"""


class Pace:
    """The pace of one task.

    What comes before the first items end, such as loading a model, is not part of the pace once there is
    more to go by.

    Parameters
    ----------
    total : int
        Items of the task.
    began : float
        Seconds on any clock.
    later : float
        What comes after the task, as a multiple of its time.
    """

    def __init__(self, total: int, began: float, *, later: float = 0.0) -> None:
        self.done = 0
        self._total, self._began, self._later = total, began, later
        self._first: tuple[float, int] | None = None
        self._together_until = began
        self._last = (began, 0)

    def advance(self, count: int, now: float) -> None:
        """`count` more items are done."""
        self.done += count
        if self._first is None:
            self._together_until = now + _TOGETHER_S
        if self._first is None or now < self._together_until:
            self._first = (now, self.done)
        self._last = (now, self.done)

    def left(self, now: float) -> float | None:
        """Seconds that are left, what comes after included; None as long as nothing is done.

        Parameters
        ----------
        now : float
            Seconds on the clock of `began`.
        """
        if self._first is None:
            return None
        per_item = (self._last[0] - self._began) / self.done
        if self._last[1] > self._first[1]:
            per_item = (self._last[0] - self._first[0]) / (self._last[1] - self._first[1])
        own = per_item * (self._total - self.done) - (now - self._last[0])
        return max(0.0, own) + per_item * self._total * self._later


def in_words(seconds: float) -> str:
    """A time as one says it: two figures are enough.

    Examples
    --------
    >>> in_words(42), in_words(260), in_words(7_000)
    ('42 s', '4 min', '1 h 57 min')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
