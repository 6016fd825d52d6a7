"""Whether a name in a text is a name there: not an everyday word, nor a part of a title."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from forensics.knowledge.names import fold
from forensics.profile.naming import is_common
from forensics.simulate.alongside import WORD
from forensics.simulate.mishearing import letters_off

NEAR = 0.36
"""Assumption: a word with less than this share of other letters is the name again, said in another way."""
_LEAST_NEAR = 5
"""Assumption: letters of a word that is compared; shorter ones are like everything."""
TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mister", "sir", "dr", "doctor", "doktor", "coach", "uncle", "aunt", "auntie",
    "granny", "grandma", "grandpa", "nan", "nana", "sister", "brother", "mum", "mom", "dad", "mama", "papa",
    "oma", "opa", "frau", "herr", "tante", "onkel", "pani", "titi", "alexa", "google", "amazon", "echo",
    "hey", "okay", "ok", "hello", "hi", "hallo", "servus", "i",
})  # fmt: skip
_BEGINNING = re.compile(r"(?:^|[.!?…:;\-–—\"“(]\s*|\.\.\.\s*)$")
_CALLED = re.compile(r"\s*(?:[,!?.;:…)\-–—]|$)")
_PREPOSITION = re.compile(
    r"\b(?:in|nach|aus|von|bei|ab|bis|richtung|über|from|to|at|near|for)\s+$", re.IGNORECASE
)


def is_word_here(text: str, start: int, end: int, kind: str, language: str) -> bool:
    """Whether a name that is an everyday word too may be the word here: "Will you", "Mark my words".

    Parameters
    ----------
    start, end : int
        Of the name in `text`, without an ending.
    kind : str
        Of :class:`Replacement`.
    """
    if not is_common(text[start:end]):
        return False
    if kind == "place":
        return _PREPOSITION.search(text[:start]) is None
    if _CALLED.match(text, end) or text[end : end + 2] in ("'s", "’s"):
        return False
    before = text[:start]
    if language == "en":
        return _BEGINNING.search(before) is not None
    last = re.search(r"([^\W\d_]+)\s+$", before)
    return last is None or last[1].casefold() not in TITLES


def is_in_title(text: str, start: int, end: int, kind: str, language: str, names: Collection[str]) -> bool:
    """Whether a name stands in a title, a club's or a company's name: "The Deer Hunter", "Kirchheim Knights".

    Parameters
    ----------
    kind : str
        Of :class:`Replacement`; surnames stand beside other capitals anyway.
    names : collection of str
        Folded words of all names that are replaced: beside these a name is no title's.
    """
    if kind not in ("first", "place"):
        return False
    after = re.match(r" ([A-ZÄÖÜ][\w'’-]+)", text[end:])
    follows = after is not None and fold(after[1]) not in names and not is_common(after[1])
    if language == "de":
        return kind == "place" and follows and not _PREPOSITION.search(text[:start])
    if kind == "place" and after is not None and fold(after[1]) not in names and after[1][0].isupper():
        return True
    before = re.search(r"([A-Z][\w'’-]*) $", text[:start])
    if before is None or before[1].casefold() in TITLES or fold(before[1]) in names:
        return False
    return _BEGINNING.search(text[: before.start()]) is None


def said_differently(
    text: str, spans: Sequence[tuple[int, int]], names: Collection[str], others: Collection[str]
) -> bool:
    """Whether a text has an old name in another form: mispronounced, in dialect, in another language.

    Parameters
    ----------
    spans : sequence of (int, int)
        Where a name is replaced.
    names : collection of str
        The old names.
    others : collection of str
        Folded words that are known to be something else.
    """
    for match in WORD.finditer(text):
        word = match[0]
        if len(word) < _LEAST_NEAR or not word[0].isupper() or is_common(word) or fold(word) in others:
            continue
        if any(start < match.end() and end > match.start() for start, end in spans):
            continue
        if any(
            len(name) >= _LEAST_NEAR and 0 < letters_off(name, word) < NEAR and word[0] == name[0]
            for name in names
        ):
            return True
    return False
