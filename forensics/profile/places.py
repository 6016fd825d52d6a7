"""Where they live: roles of places from what was asked, when, and how often.

A queried place is not yet a home: the assistant answers for its own location when no place is named, so
people often name other places. The prior that a named place is the home is one half, an assumption; hints
move it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.knowledge.gazetteer import find
from forensics.profile import cues
from forensics.profile.claim import Claim, Reading, counted, readings
from forensics.profile.evidence import TALK
from forensics.profile.records import Evidence, Heard, Recording

ODDS_HOME = 1.0
"""Odds that a place named once, without any hint, is the home: one half (assumption)."""
ODDS_WORK = 0.5
"""The same for the place of work (assumption)."""
REPEATED_DAY = 1.6
"""Likelihood ratio home : other of each further day with a weather query, up to eight (assumption)."""
WORKDAY_MORNING = 4.0
"""Likelihood ratio work : other of a second and third workday morning with a journey there; its root for the
first, and against it for journeys at other times (assumption)."""
MAX_P = 0.97
"""No role is surer than this from queries alone (assumption)."""

_ORIGIN, _DESTINATION = ("von", "ab", "from"), ("nach", "bis", "to", "zum", "zur", "towards")
_GENERAL = frozenset({"qa", "news", "datetime", "music", "media", "recommendation"})


HERE = "(where the device is)"
"""What the language room writes for 'here': a place without a name."""
_NO_TOWN = {"country": 0.02, "continent": 0.0, "region": 0.1, "mountain": 0.1, "lake": 0.1, "mountains": 0.2}
"""How much less likely these are somebody's answer to 'where do you live' (assumption)."""


@dataclass(frozen=True)
class PlaceRoles:
    """Posterior of one place's role.

    Parameters
    ----------
    home, work, other : float
        Sum to one.
    hints : tuple of str
        What moved it, in words.
    """

    home: float
    work: float
    other: float
    hints: tuple[str, ...]


def place_claims(evidence: Evidence) -> list[Claim]:
    """Claims ``home_place``, ``work_place`` and ``other_place``.

    At most one place is called the home, the likeliest; its role posterior says how likely that is.
    """
    found = readings(h for h in evidence.of("PLACE") if _is_name(h.value))
    roles = place_roles(found)
    claims = []
    ranking = sorted(range(len(found)), key=lambda i: (-roles[i].home, -len(found[i].heard), found[i].value))
    home = next((i for i in ranking if roles[i].home >= max(roles[i].work, 0.15)), None)
    for i, reading in enumerate(found):
        role = roles[i]
        if i == home:
            attribute, p_role = "home_place", role.home
        elif role.work > max(role.home, role.other):
            attribute, p_role = "work_place", role.work
        else:
            attribute, p_role = "other_place", 1.0 - overheard(reading)
        hints = "; ".join(role.hints) or "no hint at its role"
        claims.append(
            Claim(
                attribute,
                "subject",
                reading.value,
                reading.p,
                f"{reading.value} is named in {counted(len(reading.heard), 'recording')} "
                f"on {counted(reading.days, 'day')}: {hints}.",
                p_role=p_role,
                alternatives=reading.alternatives,
                roles={"home": role.home, "work": role.work, "other": role.other},
                details=_on_the_map(reading.value),
            ).supported_by(reading.heard)
        )
    return claims


def overheard(reading: Reading) -> float:
    """Probability that a place was only ever named by a television or in passing, not by who lives there.

    What is named in recordings that nobody meant to make is the least accidental recording's doubt.
    """
    scores = [(h.recording.accidental or 0.0) if h.recording else 0.0 for h in reading.heard]
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


def _likelihood_ratios(reading: Reading) -> tuple[float, float, list[str]]:
    home, work = 1.0, 1.0
    hints = []
    weather_days = {h.recording.day for h in reading.heard if h.recording and h.recording.domain == "weather"}
    if weather_days:
        home *= REPEATED_DAY ** min(len(weather_days) - 1, 8)
        hints.append(f"weather asked on {counted(len(weather_days), 'day')}")
    mornings = {h.recording.day for h in reading.heard if h.recording and 5 <= _hour(h.recording) < 10}
    if len(mornings) >= 2:
        home *= 1.5
        hints.append(f"in the morning on {counted(len(mornings), 'day')}")
    if any("account" in h.sources for h in reading.heard):
        home *= 10.0
        hints.append(f"in the account's own files {counted(len(reading.heard), 'time')}")
    recordings = [h.recording for h in reading.heard if h.recording]
    for pattern, home_factor, work_factor, words in (
        (cues.HOME, 12.0, 0.5, "spoken of as home"),
        (cues.LOCAL_BUSINESS, 3.0, 1.5, "asked for local shops or traffic"),
        (cues.WORK, 0.5, 20.0, "spoken of as the way to work"),
        (cues.TRAVEL, 0.15, 0.5, "spoken of as a journey"),
    ):
        if any(recording.says(pattern) for recording in recordings):
            home, work = home * home_factor, work * work_factor
            hints.append(words)
    journeys = [h for h in reading.heard if h.recording and h.recording.domain == "transport"]
    origins = {h.witness for h in journeys if _follows(h, _ORIGIN)}
    goals = [h.recording for h in journeys if h.recording and _follows(h, _DESTINATION)]
    if origins:
        home *= 3.0
        hints.append(f"start of a journey in {counted(len(origins), 'recording')}")
    if goals:
        mornings_out = {g.day for g in goals if g.local and g.local.weekday() < 5 and 4 <= g.local.hour < 10}
        home, work = home * 0.4, work * WORKDAY_MORNING ** (min(len(mornings_out), 3) - 0.5)
        hints.append(
            f"goal of a journey in {counted(len(goals), 'recording')}, "
            f"on {counted(len(mornings_out), 'workday morning')}"
        )
    if doubt := overheard(reading):
        home, work = home * (1 - doubt), work * (1 - doubt)
        hints.append("named only in talk not meant for the device, or by a television")
    place = find(reading.value)
    if place is not None and place.kind != "city":
        home, work = home * _NO_TOWN.get(place.kind, 0.3), work * _NO_TOWN.get(place.kind, 0.3)
        hints.append(f"a {place.kind}, not a town")
    if recordings and all(recording.domain in _GENERAL for recording in recordings):
        home, work = home * 0.1, work * 0.1
        hints.append("named in a general question only")
    return home, work, hints


def _is_name(value: str) -> bool:
    """Whether a value can be a place's name: every town has a station and a harbour."""
    if value == HERE or not any(c.isalpha() for c in value):
        return False
    return cues.LANDMARK.fullmatch(value) is None


def _on_the_map(key: str) -> dict[str, str]:
    place = find(key)
    if place is None:
        return {}
    facts = {"country": place.country, "kind": place.kind, "geonameid": str(place.geonameid)}
    if place.latitude is not None and place.longitude is not None:
        facts |= {"latitude": f"{place.latitude:.4f}", "longitude": f"{place.longitude:.4f}"}
    return {name: value for name, value in facts.items() if value}


def _follows(heard: Heard, prepositions: tuple[str, ...]) -> bool:
    names = "|".join(re.escape(surface) for surface in heard.surfaces)
    pattern = re.compile(rf"\b({'|'.join(prepositions)})\s+({names})\b", re.I)
    return heard.recording is not None and heard.recording.says(pattern)


def _hour(recording: Recording) -> int:
    return recording.local.hour if recording.local else -1
