"""How long a task still takes, from its pace so far."""

from __future__ import annotations

_TOGETHER_S = 1.0
"""Items that end within a second of each other were worked on together, as a batch is: an assumption."""
LATER = {"Listening for speech": 6.5, "Transcribing": 0.3}
"""What the steps after this one take, as a multiple of this one's time, where recordings are heard.

Measured on the demo, per recording: listening .32 s, transcribing 1.68 s, hearing names again .64 s. Of a
case of 1,700 that last figure is .34 s, since at most 300 are heard again; the other steps take little.
"""
LOADING_S = 20.0
"""What they take besides, however few recordings there are: they load models of their own (the demo)."""


class Pace:
    """The pace of one task.

    Nothing is told from the first items that end together: loading a model comes before them. Items that are
    just ending are not counted before the others of their batch have ended as well.

    Parameters
    ----------
    total : int
        Items of the task.
    later : float
        What comes after the task, as a multiple of its time.
    """

    def __init__(self, total: int, *, later: float = 0.0) -> None:
        self._total, self._later = total, later
        self._batch_began: float | None = None
        self._first: tuple[float, int] | None = None
        self._before = self._last = (0.0, 0)

    @property
    def done(self) -> int:
        """Items that are done."""
        return self._last[1]

    def advance(self, count: int, now: float) -> None:
        """`count` more items are done.

        Parameters
        ----------
        count : int
            Since the last call.
        now : float
            Seconds on any clock.
        """
        if self._batch_began is None:
            self._batch_began = now
        elif now - self._batch_began >= _TOGETHER_S:
            self._first = self._first or self._last
            self._batch_began, self._before = now, self._last
        self._last = (now, self._last[1] + count)

    def left(self, now: float) -> float | None:
        """Seconds that are left, what comes after included; None as long as the pace is not known.

        Parameters
        ----------
        now : float
            On the clock of :meth:`advance`.
        """
        if self._first is None or self._batch_began is None:
            return None
        at, done = self._last if now - self._batch_began >= _TOGETHER_S else self._before
        if done <= self._first[1]:
            return None
        per_item = (at - self._first[0]) / (done - self._first[1])
        own = per_item * (self._total - done) - (now - at)
        after = per_item * self._total * self._later + LOADING_S if self._later else 0.0
        return max(0.0, own) + after


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
