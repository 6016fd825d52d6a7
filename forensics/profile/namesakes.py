"""Which of several towns of one name a household means, and which town a misheard name stands for.

Neighbours decide: a town counts more for every other place of the household that lies near it. So does what
is said beside the name or after it: "nicht Weinstraße, in Holstein". A name that no town of the neighbourhood
bears may be one of them misheard: "Swanee" near Alpharetta is Suwanee.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from forensics.knowledge.gazetteer import (
    Place,
    distances,
    near,
    place_by_id,
    place_index,
    place_keys,
    region_of,
)
from forensics.knowledge.names import fold
from forensics.knowledge.sounds import sound
from forensics.profile.claim import Reading
from forensics.profile.gathering import likeliest_place
from forensics.profile.naming import WORD
from forensics.profile.records import Heard, Utterance

NEAR_KM = 25.0
"""Distance at which a place counts as near by half and less (assumption: a day's errands)."""
NEAR_WEIGHT = 4.0
"""How much more a town counts among its namesakes for each near place of the household (assumption)."""
SAID_WEIGHT = 20.0
"""The same where words say so that only its name or its state has (assumption)."""
REJECTED = 0.1
"""The same where they are said after a "not" (assumption)."""
AROUND_KM = 40.0
"""Distance from a place of the household within which a misheard town is looked for (assumption)."""
ALIKE, ALIKE_BY_SOUND = 0.75, 0.55
"""Shares of letters (rapidfuzz ratio) from which a name may be another misheard: spelled alike, or sounding
alike as well (assumptions)."""
LETTERS = 5
"""A name of fewer letters is like too many others (assumption)."""
MOST = 2
"""Towns that one name may be misheard from (assumption)."""
MOST_SAID = 2
"""Times that what is said of one namesake counts (assumption)."""
CERTAIN = 0.6
"""Probability from which a place's town counts as known (assumption)."""
_NOT = re.compile(
    r"\b(?:nicht|not|kein|keine|nein|no|no that'?s|statt)\s+(?:in\s+|an der\s+|im\s+)?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Alike:
    """A town near the household whose name a reading may be misheard from.

    Parameters
    ----------
    place : Place
        The town that may have been meant.
    likeness : float
        Share of letters, by rapidfuzz.
    """

    place: Place
    likeness: float


@dataclass(frozen=True)
class Talk:
    """All that a household says, to look words up in.

    Parameters
    ----------
    texts : tuple of str
        Folded.
    words : frozenset of str
        Of all texts.
    """

    texts: tuple[str, ...]
    words: frozenset[str]

    @classmethod
    def of(cls, utterances: Iterable[Utterance]) -> Talk:
        """The talk of some utterances."""
        texts = tuple(text.casefold() for u in utterances for text in u.texts)
        return cls(texts, frozenset(word for text in texts for word in re.findall(r"\w+", text)))

    def before(self, phrase: str) -> list[str]:
        """What stands before each place where a phrase is said."""
        if not all(word in self.words for word in re.findall(r"\w+", phrase)):
            return []
        pattern = re.compile(rf"\b{re.escape(phrase)}\b")
        return [text[: match.start()] for text in self.texts for match in pattern.finditer(text)]


@dataclass(frozen=True)
class Neighbourhood:
    """The towns near the places that a household surely names.

    Parameters
    ----------
    anchors : tuple of Place
        Those places.
    towns : dict
        From spelling and id of a town to the ids of the anchors that it lies near.
    """

    anchors: tuple[Place, ...]
    towns: Mapping[tuple[str, int], frozenset[int]]

    @classmethod
    def of(cls, anchors: Iterable[Place]) -> Neighbourhood:
        """The neighbourhood of some places."""
        known = tuple({a.geonameid: a for a in anchors}.values())
        towns: dict[tuple[str, int], set[int]] = defaultdict(set)
        for anchor in known:
            for town in _towns_around(anchor.geonameid):
                towns[town].add(anchor.geonameid)
        return cls(known, {town: frozenset(near) for town, near in sorted(towns.items())})

    def without(self, own: Place | None) -> list[tuple[str, int]]:
        """Towns near other places than one's own."""
        alone = frozenset({own.geonameid} if own else ())
        return [town for town, near in self.towns.items() if not near <= alone]


def join_namesakes(heard: Sequence[Heard]) -> list[Heard]:
    """Put together what is one place under several forms.

    A span that the map does not know belongs to the place whose name it begins with: it reached too far. A
    bare name belongs to its namesake that was named in full, or with its state, most often: who has told the
    device once which Paris is meant means that one.
    """
    known: dict[str, Heard] = {}
    told: dict[str, Counter[int]] = defaultdict(Counter)
    example: dict[int, Heard] = {}
    for one in heard:
        if one.places:
            for surface in one.surfaces:
                known.setdefault(fold(surface.split()[0]) if surface.split() else "", one)
        if one.told_apart and (place := likeliest_place(one.places)):
            for bare in {fold(place.name), fold(place.name.split()[0])}:
                told[bare][place.geonameid] += 1
            example[place.geonameid] = one
    found = []
    for one in heard:
        first = next(iter(sorted(one.surfaces)), "").split()
        like = known.get(fold(first[0])) if first and not one.places else None
        if like is not None:
            one = replace(one, value=like.value, places=like.places)
        place = likeliest_place(one.places)
        if place is not None and not one.told_apart:
            meant = told.get(fold(place.name)) or _among(one, told)
            if meant:
                best = example[min(meant, key=lambda key: (-meant[key], key))]
                one = replace(
                    one, value=best.value, places=best.places, surfaces=one.surfaces | best.surfaces
                )
        found.append(one)
    return found


def settle(reading: Reading, others: Sequence[Place], talk: Talk) -> dict[int, float]:
    """Which of several towns of one name: by the household's other places, and by what is said of it.

    Parameters
    ----------
    reading : Reading
        A name with all that was heard of it.
    others : sequence of Place
        The likeliest place of each other reading.
    talk : Talk
        Of the household.

    Returns
    -------
    dict
        Probability by place id.
    """
    weights = dict(reading.places)
    said = _told_by_words(reading, talk) if len(weights) > 1 else {}
    least = min(weights.values(), default=0.0)
    weights |= {i: least for i, factor in said.items() if i not in weights and factor > 1}
    settled = {}
    for place_id, p in weights.items():
        place = place_by_id(place_id)
        close = sum(math.exp(-d / NEAR_KM) for o in others if place and (d := near(place, o)) is not None)
        settled[place_id] = p * (1 + NEAR_WEIGHT * close) * said.get(place_id, 1.0)
    total, kept = sum(settled.values()), min(sum(reading.places.values()), 1.0)
    return {i: w / total * kept for i, w in settled.items()} if total else weights


def misheard(reading: Reading, own: Place | None, around: Neighbourhood) -> list[Alike]:
    """Towns near the household whose names sound like a name that means none of them.

    Parameters
    ----------
    reading : Reading
        A name with all that was heard of it.
    own : Place or None
        What the name means as it stands; where that lies near the household nothing else is looked for.
    around : Neighbourhood
        Of the household.
    """
    others = [a for a in around.anchors if own is None or a.geonameid != own.geonameid]
    if own is not None and any((d := near(own, a)) is not None and d < AROUND_KM for a in others):
        return []
    towns = around.without(own)
    spelled = {"".join(m[0] for m in WORD.finditer(s)).casefold() for h in reading.heard for s in h.surfaces}
    heard = {key.replace(" ", "") for s in spelled for key in place_keys(s)[:1]}
    best: dict[int, Alike] = {}
    for name in sorted(h for h in heard if len(h) >= LETTERS):
        for one in _like(name, towns):
            if own is not None and one.place.geonameid == own.geonameid:
                continue
            if one.place.geonameid not in best or one.likeness > best[one.place.geonameid].likeness:
                best[one.place.geonameid] = one
    return sorted(best.values(), key=lambda a: (-a.likeness, a.place.geonameid))[:MOST]


def _among(one: Heard, told: Mapping[str, Counter[int]]) -> Counter[int]:
    """Those of the places named in full elsewhere that a bare name may mean."""
    meant = [(i, n) for s in one.surfaces for i, n in told.get(fold(s), {}).items()]
    return Counter({i: n for i, n in meant if i in one.places or _bears(one, i)})


def _bears(one: Heard, place_id: int) -> bool:
    """Whether a place's name is a bare name with more words: "Neustadt" in "Neustadt in Holstein"."""
    place = place_by_id(place_id)
    return place is not None and any(
        place.name.casefold().startswith(f"{s.casefold()} ") for s in one.surfaces
    )


def _told_by_words(reading: Reading, talk: Talk) -> dict[int, float]:
    """Factor by place id for namesakes of which the household says a word that only they bear."""
    surfaces = {s.casefold() for h in reading.heard for s in h.surfaces}
    index = place_index()
    rows = {row for s in surfaces for key in place_keys(s) for row in index.names.get(key, ())}
    towns = [place for row in rows if (place := index.place(row)).kind == "city"]
    if len(towns) < 2:
        return {}
    own = {fold(w) for s in surfaces for w in s.split()}
    factors = {}
    for town in towns:
        said = [_NOT.search(before) is None for words in _telling(town, own) for before in talk.before(words)]
        if said:
            yes, no = min(sum(said), MOST_SAID), min(len(said) - sum(said), MOST_SAID)
            factors[town.geonameid] = SAID_WEIGHT**yes * REJECTED**no
    return factors


def _telling(town: Place, own: set[str]) -> list[str]:
    """Words by which a town is told apart: of its longer name, and its state's name."""
    words = [w for w in re.findall(r"\w{4,}", town.name.casefold()) if fold(w) not in own]
    region = region_of(town)
    return [*words, *([region.casefold()] if region else [])]


def _like(name: str, towns: Sequence[tuple[str, int]]) -> list[Alike]:
    from rapidfuzz import fuzz, process

    key, found = sound(name), []
    hits = process.extract(
        name, [town for town, _ in towns], scorer=fuzz.ratio, score_cutoff=100 * ALIKE_BY_SOUND, limit=20
    )
    for town, ratio, at in hits:
        likeness = ratio / 100
        if (likeness >= ALIKE or sound(town) == key) and (place := place_by_id(towns[at][1])) is not None:
            found.append(Alike(place, likeness))
    return found


@cache
def _towns_around(place_id: int) -> tuple[tuple[str, int], ...]:
    """Spellings and ids of the towns within :data:`AROUND_KM` of a place."""
    place, index = place_by_id(place_id), place_index()
    if place is None or place.latitude is None or place.longitude is None:
        return ()
    rows = np.flatnonzero(distances(place.latitude, place.longitude) < AROUND_KM).tolist()
    towns = [town for row in rows if (town := index.place(row)).kind == "city"]
    return tuple((key.replace(" ", ""), town.geonameid) for town in towns for key in place_keys(town.name))
