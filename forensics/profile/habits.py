"""With what and when: devices, services, taste, alarms, journeys, language, work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.evidence import p_any
from forensics.profile.records import Evidence, Heard, Utterance
from forensics.profile.waking import WEEKEND, WORKDAYS, wake_claims
from forensics.profile.wording import Phrase, counted, say
from forensics.profile.work import work_claims

P_RECORDED = 0.995
"""A device that the export names made the recordings that it says (assumption)."""
P_JOURNEY, P_ONE_JOURNEY, P_REPEATED = 0.8, 0.4, 0.8
"""A journey asked for is one's own; it is a habit if asked for once, or on several days (assumptions)."""

_DAYS = {WORKDAYS: "workdays", WEEKEND: "weekend"}
_Journey = tuple[str, str, tuple[int, ...], str]
"""Goal, when in words, weekdays, part of the day."""


def habit_claims(evidence: Evidence) -> list[Claim]:
    """All claims of this module."""
    return [
        *device_claims(evidence),
        *_simple(evidence, "SERVICE", "service", Phrase.SERVICE),
        *taste_claims(evidence),
        *wake_claims(evidence),
        *commute_claims(evidence),
        *language_claims(evidence),
        *work_claims(evidence),
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


def commute_claims(evidence: Evidence) -> list[Claim]:
    """Journeys asked for: the goal or line, and the part of the day."""
    journeys: dict[_Journey, list[Utterance]] = defaultdict(list)
    support: dict[_Journey, list[Heard]] = defaultdict(list)
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
        days, part = _when(utterance)
        named = f"{_DAYS[days]}, {part}" if part else "time unknown"
        journeys[goal, named, days, part].append(utterance)
        support[goal, named, days, part] += heard
    claims = []
    for journey, found in sorted(journeys.items()):
        goal, when, weekdays, part = journey
        n_days = len({r.day for r in found})
        claim = Claim(
            "routine_commute",
            "subject",
            f"{goal}, {when}",
            p_any([P_JOURNEY] * n_days),
            say(Phrase.COMMUTE, value=f"{goal}, {when}", days=counted(n_days, "day")),
            p_role=P_ONE_JOURNEY if n_days == 1 else P_REPEATED,
            kind=part or None,
            weekdays=weekdays,
            places=next((h.places for h in support[journey] if h.places), {}),
        ).supported_by(support[journey])
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


def _when(utterance: Utterance) -> tuple[tuple[int, ...], str]:
    """The weekdays of its kind and the part of the day; nothing where the time is unknown."""
    if utterance.local is None:
        return (), ""
    hour = utterance.local.hour
    days = next(days for days in _DAYS if utterance.local.weekday() in days)
    part = "morning" if 4 <= hour < 11 else "midday" if hour < 15 else "afternoon" if hour < 19 else "evening"
    return days, part if hour >= 4 else "night"
