"""Names of people in talk: a second look at every word, with the household's other utterances in mind.

Two logistic regressions (:mod:`fitting.talk_names`). The first sees a sentence alone; the second also
what the first made of the same word in the household's other utterances: who is called "Maxi" once is Maxi
everywhere.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache

from forensics.knowledge.first_names import name_class
from forensics.knowledge.fitted import fitted
from forensics.knowledge.lexicon import word_classes
from forensics.knowledge.words import Words, split
from forensics.language.people import is_given
from forensics.language.reading import TALK, Mention, Reading
from forensics.language.talk_features import (
    Elsewhere,
    bare_of,
    context_words,
    may_be_name,
    name_features,
)

Weights = Mapping[str, Mapping[str, float]]
LEAST = 0.6
"""Probability from which on a word counts as a name's: for each author, .6 costs less recall than it gains in
precision, and .7 does not."""
_LEAST_BESIDE = 0.2
"""The same for a word that the tagger takes for a part of a PERSON: an assumption."""
_AROUND = frozenset(("OTHER", "EVENT", "FOOD", "DATE", "ORG", "TIME", "RELATION"))
"""Labels of mentions that a person may be named in: a to-do, a birthday, a firm."""
_OFTEN, _OFTEN_MEAN = 2, 0.5
"""Utterances in which a word that no training sentence has must be a name to be one everywhere, and its mean
probability there: assumptions."""
_FIRST = 3
"""Class of the list from which on a word is a first name first of all: the rarest are surnames as well."""
_SURE, _SURE_PLACE = 0.7, 0.5
"""Probabilities of the tagger from which on a firm, or a place that exists, is no person: assumptions."""
_PLAYED = frozenset(("music", "media"))
"""Domains in which a name inside MEDIA is an artist's or a character's."""


@dataclass(frozen=True)
class Text:
    """One utterance as read.

    Parameters
    ----------
    reading : Reading
    language : {'en', 'de'}
    utterance : str
        What the same utterance as another reading of it has; a word does not speak for itself.
    """

    reading: Reading
    language: str
    utterance: str


def with_people(texts: Sequence[Text], weights: Weights | None = None) -> list[Reading]:
    """Readings of one household with the people that are named in them.

    Parameters
    ----------
    texts : sequence of Text
        All of the household's.
    weights : mapping, optional
        Of another fit than the shipped one: ``alone`` and ``household``, each by feature.
    """
    models = weights or _shipped()
    found = [split(text.reading.text) for text in texts]
    alone = [_probabilities(t, w, models["alone"], {}) for t, w in zip(texts, found, strict=True)]
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for text, words, first in zip(texts, found, alone, strict=True):
        for at, p in first.items():
            seen[bare_of(words.words[at])][text.utterance].append(p)
    sure = []
    for text, words, first in zip(texts, found, alone, strict=True):
        household = {at: _elsewhere(seen[bare_of(words.words[at])], text.utterance) for at in first}
        sure.append(_probabilities(text, words, models["household"], household))
    single = _single(zip(found, sure, strict=True))
    return [
        _with_names(text.reading, words, p, single) for text, words, p in zip(texts, found, sure, strict=True)
    ]


def _single(texts: Iterable[tuple[Words, Mapping[int, float]]]) -> frozenset[str]:
    """Words that are a name on their own somewhere in the household."""
    found = set()
    for words, sure in texts:
        named = {at for at, p in sure.items() if p >= LEAST}
        found |= {words.words[at] for at in named if at - 1 not in named and at + 1 not in named}
    return frozenset(found)


def _elsewhere(seen: Mapping[str, Sequence[float]], own: str) -> Elsewhere:
    others = [max(p) for utterance, p in seen.items() if utterance != own]
    return Elsewhere(sum(others) / len(others), len(others)) if others else Elsewhere()


def _probabilities(
    text: Text, words: Words, weights: Mapping[str, float], household: Mapping[int, Elsewhere]
) -> dict[int, float]:
    """By position, for the words that may be in a name, the probability that they are."""
    found = {}
    for at, features in features_of(text, words, household):
        score = weights["intercept"] + sum(weights.get(name, 0.0) * v for name, v in features.items())
        found[at] = 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))
        others = household.get(at, Elsewhere())
        if "new" in features and others.count >= _OFTEN and others.mean >= _OFTEN_MEAN:
            found[at] = max(found[at], 1 - (1 - others.mean) ** others.count)  # that it is one in any
    return found


def features_of(
    text: Text, words: Words, household: Mapping[int, Elsewhere]
) -> Iterator[tuple[int, Mapping[str, float]]]:
    """Position and features of each word that may be in a name."""
    reading = text.reading
    for at, word in enumerate(words.words):
        start, end = words.spans[at]
        if may_be_name(word) and not (word[0] == "d" and reading.text[start].isdigit()):
            inside = [
                m.label
                for m in reading.mentions
                if m.start < end and start < m.end and not m.special_category
            ]
            yield (
                at,
                name_features(
                    words.words,
                    at,
                    language=text.language,
                    domain=reading.domain,
                    model=reading.people[at] if at < len(reading.people) else 0.0,
                    label=inside[0] if inside else "",
                    elsewhere=household.get(at, Elsewhere()),
                ),
            )


def _with_names(reading: Reading, words: Words, sure: Mapping[int, float], single: Set[str]) -> Reading:
    """`reading` with the names found put in the place of what they overlap."""
    settled = [m for m in reading.mentions if _is_settled(m, reading.text)]
    names = [n for n in _names(reading, words, sure, single) if not _overlaps(n, settled)]
    kept: list[Mention] = []
    for mention in reading.mentions:
        over = [n for n in names if n.start < mention.end and mention.start < n.end]
        if mention.label == "PERSON" or mention.guest:
            if not over:
                kept.append(mention)
        elif mention.label == "PLACE" and over:
            kept += _outside(mention, over, reading.text)
        else:
            kept.append(mention)
    played = reading.domain in _PLAYED
    taken = [m for m in kept if m.label not in {*_AROUND, "MEDIA"} and not m.special_category]
    media = [m for m in kept if m.label == "MEDIA" and played]
    free = [
        n
        for n in names
        if not _overlaps(n, taken) and (not _overlaps(n, media) or is_given(reading.text, n.start))
    ]
    kept = [m for m in kept if m.label != "MEDIA" or played or not _overlaps(m, free)]
    if not names:
        return reading
    return replace(reading, mentions=sorted([*kept, *free], key=lambda m: (m.start, -m.end)))


def _is_settled(mention: Mention, text: str) -> bool:
    """Whether the tagger is sure of a firm, or of a place that the gazetteer has."""
    from forensics.knowledge.place_search import candidates

    if mention.label == "ORG":
        return mention.score >= _SURE
    surface = text[mention.start : mention.end]
    words = split(surface).words
    if mention.label != "PLACE" or (len(words) == 1 and mention.score < _SURE_PLACE):
        return False
    if len(words) > 1 and mention.score >= _SURE and all(map(may_be_name, words)):
        return True
    return any(c.how in ("name", "spot", "parts") for c in candidates(surface))


def _overlaps(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(o.start < mention.end and mention.start < o.end for o in others)


def _outside(mention: Mention, over: Sequence[Mention], text: str) -> Iterator[Mention]:
    """What is left of a place beside names, if it is one."""
    from forensics.knowledge.place_search import candidates

    edges = [mention.start, *(e for n in over for e in (n.start, n.end)), mention.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = text[start:end].strip() if start < end else ""
        if piece and any(c.how == "name" for c in candidates(piece)):
            at = text.index(piece, start)
            yield replace(mention, start=at, end=at + len(piece))


def _names(reading: Reading, words: Words, sure: Mapping[int, float], single: Set[str]) -> Iterator[Mention]:
    """Runs of words that are in names, with the titles before them."""
    titles = context_words()["title"]
    people = [(m.start, m.end) for m in reading.mentions if m.label == "PERSON" or m.guest]
    named = {
        at
        for at, p in sure.items()
        if p >= LEAST
        or (
            p >= _LEAST_BESIDE and any(a <= words.spans[at][0] and words.spans[at][1] <= b for a, b in people)
        )
    }
    for run in _runs(reading.text, words, named, single):
        if not any(sure[at] >= LEAST for at in run):
            continue
        first = run[0]
        while first and words.words[first - 1] in titles:
            first -= 1
        last = run[-1] + (words.words[run[-1] + 1 : run[-1] + 2] == ["'s"])
        score = round(max(sure[at] for at in run), 4)
        yield Mention(
            words.spans[first][0],
            words.spans[last][1],
            "PERSON",
            score,
            TALK,
            "its words, and what stands around them here and elsewhere in the household, make it a name",
        )


def _runs(text: str, words: Words, named: Set[int], single: Set[str]) -> Iterator[list[int]]:
    run: list[int] = []
    for at in range(len(words.words) + 1):
        if run and (at not in named or _parted(text, words, run, at, single)):
            yield run
            run = []
        if at in named:
            run.append(at)


def _parted(text: str, words: Words, run: Sequence[int], at: int, single: Set[str]) -> bool:
    """Whether a name ends before a word that is in a name as well.

    So it does at a comma, before the same name again, before a first name after a full name ("bärbel novak
    rosa winkler"), and between two first names that the household uses alone elsewhere ("bene emir").
    """
    last, word = words.words[at - 1], words.words[at]
    between = text[words.spans[at - 1][1] : words.spans[at][0]]
    if between.strip(" .") or last == word:
        return True
    if not _is_first(word):
        return False
    full = any(_is_first(words.words[n]) for n in run) and not _is_first(last)
    return full or (_is_first(last) and {last, word} <= single)


def _is_first(word: str) -> bool:
    marks = word_classes().listed(word)
    return "F" in marks or (name_class(word) >= _FIRST and "S" not in marks)


@cache
def _shipped() -> Weights:
    fit = fitted(__name__)
    return {name: dict(fit.value(name)) for name in ("alone", "household")}
