"""Make fitted numbers and shipped weights from data: ``python -m fitting``, or ``make fits``.

Without a name all of them, in an order in which none rests on a later one, each in a process of its own;
with names those alone. What is made from data that are not here is left as it is, named at the end, and the
exit status is 1.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from importlib import import_module

from fitting.command import log, made, options, taken
from fitting.record import Run

FITS = {
    "surname_law": "fitting.surname_law:run",
    "first_names_us": "fitting.first_names_us:run",
    "word_classes": "fitting.language.lexicon:run",
    "places": "fitting.language.places:run",
    "language_en": "fitting.language.run:english",
    "language_de": "fitting.language.run:german",
    "thresholds": "fitting.language.thresholds:run",
    "voices": "fitting.voices:run",
    "voice_search": "fitting.voice_search:run",
    "ambience": "fitting.ambience:run",
    "confidence": "fitting.confidence:run",
    "likeness": "fitting.likeness:run",
    "matching": "fitting.matching:run",
    "second_hearing": "fitting.second_hearing:run",
    "accidental": "fitting.accidental:run",
    "chains": "fitting.chains:run",
    "name_confusion": "fitting.name_confusion:run",
    "talk_names": "fitting.talk_names:run",
    "common_words": "fitting.common_words:run",
    "says": "fitting.says:run",
    "reading": "fitting.reading:run",
    "reader": "fitting.reader:run",
}
"""By name, module and function. Later ones rest on earlier ones."""


def main() -> int:
    """Run what is named, or everything."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(FITS)}")
    options(parser)
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in FITS]:
        parser.error(f"There is no fit called {', '.join(unknown)}. There are: {', '.join(FITS)}.")
    how = taken(arguments)
    if len(arguments.names) == 1:
        return _one(arguments.names[0], how)
    given = ["--out", str(how.out), "--every", str(how.every)]
    failed = []
    for name in arguments.names or FITS:
        log.info("== %s", name)
        # a process each: what a module remembers of a fit is of the one before
        if subprocess.run([sys.executable, "-m", "fitting", name, *given], check=False).returncode:
            failed.append(name)
    if failed:
        log.error("Not made: %s. The lines above say why.", ", ".join(failed))
    return 1 if failed else 0


def _one(name: str, how: Run) -> int:
    module, function = FITS[name].split(":")
    return made(getattr(import_module(module), function), how)


if __name__ == "__main__":
    sys.exit(main())
