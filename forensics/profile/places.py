"""Where they live: roles of places from what was asked, when, and how often.

A queried place is not yet a home: the assistant answers for its own location when no place is named, so
people often name other places. The prior that a named place is the home is one half, an assumption; hints
move it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forensics.profile import cues
from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.evidence import TALK
from forensics.profile.gathering import likeliest_place
from forensics.profile.hints import PlaceHint
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.wording import Phrase, counted, listed, say

ODDS_HOME = 1.0
"""Odds that a place named once, without any hint, is the home: one half (assumption)."""
ODDS_WORK = 0.5
"""The same for the place of work (assumption)."""
REPEATED_DAY, MOST_DAYS = 1.6, 8
"""Likelihood ratio home : other of each further day with a weather query, and up to how many (assumption)."""
WORKDAY_MORNING = 4.0
"""Likelihood ratio work : other of a second and third workday morning with a journey there; its root for the
first, and against it for journeys at other times (assumption)."""
MAX_P = 0.97
"""No role is surer than this from queries alone (assumption)."""
LEAST_P = 0.15
"""Below this probability no place is called the home (assumption)."""
RATIOS: Mapping[PlaceHint, tuple[float, float]] = {
    PlaceHint.MORNINGS: (1.5, 1.0),
    PlaceHint.ACCOUNT: (10.0, 1.0),
    PlaceHint.HOME: (12.0, 0.5),
    PlaceHint.LOCAL_BUSINESS: (3.0, 1.5),
    PlaceHint.WORK: (0.5, 20.0),
    PlaceHint.TRAVEL: (0.15, 0.5),
    PlaceHint.ORIGIN: (3.0, 1.0),
    PlaceHint.GENERAL_ONLY: (0.1, 0.1),
}
"""Likelihood ratios home : other and work : other of each kind of hint: assumptions."""
GOAL_HOME = 0.4
"""Likelihood ratio home : other of being the goal of a journey (assumption)."""

_ORIGIN, _DESTINATION = ("von", "ab", "from"), ("nach", "bis", "to", "zum", "zur", "towards")
_GENERAL = frozenset({"qa", "news", "datetime", "music", "media", "recommendation"})
_NO_TOWN = {
    "country": 0.02,
    "continent": 0.001,
    "region": 0.1,
    "mountain": 0.1,
    "lake": 0.1,
    "mountains": 0.2,
}
_OTHER_KIND = 0.3
"""How much less likely these are somebody's answer to 'where do you live' (assumption)."""


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


def place_claims(evidence: Evidence) -> list[Claim]:
    """Claims ``home_place``, ``work_place`` and ``other_place``.

    At most one place is called the home, the likeliest; its role posterior says how likely that is.
    """
    found = readings(h for h in evidence.of("PLACE") if _is_name(h))
    roles = place_roles(found)
    claims = []
    ranking = sorted(range(len(found)), key=lambda i: (-roles[i].home, -len(found[i].heard), found[i].value))
    home = next((i for i in ranking if roles[i].home >= max(roles[i].work, LEAST_P)), None)
    for i, reading in enumerate(found):
        role = roles[i]
        if i == home:
            attribute, p_role = "home_place", role.home
        elif role.work > max(role.home, role.other):
            attribute, p_role = "work_place", role.work
        else:
            attribute, p_role = "other_place", 1.0 - overheard(reading)
        place = likeliest_place(reading.places)
        value = reading.value if place is None else place.key
        claims.append(
            Claim(
                attribute,
                "subject",
                value,
                reading.p,
                say(
                    Phrase.PLACE,
                    value=value,
                    utterances=counted(len(reading.heard), "utterance"),
                    days=counted(reading.days, "day"),
                    hints=listed(role.hints),
                ),
                p_role=p_role,
                alternatives=reading.alternatives,
                roles={"home": role.home, "work": role.work, "other": role.other},
                places=reading.places,
                details={} if place is None else {"country": place.country, "kind": place.kind},
            ).supported_by(reading.heard)
        )
    return claims


def overheard(reading: Reading) -> float:
    """Probability that a place was only ever named by a television or in passing, not by who lives there.

    What is named in utterances that nobody meant is the least accidental one's doubt.
    """
    scores = [(h.utterance.accidental or 0.0) if h.utterance else 0.0 for h in reading.heard]
    least = min(scores, default=0.0)
    return least if least >= TALK else 0.0


def place_roles(found: Sequence[Reading]) -> list[PlaceRoles]:
    """Posterior role of each place: at most one home and one work place per household.

    Parameters
    ----------
    found : sequence of Reading

    Notes
    -----
    The home is named with probability h, and a Poisson number of other places with mean m. Then for k places
    P(i is home) : P(none is) = h / (1 - h) · L_i / m, whatever k is, with L_i the product of the likelihood
    ratios of the hints; :data:`ODDS_HOME` stands for h / (1 - h) / m.
    """
    if not found:
        return []
    home_ratio, work_ratio, hints = [], [], []
    for reading in found:
        home, work, why = _likelihood_ratios(reading)
        home_ratio.append(home)
        work_ratio.append(work)
        hints.append(why)
    home_mass = [ODDS_HOME * ratio for ratio in home_ratio]
    work_mass = [ODDS_WORK * ratio for ratio in work_ratio]
    home_total, work_total = 1 + sum(home_mass), 1 + sum(work_mass)
    roles = []
    for i in range(len(found)):
        home = min(home_mass[i] / home_total, MAX_P)
        work = min(work_mass[i] / work_total, MAX_P) * (1 - home)
        roles.append(PlaceRoles(home, work, max(0.0, 1 - home - work), tuple(hints[i])))
    return roles


def _likelihood_ratios(reading: Reading) -> tuple[float, float, list[tuple[StrEnum, int]]]:
    home, work = 1.0, 1.0
    hints: list[tuple[StrEnum, int]] = []
    said = [h.utterance for h in reading.heard if h.utterance]

    def met(hint: PlaceHint, n: int = 1) -> None:
        nonlocal home, work
        home, work = home * RATIOS[hint][0], work * RATIOS[hint][1]
        hints.append((hint, n))

    weather_days = {u.day for u in said if u.domain == "weather"}
    if weather_days:
        home *= REPEATED_DAY ** min(len(weather_days) - 1, MOST_DAYS)
        hints.append((PlaceHint.WEATHER, len(weather_days)))
    mornings = {u.day for u in said if 5 <= _hour(u) < 10}
    if len(mornings) >= 2:
        met(PlaceHint.MORNINGS, len(mornings))
    if any("account" in h.sources for h in reading.heard):
        met(PlaceHint.ACCOUNT, len(reading.heard))
    for pattern, hint in (
        (cues.HOME, PlaceHint.HOME),
        (cues.LOCAL_BUSINESS, PlaceHint.LOCAL_BUSINESS),
        (cues.WORK, PlaceHint.WORK),
        (cues.TRAVEL, PlaceHint.TRAVEL),
    ):
        if n := sum(u.says(pattern) for u in said):
            met(hint, n)
    journeys = [h for h in reading.heard if h.utterance and h.utterance.domain == "transport"]
    if n := len({h.witness for h in journeys if _follows(h, _ORIGIN)}):
        met(PlaceHint.ORIGIN, n)
    goals = [h.utterance for h in journeys if h.utterance and _follows(h, _DESTINATION)]
    if goals:
        mornings_out = {g.day for g in goals if g.local and g.local.weekday() < 5 and 4 <= g.local.hour < 10}
        home, work = home * GOAL_HOME, work * WORKDAY_MORNING ** (min(len(mornings_out), 3) - 0.5)
        hints.append((PlaceHint.GOAL, len(goals)))
    if doubt := overheard(reading):
        home, work = home * (1 - doubt), work * (1 - doubt)
        hints.append((PlaceHint.OVERHEARD, len(said)))
    place = likeliest_place(reading.places)
    if place is not None and place.kind != "city":
        factor = _NO_TOWN.get(place.kind, _OTHER_KIND)
        home, work = home * factor, work * factor
        hints.append((PlaceHint.NO_TOWN, 1))
    if said and all(u.domain in _GENERAL for u in said):
        met(PlaceHint.GENERAL_ONLY)
    return home, work, hints


def _is_name(heard: Heard) -> bool:
    """Whether a value can be a place's name: every town has a station and a harbour."""
    if heard.here or not any(c.isalpha() for c in heard.value):
        return False
    return cues.LANDMARK.fullmatch(heard.value) is None


def _follows(heard: Heard, prepositions: tuple[str, ...]) -> bool:
    names = "|".join(re.escape(surface) for surface in heard.surfaces)
    pattern = re.compile(rf"\b({'|'.join(prepositions)})\s+({names})\b", re.I)
    return heard.utterance is not None and heard.utterance.says(pattern)


def _hour(utterance: Utterance) -> int:
    return utterance.local.hour if utterance.local else -1
