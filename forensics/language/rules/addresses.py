"""Street addresses said aloud: "lindenstraße zwölf", "forty two main street"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forensics.language.clock import number
from forensics.language.reading import Mention

_STREET_DE = re.compile(r"\w{2,}(strasse|gasse|allee|chaussee|platz|weg|ring|damm|ufer|steig|stieg)")
_NOT_STREETS = frozenset(
    [
        "unterwegs",
        "hinweg",
        "überweg",
        "arbeitsplatz",
        "parkplatz",
        "spielplatz",
        "campingplatz",
        "sportplatz",
        "marktplatz",
        "arbeitsweg",
        "heimweg",
        "schulweg",
        "rückweg",
        "ausweg",
        "radweg",
        "spaziergang",
        "frühling",
        "hering",
        "boxring",
        "ohrring",
        "autobahnring",
        "tennisplatz",
        "fussballplatz",
        "golfplatz",
    ]
)
_STREET_EN = frozenset(
    ["street", "road", "avenue", "lane", "drive", "court", "boulevard", "terrace", "close", "crescent"]
)
_HOUSE = 400


def find(text: str, words: Mapping[str, Any], language: str) -> list[Mention]:
    """Streets with a house number in words or digits."""
    spoken = words["words"]
    raw = [
        text[s:e] if w[:1] == "d" and text[s].isdigit() else w
        for w, (s, e) in zip(spoken, words["spans"], strict=True)
    ]
    found = []
    for at, word in enumerate(spoken):
        if (
            language == "de"
            and _STREET_DE.fullmatch(word)
            and word not in _NOT_STREETS
            and at + 1 < len(spoken)
        ):
            house = number(raw[at + 1], "de")
            if (
                house
                and house < _HOUSE
                and (
                    at + 2 >= len(spoken) or spoken[at + 2] not in ("uhr", "prozent", "minuten", "kilometer")
                )
            ):
                found.append(_mention(words, at, at + 1))
        elif language == "en" and word in _STREET_EN and at >= 2:
            for first in range(max(0, at - 4), at - 1):
                house = number(raw[first], "en")
                tens = (
                    first + 1
                    if number(raw[first + 1], "en") in range(1, 10) and (house or 0) % 10 == 0
                    else first
                )
                between = spoken[tens + 1 : at]
                if (
                    house
                    and between
                    and not any(number(w, "en") for w in between)
                    and not {"to", "on", "the", "minutes", "at", "in"} & set(between)
                ):
                    found.append(_mention(words, first, at))
                    break
    return found


def _mention(words: Mapping[str, Any], first: int, last: int) -> Mention:
    start, end = words["spans"][first][0], words["spans"][last][1]
    return Mention(start, end, "ADDRESS", 0.75, "rule:address", "a street with a house number, said aloud")
