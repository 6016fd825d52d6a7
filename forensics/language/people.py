"""Who a name means in a command: how full the name is, what part the person has in it, and whose relation.

A name in a request for music or films is an artist or a character until shown otherwise; so is a name
that this household plays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from forensics.knowledge.lexicon import read_forms, word_classes
from forensics.knowledge.words import split
from forensics.language.reading import Mention, Reading
from forensics.language.rules.relations import relation_forms

_PLAYED = frozenset(("music", "media"))
_TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "doctor", "professor", "prof", "herr", "herrn", "frau", "doktor"]
)
_REMIND_ME = re.compile(r"\b(remind|erinnere|erinner) (me|mich|us|uns)\b")
_GIVEN = re.compile(
    r"\b(für|for|hier ist|hier spricht|ich bin|ich bin's|ich heisse|i'm|i am|it's|this is)( der| die| den)?$"
)
"""Before a name in a request for music: somebody it is played for, or who asks for it."""
CALLED_UPON = frozenset(("called", "messaged", "reminded", "woken", "told"))
"""Parts that only people one knows have."""
_REACH = 6
"""Words between a verb and the person it concerns."""


@dataclass(frozen=True)
class Person:
    """A name in a command.

    Parameters
    ----------
    name : str
        Without possessive and title.
    kind : {'full name', 'first name', 'surname', 'nickname', 'unlisted name'}
    role : str or None
        ``"called"``, ``"messaged"``, ``"reminded"``, ``"woken"``, ``"told"``, ``"met"``, ``"asked about"``.
    relation : str or None
        As said beside the name: "my wife Sarah".
    full_forms : tuple of str
        Names that a nickname stands for.
    """

    name: str
    kind: str
    role: str | None
    relation: str | None
    full_forms: tuple[str, ...] = ()


def person(reading: Reading, mention: Mention, language: str) -> Person:
    """What a PERSON mention says of its bearer."""
    surface = reading.text[mention.start : mention.end]
    name = without_possessive(surface, language)
    words = split(name).words
    while len(words) > 1 and words[0] in _TITLES:
        name = name.split(None, 1)[1]
        words = words[1:]
    return Person(
        name,
        _kind(words, titled=bool(_TITLES & set(split(surface).words))),
        role_of(reading.text, mention),
        _relation_beside(reading, mention, language),
        tuple(_nicknames().get(words[0], ())) if len(words) == 1 else (),
    )


def is_artist(
    reading: Reading, mention: Mention, played: Collection[str], known: Collection[str] = ()
) -> bool:
    """Whether a PERSON mention is more likely someone on a record than someone in the house.

    Parameters
    ----------
    reading : Reading
    mention : Mention
    played : collection of str
        What this household plays, in one spelling.
    known : collection of str
        Whom it names where nothing is played, in one spelling.
    """
    role = role_of(reading.text, mention)
    if role in CALLED_UPON:
        return False
    name = plain_name(reading.text[mention.start : mention.end])
    if name in known or is_given(reading.text, mention.start):
        return False
    return reading.domain in _PLAYED or (" " in name and name in played)


def is_given(text: str, start: int) -> bool:
    """Whether somebody named at `start` gets something, or says that it is them: nobody on a record does.

    Examples
    --------
    >>> is_given("play happy birthday for cordelia", 24), is_given("play hello by adele", 14)
    (True, False)
    """
    return _GIVEN.search(" ".join(split(text[:start]).words[-_REACH:])) is not None


def plain_name(surface: str) -> str:
    """A name in one spelling, without a possessive.

    Examples
    --------
    >>> plain_name("Sarah's"), plain_name("Bene Steindl")
    ('sarah', 'bene steindl')
    """
    return " ".join(word for word in split(surface).words if word != "'s")


def without_possessive(surface: str, language: str) -> str:
    """``Sarah's`` as ``Sarah``; the German genitive ``Jans`` only where a list knows the name without it.

    Examples
    --------
    >>> without_possessive("Sarah's", "en"), without_possessive("Annas", "de")
    ('Sarah', 'Anna')
    >>> without_possessive("Jonas", "de")
    'Jonas'
    """
    name = re.sub(r"['’]s?$", "", surface.strip())
    if language == "de" and name[-1:] == "s" and " " not in name:
        whole, bare = (word_classes().listed(form) for form in (name.lower(), name.lower()[:-1]))
        if "F" not in whole and "F" in bare:
            return name[:-1]
    return name


def _kind(words: Sequence[str], *, titled: bool) -> str:
    known = word_classes().of(list(words))
    if len(words) >= 2:
        return "full name"
    if words and words[0] in _nicknames():
        return "nickname"
    if titled and words:
        return "surname"
    if known and "F" in known[0]:
        return "first name"
    if known and "S" in known[0]:
        return "surname"
    return "unlisted name"


def role_of(text: str, mention: Mention) -> str | None:
    """The part that the words around a name give to its bearer."""
    before = " ".join(split(text[: mention.start]).words[-_REACH:])
    after = " ".join(split(text[mention.end :]).words[:_REACH])
    before = _REMIND_ME.sub("", before)
    best: tuple[int, str] | None = None
    for role, pattern in _roles().items():
        for match in pattern.finditer(before):
            if best is None or match.end() > best[0]:
                best = (match.end(), role)
    if best is not None:
        return best[1]
    if re.search(r"\b(an|anrufen|sprechen|telefonieren)$", after) and re.search(
        r"\b(ruf|rufe|kannst|möchte|will|bitte)\b", before
    ):
        return "called"
    return next(
        (role for role, pattern in _roles().items() if role in ("called", "met") and pattern.search(after)),
        None,
    )


def _relation_beside(reading: Reading, mention: Mention, language: str) -> str | None:
    """A relation right before the name, or in apposition right after it."""
    forms = relation_forms(language)
    before = split(reading.text[: mention.start]).words[-1:]
    after = split(reading.text[mention.end :]).words[:2]
    if before and before[0] in forms:
        return forms[before[0]]
    if (
        len(after) == 2
        and after[0] in ("my", "mein", "meine", "meinen", "meinem", "meiner")
        and after[1] in forms
    ):
        return forms[after[1]]
    return None


@cache
def _roles() -> dict[str, re.Pattern[str]]:
    """By role, the words that give it to a person."""
    cues: dict[str, list[str]] = {}
    for row in read_forms("roles"):
        cues.setdefault(row["role"], []).append(re.escape(row["cue"]))
    return {role: re.compile(rf"\b({'|'.join(forms)})\b") for role, forms in cues.items()}


@cache
def _nicknames() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in read_forms("nicknames"):
        found.setdefault(row["nickname"], []).append(row["name"])
    return found
