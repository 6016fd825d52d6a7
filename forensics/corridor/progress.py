"""Progress bars for anything over two seconds: silent in libraries and when nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from forensics.corridor.pace import LATER, Pace, in_words

if TYPE_CHECKING:
    from rich.progress import Task
    from rich.text import Text

Advance = Callable[[int], None]


class Progress(Protocol):
    """Something that shows how far a task is."""

    def task(self, label: str, total: int | None) -> AbstractContextManager[Advance]:
        """A context manager that yields a function advancing the bar by so many items."""


@runtime_checkable
class FollowsStages(Protocol):
    """A :class:`Progress` that also wants to know which stage begins."""

    def stage(self, name: str) -> None:
        """The stage of this name begins; those before it in the floor plan are done."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def task(self, label: str, total: int | None) -> Iterator[Advance]:
        """Yield a function that does nothing."""
        yield lambda count: None


class Bars:
    """rich's progress bars on standard error, if that is a terminal.

    Parameters
    ----------
    hears : bool
        Recordings will be transcribed, so that the time left counts what comes after a step.
    """

    def __init__(self, *, hears: bool = False) -> None:
        self._hears = hears

    @contextmanager
    def task(self, label: str, total: int | None) -> Iterator[Advance]:
        """Show a bar named `label` while the block runs."""
        if not sys.stderr.isatty():
            yield lambda count: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as RichProgress
        from rich.text import Text

        later = LATER.get(label, 0.0) if self._hears else 0.0
        pace = Pace(total or 0, later=later)

        def left() -> str:
            seconds = pace.left(time.monotonic()) if total else None
            return "" if seconds is None else f"about {in_words(seconds)} left{' in all' if later else ''}"

        class Left(TextColumn):  # asked anew at every drawing
            def render(self, task: Task) -> Text:
                return Text(left())

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left(""))
        with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(label, total=total)

            def advance(count: int) -> None:
                pace.advance(count, time.monotonic())
                bars.update(task, advance=count)

            yield advance
