"""Times of getting up: alarms that ring and are put off, alarms asked for, and the first words of the day.

A household gets up by one pattern, with its exceptions. The first utterance after a night's silence is a
sample
of it: where many days begin within a few minutes of one clock time, that is the pattern, and where the first
words put off an alarm it is surer still. An alarm asked for says the time itself; one for somebody who is
named
is that person's.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forensics.profile import cues
from forensics.profile.claim import Claim
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.wording import Phrase, counted, say

NIGHT_H = 4.0
"""Hours without a word that make what follows the first words of somebody's day (assumption)."""
WIDTH_MIN = 7
"""Minutes around a clock time that belong to one habit (assumption)."""
EARLIEST, LATEST = 3 * 60, 12 * 60
"""First words outside these hours tell of getting up only if they put off an alarm: people work at night
(assumption)."""
GRID_MIN = 5
"""Alarms are set to multiples of this (assumption)."""
PRIOR = -2.2
"""Log odds that a cluster of first words is the subject's habit of getting up, before its days are counted
(assumption)."""
PER_DAY, PER_STOP, PER_ASKED, FOR_ANOTHER = 0.55, 0.9, 1.6, -2.5
"""Log likelihood ratios of a further day that begins then, of an alarm put off then, of an alarm asked
for that
time, and of asking for somebody who is named (assumptions)."""
MOST = 4
"""Days of each kind that count (assumption: the rest repeats one habit)."""
RIVAL = -1.2
"""Log likelihood ratio of another habit being stronger: households get up by one pattern (assumption)."""
MAX_P = 0.95
WORKDAYS, WEEKEND, _ALL = (0, 1, 2, 3, 4), (5, 6), (0, 1, 2, 3, 4, 5, 6)


@dataclass
class _Habit:
    """One clock time with what speaks for it."""

    clock: int
    first: list[Utterance] = field(default_factory=list)
    stopped: list[Utterance] = field(default_factory=list)
    asked: list[Heard] = field(default_factory=list)
    for_others: list[Heard] = field(default_factory=list)

    def days(self) -> set[str]:
        """Days on which it shows."""
        said = [h.utterance for h in [*self.asked, *self.for_others] if h.utterance]
        return {u.day for u in [*self.first, *self.stopped, *said]}

    def odds(self) -> float:
        """Log odds that it is the subject's time of getting up."""
        first = len({u.day for u in self.first})
        stops = len({u.day for u in self.stopped})
        asked = len({h.utterance.day for h in self.asked if h.utterance})
        value = PRIOR + PER_DAY * min(first, MOST) + PER_STOP * min(stops, MOST) + PER_ASKED * min(asked, 2)
        if self.for_others and not self.asked and not stops:
            value += PER_ASKED + FOR_ANOTHER
        return value


def wake_claims(evidence: Evidence) -> list[Claim]:
    """Claims ``routine_wake``: one habit each, the likeliest first."""
    habits = sorted(_habits(evidence), key=lambda h: (-h.odds(), h.clock))
    claims: list[Claim] = []
    taken: list[_Habit] = []
    for habit in habits:
        if any(_minutes_apart(habit.clock, other.clock) <= 2 * WIDTH_MIN for other in taken):
            continue
        odds = habit.odds() + (RIVAL * len(taken) if taken else 0.0)
        taken.append(habit)
        weekdays = _weekdays(habit)
        value = f"{habit.clock // 60:02d}:{habit.clock % 60:02d} {_KINDS[weekdays]}"
        heard = [*habit.asked, *habit.for_others]
        met = [*habit.first, *habit.stopped]
        claim = Claim(
            "routine_wake",
            "subject",
            value,
            1.0,
            say(
                Phrase.WAKE,
                value=value,
                utterances=counted(len(heard), "utterance"),
                rang=counted(len({u.utterance_id for u in met}), "utterance"),
                days=counted(len(habit.days()), "day"),
            ),
            p_role=min(MAX_P, 1 / (1 + math.exp(-odds))),
            clock_min=habit.clock,
            weekdays=weekdays,
        ).supported_by(heard)
        claim.utterances |= {u.utterance_id for u in met}
        claim.sources |= {u.source for u in met}
        claim.n_support = max(len(claim.utterances), claim.n_support)
        claims.append(claim)
    return claims


_KINDS = {_ALL: "every day", WORKDAYS: "workdays", WEEKEND: "weekend", (): "day unknown"}


def _habits(evidence: Evidence) -> list[_Habit]:
    firsts = first_words(evidence.utterances)
    alarms = [u for u in firsts if u.says(cues.ALARM_OFF)]
    asked, for_others = _asked(evidence)
    clocks = _centres([u for u in firsts if u in alarms or EARLIEST <= _clock(u) < LATEST])
    clocks += sorted({h.clock_min for h in [*asked, *for_others] if h.clock_min is not None})
    found = []
    for clock in sorted(set(clocks)):
        habit = _Habit(clock)
        for utterance in firsts:
            if _minutes_apart(_clock(utterance), clock) <= WIDTH_MIN:
                (habit.stopped if utterance in alarms else habit.first).append(utterance)
        habit.asked = [
            h for h in asked if h.clock_min is not None and _minutes_apart(h.clock_min, clock) <= 2
        ]
        habit.for_others = [
            h for h in for_others if h.clock_min is not None and _minutes_apart(h.clock_min, clock) <= 2
        ]
        if len(habit.days()) >= 2 or habit.asked or habit.for_others:
            found.append(habit)
    return found


def first_words(utterances: Sequence[Utterance]) -> list[Utterance]:
    """What was said first after a night's silence, and alarms put off at any hour after one."""
    timed = sorted((u for u in utterances if u.local), key=lambda u: (u.local, u.utterance_id))
    found: list[Utterance] = []
    before: datetime | None = None
    for one in timed:
        if one.local is None:
            continue
        if before is None or one.local - before >= timedelta(hours=NIGHT_H):
            found.append(one)
        before = one.local
    return found


def _asked(evidence: Evidence) -> tuple[list[Heard], list[Heard]]:
    """Alarms asked for in the morning: for whoever asks, and for somebody who is named."""
    named = {h.utterance.utterance_id for h in evidence.of("PERSON") if h.utterance}
    own: list[Heard] = []
    others: list[Heard] = []
    for heard in evidence.of("TIME", "DATE"):
        said = heard.utterance
        if said is None or heard.clock_min is None or not EARLIEST <= heard.clock_min < LATEST:
            continue
        if said.says(cues.SETS_ALARM) or said.domain == "alarm":
            (others if said.utterance_id in named else own).append(heard)
    return own, others


def _centres(firsts: Sequence[Utterance]) -> list[int]:
    """Clock times, on the grid on which alarms are set, around which days begin."""
    counts: dict[int, set[str]] = defaultdict(set)
    for one in firsts:
        nearest = round(_clock(one) / GRID_MIN) * GRID_MIN
        counts[nearest].add(one.day)
    best = sorted(counts, key=lambda c: (-len(counts[c]), c))
    kept: list[int] = []
    for clock in best:
        if all(_minutes_apart(clock, other) > WIDTH_MIN for other in kept):
            kept.append(clock)
    return kept


def _weekdays(habit: _Habit) -> tuple[int, ...]:
    """The days of the week that the habit shows on; an alarm asked for tells by its words or its morning."""
    days = [u.local.weekday() for u in [*habit.first, *habit.stopped] if u.local]
    for heard in [*habit.asked, *habit.for_others]:
        said = heard.utterance
        if said is None:
            continue
        if said.says(cues.EVERY_DAY):
            return _ALL
        if said.says(cues.WORKDAYS):
            return WORKDAYS
        if said.says(cues.WEEKEND):
            return WEEKEND
        if said.local:
            rings = said.local.replace(hour=habit.clock // 60, minute=habit.clock % 60)
            days.append((rings if rings > said.local else rings + timedelta(days=1)).weekday())
    if not days:
        return ()
    weekend = sum(day >= 5 for day in days) / len(days)
    return WEEKEND if weekend > 0.6 else _ALL if weekend > 0.2 else WORKDAYS


def _clock(utterance: Utterance) -> int:
    return utterance.local.hour * 60 + utterance.local.minute if utterance.local else 0


def _minutes_apart(one: int, other: int) -> int:
    apart = abs(one - other)
    return min(apart, 24 * 60 - apart)
