"""In what role somebody is spoken of: subject, companion, child, relative, visitor, contact or nobody at all.

A name in an utterance is somebody's, seldom the subject's own: people do not address themselves. Each hint
multiplies the odds of the roles it speaks for; the hints of one kind count three times at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from forensics.case.schemas import ROLES
from forensics.knowledge.names import split_name
from forensics.profile import cues
from forensics.profile.account import account_roles
from forensics.profile.claim import Reading
from forensics.profile.cues import next_to
from forensics.profile.evidence import TALK
from forensics.profile.hints import MAX_REPEATS, PRIOR, RATIOS, TO_THE_HOUSEHOLD, Hint
from forensics.profile.records import Evidence, Heard

_NEXT_TO_NAME: tuple[tuple[str, Hint, str | None], ...] = (
    (cues.SELF, Hint.INTRODUCES, None),
    (cues.COMPANION, Hint.PARTNER, "companion"),
    (cues.CHILD, Hint.CHILD, "child"),
    (cues.RELATIVE, Hint.RELATIVE, "relative"),
    (cues.COLLEAGUE, Hint.COLLEAGUE, "colleague"),
    (cues.WAKES, Hint.WOKEN, None),
    (cues.REMINDS, Hint.REMINDED, None),
    (cues.TELLS, Hint.CALLED, None),
)


def roles_of(
    reading: Reading, evidence: Evidence
) -> tuple[dict[str, float], tuple[tuple[StrEnum, int], ...], str | None]:
    """Posterior role of a name, the hints behind it with their counts, and the relation that was said.

    Parameters
    ----------
    reading : Reading
    evidence : Evidence

    Notes
    -----
    log P(role) = log prior + sum over kinds of hint of min(count, 3) times the log of the hint's ratio. Names
    that stand in an account's own data only are judged by the field that holds them.
    """
    if all(heard.utterance is None for heard in reading.heard):
        weights, found = account_roles(reading, evidence)
        return weights, found, None
    counts: dict[Hint, int] = defaultdict(int)
    relation = None
    for heard in reading.heard:
        for hint, kin in [*_hints(heard), *_speaker(heard, evidence)]:
            counts[hint] += 1
            relation = relation or kin
    name = split_name(reading.value)
    if name and name.first:
        if any(_bears(name.first, d.name) for d in evidence.devices):
            counts[Hint.DEVICE_NAME] = 1
        if any(_bears(name.first, u.speaker) for u in evidence.utterances):
            counts[Hint.SPEAKER_PROFILE] = 1
    weights = dict(PRIOR)
    for hint, count in sorted(counts.items()):
        for role in ROLES:
            weights[role] *= RATIOS[hint].get(role, 1.0) ** min(count, MAX_REPEATS)
    total = sum(weights.values())
    return {role: weights[role] / total for role in ROLES}, tuple(sorted(counts.items())), relation


def shared_roles(roles: Sequence[Mapping[str, float]], named: Sequence[float]) -> list[Mapping[str, float]]:
    """Roles of a household's people, of whom at most one is the subject and at most one the companion.

    Parameters
    ----------
    roles : sequence of mapping
        Each person's roles alone; they sum to one.
    named : sequence of float
        Probability that each name was said at all: a name that was not takes no role away.

    Returns
    -------
    list of mapping
        P(role of i) = Σ Π P_j(role_j) over all assignments in which each of the two is taken once at most,
        normalised. With a_j and b_j the weights of subject and companion and r_j the rest of person j, the
        sum over the others is Π r (1 + Σ a/r + Σ b/r + Σ_{j≠k} a_j b_k / (r_j r_k)).
    """
    subject = [p * r["subject"] for r, p in zip(roles, named, strict=True)]
    companion = [p * r["companion"] for r, p in zip(roles, named, strict=True)]
    rest = [max(1.0 - a - b, 1e-9) for a, b in zip(subject, companion, strict=True)]
    a, b = ([w / r for w, r in zip(ws, rest, strict=True)] for ws in (subject, companion))
    sums = (sum(a), sum(b), sum(x * y for x, y in zip(a, b, strict=True)))
    found: list[Mapping[str, float]] = []
    for i, alone in enumerate(roles):
        others_a, others_b = sums[0] - a[i], sums[1] - b[i]
        pairs = others_a * others_b - (sums[2] - a[i] * b[i])
        weights = {role: p * (1 + others_a + others_b + max(pairs, 0.0)) for role, p in alone.items()}
        weights["subject"] = alone["subject"] * (1 + others_b)
        weights["companion"] = alone["companion"] * (1 + others_a)
        total = sum(weights.values())
        found.append({role: weight / total for role, weight in weights.items()})
    return found


def _hints(heard: Heard) -> list[tuple[Hint, str | None]]:
    """What the sentence around a name says about its bearer: hints, each with the relation it names."""
    utterance = heard.utterance
    if utterance is None:
        return []
    found: list[tuple[Hint, str | None]] = [
        (hint, relation) for cue, hint, relation in _NEXT_TO_NAME if _next_to(cue, heard)
    ]
    talk = (utterance.accidental or 0.0) >= TALK
    for pattern, hint in (
        (cues.COMES_HOME, Hint.TOLD_COMING_HOME),
        (cues.WELCOMES, Hint.WELCOMED),
        (cues.SUMMONS, Hint.SUMMONED),
        (cues.MEALS, Hint.MEALS_OR_BED),
        (cues.KIDS, Hint.SCHOOL),
    ):
        if utterance.says(pattern):
            found.append((hint, None))
    if talk:
        found.append((Hint.ADDRESSED_IN_TALK, None))
    if any(hint is Hint.INTRODUCES for hint, _ in found):
        return found
    told = any(hint is Hint.CALLED for hint, _ in found)
    found = [(hint, kin) for hint, kin in found if hint is not Hint.CALLED]
    if not talk and any(hint in TO_THE_HOUSEHOLD for hint, _ in found):
        return found
    called = told or utterance.says(cues.CALL)
    if utterance.domain in ("music", "media") and not called:
        found.append((Hint.MEDIA, None))
    elif utterance.domain in ("qa", "news", "recommendation") and not called:
        found.append((Hint.QUESTION, None))
    elif utterance.domain == "communication" or called:
        found.append((Hint.CALLED, None))
    elif utterance.domain in ("calendar", "alarm", "lists") or utterance.says(cues.APPOINTMENT):
        found.append((Hint.APPOINTMENT, None))
    elif utterance.domain == "general" and not found:
        found.append((Hint.NAMED_IN_TALK, None))
    return found


def _speaker(heard: Heard, evidence: Evidence) -> list[tuple[Hint, str | None]]:
    """Who says the name: people do not address themselves, and the account's holder speaks most.

    By language, where the household speaks two; one language tells nothing.
    """
    if heard.utterance is None or evidence.main_language is None or heard.utterance.language is None:
        return []
    main = heard.utterance.language == evidence.main_language
    return [(Hint.BY_MAIN_SPEAKER if main else Hint.BY_ANOTHER, None)]


def _next_to(cue: str, heard: Heard) -> bool:
    texts = heard.utterance.texts if heard.utterance else ()
    return any(next_to(cue, surface, text) for text in texts for surface in heard.surfaces)


def _bears(first_name: str, label: str | None) -> bool:
    """Whether a device's or a profile's name holds a first name."""
    return label is not None and re.search(rf"\b{re.escape(first_name)}['’]?s?\b", label, re.I) is not None
