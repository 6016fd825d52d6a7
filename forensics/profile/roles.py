"""In what role somebody is spoken of: subject, companion, child, visitor, contact or artist.

A name in a recording is somebody's, seldom the subject's own: people do not address themselves. Each hint
multiplies the odds of the roles it speaks for; the hints of one kind count three times at most, because what
was said ten times was still the same habit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from forensics.knowledge.names import fold, split_name
from forensics.profile import cues
from forensics.profile.claim import Reading
from forensics.profile.cues import next_to
from forensics.profile.evidence import TALK
from forensics.profile.records import Evidence, Heard

ROLES = ("subject", "companion", "child", "visitor", "contact", "artist")
PRIOR = {"subject": 0.10, "companion": 0.15, "child": 0.10, "visitor": 0.10, "contact": 0.45, "artist": 0.10}
"""Whose name a name heard without any hint is: an assumption."""
MAX_REPEATS = 3
HINTS: Mapping[str, Mapping[str, float]] = {
    "introduces himself or herself": {
        "subject": 60.0,
        "companion": 1.5,
        "visitor": 1.0,
        "contact": 0.1,
        "artist": 0.1,
    },
    "called wife, husband or partner": {"companion": 60.0},
    "called son, daughter or child": {"child": 60.0},
    "called a relative": {"contact": 8.0, "visitor": 2.0},
    "called a colleague, neighbour or doctor": {"contact": 12.0},
    "welcomed or waited on": {"visitor": 12.0, "contact": 0.5, "artist": 0.3},
    "summoned": {"subject": 4.0, "companion": 4.0, "child": 4.0, "contact": 0.4, "artist": 0.3},
    "named in talk": {"subject": 2.0, "companion": 2.0, "child": 1.5, "visitor": 2.5, "contact": 0.4},
    "to be woken": {"child": 8.0, "companion": 3.0, "subject": 2.0, "visitor": 1.0, "contact": 0.1},
    "reminded by another": {"child": 1.8, "companion": 3.0, "subject": 3.0, "contact": 0.2, "visitor": 0.5},
    "told when somebody comes home": {"companion": 10.0, "child": 2.0, "visitor": 0.3, "contact": 0.7},
    "told of meals or bedtime": {"companion": 4.0, "child": 3.0, "subject": 3.0, "contact": 0.2},
    "together with school or bedtime": {"child": 5.0},
    "addressed in talk not meant for the device": {"companion": 4, "child": 3, "visitor": 2.5, "artist": 0.3},
    "asked for as music or film": {"artist": 25.0},
    "subject of a general question": {"artist": 6.0},
    "called or written to": {"contact": 12.0, "companion": 2.5, "child": 1.2, "visitor": 1.5},
    "in a reminder or appointment": {"contact": 2.0, "companion": 2.0, "child": 2.0},
    "a device bears the name": {"subject": 8.0, "companion": 4.0, "child": 2.0},
    "said by whoever speaks most": {"subject": 0.4},
    "said by somebody else": {"subject": 2.5, "visitor": 0.8},
}
"""Likelihood ratios of each hint by role, 1 where not given: assumptions, named in every claim's reason."""
_NEXT_TO_NAME = (
    (cues.SELF, "introduces himself or herself", None),
    (cues.COMPANION, "called wife, husband or partner", "companion"),
    (cues.CHILD, "called son, daughter or child", "child"),
    (cues.RELATIVE, "called a relative", "relative"),
    (cues.COLLEAGUE, "called a colleague, neighbour or doctor", "colleague"),
    (cues.WAKES, "to be woken", None),
    (cues.REMINDS, "reminded by another", None),
    (cues.TELLS, "called or written to", None),
)
_TO_THE_HOUSEHOLD = frozenset(
    {"to be woken", "reminded by another", "told when somebody comes home", "told of meals or bedtime"}
)
"""Who is told these is at home, so that the message is no call to somebody outside."""


def roles_of(reading: Reading, evidence: Evidence) -> tuple[dict[str, float], tuple[str, ...], str | None]:
    """Posterior role of a name, the hints behind it, and the relation that was said.

    Parameters
    ----------
    reading : Reading
    evidence : Evidence

    Notes
    -----
    log P(role) = log prior + sum over kinds of hint of min(count, 3) times the log of the hint's ratio.
    """
    if evidence.role == "account":
        return _account_roles(reading, evidence)
    counts: dict[str, int] = defaultdict(int)
    relation = None
    for heard in reading.heard:
        for hint, kin in [*_hints(heard), *_speaker(heard, evidence)]:
            counts[hint] += 1
            relation = relation or kin
    first = split_name(reading.value)
    if first and first.first and any(_owns(first.first, r.device) for r in evidence.recordings):
        counts["a device bears the name"] = 1
    weights = dict(PRIOR)
    for hint, count in sorted(counts.items()):
        for role in ROLES:
            weights[role] *= HINTS[hint].get(role, 1.0) ** min(count, MAX_REPEATS)
    total = sum(weights.values())
    said = tuple(f"{hint} ({counts[hint]})" for hint in sorted(counts))
    return {role: weights[role] / total for role in ROLES}, said, relation


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


def _hints(heard: Heard) -> list[tuple[str, str | None]]:
    """What the sentence around a name says about its bearer: hints, each with the relation it names."""
    recording = heard.recording
    if recording is None:
        return []
    found: list[tuple[str, str | None]] = [
        (hint, relation) for cue, hint, relation in _NEXT_TO_NAME if _next_to(cue, heard)
    ]
    if recording.says(cues.COMES_HOME):
        found.append(("told when somebody comes home", None))
    if recording.says(cues.WELCOMES):
        found.append(("welcomed or waited on", None))
    if recording.says(cues.SUMMONS):
        found.append(("summoned", None))
    if recording.says(cues.MEALS):
        found.append(("told of meals or bedtime", None))
    if recording.says(cues.KIDS):
        found.append(("together with school or bedtime", None))
    if (recording.accidental or 0.0) >= TALK:
        found.append(("addressed in talk not meant for the device", None))
    if any(hint == "introduces himself or herself" for hint, _ in found):
        return found
    told = any(hint == "called or written to" for hint, _ in found)
    found = [(hint, kin) for hint, kin in found if hint != "called or written to"]
    if (recording.accidental or 0.0) < TALK and any(hint in _TO_THE_HOUSEHOLD for hint, _ in found):
        return found
    called = told or recording.says(cues.CALL)
    if recording.domain in ("music", "media") and not called:
        found.append(("asked for as music or film", None))
    elif recording.domain in ("qa", "news", "recommendation") and not called:
        found.append(("subject of a general question", None))
    elif recording.domain == "communication" or called:
        found.append(("called or written to", None))
    elif recording.domain in ("calendar", "alarm", "lists") or recording.says(cues.APPOINTMENT):
        found.append(("in a reminder or appointment", None))
    elif recording.domain == "general" and not found:
        found.append(("named in talk", None))
    return found


def _speaker(heard: Heard, evidence: Evidence) -> list[tuple[str, str | None]]:
    """Who says the name: people do not address themselves, and the account's holder speaks most.

    By language, where the household speaks two; one language tells nothing.
    """
    if heard.recording is None or evidence.main_language is None or heard.recording.language is None:
        return []
    main = heard.recording.language == evidence.main_language
    return [("said by whoever speaks most" if main else "said by somebody else", None)]


def _account_roles(
    reading: Reading, evidence: Evidence
) -> tuple[dict[str, float], tuple[str, ...], str | None]:
    """In an account's own files the name that stands most often is the holder's."""
    counts: dict[str, int] = defaultdict(int)
    for one in evidence.of("PERSON"):
        counts[fold(one.value)] += 1
    mine = max((counts[fold(h.value)] for h in reading.heard), default=0)
    most = max(counts.values(), default=1)
    share = (0.97 if mine >= 3 else 0.9) if mine == most else 0.15
    rest = (1 - share) / (len(ROLES) - 1)
    hint = (
        "the name that stands most often in the account's files"
        if mine == most
        else "a name in the account's files"
    )
    return {role: share if role == "subject" else rest for role in ROLES}, (hint,), None


def _next_to(cue: str, heard: Heard) -> bool:
    texts = heard.recording.texts if heard.recording else ()
    return any(next_to(cue, surface, text) for text in texts for surface in heard.surfaces)


def _owns(first_name: str, device: str | None) -> bool:
    return device is not None and re.search(rf"\b{re.escape(first_name)}['’]?s?\b", device, re.I) is not None
