"""Wake words: the words that a device waits for, and what recognisers make of "Alexa".

The list is ``data/wake_words.csv``: each word with the calls that are said before it ("hey", "ok"), whether
it also wakes alone, whether it is an ordinary word or a name as well, and who says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from forensics.knowledge.lexicon import read_forms

_ROWS = read_forms("wake_words")


def _calls(row: dict[str, str]) -> list[str]:
    return [call for call in row["calls"].split("|") if call]


def _phrases(row: dict[str, str], *, alone: bool) -> Iterator[str]:
    if alone:
        yield row["word"]
    yield from (f"{call} {row['word']}" for call in _calls(row))


PHRASES: tuple[str, ...] = tuple(p for row in _ROWS for p in _phrases(row, alone=bool(row["alone"])))
"""What wakes a device, in lower case: "alexa", "hey google"."""
WORDS: frozenset[str] = frozenset(row["word"] for row in _ROWS if not row["ordinary"])
"""The words themselves, since a recogniser may lose a "hey"; without ordinary words ("portal")."""
CALLS: frozenset[str] = frozenset(call for row in _ROWS for call in _calls(row)) | {"hallo"}
"""Said before a wake word, whether or not the device asks for it: "hey Alexa", "hallo Alexa"."""
_ALONE = frozenset(row["word"] for row in _ROWS if row["alone"] and not row["ordinary"])
_IN_TEXTS = [p for row in _ROWS for p in _phrases(row, alone=row["word"] in _ALONE)]
PATTERN: re.Pattern[str] = re.compile(
    r"\b(?:{})\b".format("|".join(r"\W+".join(p.split()) for p in sorted(_IN_TEXTS, key=len, reverse=True))),
    re.IGNORECASE,
)
"""A wake phrase anywhere in a text; a word that is an ordinary one as well only after its call."""
ALMOST: re.Pattern[str] = re.compile(
    r"\b(?:alex(?!a\b)\w*|alessa|ann?ex\w*|lexa|lexus|election|elixir|aleksa)\b", re.IGNORECASE
)
"""What Whisper wrote for "Alexa" in commands and talk that were read to it. Names and words are among them: a
hint where a command is likely, no proof."""
_ALEXA = frozenset(("0548", "0648", "05487", "06487"))  # Cologne phonetics: l or n, ks, perhaps an r


def opening(said: Sequence[str]) -> int:
    """How many of the first words are a wake phrase, or a hearing of "Alexa" that is no other word.

    Parameters
    ----------
    said : sequence of str
        Words in lower case, without punctuation.

    Examples
    --------
    >>> opening("hey alexa stop".split()), opening("annexer stop".split()), opening("alex stop".split())
    (2, 1, 0)
    """
    if not said:
        return 0
    called = int(said[0] in CALLS and len(said) > 1)
    if " ".join(said[: called + 1]) in _IN_TEXTS or said[called] in _ALONE or sounds_like_alexa(said[called]):
        return called + 1
    return 0


def is_nothing_else(said: Sequence[str]) -> bool:
    """Whether words are one wake phrase, once or more often.

    Parameters
    ----------
    said : sequence of str
        Words in lower case, without punctuation.

    Examples
    --------
    >>> is_nothing_else(["alexa", "alexa"]), is_nothing_else(["hey", "google"]), is_nothing_else(["google"])
    (True, True, False)
    """
    sizes = [size for size in range(1, len(said) + 1) if len(said) % size == 0]
    units = {" ".join(said[:size]) for size in sizes if list(said) == list(said[:size]) * (len(said) // size)}
    return not units.isdisjoint(PHRASES)


@lru_cache(maxsize=65_536)
def sounds_like_alexa(word: str) -> bool:
    """Whether a word is "Alexa", or sounds so much like it that it is hardly anything else.

    "Alex" is not, since it is a name above all; "Alexis" is, since Whisper writes it for "Alexa".

    Examples
    --------
    >>> [word for word in ("annexa", "alexis", "alex", "relax", "elisa") if sounds_like_alexa(word)]
    ['annexa', 'alexis']
    """
    import cologne_phonetics

    if word == "alexis":
        return True
    if not word.startswith(("a", "e")) or word == "alex":
        return False
    return "".join(code for _, code in cologne_phonetics.encode(word)) in _ALEXA
