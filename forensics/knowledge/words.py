"""A sentence as the recogniser reads it: words in one spelling, each with its place in the text.

The same command comes lower-cased from one vendor, Title Cased from another, and from Whisper with
punctuation, digits and German nouns. None of that is evidence about who is meant, so the words that the
model sees carry none of it: they are lower case, without punctuation, and spelled letters ("b. b. c.",
"BBC", "p.m.") are one word. What a casing cannot change, it cannot break.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from forensics.knowledge.lexicon import read_forms

_WORD = re.compile(
    r"""
      [^\s@<>,;]+@[^\s@<>,;]+\.[^\W\d_]+            # an e-mail address
    | (?:[^\W\d_]\.[ ]?)+[^\W\d_]\b\.?(?![^\W_])    # spelled letters: "b. b. c.", "p.m."
    | \d+(?:[:.,]\d+)*                              # 7, 7:30, 1.000
    | ['’]s\b                                       # the English possessive is a word of its own
    | (?-i:\b[dsz](?=[A-ZÄÖÜ][a-zäöü]))            # Swiss German: zLondon, dTämperatur
    | [^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*            # a word: don't, geht's
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_KEPT_MARKS = str.maketrans({"ß": "ss", "’": "'", "æ": "ae", "ø": "o", "œ": "oe"})
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}


@dataclass(frozen=True)
class Words:
    """The words of one text.

    Parameters
    ----------
    words : list of str
        In one spelling, see :func:`spelling`.
    spans : list of tuple of int
        Start and end of each word in the text, in code points, end exclusive.
    """

    words: list[str]
    spans: list[tuple[int, int]]


def split(text: str) -> Words:
    """The words of `text`.

    Examples
    --------
    >>> split("Play B. B. C. at 7 p.m., Sarah's song!").words
    ['play', 'bbc', 'at', 'd', 'pm', 'sarah', "'s", 'song']
    """
    words, spans = [], []
    for match in _WORD.finditer(text):
        words.append(spelling(match.group()))
        spans.append(match.span())
    return Words(words, spans)


@lru_cache(maxsize=1 << 16)
def spelling(word: str) -> str:
    """`word` in the one spelling that the recogniser knows.

    Lower case, ``ss`` for ``ß``, no accents but the German umlauts, every digit a ``d``, spelled letters
    joined, every e-mail address the word ``email@``.

    Examples
    --------
    >>> spelling("Straße"), spelling("Beyoncé"), spelling("7:30"), spelling("A.M.")
    ('strasse', 'beyonce', 'd:dd', 'am')
    """
    if "@" in word:
        return "email@"
    if word[0].isdigit():
        return _DIGIT.sub("d", word)
    if "." in word:
        word = word.replace(".", "").replace(" ", "")
    lowered = word.lower().translate(_KEPT_MARKS)
    folded = lowered if lowered.isascii() else _fold(lowered)
    return _dialect_words().get(folded, folded)


def _fold(word: str) -> str:
    """Drop accents, keep umlauts."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        if not unicodedata.combining(character):
            kept.append(character)
        elif character == "\u0308" and kept and kept[-1] in _UMLAUTS:
            kept[-1] = _UMLAUTS[kept[-1]]
    return "".join(kept) or word


@cache
def _dialect_words() -> dict[str, str]:
    """Common words of Alemannic and Bavarian, with the German ones that the recogniser knows."""
    return {row["dialect"]: row["german"] for row in read_forms("dialects")}
