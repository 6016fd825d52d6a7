"""Names of places in talk: spans cut to what is on the map, and the household's places where the tagger
missed them.

The tagger was trained on single commands. In talk without punctuation its places run on into the next
sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from functools import cache, lru_cache

from forensics.knowledge.first_names import name_class
from forensics.knowledge.gazetteer import is_part_of_names
from forensics.knowledge.lexicon import read_forms, word_classes
from forensics.knowledge.place_search import candidates
from forensics.knowledge.words import Words, split
from forensics.language.meaning import is_kind_of_place
from forensics.language.reading import HERE, TALK, Mention, Reading
from forensics.language.talk_features import is_ordinary, may_be_name

_ON_THE_MAP = frozenset(("name", "spot", "parts"))
"""How a name must be found for its span to be right as it is."""
_LONGEST = 4
"""Words of a place's name, at most."""
_SHORTEST = 4
"""Letters of a place's name that is looked for where the tagger has none."""
_SURE = 0.5
_ELSEWHERE, _AFTER_A_PREPOSITION = 0.7, 0.6
"""Scores of a place that the household names elsewhere, and of a name on the map after "in": assumptions."""
_PREPOSITIONS = frozenset(("in", "nach", "aus", "from", "to", "near", "towards", "richtung"))
_AROUND = frozenset(("OTHER", "EVENT"))
_INSIDE = frozenset(
    ("of", "am", "an", "der", "im", "in", "bei", "unter", "ob", "on", "upon", "the", "'s", "von", "de")
)
"""Words that stand inside names of places."""
_ENDINGS = ("strasse", "gasse", "allee", "platz", "weg", "ring", "damm", "ufer", "park", "hof", "brücke")
_PLAYED = frozenset(("music", "media"))
_THINGS = frozenset(("lists", "food"))
"""Domains in which what holds a place's name is mostly a thing: "guinea pig hay"."""
_SURE_DOMAIN = 0.9
"""Probability of a domain from which on a title may hold any place: an assumption."""


def with_places(readings: Sequence[Reading], languages: Sequence[str]) -> list[Reading]:
    """Readings of one household with their places cut, and its places found wherever they are named.

    Parameters
    ----------
    readings : sequence of Reading
        All of the household's.
    languages : sequence of {'en', 'de'}
        Of each.
    """
    cut = [
        r
        if r.domain in _THINGS
        else replace(r, mentions=[m for mention in r.mentions for m in _cut(mention, r.text, language)])
        for r, language in zip(readings, languages, strict=True)
    ]
    known = frozenset(_forms(cut))
    return [_with_known(reading, known) for reading in cut]


def _cut(mention: Mention, text: str, language: str) -> Iterator[Mention]:
    """The places in a mention: itself if it is on the map, else its parts that are, else what may be one."""
    surface = text[mention.start : mention.end]
    words = split(surface)
    if (
        mention.label != "PLACE"
        or mention.found_by == HERE
        or len(words.words) < 2
        or is_kind_of_place(surface, language)
        or _is_on_the_map(surface)
    ):
        yield mention
        return
    segments = list(_segments(words))
    parts = [p for segment in segments for p in _on_the_map(surface, words, *segment)]
    if not parts:
        parts = [p for segment in segments for p in _trimmed(words, *segment)]
    for first, last in parts:
        start, end = mention.start + words.spans[first][0], mention.start + words.spans[last][1]
        if (start, end) == (mention.start, mention.end):
            yield mention
        else:
            yield replace(mention, start=start, end=end, reason=f"{mention.reason}; cut to the place in it")


def _segments(words: Words) -> Iterator[tuple[int, int]]:
    """First and last words of the pieces between words that are in no name: "haag nicht holland" has two."""
    first: int | None = None
    for at, word in enumerate(words.words):
        inside = may_be_name(word) or (first is not None and word in _INSIDE)
        if inside and first is None:
            first = at
        if not inside and first is not None:
            yield first, at - 1
            first = None
    if first is not None:
        yield first, len(words.words) - 1


def _on_the_map(surface: str, words: Words, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Names on the map one after the other, the longest first; none ends before "street" or the like."""
    at = first
    while at <= last:
        for end in range(last, at - 1, -1):
            piece, after = words.words[at : end + 1], words.words[end + 1 : last + 1]
            if not (may_be_name(piece[0]) and may_be_name(piece[-1])) or any(map(_is_part, after[:1])):
                continue
            if all(map(is_ordinary, piece)) and not any(map(_is_part, piece)):
                continue
            if at > first and not all("P" in marks for marks in word_classes().of(list(piece))):
                continue
            if _is_on_the_map(surface[words.spans[at][0] : words.spans[end][1]]):
                yield at, end
                at = end
                break
        at += 1


def _trimmed(words: Words, first: int, last: int) -> Iterator[tuple[int, int]]:
    """What is left of a piece without the ordinary words at either end."""
    while first <= last and not _may_be_place(words.words[first]):
        first += 1
    while last >= first and not _may_be_place(words.words[last]):
        last -= 1
    if first <= last:
        yield first, last


def _may_be_place(word: str) -> bool:
    if not may_be_name(word):
        return False
    return _is_part(word) or "P" in word_classes().listed(word) or not is_ordinary(word)


@lru_cache(maxsize=1 << 14)
def _is_part(word: str) -> bool:
    """Whether a word is a common part of names of places: "street", "saarlandstrasse"."""
    return is_part_of_names(word) or word.endswith(_ENDINGS) or word in _kind_words()


@cache
def _kind_words() -> frozenset[str]:
    return frozenset(word for row in read_forms("place_kinds") for word in split(row["form"]).words)


def _forms(readings: Sequence[Reading]) -> Iterator[str]:
    """Names of places that the tagger is sure of and that are on the map, in one spelling."""
    for reading in readings:
        for m in reading.mentions:
            surface = reading.text[m.start : m.end]
            if m.label == "PLACE" and m.score >= _SURE and _is_named(surface):
                words = split(surface).words
                form = " ".join(words)
                if len(form) >= _SHORTEST and not all(map(is_ordinary, words)) and not name_class(form):
                    yield form


def _with_known(reading: Reading, known: Set[str]) -> Reading:
    """`reading` with the names of places that no mention covers: the household's, and those after "in"."""
    words = split(reading.text)
    taken = [m for m in reading.mentions if m.label not in _AROUND and not m.special_category]
    added: list[Mention] = []
    played = reading.domain in _PLAYED and reading.score >= _SURE_DOMAIN
    at = 0
    while at < len(words.words):
        for length in range(min(_LONGEST, len(words.words) - at), 0, -1):
            start, end = words.spans[at][0], words.spans[at + length - 1][1]
            before = words.words[at - 1] if at and not played else ""
            score = _score(words.words[at : at + length], before, known)
            if score and not any(m.start < end and start < m.end for m in taken):
                reason = "the household names this place elsewhere" if score == _ELSEWHERE else "on the map"
                added.append(Mention(start, end, "PLACE", score, TALK, reason))
                at += length - 1
                break
        at += 1
    if not added:
        return reading
    return replace(reading, mentions=sorted([*reading.mentions, *added], key=lambda m: (m.start, -m.end)))


def _score(piece: Sequence[str], before: str, known: Set[str]) -> float:
    """Probability that words that no mention covers are a place's name; 0 where nothing says so."""
    form = " ".join(piece)
    if form in known:
        return _ELSEWHERE
    if (
        before not in _PREPOSITIONS
        or len(form) < _SHORTEST
        or not (may_be_name(piece[0]) and may_be_name(piece[-1]))
    ):
        return 0.0
    listed = all("P" in marks for marks in word_classes().of(list(piece)))
    if not listed or all(map(is_ordinary, piece)) or name_class(form) or not _is_named(form):
        return 0.0
    return _AFTER_A_PREPOSITION


@lru_cache(maxsize=1 << 14)
def _is_on_the_map(surface: str) -> bool:
    return any(c.how in _ON_THE_MAP for c in candidates(surface))


@lru_cache(maxsize=1 << 14)
def _is_named(surface: str) -> bool:
    return any(c.how == "name" for c in candidates(surface))
