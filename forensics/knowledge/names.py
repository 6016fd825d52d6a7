"""Which words are first names and which are surnames, and the parts of a spoken name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from forensics.knowledge.lexicon import read_forms

_TITLES = frozenset(
    ("herr", "herrn", "frau", "familie", "fam", "mr", "mrs", "ms", "miss", "mister", "missis", "sir", "madam")
)  # what follows is a surname
_DEGREES = frozenset(("dr", "doktor", "doctor", "prof", "professor"))
_PARTICLES = frozenset(
    ("von", "van", "de", "der", "den", "zu", "zum", "zur", "di", "da", "le", "la", "al", "el", "mc")
)


_NO_NAMES = frozenset(
    {
        "ich", "du", "er", "sie", "es", "wir", "ihr", "das", "dass", "den", "dem", "und", "oder", "bitte",
        "mal", "an", "am", "um", "im", "in", "zu", "auf", "mit", "von", "fuer", "bin", "bist", "ist", "komm",
        "kommst", "kannst", "hast", "machst", "gehst", "willst", "magst", "sollst", "hallo", "danke", "ja",
        "nein", "i", "you", "he", "she", "it", "we", "they", "the", "a", "and", "or", "please", "at", "on",
        "to", "for", "with", "from", "are", "is", "can", "could", "come", "will", "would", "do", "does",
        "hello", "hey", "hi", "thanks", "yes", "no", "that",
    }
)  # fmt: skip
"""Words that stand beside a called name, and are nobody's: a span that reaches too far takes them in."""


@dataclass(frozen=True)
class SpokenName:
    """A name in its parts.

    Parameters
    ----------
    first, last : str or None
        At least one is given.
    """

    first: str | None
    last: str | None

    @property
    def full(self) -> str:
        """Both parts, as spoken."""
        return " ".join(part for part in (self.first, self.last) if part)


def split_name(text: str) -> SpokenName | None:
    """A spoken name in its parts.

    A title makes a single word a surname; otherwise a single word is a first name, unless it is only known
    as a surname.

    Parameters
    ----------
    text : str
        As heard, with titles, particles or a possessive ending.

    Returns
    -------
    SpokenName or None
        None if nothing that could be a name is left.

    Examples
    --------
    >>> split_name("Frau Dr. Weber")
    SpokenName(first=None, last='Weber')
    >>> split_name("sabine weber")
    SpokenName(first='Sabine', last='Weber')
    """
    words = [w.strip(".,;:!?\"'()") for w in text.replace("’", "'").split()]
    words = [w[:-2] if w.lower().endswith("'s") else w for w in words if w]
    titled = False
    while words and words[0].lower() in _TITLES | _DEGREES:
        titled = True
        words = words[1:]
    words = [_capital(w) for w in words if any(c.isalpha() for c in w)]
    while words and fold(words[-1]) in _NO_NAMES:
        words = words[:-1]
    while words and fold(words[0]) in _NO_NAMES:
        words = words[1:]
    if not words:
        return None
    if titled and (len(words) == 1 or words[0].lower() in _PARTICLES):
        return SpokenName(None, " ".join(words))
    if len(words) == 1:
        only_surname = fold(words[0]) in _surnames() and fold(words[0]) not in _first_names()
        return SpokenName(None, words[0]) if only_surname else SpokenName(words[0], None)
    cut = next((i for i, w in enumerate(words) if i and w.lower() in _PARTICLES), len(words) - 1)
    return SpokenName(" ".join(words[:cut]), " ".join(words[cut:]))


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """A name for comparison: lower case, umlauts as two letters, no accents, no hyphens.

    Examples
    --------
    >>> fold("Jörg-Müller"), fold("RENÉ")
    ('joergmueller', 'rene')
    """
    lower = unicodedata.normalize("NFKC", name).casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        lower = lower.replace(umlaut, letters)
    decomposed = unicodedata.normalize("NFKD", lower)
    return "".join(c for c in decomposed if c.isalnum()).casefold()


def sounds_alike(one: str, other: str) -> bool:
    """Whether two German names cannot be told apart by ear: the same consonants, and the same vowels.

    Consonants are compared by Cologne phonetics, which ignores vowels and so joins Martin with Martina; hence
    the vowels are compared too, with the spellings of one sound (ei, ai, ey, ay) taken as one.

    Examples
    --------
    >>> sounds_alike("Meyer", "Maier"), sounds_alike("Schmidt", "Schmitt"), sounds_alike("Martin", "Martina")
    (True, True, False)
    """
    return sound(one) == sound(other)


@lru_cache(maxsize=1 << 16)
def sound(name: str) -> str:
    """A key that names share which cannot be told apart by ear."""
    import cologne_phonetics

    letters = fold(name)
    consonants = "".join(code for _, code in cologne_phonetics.encode(name)) or letters
    vowels = re.sub(r"(?<=[aeiouy])h", "", letters)  # a lengthening h is silent
    for spelling, sound in (("[ea][iy]", "A"), ("ie|y", "i"), ("ee|ae", "e"), ("oo", "o"), ("aa", "a")):
        vowels = re.sub(spelling, sound, vowels)
    if letters.startswith("h"):  # the code drops it, the ear does not: Hanna, Anna
        consonants = "h" + consonants
    return (
        consonants
        + " "
        + re.sub(r"[^Aaeiou]+", "-", vowels).strip("-")
        + ("-" if vowels[-1:] not in "Aaeiou" else "")
    )


def is_first_name(word: str) -> bool:
    """Whether a word is a known German or US first name."""
    return fold(word) in _first_names()


def is_surname(word: str) -> bool:
    """Whether a word is a known German or US surname."""
    return fold(word) in _surnames()


OWN_LISTS = 0.3
"""Strength of a first name of the census's and our own lists (assumption)."""


def first_name_strength(word: str) -> float:
    """How common a first name is in the country where it is commonest, 0 (none) to 1.

    By the frequencies of Jörg Michael's ``nam_dict.txt`` (GNU FDL 1.2),
        in the package ``gender-guesser``, which
    are logarithmic from 1 to 13; names of our own lists count :data:`OWN_LISTS` at least.

    Examples
    --------
    >>> first_name_strength("Thomas") > first_name_strength("Fiete"), first_name_strength("Kühlschrank")
    (True, 0.0)
    """
    known = fold(word)
    return max(_worldwide().get(known, 0.0), OWN_LISTS if known in _first_names() else 0.0)


def nicknames_of(folded: str) -> frozenset[str]:
    """Names that stand for this one, and that it stands for.

    Parameters
    ----------
    folded : str
        As :func:`fold` gives it.
    """
    return _nicknames().get(folded, frozenset())


@cache
def _nicknames() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_forms("nicknames"):
        nickname, name = fold(row["nickname"]), fold(row["name"])
        found.setdefault(nickname, set()).add(name)
        found.setdefault(name, set()).add(nickname)
    return {name: frozenset(others) for name, others in found.items()}


@cache
def _worldwide() -> Mapping[str, float]:
    """First names of all countries with strength; empty where the package is not installed."""
    try:
        path = resources.files("gender_guesser") / "data" / "nam_dict.txt"
    except ModuleNotFoundError:
        return {}
    found: dict[str, float] = {}
    for line in path.read_text("utf-8").splitlines():
        if line[:1] in "#=" or len(line) < 31:  # comments, and short forms
            continue
        strength = max((int(c, 16) for c in line[30:85] if c in "123456789ABCDEF"), default=0) / 13
        for name in {line[3:29].strip().replace("+", ""), line[3:29].strip().replace("+", "-")}:
            key = fold(name)
            found[key] = max(found.get(key, 0.0), min(strength, 1.0))
    return found


@cache
def _first_names() -> frozenset[str]:
    german = {fold(row["value"]) for row in read_forms("first_names_de")}
    return frozenset(german | set(us_shares("male.first")) | set(us_shares("female.first")))


@cache
def _surnames() -> frozenset[str]:
    return frozenset({fold(row["value"]) for row in read_forms("surnames_de")} | set(us_shares("all.last")))


@cache
def us_shares(table: str) -> Mapping[str, float]:
    """Names of the US census of 1990 with their shares, from the package ``names``.

    Parameters
    ----------
    table : {'male.first', 'female.first', 'all.last'}
        First names are shares within the sex. The tail is rounded to .001 %.
    """
    text = (resources.files("names") / f"dist.{table}").read_text("ascii")
    rows = (line.split() for line in text.splitlines())
    return {row[0].casefold(): float(row[1]) / 100 for row in rows if len(row) == 4}


def _capital(word: str) -> str:
    if word.lower() in _PARTICLES:
        return word.lower()
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
