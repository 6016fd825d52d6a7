"""What a recogniser makes of a name that it mistakes: what ours did, else letters that sound alike."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np

from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import fold

MOST_CHANGES = 6
"""Assumption: a name is not misheard by more changes than this."""
_ALIKE = (
    ("t", "d"), ("d", "t"), ("b", "p"), ("p", "b"), ("g", "k"), ("k", "g"), ("v", "f"), ("w", "v"),
    ("f", "v"), ("z", "s"), ("s", "z"), ("c", "k"), ("m", "n"), ("n", "m"), ("ie", "i"), ("ei", "ai"),
    ("ä", "e"), ("ö", "e"), ("ü", "i"), ("e", "a"), ("a", "e"), ("o", "u"), ("u", "o"), ("i", "e"),
    ("y", "i"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("tt", "t"), ("ll", "l"), ("nn", "n"), ("mm", "m"),
    ("rr", "r"), ("ss", "s"), ("h", ""), ("er", "a"), ("r", "l"), ("l", "r"), ("sch", "s"), ("dt", "t"),
)  # fmt: skip
"""Letters that are taken for each other: common knowledge, not measured."""
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae"})
_VOWELS = frozenset("aeiouyäöü")


def misheard_name(new: str, distance: float, words: int, language: str, rng: np.random.Generator) -> str:
    """A name as it may be mistaken, about as far off as another was.

    Parameters
    ----------
    new : str
        What is said.
    distance : float
        Share of letters in which the other name was off.
    words : int
        How many words the other name was taken for.
    """
    known = confused_names(language).get(new, ())
    if known:
        return min(known, key=lambda form: abs(letters_off(new, form) - distance)).lower()
    heard = plain(new)
    for _ in range(MOST_CHANGES):
        choices = [(a, b) for a, b in _ALIKE if a in heard]
        if not choices:
            break
        old, other = choices[int(rng.integers(len(choices)))]
        places = [n for n in range(len(heard)) if heard.startswith(old, n)]
        at = places[int(rng.integers(len(places)))]
        heard = heard[:at] + other + heard[at + len(old) :] or heard
        if heard != plain(new) and letters_off(plain(new), heard) >= distance:
            break
    return _apart(heard, words - len(new.split()))


def plain(name: str) -> str:
    """A name as a recogniser writes it: lower case, of all accents the umlauts alone.

    Examples
    --------
    >>> plain("Şimşek"), plain("Müßig"), plain("Wójcik-Łukasz")
    ('simsek', 'müßig', 'wojcik-lukasz')
    """
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", name.lower().translate(_LETTERS)):
        if not unicodedata.combining(character):
            kept.append(character)
        elif character == "\u0308" and kept and kept[-1] in "aou":
            kept[-1] = "äöü"["aou".index(kept[-1])]
    return "".join(kept)


def letters_off(one: str, other: str) -> float:
    """Share of letters in which two forms differ, blanks aside."""
    from rapidfuzz.distance import Levenshtein

    a, b = one.casefold().replace(" ", ""), other.casefold().replace(" ", "")
    return float(Levenshtein.normalized_distance(a, b))


def _apart(heard: str, cuts: int) -> str:
    """Taken for more words than it is: cut before a consonant that follows a vowel, in the middle."""
    for _ in range(max(cuts, 0)):
        places = [
            n
            for n in range(2, len(heard) - 2)
            if heard[n - 1] in _VOWELS
            and heard[n] not in _VOWELS
            and heard[n + 1] in _VOWELS
            and heard[n - 2 : n + 3].isalpha()
        ]
        if not places:
            break
        at = min(places, key=lambda n: abs(n - len(heard) / 2))
        heard = f"{heard[:at]} {heard[at:]}"
    return heard


@cache
def confused_names(language: str) -> dict[str, tuple[str, ...]]:
    """What our own engine was measured to hear instead of a name."""
    found: dict[str, set[str]] = {}
    for row in read_forms("name_confusion"):
        if row["language"] == language and fold(row["said"]) != fold(row["heard"]) and row["heard"].strip():
            found.setdefault(row["said"], set()).add(row["heard"])
    return {said: tuple(sorted(heard)) for said, heard in found.items()}
