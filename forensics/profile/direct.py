"""What identifies or hurts directly: addresses, numbers, special categories, unintended recordings."""

from __future__ import annotations

from forensics.profile.claim import Claim, counted, readings
from forensics.profile.evidence import Evidence

_DIRECT = {"PHONE": "phone", "EMAIL": "email", "ADDRESS": "address"}
_SPECIAL = {"health": "health", "religion": "religion", "politics": "politics"}
P_OWN_IN_SPEECH = {"PHONE": 0.35, "EMAIL": 0.5, "ADDRESS": 0.5}
"""Whether a number or address said aloud is the speaker's own: an assumption."""
P_OWN_IN_FILES = 0.9
MAX_SPECIAL = 0.5
"""Special categories stay 'possible' until a person has reviewed them, however often they are hinted at."""
ACCIDENTAL = 0.5


def direct_claims(evidence: Evidence) -> list[Claim]:
    """All claims of this module."""
    return [*identifier_claims(evidence), *special_claims(evidence), *accidental_claims(evidence)]


def identifier_claims(evidence: Evidence) -> list[Claim]:
    """Phone numbers, e-mail and street addresses, in speech or in the account's files."""
    claims = []
    for label, attribute in _DIRECT.items():
        for reading in readings(evidence.of(label)):
            in_files = any("account" in h.sources for h in reading.heard)
            own = P_OWN_IN_FILES if in_files else P_OWN_IN_SPEECH[label]
            where = "the account's files" if in_files else counted(len(reading.heard), "recording")
            claims.append(
                Claim(
                    attribute,
                    "subject" if own >= 0.5 else "contact",
                    reading.value,
                    reading.p,
                    f"{attribute.capitalize()} found in {where}.",
                    p_role=max(own, 1 - own),
                    alternatives=reading.alternatives,
                    roles={"subject": own, "contact": 1 - own},
                ).supported_by(reading.heard)
            )
    return claims


def special_claims(evidence: Evidence) -> list[Claim]:
    """Hints at special categories of Article 9 GDPR, as possible, for a person to review."""
    claims = []
    hinted = [h for h in evidence.heard if h.special]
    for category in sorted({h.special for h in hinted if h.special}):
        heard = [h for h in hinted if h.special == category]
        for reading in readings(heard):
            claims.append(
                Claim(
                    _SPECIAL.get(category, "child" if category in ("child", "children") else "interest"),
                    "subject",
                    reading.value,
                    min(reading.p, MAX_SPECIAL),
                    f"Possible hint ({category}) in {counted(len(reading.heard), 'recording')}: review it.",
                    details={"special_category": category},
                    dep_group="special",
                ).supported_by(reading.heard)
            )
    return claims


def accidental_claims(evidence: Evidence) -> list[Claim]:
    """Recordings that nobody meant to make."""
    claims = []
    for recording in evidence.recordings:
        score = recording.accidental or 0.0
        if score >= ACCIDENTAL:
            claims.append(
                Claim(
                    "accidental_recording",
                    "subject",
                    recording.recording_id,
                    min(score, 0.99),
                    "Nobody seems to have meant this recording to be made.",
                    recordings={recording.recording_id},
                    n_support=1,
                    sources={"audio"},
                )
            )
    return claims
