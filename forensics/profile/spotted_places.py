"""Towns that are named where the reader of single sentences saw none: "radio manchester", "fc aarau".

Short commands name a town as part of something else: a station, a club, a library. Here every word that is a
town's name and no common word is looked up, and what stands beside it is left to the model of roles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from forensics.knowledge.gazetteer import Place, near, place_by_id
from forensics.knowledge.names import is_surname
from forensics.knowledge.place_search import HOME_COUNTRIES, Candidate, candidates
from forensics.language.languages import guess_language
from forensics.profile.naming import LISTED, WORD, is_common, name_strength
from forensics.profile.records import Evidence, Heard, Utterance

P_SPOTTED = 0.6
"""Probability that a town's name that stands in an utterance means the town (assumption)."""
LEAST_TOWN = 10_000
"""Inhabitants of a town that is looked for everywhere (assumption)."""
LARGE = 300_000
"""The same abroad, and of a town whose name is also a surname (assumption)."""
LEAST_NEAR = 500
"""The same within :data:`NEAR_KM` of a place that the household names otherwise (assumption)."""
NEAR_KM = 60.0
LONGEST = 3
"""Words of a town's name at most."""
SHORTEST = 4
"""Letters of a town's name at least: shorter ones are other words too often (assumption)."""
_OF_A_TOWN = frozenset(
    ("radio", "antenne", "fc", "sv", "sc", "vfb", "vfl", "tsv", "ssv", "stadt", "uni", "universität",
     "klinikum", "stadtwerke", "university", "of", "city", "town")
)  # fmt: skip
"""Words of the names of what a town has one of."""
_BEFORE = _OF_A_TOWN | frozenset(["in", "aus", "nach", "bis", "bei", "from", "to", "near"])
"""Words after which a first name or a surname is a town's name all the same."""


def spotted_places(heard: Sequence[Heard], utterances: Mapping[str, Utterance]) -> list[Heard]:
    """Towns by their names in utterances, where no mention covers the words.

    Parameters
    ----------
    heard : sequence of Heard
        All that the language room read.
    utterances : mapping
        By id.
    """
    taken = _read(heard)
    places = [h.places for h in heard if h.label == "PLACE" and h.places and h.utterance is not None]
    best = (place_by_id(max(sorted(found), key=lambda i: found[i])) for found in places)
    known = tuple({p.geonameid: p for p in best if p is not None and p.kind == "city"}.values())
    found = []
    for utterance_id, utterance in sorted(utterances.items()):
        for text in dict.fromkeys(utterance.texts):
            language = guess_language(text) or "en"
            for surface, before in _names(text.casefold(), language, known):
                read = _covered(surface, taken[utterance_id])
                if read and before not in _OF_A_TOWN:  # "radio manchester" is one name, and names a town
                    continue
                taken[utterance_id].append(surface)
                meant = candidates(surface, language=language, household=known)
                found.append(_heard(surface, utterance_id, utterance, meant))
    return found


def spotted_words(evidence: Evidence) -> list[Heard]:
    """What the classifier of words takes for a place, where nothing else was read."""
    taken, found = _read(evidence.heard), []
    for utterance in evidence.utterances:
        read = taken[utterance.utterance_id]
        for text in utterance.texts:
            for spot in evidence.spots[text]:
                surface = text[spot.start : spot.end]
                if spot.part != "place" or _covered(surface.casefold(), read):
                    continue
                read.append(surface.casefold())
                meant = candidates(surface, language=guess_language(text) or "en")
                one = _heard(surface, utterance.utterance_id, utterance, meant)
                found.append(replace(one, p=P_SPOTTED * spot.p))
    return found


def _read(heard: Sequence[Heard]) -> dict[str, list[str]]:
    """Words that mentions cover, by utterance."""
    taken: dict[str, list[str]] = defaultdict(list)
    for one in heard:
        if one.utterance is not None and one.label in ("PLACE", "PERSON", "MEDIA", "ADDRESS"):
            taken[one.witness].extend(s.casefold() for s in one.surfaces)
    return taken


def _covered(surface: str, read: Sequence[str]) -> bool:
    return any(surface in other or other in surface for other in read)


def _heard(surface: str, utterance_id: str, utterance: Utterance, meant: Sequence[Candidate]) -> Heard:
    return Heard(
        utterance_id,
        "PLACE",
        meant[0].place.name if meant else surface.title(),
        {},
        P_SPOTTED,
        (),
        frozenset({utterance.source}),
        utterance,
        surfaces=frozenset({surface}),
        places={c.place.geonameid: c.probability for c in meant},
        spotted=True,
    )


def _names(text: str, language: str, known: tuple[Place, ...]) -> list[tuple[str, str]]:
    """Runs of words that are towns' names, the longest first, each with the word before it."""
    words = [(m.start(), m.end(), m[0]) for m in WORD.finditer(text)]
    found, at = [], 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            piece = [w for _, _, w in words[at : at + length]]
            before = words[at - 1][2] if at else ""
            if _is_town(" ".join(piece), language, known) and _means_town(piece, before):
                found.append((text[words[at][0] : words[at + length - 1][1]], before))
                at += length - 1
                break
        at += 1
    return found


def _means_town(piece: Sequence[str], before: str) -> bool:
    """Whether words can mean a town where nothing says so: no common words, and nobody's name."""
    if all(is_common(word) for word in piece):
        return False
    if len(piece) > 1 or before in _BEFORE:
        return True
    large = any(town.population >= LARGE for town in _towns(piece[0]))
    return name_strength(piece[0]) < LISTED and (large or not is_surname(piece[0]))


def _is_town(name: str, language: str, known: tuple[Place, ...]) -> bool:
    if len(name) < SHORTEST or re.search(r"\d", name):
        return False
    for town in _towns(name):
        at_home = town.country in HOME_COUNTRIES[language]
        if town.population >= (LEAST_TOWN if at_home else LARGE):
            return True
        if town.population >= LEAST_NEAR and any(
            (d := near(town, p)) is not None and d < NEAR_KM for p in known
        ):
            return True
    return False


@lru_cache(maxsize=1 << 16)
def _towns(name: str) -> tuple[Place, ...]:
    return tuple(c.place for c in candidates(name) if c.how == "name" and c.place.kind == "city")
