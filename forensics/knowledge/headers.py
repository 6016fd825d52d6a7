"""What the header of a column, the key of a record or the name of a setting says that it holds."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from forensics.knowledge.lexicon import read_forms

_LONGEST = 5
_COMPOUND = 5  # letters that a part of a German or Finnish compound must have to be taken for a word
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ0-9])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")


def header_words(header: str) -> list[str]:
    """The words of a header in one spelling: cut at camel humps, underscores and signs, without accents.

    Examples
    --------
    >>> header_words("transcriptText"), header_words("Geräte_Name (alt)")
    (['transcript', 'text'], ['gerate', 'name', 'alt'])
    """
    parted = _CAMEL.sub(" ", header[:200])
    return re.findall(r"[^\W_]+", _fold(parted))


@lru_cache(maxsize=4096)
def meanings_of(header: str) -> Mapping[str, float]:
    """How well a header fits each meaning, from 0 to 1; meanings that it does not fit are left out.

    The whole header counts 1, a phrase in it .7 to .9 (the longer, the more), a part of a compound .6. A longer phrase
    takes its words from shorter ones: "device type" is no device. Besides the meanings of
    :data:`forensics.case.kinds.MEANINGS` there are ``name``, ``type``, ``network`` and ``asked``, which say little
    until it is known of what.

    Examples
    --------
    >>> meanings_of("Transcript")["said"], sorted(meanings_of("deviceType")), dict(meanings_of("xyz"))
    (1.0, ['device_type'], {})
    """
    words = header_words(header)
    found: dict[str, float] = {}
    whole = _phrases().get(" ".join(words), ())
    for meaning in whole:
        found[meaning] = 1.0
    if whole:
        return found
    taken = [False] * len(words)
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            if any(taken[start : start + length]):
                continue
            meanings = _phrases().get(" ".join(words[start : start + length]))
            if meanings:
                taken[start : start + length] = [True] * length
                score = 0.7 + 0.2 * length / len(words) + (0.05 if start + length == len(words) else 0)
                for meaning in meanings:
                    found[meaning] = max(found.get(meaning, 0), min(score, 0.95))
    for word, done in zip(words, taken, strict=True):
        if not done:
            for meaning in _part_of(word):
                found.setdefault(meaning, 0.6)
    return found


def _part_of(word: str) -> tuple[str, ...]:
    """The meanings of the longest known word at the end of a compound; of any known word in scripts without blanks."""
    if not word.isascii() and ord(word[0]) > 0x2E80:
        best = max((known for known in _phrases() if len(known) >= 2 and known in word and ord(known[0]) > 0x2E80),
                   key=len, default="")  # fmt: skip
        return _phrases().get(best, ())
    for start in range(1, len(word) - _COMPOUND + 1):
        if word[start:] in _phrases():
            return _phrases()[word[start:]]
    for end in range(len(word) - 1, _COMPOUND, -1):
        if word[:end] in _phrases():
            return _phrases()[word[:end]]
    return ()


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    kept = "".join(c for c in decomposed if not ("\u0300" <= c <= "\u036f"))
    return unicodedata.normalize("NFC", kept)


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in read_forms("header_words"):
        for phrase in row["words"].split("|"):
            key = " ".join(header_words(phrase))
            if key and row["meaning"] not in found.get(key, ()):
                found[key] = (*found.get(key, ()), row["meaning"])
    return found
