"""When the home stands empty: told by who leaves and who comes back, and shown by silence.

Few households speak to a device every day, so that silence alone tells little; somebody else may feed the
cat,
so that talk does not tell that they are there. What people say when they leave and above all when they
are back
tells most. Each candidate is a period with what speaks for it: luggage, journeys and goodbyes before, silence
within, a return after.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from forensics.profile import cues
from forensics.profile.claim import Claim
from forensics.profile.records import Evidence, Utterance
from forensics.profile.spoken_dates import resolve, until
from forensics.profile.wording import Phrase, counted, say

LEAST_DAYS, LEAST_ACTIVE = 7, 5
"""Silence tells something only in a record of this many days, with something heard on this many
(assumption)."""
SHORTEST = 2
"""Days of silence from which they are called an absence (assumption)."""
AWAY_PER_DAY = 1 / 150
"""Chance that an absence of a given length begins on a given day: once a month, five lengths (assumption)."""
LONGEST = 30
"""Days that a journey lasts at most (assumption)."""
BEFORE = 3
"""Days before leaving in which one packs and says goodbye (assumption)."""
RETURNS, LEAVES, PACKS, ENDS_TOLD, BUSY = 2.3, 1.6, 0.8, 1.4, -0.5
"""Log likelihood ratios: a return is spoken of on the last day; leaving on the first, or luggage and journeys
in the days before; the last day was told beforehand; for each utterance a day more than usual within
(assumptions)."""
PRIOR = -3.0
"""Log odds of a period that only one of these points at (assumption)."""
MAX_P = 0.95
LEAST_P = 0.1


@dataclass(frozen=True)
class Period:
    """Days away with what speaks for them.

    Parameters
    ----------
    first, last : date
    returns, leaves, packs : tuple of Utterance
    odds : float
        Log odds that the household, or who speaks for it, was away.
    """

    first: date
    last: date
    returns: tuple[Utterance, ...]
    leaves: tuple[Utterance, ...]
    packs: tuple[Utterance, ...]
    odds: float


def absence_claims(evidence: Evidence) -> list[Claim]:
    """Absences, the surest first; no two that overlap."""
    taken: list[Period] = []
    for period in sorted(_periods(evidence), key=lambda p: (-p.odds, p.first, p.last)):
        if not any(period.first <= other.last and other.first <= period.last for other in taken):
            taken.append(period)
    return [claim for period in taken if (claim := _claim(period, evidence)).p_value >= LEAST_P]


def _claim(period: Period, evidence: Evidence) -> Claim:
    told = [*period.leaves, *period.packs, *period.returns]
    support = {u.utterance_id: u for u in [*told, *_around(evidence, period.first, period.last)]}
    value = f"{period.first.isoformat()}/{period.last.isoformat()}"
    away = _outside(evidence, period.first, period.last)
    support |= {u.utterance_id: u for u in away}
    return Claim(
        "absence",
        "subject",
        value,
        min(MAX_P, 1 / (1 + math.exp(-period.odds))),
        say(
            Phrase.ABSENCE,
            value=value,
            days=counted((period.last - period.first).days + 1, "day"),
            told=counted(len(told), "utterance"),
            away=counted(len(away), "utterance"),
        ),
        utterances=set(support),
        n_support=len(support),
        sources={u.source for u in support.values()},
        days=(period.first, period.last),
    )


def _periods(evidence: Evidence) -> list[Period]:
    home = sorted((u for u in evidence.utterances if u.local and _at_home(u)), key=_when)
    if not home:
        return []
    returns = [u for u in home if u.says(cues.RETURNS)]
    leaves = [u for u in home if u.says(cues.LEAVES)]
    packs = [u for u in home if u.says(cues.ABSENCE) or (u.domain == "transport" and u.says(cues.FAR))]
    found = []
    for first, last, odds in silences(evidence):
        found.append(_period(first, last, math.log(odds), home, returns, leaves, packs))
    for back in returns:
        last = _day(back)
        for start in _starts(back, home, leaves, packs):
            found.append(_period(start, last, PRIOR, home, returns, leaves, packs))
    for gone in leaves:
        said = _day(gone)
        end = until(gone.texts[-1], said)
        if end is not None and 0 < (end - said).days <= LONGEST:
            found.append(_period(_start_of(gone), end, PRIOR + ENDS_TOLD, home, returns, leaves, packs))
    return found


def _period(
    first: date,
    last: date,
    odds: float,
    home: Sequence[Utterance],
    returns: Sequence[Utterance],
    leaves: Sequence[Utterance],
    packs: Sequence[Utterance],
) -> Period:
    """A period with its evidence: what is said on the days around its ends, and how quiet it is within."""
    back = tuple(u for u in returns if 0 <= (_day(u) - last).days <= 1)
    gone = tuple(u for u in leaves if -1 <= (first - _start_of(u)).days <= 1)
    packed = tuple(u for u in packs if 0 <= (first - _day(u)).days <= BEFORE and u not in gone)
    odds += RETURNS * bool(back) + LEAVES * min(len(gone), 2) + PACKS * min(len(packed), 2)
    if any(until(u.texts[-1], _day(u)) == last for u in [*gone, *packed]):
        odds += ENDS_TOLD
    inside = [u for u in home if first < _day(u) < last]
    days = max((last - first).days - 1, 0)
    usual = len(home) / max((_day(home[-1]) - _day(home[0])).days + 1, 1)
    if days:
        odds += max(min(usual * days - len(inside), 3.0), -4.0) * -BUSY
    return Period(first, last, back, gone, packed, odds)


def _starts(
    back: Utterance, home: Sequence[Utterance], leaves: Sequence[Utterance], packs: Sequence[Utterance]
) -> set[date]:
    """The days on which a journey may have begun that ends with this return."""
    last = _day(back)
    soonest = last - timedelta(LONGEST)
    found = {_start_of(u) for u in leaves if soonest <= _start_of(u) < last}
    before = [u for u in home if _day(u) < last]
    if before:
        found.add(_day(before[-1]))
    for one, other in pairwise(before):  # the longest silences on the way: somebody may look after the house
        if soonest <= _day(one) and (_day(other) - _day(one)).days > SHORTEST:
            found.add(_day(one))
    found |= {_day(u) + timedelta(1) for u in packs if soonest <= _day(u) < last - timedelta(1)}
    return {day for day in found if soonest <= day < last}


def silences(evidence: Evidence) -> list[tuple[date, date, float]]:
    """Runs of days without a recording at home, each with the odds that nobody was there.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    list of (first day, last day, odds)
        Odds = P(an absence of this length begins that day) / P(so many silent days by chance) = a / s^g, with
        s = (silent days outside the run + 1) / (days outside + 2) (Laplace) and g the run's length.
    """
    active = {u.local.date() for u in evidence.utterances if u.local and _at_home(u)}
    if len(active) < LEAST_ACTIVE:
        return []
    start, end = min(active), max(active)
    total = (end - start).days + 1
    if total < LEAST_DAYS:
        return []
    silent = total - len(active)
    found = []
    for before, after in pairwise(sorted(active)):
        length = (after - before).days - 1
        if length >= SHORTEST:
            share = (silent - length + 1) / (total - length + 2)
            found.append((before + timedelta(1), after - timedelta(1), AWAY_PER_DAY / share**length))
    return found


def _start_of(gone: Utterance) -> date:
    """The day on which somebody leaves who speaks of it: that day, or the one that is named."""
    said = _day(gone)
    match = re.search(r"\b(?:morgen|tomorrow|übermorgen)\b(?! früh)", gone.texts[-1], re.IGNORECASE)
    days = resolve(match[0], said) if match else None
    return days[0] if days else said


def _at_home(utterance: Utterance) -> bool:
    """An app travels with its owner; all other devices are taken to stand at home."""
    device = utterance.device
    return device is None or "app" not in f"{device.kind or ''} {device.name or ''}".casefold().split()


def _outside(evidence: Evidence, first: date, last: date) -> list[Utterance]:
    return [u for u in evidence.utterances if u.local and not _at_home(u) and first <= _day(u) <= last]


def _around(evidence: Evidence, first: date, last: date) -> list[Utterance]:
    """The last utterance at home before the silence, and the first after it."""
    home = sorted((u for u in evidence.utterances if u.local and _at_home(u)), key=_when)
    before = [u for u in home if _day(u) < first]
    after = [u for u in home if _day(u) > last]
    return [*before[-1:], *after[:1]]


def _day(utterance: Utterance) -> date:
    """The local day; callers keep to utterances whose time is known."""
    return utterance.local.date() if utterance.local else date.min


def _when(utterance: Utterance) -> tuple[str, str]:
    return utterance.local.isoformat() if utterance.local else "", utterance.utterance_id
