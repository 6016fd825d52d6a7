"""Which values are words of a known list, so that no name can hide in them.

A claim's value may be a piece of a misheard sentence. Masked, a device, service, relation, place or habit is
shown only if every part of it is a type, room, service or relation of our own lists, a time or a date.
Names of places are not looked up here: many a surname is a town as well, and a claim carries its places' ids.
"""

from __future__ import annotations

import re
from functools import cache

_PARTS = re.compile(r"[,;()/]+")
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOKENS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[^\W\d_a-z]?[^\W\d_A-Z]+|[^\W\d_a-z]+|\d+")
_LONGEST_NUMBER = 8
"""Digits of a date; a longer number may be a telephone's or a customer's."""
_SERIAL = re.compile(r"(?=[A-Z0-9]*\d)[A-Z0-9]{10,}|[A-Z0-9]{3}…[A-Z0-9]{3}")


def vouched(value: str) -> bool:
    """Whether every part of `value` is known to be no name.

    Examples
    --------
    >>> vouched("thermostat (bathroom)"), vouched("Blutdrucktabletten"), vouched("06:20 workdays")
    (True, False, True)
    """
    return all(_known(part.strip()) for part in _PARTS.split(value) if part.strip())


def masked_path(path: str) -> str:
    """A path of a bundle with every part left out that is not made of technical words and short numbers.

    Examples
    --------
    >>> masked_path("Alexa/Audio/0003.wav"), masked_path("Rasmus_Hufnagel_voice_history.csv")
    ('Alexa/Audio/0003.wav', '….csv')
    """
    return "/".join(_masked_part(part) for part in path.replace("\\", "/").split("/"))


def _masked_part(part: str) -> str:
    stem, dot, ending = part.rpartition(".")
    tokens = _TOKENS.findall(part)
    if all(_is_technical(token) for token in tokens):
        return part
    return f"….{ending}" if dot and ending.casefold() in _listed("ending") and stem else "…"


def _is_technical(token: str) -> bool:
    if token.isdecimal():
        return len(token) <= _LONGEST_NUMBER
    words = _CAMEL.findall(token) or [token]
    return all(word.isdecimal() or word.casefold() in _listed("word") | _listed("ending") for word in words)


def everyday(name: str) -> bool:
    """Whether what was taken for a name is made of our lists' words, such as "child" or "kitchen".

    Places do not count: many a name is also a town.
    """
    return all(word.casefold() in _words() for word in _WORDS.findall(name))


def _known(part: str) -> bool:
    if _SERIAL.fullmatch(part) or part.casefold() in _phrases():
        return True
    words = [word.casefold() for word in _WORDS.findall(part)]
    return all(word in _words() for word in words)


@cache
def _phrases() -> frozenset[str]:
    from forensics.knowledge.device_types import device_names
    from forensics.knowledge.lexicon import read_forms

    columns = (("devices", "type"), ("rooms", "room"), ("relations", "relation"), ("services", "form"))
    listed = {row[column].casefold() for table, column in columns for row in read_forms(table)}
    return frozenset(listed | {name.casefold() for name in device_names()})


@cache
def _words() -> frozenset[str]:
    return _listed("value") | {word for phrase in _phrases() for word in _WORDS.findall(phrase)}


@cache
def _listed(kind: str) -> frozenset[str]:
    """Words of ``shown_words.csv``: of file names, their endings, and of our own values."""
    from forensics.knowledge.lexicon import read_forms

    return frozenset(row["word"] for row in read_forms("shown_words") if row["kind"] == kind)
