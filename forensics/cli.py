"""The command ``forensics``: one function per command, in ``forensics.commands``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from forensics.case.incident import help_text
from forensics.case.version import VERSION
from forensics.commands import (
    batch,
    evidence,
    explanation,
    guard,
    lab,
    link,
    main_job,
    reading,
    redact,
    simulation,
    texts,
    vault,
    weights,
)
from forensics.errors import INTERRUPTED


class _Commands(TyperGroup):
    """Ctrl-C ends any command with one line, before a command answers for itself too."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with _one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with _one_line():
            return super().invoke(ctx)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(INTERRUPTED)
        raise typer.Exit(130) from None


def _tell_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"forensics {VERSION}\n")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What a leaked voice-assistant bundle reveals, and how easily its subject can be re-identified."""


app = typer.Typer(
    cls=_Commands,
    callback=_options,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(main_job.investigate)
app.command(epilog=help_text())(main_job.incident)
app.command()(evidence.intake)
app.command()(main_job.resume)
app.command()(main_job.status)
app.command()(texts.extract)
app.command()(texts.transcribe)
app.command()(reading.report)
app.command()(reading.transcripts)
app.command()(guard.guard)
app.command()(batch.batch)
app.command()(guard.compare)
app.command()(link.link)
app.command()(explanation.explain)
app.command()(explanation.search)
app.command()(redact.redact)
app.command()(evidence.verify)
app.command()(vault.seal)
app.command()(vault.unseal)
app.command()(simulation.simulate)
app.command()(lab.lab)
app.add_typer(weights.app, name="models")


def main() -> None:
    """Entry point: files made from here on are for their owner only."""
    os.umask(0o077)
    app()
