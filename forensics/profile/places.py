"""Where they live: from what is asked of places, and from how near to each other they lie.

A home explains the near places that a household names, trips and relatives explain the far ones. A queried
place is not yet a home: the assistant answers for its own location when no place is named, so that people
often name other places, and name their own above all when the device got it wrong. Which of several towns of
one name is meant stays open as long as it is: the claim is the name, its places carry the probabilities.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from forensics.knowledge.gazetteer import Place, near, place_by_id, region_of
from forensics.knowledge.names import fold
from forensics.profile import cues
from forensics.profile.account_facts import Stated, weigh_stated
from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.evidence import TALK
from forensics.profile.gathering import likeliest_place
from forensics.profile.hints import PlaceHint
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.says import USES
from forensics.profile.weights import Fitted, shipped
from forensics.profile.wording import Phrase, counted, listed, say

MAX_P = 0.97
"""No role is surer than this from queries alone (assumption)."""
RAISED_FROM = 0.25
"""Below it the likeliest home gets no more probability: it was calibrated on homes of many utterances
(assumption)."""
LEAST_P = 0.15
"""Below this probability no place is called the home (assumption)."""
NEAR_KM = 25.0
"""Distance at which a place counts as near by half and less (assumption: a day's errands)."""
FAR_KM = 150.0
NEAR_WEIGHT = 4.0
"""How much more a town counts among its namesakes for each near place of the household (assumption)."""
CORRECTED_S = 180
"""Seconds within which a place said again corrects the device (assumption)."""
GENERAL = frozenset({"qa", "news", "datetime", "music", "media", "recommendation"})
TOWNS = frozenset({"city"})
_QUALIFIER = r"(?:in|im|bei|an der|am|unter|ob der|nähe|bei der|by|near|auf)"


@dataclass(frozen=True)
class PlaceRoles:
    """Posterior of one place's role.

    Parameters
    ----------
    home, work, other : float
        Sum to one.
    hints : tuple of (PlaceHint, int)
        What moved it, and how often.
    """

    home: float
    work: float
    other: float
    hints: tuple[tuple[StrEnum, int], ...]


@dataclass(frozen=True)
class Named:
    """A place named, under whatever forms, with what is known of it.

    Parameters
    ----------
    reading : Reading
    places : dict
        Probability by place id, after the household's other places.
    place : Place or None
        The likeliest.
    features : dict
        Of the models ``home`` and ``work``.
    """

    reading: Reading
    places: Mapping[int, float]
    place: Place | None
    features: Mapping[str, float]

    @property
    def weighed(self) -> dict[str, float]:
        """The features as the models take them: what is met again and again counts less each time."""
        hints = {str(hint) for hint in PlaceHint}
        return {k: math.log2(1 + v) if k in hints else v for k, v in self.features.items()}

    @property
    def value(self) -> str:
        """The name; with its state where people say so."""
        if self.place is None:
            return self.reading.value
        region = region_of(self.place)
        return f"{self.place.name}, {region}" if region else self.place.name


def place_claims(evidence: Evidence, fitted: Fitted | None = None) -> list[Claim]:
    """Claims ``home_place``, ``work_place`` and ``other_place``.

    At most one place is called the home, the likeliest; its role posterior says how likely that is.
    """
    found = named_places(evidence)
    account = Stated(evidence)
    roles = place_roles(found, fitted, [account.hints(one.reading) for one in found])
    claims = []
    ranking = sorted(
        range(len(found)), key=lambda i: (-roles[i].home, -len(found[i].reading.heard), found[i].value)
    )
    home = next((i for i in ranking if roles[i].home >= max(roles[i].work, LEAST_P)), None)
    for i, one in enumerate(found):
        role, reading = roles[i], one.reading
        if i == home:
            attribute, p_role = "home_place", role.home
        elif role.work > max(role.home, role.other):
            attribute, p_role = "work_place", role.work
        else:
            attribute, p_role = "other_place", 1.0 - overheard(reading)
        claims.append(
            Claim(
                attribute,
                "subject",
                one.value,
                reading.p,
                say(
                    Phrase.PLACE,
                    value=one.value,
                    utterances=counted(len(reading.heard), "utterance"),
                    days=counted(reading.days, "day"),
                    hints=listed(role.hints),
                ),
                p_role=p_role,
                alternatives=reading.alternatives,
                roles={"home": role.home, "work": role.work, "other": role.other},
                places=one.places,
                details={} if one.place is None else {"country": one.place.country, "kind": one.place.kind},
            ).supported_by(reading.heard)
        )
    return claims


def place_roles(
    found: Sequence[Named],
    fitted: Fitted | None = None,
    stated: Sequence[Mapping[PlaceHint, int]] = (),
) -> list[PlaceRoles]:
    """Posterior role of each place: at most one home and one work place per household.

    Parameters
    ----------
    stated : sequence of mapping
        What the account's own data says of each, which multiplies its odds.

    Notes
    -----
    With scores s_i the home is place i with probability exp(s_i) / (1 + Σ exp(s_j)), and none that is named
    with 1 / (1 + Σ exp(s_j)): a choice model whose weights are fitted (``fitting/reading.py``).
    """
    model = fitted or shipped()
    home_mass = [math.exp(min(model.score("home", one.weighed), 20.0)) for one in found]
    work_mass = [math.exp(min(model.score("work", one.weighed), 20.0)) for one in found]
    weigh_stated(home_mass, work_mass, stated)
    home_total, work_total = 1 + sum(home_mass), 1 + sum(work_mass)
    best = max(home_mass, default=0.0) / home_total
    honest = 1.0
    if best and not any(stated):  # what an account states is not read from talk
        honest = model.realised(best, "home_calibration") / best
        honest = honest if best >= RAISED_FROM else min(honest, 1.0)
    roles = []
    for i, (one, home_one, work_one) in enumerate(zip(found, home_mass, work_mass, strict=True)):
        home = min(honest * home_one / home_total, MAX_P)
        work = min(work_one / work_total, MAX_P) * (1 - home)
        told = (*_hints(one.features), *(stated[i].items() if stated else ()))
        roles.append(PlaceRoles(home, work, max(0.0, 1 - home - work), told))
    return roles


def named_places(evidence: Evidence) -> list[Named]:
    """The household's places, one for each name, with the features of their roles."""
    heard = _joined([h for h in evidence.of("PLACE") if _is_name(h)])
    found = readings(heard)
    first = [likeliest_place(r.places) for r in found]
    settled = [
        _settle(r.places, [p for j, p in enumerate(first) if j != i and p]) for i, r in enumerate(found)
    ]
    places = [likeliest_place(weights) for weights in settled]
    timed = sorted((u for u in evidence.utterances if u.local), key=lambda u: (u.local, u.utterance_id))
    following = {u.utterance_id: v for u, v in pairwise(timed)}
    return [
        Named(
            r,
            settled[i],
            places[i],
            place_features(r, places[i], [p for p in places if p], following) | use_features(r, evidence),
        )
        for i, r in enumerate(found)
    ]


def use_features(reading: Reading, evidence: Evidence) -> dict[str, float]:
    """What the utterances say that a place is to the household: how often, and most clearly, of each use."""
    by_witness: dict[str, npt.NDArray[np.float64]] = {}
    for one in reading.heard:
        for text, start, end in _spots(one):
            by_witness.setdefault(one.witness, evidence.use(text.casefold(), start, end))
    if not by_witness:
        return {}
    p = np.array([by_witness[key] for key in sorted(by_witness)])
    total, top = p.sum(axis=0), p.max(axis=0)
    found = {f"use_{use}": math.log2(1 + min(float(n), 3.0)) for use, n in zip(USES, total, strict=True)}
    return found | {f"top_{use}": float(best) for use, best in zip(USES, top, strict=True)}


def place_features(
    reading: Reading, place: Place | None, others: Sequence[Place], following: Mapping[str, Utterance]
) -> dict[str, float]:
    """What speaks for and against a place being the home or the place of work.

    Parameters
    ----------
    reading : Reading
    place : Place or None
    others : sequence of Place
        All places of the household.
    following : mapping
        The utterance after each, to see what was corrected.
    """
    said = [h.utterance for h in reading.heard if h.utterance]
    near_ones = {p.geonameid: near(place, p) for p in others if place and p.geonameid != place.geonameid}
    distances = [d for d in near_ones.values() if d is not None]
    kind = place.kind if place else None
    weather = [u for u in said if u.domain == "weather"]
    journeys = [
        h for h in reading.heard if h.utterance and (h.utterance.domain == "transport" or _says(h, cues.FAR))
    ]
    goals = [h for h in journeys if _before(h, _GOAL) or (h.utterance and h.utterance.says(cues.FAR))]
    mornings = {
        h.utterance.day
        for h in goals
        if h.utterance
        and h.utterance.local
        and h.utterance.local.weekday() < 5
        and h.utterance.local.hour < 10
    }
    counts = {
        PlaceHint.HOME: _count(h for h in reading.heard if _spoken_of_as_home(h)),
        PlaceHint.LOCAL_BUSINESS: _count(h for h in reading.heard if _says(h, cues.LOCAL_BUSINESS)),
        PlaceHint.WEATHER: len({u.day for u in weather if not u.says(cues.PLANNED)}),
        PlaceHint.WEATHER_PLANNED: len({u.day for u in weather if u.says(cues.PLANNED)}),
        PlaceHint.TRAVEL: _count(h for h in reading.heard if _says(h, cues.TRAVEL)),
        PlaceHint.WORK: _count(h for h in reading.heard if _says(h, cues.WORK)),
        PlaceHint.ORIGIN: len({h.witness for h in reading.heard if _before(h, _ORIGIN)}),
        PlaceHint.GOAL: len({h.witness for h in goals}),
        PlaceHint.MORNING_GOAL: len(mornings),
        PlaceHint.QUALIFIED: len({h.witness for h in reading.heard if _qualified(h)}),
        PlaceHint.CORRECTED: sum(_corrects(u, following) for u in said),
        PlaceHint.REJECTED: len({h.witness for h in reading.heard if _before(h, _NOT)}),
        PlaceHint.NOT_THE_OTHER: len({h.witness for h in reading.heard if _not_the_other(h)}),
        PlaceHint.OTHERS_HOME: len({h.witness for h in reading.heard if _says(h, cues.OTHERS_HOME)}),
        PlaceHint.ACCOUNT: sum("account" in h.sources for h in reading.heard),
        PlaceHint.INSTITUTION: _count(
            h for h in reading.heard if _before(h, cues.INSTITUTION_OF) or _after(h, cues.OF_INSTITUTION)
        ),
    }
    found = {str(hint): float(min(n, 3)) for hint, n in counts.items() if n}
    found["intercept"] = 1.0
    found["days"] = math.log(max(reading.days, 1))
    found["near"] = math.log1p(sum(math.exp(-d / NEAR_KM) for d in distances))
    if distances and min(distances) > FAR_KM:
        found[str(PlaceHint.FAR)] = 1.0
    if place is None:
        found["off_the_map"] = 1.0
    elif kind not in TOWNS:
        found[str(PlaceHint.NO_TOWN)] = 1.0
    else:
        found["size"] = min(max(math.log10(max(place.population, 500)) - 4.0, -1.0), 2.5)
    found["unsure"] = 1.0 - min(1.0, sum(reading.places.values())) if reading.places else 0.0
    if overheard(reading):
        found[str(PlaceHint.OVERHEARD)] = 1.0
    if reading.heard and all(h.spotted for h in reading.heard):
        found[str(PlaceHint.SPOTTED)] = 1.0
    if said and all(u.domain in GENERAL for u in said):
        found[str(PlaceHint.GENERAL_ONLY)] = 1.0
    if said and all(u.domain == "communication" for u in said):
        found["in_messages_only"] = 1.0
    return found


def overheard(reading: Reading) -> float:
    """Probability that a place was only ever named by a television or in passing, not by who lives there.

    What is named in utterances that nobody meant for the device is the least accidental one's doubt.
    """
    scores = [(h.utterance.accidental or 0.0) if h.utterance else 0.0 for h in reading.heard]
    least = min(scores, default=0.0)
    return least if least >= TALK else 0.0


_ORIGIN = re.compile(r"\b(?:von|ab|from|out of|aus)\s+$", re.IGNORECASE)
_GOAL = re.compile(r"\b(?:nach|bis|to|zum|zur|towards|for)\s+$", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:nicht|not|kein|keine|nein|no|statt)\s+(?:(?:in|das|the|mein|nach|den|die)\s+)?$", re.IGNORECASE
)
_INSIDE = re.compile(rf"\w{{3,}}\s+{_QUALIFIER}\s+\w{{3,}}", re.IGNORECASE)
_BESIDE = re.compile(
    rf"\s+(?:{_QUALIFIER}\s+(?!der\b|die\b|the\b|my\b|mein|zehn|\d)\w{{4,}}|\w*(?:shire|land|gebirge|see|berg|bayern|"
    r"sachsen|holstein|cornwall|kent|county|österreich|tirol|staat)\b)",
    re.IGNORECASE,
)
_HERE_IN = re.compile(
    r"\b(?:hier in|bei uns in|hier im|daheim in|zu ?hause in|wohn\w* in|here in|at home in|live in|lives? "
    r"here in|"
    r"back in|town of|from here in|ab hier)\s+$",
    re.IGNORECASE,
)
_HERE_AFTER = re.compile(r"\W*(?:bei uns\b|around here\b|where we (?:are|live)\b)", re.IGNORECASE)


def _joined(heard: Sequence[Heard]) -> list[Heard]:
    """Put together what is one place under several forms.

    A span that the map does not know belongs to the place whose name it begins with: it reached too far. A
    bare name belongs to its namesake that was named with its state most often: who has told the device once
    which Paris is meant means that one.
    """
    known: dict[str, Heard] = {}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    example: dict[str, Heard] = {}
    for one in heard:
        if one.places:
            for surface in one.surfaces:
                known.setdefault(fold(surface.split()[0]) if surface.split() else "", one)
        if one.told_apart and (place := likeliest_place(one.places)):
            told[fold(place.name)][place.key] += 1
            example[place.key] = one
    found = []
    for one in heard:
        first = next(iter(sorted(one.surfaces)), "").split()
        like = known.get(fold(first[0])) if first and not one.places else None
        if like is not None:
            one = replace(one, value=like.value, places=like.places)
        place = likeliest_place(one.places)
        if place is not None and not one.told_apart and (keys := told.get(fold(place.name))):
            best = example[min(keys, key=lambda key: (-keys[key], key))]
            one = replace(one, value=best.value, places=best.places, surfaces=one.surfaces | best.surfaces)
        found.append(one)
    return found


def _settle(weights: Mapping[int, float], others: Sequence[Place]) -> dict[int, float]:
    """Which of several towns of one name: each counts more for every place of the household near it."""
    settled = {}
    for place_id, p in weights.items():
        place = place_by_id(place_id)
        close = sum(math.exp(-d / NEAR_KM) for o in others if place and (d := near(place, o)) is not None)
        settled[place_id] = p * (1 + NEAR_WEIGHT * close)
    total, kept = sum(settled.values()), min(sum(weights.values()), 1.0)
    return {i: w / total * kept for i, w in settled.items()} if total else dict(weights)


def _spoken_of_as_home(heard: Heard) -> bool:
    return _before(heard, _HERE_IN) or _after(heard, _HERE_AFTER)


def _qualified(heard: Heard) -> bool:
    """Whether where the place lies is said beside its name, as people do who were given another one."""
    place = likeliest_place(heard.places)
    whole = fold(place.name) if place else None  # "Frankfurt am Main" is called so by everybody
    if any(_INSIDE.search(surface) and fold(surface) != whole for surface in heard.surfaces):
        return True
    region = fold(region_of(place) or "") if place else ""
    if region and any(region in fold(surface) and region != fold(surface) for surface in heard.surfaces):
        return True
    return _after(heard, _BESIDE) and not _before(heard, _GOAL)


def _not_the_other(heard: Heard) -> bool:
    """Whether another place is rejected in the same breath: "Newark Ohio, not New York"."""
    return any(cues.NOT_THERE.search(text) for text in _texts(heard)) and not _before(heard, _NOT)


def _corrects(utterance: Utterance, following: Mapping[str, Utterance]) -> bool:
    """Whether the place is said again at once: the device understood another."""
    after = following.get(utterance.utterance_id)
    if after is None or after.local is None or utterance.local is None or not after.texts:
        return False
    if after.local - utterance.local > timedelta(seconds=CORRECTED_S):
        return False
    return cues.CORRECTS.search(after.texts[-1]) is not None


def _is_name(heard: Heard) -> bool:
    """Whether a value can be a place's name: every town has a station and a harbour."""
    if heard.here or not any(c.isalpha() for c in heard.value):
        return False
    return cues.LANDMARK.fullmatch(heard.value) is None


def _texts(heard: Heard) -> tuple[str, ...]:
    return heard.utterance.texts if heard.utterance else ()


def _says(heard: Heard, pattern: re.Pattern[str]) -> bool:
    return heard.utterance is not None and heard.utterance.says(pattern)


def _before(heard: Heard, pattern: re.Pattern[str]) -> bool:
    """Whether a pattern ends where the place's name begins."""
    return any(pattern.search(text[:at]) for text, at, _ in _spots(heard))


def _after(heard: Heard, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(text[end:]) for text, _, end in _spots(heard))


def _spots(heard: Heard) -> Iterable[tuple[str, int, int]]:
    for text in _texts(heard):
        for surface in heard.surfaces:
            at = text.find(surface)
            if at >= 0:
                yield text, at, at + len(surface)


def _count(heard: Iterable[Heard]) -> int:
    return len({h.utterance.day if h.utterance else h.witness for h in heard})


def _hints(features: Mapping[str, float]) -> tuple[tuple[StrEnum, int], ...]:
    return tuple((hint, int(features[str(hint)])) for hint in PlaceHint if features.get(str(hint)))
