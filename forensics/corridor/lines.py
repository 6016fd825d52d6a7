"""What came of a step on plain files: how many lines it wrote, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lines:
    """The outcome of a step on plain files, without a case.

    Parameters
    ----------
    written : int
        Lines of the output: one per input, read or not.
    unread : tuple of (str, str)
        What could not be read at all, and why.
    damaged : tuple of (str, str)
        What was read in part, and what is wrong with it.
    """

    written: int
    unread: tuple[tuple[str, str], ...] = ()
    damaged: tuple[tuple[str, str], ...] = ()

    @property
    def nothing_read(self) -> bool:
        """Whether there was something to read, and none of it could be."""
        return self.written > 0 and len(self.unread) == self.written
