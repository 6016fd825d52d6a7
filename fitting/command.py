"""The command line that every fit has."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from fitting.record import ROOT, MissingDataError, Run
from forensics.errors import ForensicsError

log = logging.getLogger("fitting")


Fit = Callable[[Run], None]


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every fit."""
    parser.add_argument("--out", type=Path, default=ROOT, help="another folder than the repository")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th piece of data: a trial")


def taken(arguments: argparse.Namespace) -> Run:
    """The run that was asked for."""
    if arguments.every > 1 and arguments.out.resolve() == ROOT:
        raise SystemExit("A trial does not overwrite what is shipped: name another folder with --out.")
    return Run(arguments.out, arguments.every)


def main(fit: Fit) -> int:
    """Run one fit from the command line; 1 if what it is made from is not here."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(description=sys.modules[fit.__module__].__doc__)
    options(parser)
    return made(fit, taken(parser.parse_args()))


def made(fit: Fit, how: Run) -> int:
    """Run one fit; what is missing is logged, not raised."""
    try:
        fit(how)
    except (MissingDataError, ForensicsError) as error:
        log.error("%s", error)
        return 1
    return 0
