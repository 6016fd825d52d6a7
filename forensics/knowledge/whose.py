"""Whose name or place a field holds, as headers in many languages say it, and what relation a word names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from forensics.knowledge.headers import header_words
from forensics.knowledge.lexicon import read_forms

_LONGEST = 4
_COMPOUND = 5  # letters that the known part of a compound must have
_ROLES = frozenset(("holder", "household", "child", "adult", "contact", "recipient", "speaker", "public"))
_PLACES = "kind_of_place"
_RELATIONS = {
    "self_word": "subject", "partner_word": "companion", "child_word": "child", "relative_word": "relative",
    "contact_word": "contact",
}  # fmt: skip


@lru_cache(maxsize=4096)
def whose(header: str) -> frozenset[str]:
    """What a header says of the person whom its field names.

    Of a path of keys the part nearest to the value counts: a contact in a customer's record is a contact.

    Parameters
    ----------
    header : str
        Of a column, or the path of a key; its file and records may stand before it, each with a slash.

    Returns
    -------
    frozenset of str
        Some of ``holder``, ``household``, ``child``, ``adult``, ``contact``, ``recipient``, ``speaker``,
        ``given_name``, ``family_name``, ``network``, ``age``, ``relation``, ``part``, ``public``.

    Examples
    --------
    >>> sorted(whose("shippingAddress.recipientName")), sorted(whose("Lieferempfänger"))
    (['recipient'], ['recipient'])
    >>> sorted(whose("prénom de l'enfant")), sorted(whose("wifiSsid"))
    (['child', 'given_name'], ['network'])
    >>> sorted(whose("customer.contacts[].firstName"))
    ['contact', 'given_name']
    """
    found: set[str] = set()
    for part in reversed(re.split(r"[./\\]+|\[\]", header)):
        kinds = _of_part(part)
        if not found & _ROLES:
            found |= kinds if not found else kinds & _ROLES
    return frozenset(found)


def age_word(text: str) -> str | None:
    """``"child"`` or ``"adult"`` if a cell holds nothing else.

    Examples
    --------
    >>> age_word("CHILD"), age_word("Erwachsene"), age_word("children's music")
    ('child', 'adult', None)
    """
    found = _headers().get(" ".join(header_words(text)), frozenset())
    return next((age for age in ("child", "adult") if age in found), None)


def _of_part(text: str) -> frozenset[str]:
    words = header_words(text)
    taken = [False] * len(words)
    found: set[str] = set()
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            kinds = _headers().get(" ".join(words[start : start + length]))
            if kinds and not any(taken[start : start + length]):
                taken[start : start + length] = [True] * length
                found |= kinds
    for word, done in zip(words, taken, strict=True):
        if not done:
            found |= _inside(word)
    return frozenset(found)


@lru_cache(maxsize=4096)
def role_of_relation(text: str) -> str | None:
    """The role that a cell names if it holds nothing but a relation.

    Examples
    --------
    >>> role_of_relation("Ehefrau"), role_of_relation("hija"), role_of_relation("sent to my wife")
    ('companion', 'child', None)
    """
    words = header_words(text) if len(text) <= 40 else []
    if words[:1] in (["my"], ["mein"], ["meine"], ["mon"], ["ma"], ["mi"]):
        words = words[1:]
    return _relations().get(" ".join(words))


def _inside(word: str) -> frozenset[str]:
    """Kinds of a known word at the end of a compound, or at its front."""
    for start in range(1, len(word) - _COMPOUND + 1):
        if word[start:] in _headers():
            return _headers()[word[start:]]
    for end in range(len(word) - 1, _COMPOUND, -1):
        if word[:end] in _headers():
            return _headers()[word[:end]]
    return frozenset()


@lru_cache(maxsize=4096)
def is_kind_of_place(text: str) -> bool:
    """Whether a cell says what a place is to somebody, and not which place: "Home", "Arbeit".

    Examples
    --------
    >>> is_kind_of_place("Home"), is_kind_of_place("Homburg")
    (True, False)
    """
    return " ".join(header_words(text)) in _kinds_of_place()


@cache
def _kinds_of_place() -> frozenset[str]:
    return frozenset(_phrases(lambda kind: kind if kind == _PLACES else None))


@cache
def _headers() -> Mapping[str, frozenset[str]]:
    return _phrases(lambda kind: None if kind in _RELATIONS or kind == _PLACES else kind)


@cache
def _relations() -> Mapping[str, str]:
    found = _phrases(_RELATIONS.get)
    return {words: next(r for r in _RELATIONS.values() if r in roles) for words, roles in found.items()}


def _phrases(named: Callable[[str], str | None]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_forms("whose_words"):
        if (kind := named(row["kind"])) is not None:
            for phrase in row["words"].split("|"):
                found.setdefault(" ".join(header_words(phrase)), set()).add(kind)
    return {words: frozenset(kinds) for words, kinds in found.items()}
