"""Train a pipeline: ``python -m fitting.language en --corpora ../shared/corpora``."""

from __future__ import annotations

import argparse
import logging
from importlib.resources import files
from pathlib import Path

from fitting.language.run import train_by_recipe, train_linear


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=("en", "de"))
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--out", type=Path, default=Path(str(files("forensics.language") / "models")))
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override the config")
    parser.add_argument("--linear", action="store_true", help="keep the network, train only what is linear")
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="every N-th sentence only: a trial run",
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if arguments.linear:
        train_linear(arguments.language, arguments.corpora, arguments.out)
        return
    overrides = dict(item.split("=", 1) for item in arguments.set)
    train_by_recipe(arguments.language, arguments.corpora, arguments.out, overrides, arguments.every)


if __name__ == "__main__":
    main()
