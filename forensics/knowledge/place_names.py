"""What places are called in the languages of the reports, where the gazetteer calls them otherwise."""

from __future__ import annotations

import csv
from functools import cache

from forensics.knowledge.gazetteer import Place
from forensics.knowledge.lexicon import DATA


def name_in(language: str, place: Place) -> str:
    """What a place is called in a language; the gazetteer's name where nothing else is known.

    Examples
    --------
    >>> from forensics.knowledge.gazetteer import find
    >>> name_in("de", find("Munich")), name_in("en", find("Munich")), name_in("de", find("Oldenburg"))
    ('München', 'Munich', 'Oldenburg')
    """
    return _names().get((language, place.name, place.country or ""), place.name)


@cache
def _names() -> dict[tuple[str, str, str], str]:
    with (DATA / "place_names.csv").open(encoding="utf-8", newline="") as file:
        return {(row["language"], row["name"], row["country"]): row["shown"] for row in csv.DictReader(file)}
