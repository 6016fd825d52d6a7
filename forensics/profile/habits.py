"""With what and when: devices, services, taste, alarms, journeys, language, work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from forensics.profile import cues
from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.evidence import p_any
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.wording import Phrase, counted, say

P_ALARM_IS_WAKE = 0.85
"""An alarm between four and eleven in the morning is the time of getting up (assumption)."""
P_RANG = 0.7
"""An alarm put off in the morning is an alarm to get up (assumption)."""
P_FOR_ANOTHER = 0.3
"""An alarm asked for somebody who is named is the subject's time of getting up too (assumption)."""
P_RECORDED = 0.995
"""A device that the export names made the recordings that it says (assumption)."""
P_EMPLOYER = 0.7
"""An organisation spoken of beside work is the employer (assumption)."""
P_JOURNEY, P_ONE_JOURNEY, P_REPEATED = 0.8, 0.4, 0.8
"""A journey asked for is one's own; it is a habit if asked for once, or on several days (assumptions)."""
_MORNING = (4 * 60, 12 * 60)
_DAYS = {"every day": (0, 1, 2, 3, 4, 5, 6), "workdays": (0, 1, 2, 3, 4), "weekend": (5, 6)}


def habit_claims(evidence: Evidence) -> list[Claim]:
    """All claims of this module."""
    return [
        *device_claims(evidence),
        *_simple(evidence, "SERVICE", "service", Phrase.SERVICE),
        *taste_claims(evidence),
        *wake_claims(evidence),
        *commute_claims(evidence),
        *language_claims(evidence),
        *employer_claims(evidence),
    ]


def device_claims(evidence: Evidence) -> list[Claim]:
    """Devices spoken of, and those that recorded."""
    claims = _simple(evidence, "DEVICE", "device", Phrase.DEVICE_SPOKEN_OF)
    by_kind: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in evidence.utterances:
        if utterance.device is not None and (kind := utterance.device.kind or utterance.device.name):
            by_kind[kind].append(utterance)
    for kind, made in sorted(by_kind.items()):
        claims.append(
            Claim(
                "device",
                "subject",
                kind,
                P_RECORDED,
                say(Phrase.DEVICE_RECORDED, value=kind, utterances=counted(len(made), "utterance")),
                utterances={r.utterance_id for r in made},
                n_support=len(made),
                sources={"vendor"},
                kind=_device_key(made),
                device_ids={r.device_id for r in made if r.device_id},
                details={"recorded": "yes"},
            )
        )
    return claims


def _device_key(made: Sequence[Utterance]) -> str | None:
    """``Echo Dot`` as ``echo_dot``: the vocabulary of the language room."""
    kind = next((u.device.kind for u in made if u.device and u.device.kind), None)
    return kind.casefold().replace(" ", "_") if kind else None


def taste_claims(evidence: Evidence) -> list[Claim]:
    """Music and films asked for; artists spoken of as people come from the people."""
    played = [
        h
        for h in evidence.of("MEDIA")
        if not h.utterance or h.utterance.domain in ("music", "media", "general", "recommendation", "volume")
    ]
    return [_claim(r, "media_taste", "subject", Phrase.MEDIA) for r in readings(played)]


def wake_claims(evidence: Evidence) -> list[Claim]:
    """Times of getting up, ``06:30 workdays``: alarms asked for, and alarms that rang and were put off.

    An alarm for somebody who is named (a child) is that person's, so that it says less of the subject.
    """
    times: dict[tuple[int, str], list[Heard]] = defaultdict(list)
    for heard in evidence.of("TIME", "DATE"):
        utterance = heard.utterance
        if utterance is None or not (utterance.domain == "alarm" or utterance.says(cues.WAKE_CALL)):
            continue
        if heard.clock_min is not None and _MORNING[0] <= heard.clock_min < _MORNING[1]:
            times[heard.clock_min, _kind_of_day(utterance, heard.clock_min)].append(heard)
    named = {h.utterance.utterance_id for h in evidence.of("PERSON") if h.utterance}
    rung = _rung(evidence)
    for key in _times_of(rung, set(times)):
        times[key] = []
    claims = []
    for (clock, kind), same in sorted(times.items()):
        off = [r for r in rung if _rang_at(r, clock, kind)]
        days = {h.utterance.day for h in same if h.utterance} | {r.day for r in off}
        others = all(h.utterance and h.utterance.utterance_id in named for h in same) and not off
        regular = 1 - (1 - P_ALARM_IS_WAKE) / min(len(days), 2)
        value = f"{clock // 60:02d}:{clock % 60:02d} {kind}"
        claim = Claim(
            "routine_wake",
            "subject",
            value,
            p_any([*(h.p for h in same), *(P_RANG for _ in off)]),
            say(
                Phrase.WAKE_FOR_ANOTHER if others else Phrase.WAKE,
                value=value,
                utterances=counted(len(same), "utterance"),
                rang=counted(len(off), "utterance"),
                days=counted(len(days), "day"),
            ),
            p_role=P_FOR_ANOTHER if others else regular,
            clock_min=clock,
            weekdays=_DAYS.get(kind, ()),
        ).supported_by(same)
        claim.utterances |= {r.utterance_id for r in off}
        claim.n_support += len(off)
        claim.sources |= {r.source for r in off}
        claims.append(claim)
    return claims


def _rung(evidence: Evidence) -> list[Utterance]:
    """Recordings of a morning in which somebody puts off or stops an alarm."""
    return [
        r for r in evidence.utterances if r.local and 4 <= r.local.hour <= 11 and r.says(cues.SNOOZES)
    ]  # fmt: skip


def _rang_at(utterance: Utterance, clock: int, kind: str) -> bool:
    """Whether an alarm that rang is this one: within twenty minutes of it, on such a day."""
    if utterance.local is None:
        return False
    minutes = utterance.local.hour * 60 + utterance.local.minute - clock
    day = "weekend" if utterance.local.weekday() >= 5 else "workdays"
    return -2 <= minutes <= 20 and kind in (day, "every day", "day unknown")


def _times_of(rung: Sequence[Utterance], known: set[tuple[int, str]]) -> list[tuple[int, str]]:
    """Times at which alarms rang on two days or more, beside those that somebody asked for."""
    left = [r for r in rung if r.local and not any(_rang_at(r, *key) for key in known)]
    found: list[tuple[int, str]] = []
    for one in sorted(left, key=lambda r: (r.local.time() if r.local else None, r.utterance_id)):
        if one.local is None or any(_rang_at(one, *key) for key in found):
            continue
        day = "weekend" if one.local.weekday() >= 5 else "workdays"
        key = (one.local.hour * 60 + one.local.minute // 5 * 5, day)
        if len({r.day for r in left if _rang_at(r, *key)}) >= 2:
            found.append(key)
    return found


def commute_claims(evidence: Evidence) -> list[Claim]:
    """Journeys asked for: the goal or line, and the part of the day."""
    journeys: dict[str, list[Utterance]] = defaultdict(list)
    support: dict[str, list[Heard]] = defaultdict(list)
    for utterance in evidence.utterances:
        if utterance.domain != "transport":
            continue
        heard = [
            h for h in evidence.of("PLACE", "SERVICE", "TIME")
            if h.utterance and h.utterance.utterance_id == utterance.utterance_id
        ]  # fmt: skip
        goal = next(
            (h.value for h in heard if h.label in ("PLACE", "SERVICE")), "public transport or traffic"
        )
        value = f"{goal}, {_part_of_day(utterance)}"
        journeys[value].append(utterance)
        support[value] += heard
    claims = []
    for value, found in sorted(journeys.items()):
        days = len({r.day for r in found})
        claim = Claim(
            "routine_commute",
            "subject",
            value,
            p_any([P_JOURNEY] * days),
            say(Phrase.COMMUTE, value=value, days=counted(days, "day")),
            p_role=P_ONE_JOURNEY if days == 1 else P_REPEATED,
            places=next((h.places for h in support[value] if h.places), {}),
        ).supported_by(support[value])
        claim.utterances |= {r.utterance_id for r in found}
        claim.n_support = len(found)
        claim.sources |= {r.source for r in found}
        claims.append(claim)
    return claims


def language_claims(evidence: Evidence) -> list[Claim]:
    """Languages spoken in at least a tenth of the utterances."""
    spoken = Counter(r.language for r in evidence.utterances if r.language and r.texts)
    total = sum(spoken.values())
    claims = []
    for language, n in sorted(spoken.items()):
        if n >= max(2, 0.1 * total) or n == total:
            own = [r for r in evidence.utterances if r.language == language and r.texts]
            claims.append(
                Claim(
                    "language",
                    "subject",
                    language,
                    min(0.99, 1 - 0.3 / n),
                    say(Phrase.LANGUAGE, value=language, utterances=counted(n, "utterance"), total=total),
                    utterances={r.utterance_id for r in own},
                    n_support=n,
                    sources={r.source for r in own},
                    kind=language,
                )
            )
    return claims


def employer_claims(evidence: Evidence) -> list[Claim]:
    """Organisations spoken of as the employer."""
    heard = [h for h in evidence.of("ORG") if h.utterance and h.utterance.says(cues.EMPLOYER)]
    claims = [_claim(r, "employer", "subject", Phrase.EMPLOYER) for r in readings(heard)]
    for claim in claims:
        claim.p_role = P_EMPLOYER
    return claims


def _simple(evidence: Evidence, label: str, attribute: str, phrase: Phrase) -> list[Claim]:
    return [_claim(r, attribute, "subject", phrase) for r in readings(evidence.of(label))]


def _claim(reading: Reading, attribute: str, role: str, phrase: Phrase) -> Claim:
    return Claim(
        attribute,
        role,
        reading.value,
        reading.p,
        say(phrase, value=reading.value, utterances=counted(len(reading.heard), "utterance")),
        alternatives=reading.alternatives,
        kind=reading.kind,
    ).supported_by(reading.heard)


def _kind_of_day(utterance: Utterance, clock: int) -> str:
    if utterance.says(cues.EVERY_DAY):
        return "every day"
    if utterance.says(cues.WORKDAYS):
        return "workdays"
    if utterance.says(cues.WEEKEND):
        return "weekend"
    if utterance.local is None:
        return "day unknown"
    rings = utterance.local.replace(hour=clock // 60, minute=clock % 60)
    if rings <= utterance.local:
        rings += timedelta(days=1)
    return "weekend" if rings.weekday() >= 5 else "workdays"


def _part_of_day(utterance: Utterance) -> str:
    if utterance.local is None:
        return "time unknown"
    hour = utterance.local.hour
    day = "weekend" if utterance.local.weekday() >= 5 else "workdays"
    part = "morning" if 4 <= hour < 11 else "midday" if hour < 15 else "afternoon" if hour < 19 else "evening"
    return f"{day}, {part if hour >= 4 else 'night'}"
