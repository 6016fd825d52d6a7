"""When the home stands empty: days on which its devices heard nothing, and journeys spoken of."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from forensics.profile import cues
from forensics.profile.claim import Claim
from forensics.profile.evidence import p_any
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.wording import Phrase, counted, say

LEAST_DAYS, LEAST_ACTIVE = 7, 5
"""Silence tells something only in a record of this many days, with something heard on this many."""
SHORTEST = 2
"""Days of silence from which they are called an absence."""
AWAY_PER_DAY = 1 / 150
"""Chance that an absence of a given length begins on a given day: once a month, five lengths (assumption)."""
HINT_ODDS = 6.0
"""Likelihood ratio of luggage or a journey spoken of shortly before, or for these very days (assumption)."""
MAX_P = 0.95
P_SPOKEN_OF = 0.4
"""Probability that a journey spoken of is the household's own, and is made (assumption)."""
DAYS_BEFORE = 3
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "montag monday", "dienstag tuesday", "mittwoch wednesday", "donnerstag thursday",
            "freitag friday", "samstag sonnabend saturday", "sonntag sunday",
        )
    )
    for name in names.split()
}  # fmt: skip


def absence_claims(evidence: Evidence) -> list[Claim]:
    """Absences: days without a utterance at home, and what was said of journeys; then the rest."""
    spoken = {r.utterance_id: r for r in evidence.utterances if r.says(cues.ABSENCE)}
    told: set[str] = set()
    claims = []
    for first, last, odds in silences(evidence):
        hints = [r for r in evidence.utterances if _tells_of(r, first, last, spoken, evidence)]
        told |= {r.utterance_id for r in hints}
        odds *= HINT_ODDS ** min(len(hints), 2)
        p = min(MAX_P, odds / (1 + odds))
        away = _outside(evidence, first, last)
        near = [*hints, *away, *_around(evidence, first, last)]
        support = list({r.utterance_id: r for r in near}.values())
        value = f"{first.isoformat()}/{last.isoformat()}"
        days = (last - first).days + 1
        if p >= 0.1:
            claims.append(
                Claim(
                    "absence",
                    "subject",
                    value,
                    p,
                    say(
                        Phrase.SILENCE,
                        value=value,
                        days=counted(days, "day"),
                        told=counted(len(hints), "utterance"),
                        away=counted(len(away), "utterance"),
                    ),
                    utterances={r.utterance_id for r in support},
                    n_support=len(support),
                    sources={r.source for r in support},
                    days=(first, last),
                    details={"silent_days": str(days)},
                )
            )
    return [*claims, *_spoken_of([r for name, r in spoken.items() if name not in told], evidence)]


def silences(evidence: Evidence) -> list[tuple[date, date, float]]:
    """Runs of days without a utterance at home, each with the odds that nobody was there.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    list of (first day, last day, odds)
        Odds = P(an absence of this length begins that day) / P(so many silent days by chance) = a / s^g, with
        s = (silent days outside the run + 1) / (days outside + 2) (Laplace) and g the run's length.
    """
    active = {r.local.date() for r in evidence.utterances if r.local and _at_home(r)}
    if len(active) < LEAST_ACTIVE:
        return []
    start, end = min(active), max(active)
    total = (end - start).days + 1
    if total < LEAST_DAYS:
        return []
    silent = total - len(active)
    ordered = sorted(active)
    found = []
    for before, after in pairwise(ordered):
        length = (after - before).days - 1
        if length >= SHORTEST:
            share = (silent - length + 1) / (total - length + 2)
            found.append((before + timedelta(1), after - timedelta(1), AWAY_PER_DAY / share**length))
    return found


def resolve(words: str, said: date) -> tuple[date, date] | None:
    """The days that a spoken or normalised date means, seen from the day on which it was said.

    Examples
    --------
    >>> resolve("am Wochenende", date(2018, 5, 17))
    (datetime.date(2018, 5, 19), datetime.date(2018, 5, 20))
    >>> resolve("on saturday", date(2018, 5, 18)), resolve("soon", date(2018, 5, 18))
    ((datetime.date(2018, 5, 19), datetime.date(2018, 5, 19)), None)
    """
    lower = words.casefold()
    if iso := re.search(r"\b\d{4}-\d\d-\d\d\b", lower):
        try:
            day = date.fromisoformat(iso[0])
        except ValueError:
            return None
        return day, day
    if re.search(r"wochenende|weekend", lower):
        saturday = said + timedelta((5 - said.weekday()) % 7)
        return saturday, saturday + timedelta(1)
    for word, number in _WEEKDAYS.items():
        if word in lower:
            day = said + timedelta((number - said.weekday() - 1) % 7 + 1)
            return day, day
    for pattern, ahead in ((r"übermorgen|day after tomorrow", 2), (r"morgen|tomorrow", 1)):
        if re.search(pattern, lower) and "jeden" not in lower:
            return said + timedelta(ahead), said + timedelta(ahead)
    return None


def _at_home(utterance: Utterance) -> bool:
    """An app travels with its owner; all other devices are taken to stand at home."""
    device = utterance.device
    return device is None or "app" not in f"{device.kind or ''} {device.name or ''}".casefold().split()


def _outside(evidence: Evidence, first: date, last: date) -> list[Utterance]:
    return [r for r in evidence.utterances if r.local and not _at_home(r) and first <= r.local.date() <= last]


def _around(evidence: Evidence, first: date, last: date) -> list[Utterance]:
    """The last utterance at home before the silence, and the first after it."""
    home = sorted(
        (r for r in evidence.utterances if r.local and _at_home(r)), key=lambda r: (r.local, r.utterance_id)
    )
    before = [r for r in home if r.local and r.local.date() < first]
    after = [r for r in home if r.local and r.local.date() > last]
    return [*before[-1:], *after[:1]]


def _tells_of(
    utterance: Utterance, first: date, last: date, spoken: dict[str, Utterance], evidence: Evidence
) -> bool:
    """Whether luggage is spoken of just before, or another place is asked about for these days."""
    if utterance.local is None:
        return False
    said = utterance.local.date()
    if utterance.utterance_id in spoken and timedelta(0) <= first - said <= timedelta(DAYS_BEFORE):
        return True
    if utterance.domain != "weather" or said > last:
        return False
    heard = _within(utterance, evidence)
    days = next(
        (found for h in heard if h.label in ("DATE", "TIME") and (found := resolve(h.value, said))), None
    )
    return (
        days is not None and days[0] <= last and days[1] >= first and any(h.label == "PLACE" for h in heard)
    )


def _within(utterance: Utterance, evidence: Evidence) -> list[Heard]:
    return list(evidence.by_utterance.get(utterance.utterance_id, ()))


def _spoken_of(utterances: list[Utterance], evidence: Evidence) -> list[Claim]:
    """Journeys spoken of that no silence confirms, with their date where one was said."""
    by_day: dict[tuple[str, tuple[date, date] | None], list[tuple[Utterance, Heard | None]]] = {}
    for utterance in utterances:
        when = [h for h in _within(utterance, evidence) if h.label == "DATE"]
        days = resolve(when[0].value, utterance.local.date()) if when and utterance.local else None
        value = days[0].isoformat() if days else when[0].value if when else "date not said"
        by_day.setdefault((value, days), []).append((utterance, when[0] if when else None))
    claims = []
    for (value, days), found in sorted(by_day.items(), key=lambda item: item[0][0]):
        heard = [h for _, h in found if h is not None]
        claim = Claim(
            "absence",
            "subject",
            value,
            p_any([h.p if h else 0.8 for _, h in found]),
            say(Phrase.AWAY_SPOKEN_OF, value=value, utterances=counted(len(found), "utterance")),
            p_role=P_SPOKEN_OF,
            days=days,
        ).supported_by(heard)
        claim.utterances |= {r.utterance_id for r, _ in found}
        claim.n_support = len(found)
        claim.sources |= {r.source for r, _ in found}
        claims.append(claim)
    return claims
