"""Progress bars for anything over two seconds: silent in libraries and when nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, runtime_checkable

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
    """rich's progress bars on standard error, if that is a terminal."""

    @contextmanager
    def task(self, label: str, total: int | None) -> Iterator[Advance]:
        """Show a bar named `label` while the block runs."""
        if not sys.stderr.isatty():
            yield lambda count: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(label, total=total)
            yield lambda count: bars.update(task, advance=count)
