"""Which values are words of a known list, so that no name can hide in them.

A claim's value may be a piece of a misheard sentence. Masked, a device, service, relation, place or habit is
shown only if every part of it is a type, room, service or relation of our own lists, a place of the
gazetteer, a time or a date.
"""

from __future__ import annotations

import re
from functools import cache

_OURS = frozenset(
    [
        *(
            "one",
            "two",
            "three",
            "four",
            "five",
            "workdays",
            "weekdays",
            "weekend",
            "every",
            "day",
            "hour",
            "hours",
        ),
        *(
            "morning",
            "midday",
            "afternoon",
            "evening",
            "night",
            "time",
            "date",
            "unknown",
            "not",
            "said",
            "about",
        ),
        *(
            "public",
            "transport",
            "or",
            "traffic",
            "to",
            "and",
            "at",
            "by",
            "in",
            "the",
            "from",
            "on",
            "en",
            "de",
        ),
        *("person", "child", "contact", "visitor", "kind", "kontakt", "besuch"),
    ]
)
_PARTS = re.compile(r"[,;()/]+")
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SERIAL = re.compile(r"(?=[A-Z0-9]*\d)[A-Z0-9]{10,}|[A-Z0-9]{3}…[A-Z0-9]{3}")


def vouched(value: str) -> bool:
    """Whether every part of `value` is known to be no name.

    Examples
    --------
    >>> vouched("thermostat (bathroom)"), vouched("Blutdrucktabletten"), vouched("06:20 workdays")
    (True, False, True)
    """
    return all(_known(part.strip()) for part in _PARTS.split(value) if part.strip())


def everyday(name: str) -> bool:
    """Whether what was taken for a name is made of our lists' words, such as "child" or "kitchen".

    Places do not count: many a name is also a town.
    """
    return all(word.casefold() in _words() for word in _WORDS.findall(name))


def _known(part: str) -> bool:
    if _SERIAL.fullmatch(part) or part.casefold() in _phrases():
        return True
    words = [word.casefold() for word in _WORDS.findall(part)]
    if all(word in _words() for word in words):
        return True
    from forensics.knowledge.gazetteer import find

    return find(part) is not None


@cache
def _phrases() -> frozenset[str]:
    from forensics.knowledge.device_types import device_names
    from forensics.knowledge.lexicon import read_forms

    columns = (("devices", "type"), ("rooms", "room"), ("relations", "relation"), ("services", "form"))
    listed = {row[column].casefold() for table, column in columns for row in read_forms(table)}
    return frozenset(listed | {name.casefold() for name in device_names()})


@cache
def _words() -> frozenset[str]:
    return _OURS | {word for phrase in _phrases() for word in _WORDS.findall(phrase)}
