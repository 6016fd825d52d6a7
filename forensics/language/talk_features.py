"""What speaks for a word being part of a person's name, in talk of any casing.

The tagger was trained on single commands, and its probability is one clue. The others are how common the
word is as a first name, how often the training sentences use it as a name and otherwise, the closed-class
words around it, and what was made of the same word elsewhere in the household.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache

from forensics.corridor.lean import without
from forensics.knowledge.first_names import name_class
from forensics.knowledge.lexicon import DATA, read_forms, word_classes
from forensics.knowledge.words import split
from forensics.language.rules.relations import relation_forms

USES_FILE = DATA / "word_uses.tsv.gz"
"""By word how often the training sentences use it in a person's name and otherwise, and how Whisper's
vocabulary has it (:class:`Spelling`): made by ``fitting/talk_names.py``."""
_COMMON_WORD = 20
"""Uses from which on a listed name is rather taken for the word when it stands beside another one."""
_ORDINARY = 5
"""Uses from which on a word is an ordinary one, and how many times as many as those in a name."""
_LONG = 10
_SURE = 0.6
_SHORTEST_GENITIVE = 4
_COMMON_NAME = 2
"""Class of a name from which on a word may be its genitive: many a word is a rare name and an s."""
_PRIVATE = frozenset(("communication", "calendar", "social", "lists"))
_PLAYED = frozenset(("music", "media"))
_LABELS = frozenset(("PLACE", "MEDIA", "OTHER", "ORG", "EVENT", "DATE", "FOOD", "DEVICE", "PERSON"))


class Spelling(IntEnum):
    """How the vocabulary of a recogniser has a word as one piece.

    A vocabulary of byte pairs (Sennrich et al. 2016) holds frequent words whole, as they are mostly written:
    ordinary English words in lower case, names and German nouns with a capital.
    """

    ABSENT = 0
    LOWER = 1
    CAPITAL = 2
    BOTH = 3


@dataclass(frozen=True)
class Elsewhere:
    """What was made of a word in the household's other utterances.

    Parameters
    ----------
    mean : float
        Mean probability that it is in a name.
    count : int
        How many other utterances have it.
    """

    mean: float = 0.0
    count: int = 0


def may_be_name(word: str) -> bool:
    """Whether a word is in no closed class: no greeting, relation, wake word or number."""
    return len(word) > 1 and word[0].isalpha() and word not in _closed_words()


def is_ordinary(word: str) -> bool:
    """Whether the training sentences use a word often, and hardly ever in a name."""
    as_name, otherwise, _ = _uses().get(word, _UNKNOWN)
    return otherwise >= _ORDINARY and otherwise > _ORDINARY * as_name


def name_features(
    words: list[str],
    at: int,
    *,
    language: str,
    domain: str,
    model: float,
    label: str,
    elsewhere: Elsewhere,
) -> Mapping[str, float]:
    """Features of one word; those that are 0 are left out.

    Parameters
    ----------
    words : list of str
        Of one text, in one spelling.
    at : int
        Which word.
    language, domain : str
        Of the text.
    model : float
        The tagger's probability of a PERSON.
    label : str
        Of the mention that the word is in, or empty.
    elsewhere : Elsewhere
    """
    word = words[at]
    about = _about(word, language)
    before, after = (
        _context(words[at - 1] if at else "^"),
        _context(words[at + 1] if at + 1 < len(words) else "$"),
    )
    two_before = _context(words[at - 2] if at > 1 else "^")
    found = dict(about.features)
    found["model"] = math.log((model + 1e-3) / (1 - model + 1e-3))
    for kind in before:
        found[f"before {kind}"] = 1.0
        if about.new_unlisted and kind in (
            "title",
            "name",
            "introduction",
            "call",
            "relation",
            "kin",
            "greeting",
        ):
            found[f"unlisted, before {kind}"] = 1.0
    for kind in after:
        found[f"after {kind}"] = 1.0
        if about.new_listed and kind in ("you", "does", "end"):
            found[f"listed, after {kind}"] = 1.0
    if about.new_unlisted and "possessive" in after:
        found["unlisted, after possessive"] = 1.0
    if about.new_listed and before & {"start", "article"}:
        found["listed, at the start or after an article"] = 1.0
    if "article" in before and "introduction" in two_before:
        found["introduction and article"] = 1.0
    if before & {"article", "preposition"} and "call" in two_before:
        found["call and article"] = 1.0
    found["played"] = float(domain in _PLAYED)
    found["private"] = float(domain in _PRIVATE)
    if label in _LABELS:
        found[f"in {label}"] = 1.0
    if elsewhere.count:
        found["elsewhere"] = 1.0
        found["elsewhere, mean"] = elsewhere.mean
        found["elsewhere, odds"] = math.log((elsewhere.mean + 0.01) / (1 - elsewhere.mean + 0.01))
        found["elsewhere, count"] = min(elsewhere.count, 5) / 5
        found["elsewhere, sure"] = float(elsewhere.mean >= _SURE)
        if about.new_unlisted:
            found["unlisted, elsewhere, mean"] = elsewhere.mean
            found["unlisted, elsewhere, sure"] = float(elsewhere.mean >= _SURE)
    return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class _About:
    features: Mapping[str, float]
    new_listed: bool
    new_unlisted: bool


@lru_cache(maxsize=1 << 15)
def _about(word: str, language: str) -> _About:
    """What the lists and the training sentences know of a word, or of the name that it is the genitive of."""
    marks = word_classes().listed(word)
    form, genitive = word, False
    if bare_of(word) != word:
        form, genitive = bare_of(word), True
    own, anywhere = name_class(form, language), name_class(form)
    as_name, otherwise, written = _uses().get(form, _UNKNOWN)
    new = not as_name and not otherwise
    listed = bool(anywhere) or "F" in marks
    features = {
        "listed": float(anywhere > 0),
        "listed, how common": anywhere / 10,
        "listed here": float(own > 0),
        "listed here, how common": own / 10,
        "F": float("F" in marks),
        "S": float("S" in marks),
        "P": float("P" in marks),
        "genitive": float(genitive),
        "used otherwise": math.log1p(otherwise),
        "used as a name": math.log1p(as_name),
        "share of names": 0.0 if new else math.log((as_name + 0.5) / (otherwise + 0.5)),
        "written small": float(written in (Spelling.LOWER, Spelling.BOTH)),
        "only written small": float(written == Spelling.LOWER),
        "only written with a capital": float(written == Spelling.CAPITAL),
        "listed, written small": float(listed and written in (Spelling.LOWER, Spelling.BOTH)),
        "listed elsewhere, written small": float(
            listed and not own and written in (Spelling.LOWER, Spelling.BOTH)
        ),
        "new": float(new),
        "new, listed": float(new and listed),
        "new, surname": float(new and "S" in marks),
        "new, unlisted": float(new and not listed and "S" not in marks),
        "three letters": float(len(word) == 3),
        "two letters": float(len(word) == 2),
        "long": float(len(word) >= _LONG),
    }
    return _About(features, new and listed, new and not listed and "S" not in marks)


@lru_cache(maxsize=1 << 15)
def bare_of(word: str) -> str:
    """The listed name that `word` is the genitive of ("annas"), or `word` where it is known as it is."""
    if not word.endswith("s") or len(word) < _SHORTEST_GENITIVE or word_classes().listed(word):
        return word
    if name_class(word) or word in _uses():
        return word
    return word[:-1] if name_class(word[:-1]) >= _COMMON_NAME else word


@lru_cache(maxsize=1 << 15)
def _context(word: str) -> frozenset[str]:
    """The kinds of a neighbour."""
    if word in "^$":
        return frozenset(("start",) if word == "^" else ("end",))
    found = {kind for kind, forms in context_words().items() if word in forms}
    if word == "'s":
        found.add("possessive")
    if any(word in relation_forms(language) for language in ("en", "de")):
        found.add("relation")
    if name_class(word) and _uses().get(word, _UNKNOWN)[1] < _COMMON_WORD and word not in _closed_words():
        found.add("name")
    return frozenset(found)


@cache
def context_words() -> dict[str, frozenset[str]]:
    """Closed-class words by what they say of the word beside them."""
    found: dict[str, set[str]] = {}
    for row in read_forms("name_context"):
        found.setdefault(row["kind"], set()).update(split(row["form"]).words)
    return {kind: frozenset(forms) for kind, forms in found.items()}


@cache
def _closed_words() -> frozenset[str]:
    with without("torch"):
        from spacy.lang.de.stop_words import STOP_WORDS as GERMAN
        from spacy.lang.en.stop_words import STOP_WORDS as ENGLISH

    ours = {form for forms in context_words().values() for form in forms}
    relations = {form for language in ("en", "de") for form in relation_forms(language)}
    return frozenset(ours | relations | {word for w in GERMAN | ENGLISH for word in split(w).words})


_UNKNOWN = (0, 0, int(Spelling.ABSENT))


@cache
def _uses() -> dict[str, tuple[int, int, int]]:
    with gzip.open(USES_FILE, "rt", encoding="utf-8") as file:
        rows = (line.rstrip("\n").split("\t") for line in file)
        return {
            word: (int(as_name), int(otherwise), int(written)) for word, as_name, otherwise, written in rows
        }
