"""Names that this household is known to use, and where a misheard text sounds like one of them.

Evidence is the household's own: what the vendor understood, what its account's files name, and what was
heard in at least two utterances. Nothing from a list of names that people have: a name that nobody said must
not appear.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forensics.transcription.likeness import sounds

LABELS = ("PERSON", "PLACE")
HEARD_ELSEWHERE = 2
"""Utterances in which a name must have been heard before it helps elsewhere."""
MOST_NAMES = 400
"""Names kept per household and label, the best supported: a fixed sample."""
_SURE = 0.5
_LONGEST = 5
_NOT_CALLED = frozenset(("music", "media", "news", "qa", "recommendation"))
"""Domains whose names are artists' and strangers'."""


@dataclass(frozen=True)
class KnownName:
    """A name with its evidence.

    Parameters
    ----------
    value : str
    label : {'PERSON', 'PLACE'}
    utterances : frozenset of str
        Where it was heard or where the vendor understood it.
    sources : frozenset of str
        Some of ``audio``, ``vendor``, ``account``.
    places : tuple of (int, float)
        What a place's name means: GeoNames ids with probabilities, the mean of its mentions.
    """

    value: str
    label: str
    utterances: frozenset[str]
    sources: frozenset[str]
    places: tuple[tuple[int, float], ...] = ()

    def known_without(self, utterance: str) -> frozenset[str]:
        """The sources that vouch for the name if `utterance` is left out."""
        elsewhere = self.utterances - {utterance}
        found = set(self.sources & {"account"})
        if "vendor" in self.sources and (elsewhere or not self.utterances):
            found.add("vendor")
        if "audio" in self.sources and len(elsewhere) >= HEARD_ELSEWHERE:
            found.add("audio")
        return frozenset(found)


@dataclass(frozen=True)
class Span:
    """A stretch of a text that sounds like a name.

    Parameters
    ----------
    start, end : int
        Code points, end exclusive.
    likeness : float
        Similarity of the sounds, 0 to 1.
    """

    start: int
    end: int
    likeness: float


def known_names(mentions: Iterable[Mapping[str, Any]], domains: Mapping[str, str]) -> list[KnownName]:
    """The names of one data subject, the best supported first.

    Parameters
    ----------
    mentions : iterable of mapping
        Rows of ``mentions`` of one group.
    domains : mapping
        Domain by utterance.
    """
    where: dict[tuple[str, str], set[str]] = defaultdict(set)
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    meant: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in mentions:
        utterance = row["utterance_id"]
        value = " ".join(str(row["surface"] if row["label"] == "PERSON" else row["normalised"]).split())
        if row["label"] not in LABELS or row["entity"] == "here" or not any(c.isalpha() for c in value):
            continue
        if row["label"] == "PERSON" and utterance and domains.get(utterance) in _NOT_CALLED:
            continue
        if row["source_kind"] == "audio" and (row["asr_confidence"] or 0.0) < _SURE:
            continue
        value = re.sub(r"['’]s$", "", value)
        key = row["label"], folded(value)
        spellings[key][_written(value)] += 1
        sources[key].add(row["source_kind"])
        for place in row["places"]:
            meant[key][place["place_id"]] += place["probability"]
        if utterance and row["source_kind"] != "account":
            where[key].add(utterance)
    found = [
        KnownName(
            _best(spellings[key]),
            key[0],
            frozenset(where[key]),
            frozenset(sources[key]),
            _mean(meant[key], spellings[key].total()),
        )
        for key in spellings
        if sources[key] & {"vendor", "account"} or len(where[key]) >= HEARD_ELSEWHERE
    ]
    found.sort(key=lambda n: (-len(n.sources), -len(n.utterances), n.value))
    return [n for label in LABELS for n in [k for k in found if k.label == label][:MOST_NAMES]]


def nearest(text: str, names: Sequence[str]) -> list[Span]:
    """For each name the words of `text` that sound most like it.

    Examples
    --------
    >>> (span,) = nearest("Alexa, call Anna Brink man.", ["Hannah Brinkmann"])
    >>> "Alexa, call Anna Brink man."[span.start : span.end]
    'Anna Brink man'
    """
    from rapidfuzz import fuzz, process

    words = list(re.finditer(r"[\w'’.-]*\w", text))
    places = [
        (words[first].start(), words[last].end())
        for first in range(len(words))
        for last in range(first, min(first + _LONGEST, len(words)))
    ]
    if not places or not names:
        return [Span(0, 0, 0.0) for _ in names]
    pieces, wanted = [folded(text[a:b]) for a, b in places], [folded(name) for name in names]
    alike = process.cdist(wanted, pieces, scorer=fuzz.ratio)
    alike = alike + process.cdist([_run(n) for n in wanted], [_run(p) for p in pieces], scorer=fuzz.ratio)
    best = alike.argmax(axis=1)
    return [
        Span(places[k][0], places[k][1], float(alike[row, k]) / 200) for row, k in enumerate(best.tolist())
    ]


def _run(text: str) -> str:
    """The sounds of a text without the gaps: recognisers cut names in two."""
    return sounds(text).replace(" ", "")


def place_of(text: str, name: str) -> tuple[int, int] | None:
    """Where the words of `name` stand in `text`, accents and case aside.

    Examples
    --------
    >>> place_of("Alexa, call Khalid Haddad.", "khalid haddad")
    (12, 25)
    """
    wanted = folded(name).split()
    words = list(re.finditer(r"\w+", text))
    said = [folded(word.group()) for word in words]
    for at in range(len(words) - len(wanted) + 1):
        if wanted and said[at : at + len(wanted)] == wanted:
            return words[at].start(), words[at + len(wanted) - 1].end()
    return None


def folded(text: str) -> str:
    """Lower case words without accents or punctuation.

    Examples
    --------
    >>> folded("Ayşe YILMAZ,"), folded("Małgorzata Wójcik")
    ('ayse yilmaz', 'malgorzata wojcik')
    """
    lower = text.casefold().translate({ord("ł"): "l", ord("ı"): "i", ord("ß"): "ss", ord("ø"): "o"})
    letters = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", letters))


def _mean(weights: Counter[int], mentions: int) -> tuple[tuple[int, float], ...]:
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple((place, round(weight / mentions, 4)) for place, weight in ranked)


def _best(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda s: (-spellings[s], s))


def _written(value: str) -> str:
    """As one would write a name: vendors write all in lower case."""
    return value if value != value.lower() else " ".join(w[:1].upper() + w[1:] for w in value.split())
