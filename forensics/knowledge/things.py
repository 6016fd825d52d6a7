"""Words in the names that households give: things, rooms, makers, and words that are no person's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from forensics.knowledge.headers import header_words
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import fold

_LONG = 4
_GENERIC = ("thing", "room", "brand", "assistant", "filler")


def is_word(token: str, kind: str) -> bool:
    """Whether a word is of a kind of ``data/label_words.csv``.

    Examples
    --------
    >>> is_word("Zimmer", "room"), is_word("Famille", "family"), is_word("Echo", "nobody")
    (True, True, False)
    """
    return fold(token) in words_of(kind)


def words_of(kind: str) -> frozenset[str]:
    """The words of a kind; those of known devices and rooms with them. Signs of other scripts as they are."""
    return _words().get(kind, frozenset())


def is_generic(token: str) -> bool:
    """Whether a word names a thing, a room, a maker or a place in the house, or counts them.

    Examples
    --------
    >>> [is_generic(w) for w in ("Lautsprecher", "Küchenlicht", "2nd", "Bianca")]
    [True, True, True, False]
    """
    if token[:1].isdigit() or len(token) == 1:
        return True
    return any(is_word(token, kind) for kind in _GENERIC) or _compound(fold(token))


@lru_cache(maxsize=4096)
def is_switch(text: str) -> bool:
    """Whether a value only says that something is on, off, allowed or not set.

    Examples
    --------
    >>> is_switch("Enabled"), is_switch("désactivé"), is_switch("Spotify")
    (True, True, False)
    """
    return " ".join(header_words(text)) in _switches() if len(text) < 20 else False


@lru_cache(maxsize=1 << 12)
def _compound(word: str) -> bool:
    """Whether a word is made of two of them: "Küchenlicht", "Schlafzimmerlampe"."""
    known = words_of("thing") | words_of("room")
    for cut in range(3, len(word) - 2):
        front, back = word[:cut], word[cut:]
        if back in known and any(
            form in known for form in (front, front[:-1], front + "e", front[:-1] + "e")
        ):
            return True
    return False


@cache
def _switches() -> frozenset[str]:
    rows = read_forms("switch_words")
    return frozenset(" ".join(header_words(word)) for row in rows for word in row["words"].split("|"))


@cache
def _words() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_forms("label_words"):
        kept = found.setdefault(row["kind"], set())
        for phrase in row["words"].split("|"):
            words = phrase.split()
            least = 1 if len(words) == 1 else _LONG  # "de" of "casa de banho" is no room
            kept |= {w if w == phrase and not fold(w) else fold(w) for w in words if len(w) >= least}
    for table, kind in (("devices", "thing"), ("rooms", "room")):
        for row in read_forms(table):
            found[kind] |= {fold(word.removesuffix("'s")) for word in row["form"].split()}
    return {kind: frozenset(words) for kind, words in found.items()}
