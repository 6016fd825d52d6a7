"""With what and when: devices, services, taste, alarms, journeys, language, work."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from forensics.profile import cues
from forensics.profile.absences import absence_claims
from forensics.profile.claim import Claim, Reading, counted, readings
from forensics.profile.evidence import p_any
from forensics.profile.records import Evidence, Heard, Recording

_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
P_ALARM_IS_WAKE = 0.85
"""An alarm between four and eleven in the morning is the time of getting up (assumption)."""


P_RANG = 0.7
"""An alarm put off in the morning is an alarm to get up (assumption)."""
P_FOR_ANOTHER = 0.3
"""An alarm asked for somebody who is named is the subject's time of getting up too (assumption)."""


def habit_claims(evidence: Evidence) -> list[Claim]:
    """All claims of this module."""
    return [
        *device_claims(evidence),
        *_simple(evidence, "SERVICE", "service", "is used"),
        *taste_claims(evidence),
        *wake_claims(evidence),
        *commute_claims(evidence),
        *absence_claims(evidence),
        *language_claims(evidence),
        *employer_claims(evidence),
    ]


def device_claims(evidence: Evidence) -> list[Claim]:
    """Devices spoken of, and those that recorded."""
    claims = _simple(evidence, "DEVICE", "device", "is spoken of")
    by_kind: dict[str, list[Recording]] = defaultdict(list)
    for recording in evidence.recordings:
        if kind := recording.device_type or recording.device:
            by_kind[kind].append(recording)
    for kind, made in sorted(by_kind.items()):
        serials = sorted({r.device for r in made if r.device})
        how = "by its type code" if kind not in serials else "by its name"
        claims.append(
            Claim(
                "device",
                "subject",
                kind,
                0.995,
                f"{kind} made {counted(len(made), 'recording')}, as the export says {how}.",
                recordings={r.recording_id for r in made},
                n_support=len(made),
                sources={"vendor"},
                details={"recorded": "yes", "serials": ", ".join(serials)},
            )
        )
    return claims


def taste_claims(evidence: Evidence) -> list[Claim]:
    """Music and films asked for; artists spoken of as people come from the people."""
    played = [
        h
        for h in evidence.of("MEDIA")
        if not h.recording or h.recording.domain in ("music", "media", "general", "recommendation", "volume")
    ]
    return [_claim(r, "media_taste", "subject", "was asked for") for r in readings(played)]


def wake_claims(evidence: Evidence) -> list[Claim]:
    """Times of getting up, ``06:30 workdays``: alarms asked for, and alarms that rang and were put off.

    An alarm for somebody who is named (a child) is that person's, so that it says less of the subject.
    """
    times: dict[str, list[Heard]] = defaultdict(list)
    for heard in evidence.of("TIME", "DATE"):
        recording = heard.recording
        if recording is None or not (recording.domain == "alarm" or recording.says(cues.WAKE_CALL)):
            continue
        match = _CLOCK.search(heard.value)
        if match and 4 <= int(match[1]) <= 11:
            clock = f"{int(match[1]):02d}:{match[2]}"
            times[f"{clock} {_kind_of_day(recording, clock)}"].append(heard)
    named = {h.recording.recording_id for h in evidence.of("PERSON") if h.recording}
    rung = _rung(evidence)
    for value in _times_of(rung, set(times)):
        times[value] = []
    claims = []
    for value, same in sorted(times.items()):
        off = [r for r in rung if _rang_at(r, value)]
        days = {h.recording.day for h in same if h.recording} | {r.day for r in off}
        others = all(h.recording and h.recording.recording_id in named for h in same) and not off
        regular = 1 - (1 - P_ALARM_IS_WAKE) / min(len(days), 2)
        claim = Claim(
            "routine_wake",
            "subject",
            value,
            p_any([*(h.p for h in same), *(P_RANG for _ in off)]),
            f"An alarm for {value} was set in {counted(len(same), 'recording')} and rang in "
            f"{counted(len(off), 'recording')}, on {counted(len(days), 'day')} in all"
            + ("; it is for somebody who is named." if others else "."),
            p_role=P_FOR_ANOTHER if others else regular,
        ).supported_by(same)
        claim.recordings |= {r.recording_id for r in off}
        claim.n_support += len(off)
        claim.sources = claim.sources or {"audio"}
        claims.append(claim)
    return claims


def _rung(evidence: Evidence) -> list[Recording]:
    """Recordings of a morning in which somebody puts off or stops an alarm."""
    return [
        r for r in evidence.recordings if r.local and 4 <= r.local.hour <= 11 and r.says(cues.SNOOZES)
    ]  # fmt: skip


def _rang_at(recording: Recording, value: str) -> bool:
    """Whether an alarm that rang is this one: within twenty minutes of it, on such a day."""
    clock, kind = value.split(" ", 1)
    if recording.local is None:
        return False
    minutes = recording.local.hour * 60 + recording.local.minute - int(clock[:2]) * 60 - int(clock[3:])
    day = "weekend" if recording.local.weekday() >= 5 else "workdays"
    return -2 <= minutes <= 20 and kind in (day, "every day", "day unknown")


def _times_of(rung: Sequence[Recording], known: set[str]) -> list[str]:
    """Times at which alarms rang on two days or more, beside those that somebody asked for."""
    left = [r for r in rung if r.local and not any(_rang_at(r, value) for value in known)]
    found: list[str] = []
    for one in sorted(left, key=lambda r: (r.local.time() if r.local else None, r.recording_id)):
        if one.local is None or any(_rang_at(one, value) for value in found):
            continue
        day = "weekend" if one.local.weekday() >= 5 else "workdays"
        value = f"{one.local.hour:02d}:{one.local.minute // 5 * 5:02d} {day}"
        if len({r.day for r in left if _rang_at(r, value)}) >= 2:
            found.append(value)
    return found


def commute_claims(evidence: Evidence) -> list[Claim]:
    """Journeys asked for: the goal or line, and the part of the day."""
    journeys: dict[str, list[Recording]] = defaultdict(list)
    support: dict[str, list[Heard]] = defaultdict(list)
    for recording in evidence.recordings:
        if recording.domain != "transport":
            continue
        heard = [
            h for h in evidence.of("PLACE", "SERVICE", "TIME")
            if h.recording and h.recording.recording_id == recording.recording_id
        ]  # fmt: skip
        goal = next(
            (h.value for h in heard if h.label in ("PLACE", "SERVICE")), "public transport or traffic"
        )
        value = f"{goal}, {_part_of_day(recording)}"
        journeys[value].append(recording)
        support[value] += heard
    claims = []
    for value, found in sorted(journeys.items()):
        days = len({r.day for r in found})
        claim = Claim(
            "routine_commute",
            "subject",
            value,
            p_any([0.8] * days),
            f"A journey ({value}) was asked for on {counted(days, 'day')}.",
            p_role=0.4 if days == 1 else 0.8,
        ).supported_by(support[value])
        claim.recordings |= {r.recording_id for r in found}
        claim.n_support = len(found)
        claim.sources = claim.sources or {"audio"}
        claims.append(claim)
    return claims


def language_claims(evidence: Evidence) -> list[Claim]:
    """Languages spoken in at least a tenth of the recordings."""
    spoken = Counter(r.language for r in evidence.recordings if r.language and r.texts)
    total = sum(spoken.values())
    claims = []
    for language, n in sorted(spoken.items()):
        if n >= max(2, 0.1 * total) or n == total:
            ids = {r.recording_id for r in evidence.recordings if r.language == language and r.texts}
            claims.append(
                Claim(
                    "language",
                    "subject",
                    language,
                    min(0.99, 1 - 0.3 / n),
                    f"{n} of {counted(total, 'recording')} with words are in {language}.",
                    recordings=ids,
                    n_support=n,
                    sources={"audio"},
                )
            )
    return claims


def employer_claims(evidence: Evidence) -> list[Claim]:
    """Organisations spoken of as the employer."""
    heard = [h for h in evidence.of("ORG") if h.recording and h.recording.says(cues.EMPLOYER)]
    claims = [_claim(r, "employer", "subject", "is spoken of as the place of work") for r in readings(heard)]
    for claim in claims:
        claim.p_role = 0.7
    return claims


def _simple(evidence: Evidence, label: str, attribute: str, verb: str) -> list[Claim]:
    return [_claim(r, attribute, "subject", verb) for r in readings(evidence.of(label))]


def _claim(reading: Reading, attribute: str, role: str, verb: str) -> Claim:
    return Claim(
        attribute,
        role,
        reading.value,
        reading.p,
        f"{reading.value} {verb} in {counted(len(reading.heard), 'recording')}.",
        alternatives=reading.alternatives,
    ).supported_by(reading.heard)


def _kind_of_day(recording: Recording, clock: str) -> str:
    if recording.says(cues.EVERY_DAY):
        return "every day"
    if recording.says(cues.WORKDAYS):
        return "workdays"
    if recording.says(cues.WEEKEND):
        return "weekend"
    if recording.local is None:
        return "day unknown"
    hour, minute = map(int, clock.split(":"))
    rings = recording.local.replace(hour=hour, minute=minute)
    if rings <= recording.local:
        rings += timedelta(days=1)
    return "weekend" if rings.weekday() >= 5 else "workdays"


def _part_of_day(recording: Recording) -> str:
    if recording.local is None:
        return "time unknown"
    hour = recording.local.hour
    day = "weekend" if recording.local.weekday() >= 5 else "workdays"
    part = "morning" if 4 <= hour < 11 else "midday" if hour < 15 else "afternoon" if hour < 19 else "evening"
    return f"{day}, {part if hour >= 4 else 'night'}"
