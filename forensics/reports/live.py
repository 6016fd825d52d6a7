"""How far an investigation is, in a notebook: stages, recordings done, time left, and how to stop it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, Self

from forensics.corridor.pace import LATER, Pace, in_words
from forensics.corridor.pipeline import STAGES
from forensics.corridor.progress import Advance

_EVERY_S = 0.25
"""Seconds between two drawings: often enough to look alive (assumption)."""
_STYLE = """<style>
.fr-live { font: 14px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
.fr-live ol { list-style: none; padding: 0; margin: 6px 0 0; display: flex; flex-wrap: wrap; gap: 2px 14px; }
.fr-live li { color: var(--jp-ui-font-color2, #55617a); }
.fr-live li.now { color: var(--jp-ui-font-color1, #1b2433); font-weight: 600; }
.fr-live progress { width: min(100%, 36em); height: 14px; display: block; margin: 4px 0; }
</style>"""


class Stopped(KeyboardInterrupt):
    """An investigation was stopped; what is done is kept. Ends a notebook's run in one sentence."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class LiveProgress:
    """Shows how far an investigation is, while it runs.

    Used as a context: whatever interrupts the kernel inside it ends the cell with one sentence, and running
    the cell again goes on where it stopped.

    Parameters
    ----------
    title : str
        What is investigated, where a notebook shows several.
    hears : bool
        Recordings will be transcribed, so that the time left counts what comes after a step.

    Examples
    --------
    >>> with LiveProgress() as progress:  # doctest: +SKIP
    ...     case = investigate("bundle.zip", case="cases/1", progress=progress)
    """

    def __init__(self, title: str = "", *, hears: bool = True) -> None:
        self._title = title
        self._later = LATER if hears else {}
        self._stages = [stage.name for stage in STAGES]
        self._done: set[str] = set()
        self._stage = self._label = ""
        self._total = 0
        self._began = self._drawn = time.monotonic()
        self._pace = Pace(0)
        self._html: Any = None

    def __enter__(self) -> Self:
        from IPython.display import display
        from ipywidgets import HTML

        self._html = HTML()
        self._began = time.monotonic()
        self._draw("Starting")
        display(self._html)  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        took = in_words(time.monotonic() - self._began)
        if kind is None:
            self._done.update(self._stages)
            self._draw(f"Done in {took}")
        elif issubclass(kind, KeyboardInterrupt):
            self._draw(f"Stopped after {took}")
            raise Stopped("Stopped. What is done is kept: run this cell again to go on.") from None
        else:
            self._draw("Ended by an error, which stands below")

    def stage(self, name: str) -> None:
        """The stage of this name begins; those before it are done."""
        self._done.update(self._stages[: self._stages.index(name)])
        self._stage, self._label, self._total = name, name, 0
        self._pace = Pace(0)
        self._draw()

    @contextmanager
    def task(self, label: str, total: int | None) -> Iterator[Advance]:
        """Show a task while the block runs, as :class:`forensics.corridor.progress.Progress` says."""
        self._label, self._total = label, total or 0
        self._pace = Pace(self._total, later=self._later.get(label, 0.0))
        self._draw()
        yield self._advance
        self._draw()

    def _advance(self, count: int) -> None:
        self._pace.advance(count, time.monotonic())
        if time.monotonic() - self._drawn >= _EVERY_S:
            self._draw()

    @property
    def html(self) -> str:
        """What is shown at the moment."""
        return "" if self._html is None else str(self._html.value)

    def _draw(self, headline: str = "") -> None:
        self._drawn = time.monotonic()
        if self._html is not None:
            self._html.value = self._picture(headline)

    def _picture(self, headline: str) -> str:
        name = self._label.replace("_", " ")
        bar = ""
        if not headline:
            headline = name[:1].upper() + name[1:]
            whole = f' value="{self._pace.done}" max="{self._total}"' if self._total else ""
            bar = f'<progress aria-label="{escape(name)}"{whole}></progress>'
            bar += f"<div>{escape(self._numbers())}</div>"
        items = "".join(self._item(stage) for stage in self._stages)
        title = f"<strong>{escape(': '.join(part for part in (self._title, headline) if part))}</strong>"
        return f'{_STYLE}<div class="fr-live">{title}{bar}<ol aria-label="stages">{items}</ol></div>'

    def _item(self, stage: str) -> str:
        mark = "✓" if stage in self._done else "▶" if stage == self._stage else "·"
        now = ' class="now"' if stage == self._stage else ""
        return f"<li{now}>{mark} {stage.replace('_', ' ')}</li>"

    def _numbers(self) -> str:
        """How many of how many, and the time that the rest of this stage takes at its speed so far."""
        if not self._stage:  # a bundle is copied: counted in bytes
            return f"{self._pace.done / self._total:.0%}" if self._total else ""
        place = f"stage {self._stages.index(self._stage) + 1} of {len(self._stages)}"
        counted = f"{self._pace.done:,} of {self._total:,} done" if self._total else ""
        return " · ".join(part for part in (counted, self._left(), place) if part)

    def _left(self) -> str:
        """The time that is left: of everything where the pace tells that, else of this stage."""
        seconds = self._pace.left(time.monotonic()) if self._total else None
        if seconds is None or self._pace.done >= self._total:
            return ""
        return f"about {in_words(seconds)} left {'in all' if self._label in self._later else 'in this stage'}"
