"""What speaks for and against a place being the home or the place of work, in numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from forensics.knowledge.gazetteer import Place, near, region_of
from forensics.knowledge.names import fold
from forensics.profile import cues
from forensics.profile.claim import Reading
from forensics.profile.evidence import TALK
from forensics.profile.gathering import likeliest_place
from forensics.profile.hints import PlaceHint
from forensics.profile.namesakes import NEAR_KM
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.says import USES

FAR_KM = 150.0
CORRECTED_S = 180
"""Seconds within which a place said again corrects the device (assumption)."""
GENERAL = frozenset({"qa", "news", "datetime", "music", "media", "recommendation"})
TOWNS = frozenset({"city"})
_QUALIFIER = r"(?:in|im|bei|an der|am|unter|ob der|nähe|bei der|by|near|auf)"


def use_features(reading: Reading, evidence: Evidence) -> dict[str, float]:
    """What the utterances say that a place is to the household: how often, and most clearly, of each use."""
    by_witness: dict[str, npt.NDArray[np.float64]] = {}
    for one in reading.heard:
        for text, start, end in _spots(one):
            if one.witness not in by_witness:
                by_witness[one.witness] = evidence.use(text, start, end)
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
