"""What identifies or hurts directly: addresses, numbers, special categories, unintended utterances."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.profile.account_facts import Stated
from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.evidence import p_any
from forensics.profile.records import Evidence, Heard
from forensics.profile.wording import Phrase, counted, say

_DIRECT = {"PHONE": "phone", "EMAIL": "email", "ADDRESS": "address"}
_SPECIAL = frozenset({"health", "religion", "politics"})
P_OWN_IN_SPEECH = {"PHONE": 0.35, "EMAIL": 0.5, "ADDRESS": 0.5}
"""Whether a number or address said aloud is the speaker's own: an assumption."""
P_OWN_IN_FILES = 0.9
P_MOST_OFTEN = 0.98
"""An identifier in the account's own files is the holder's; more surely so if it stands there most often."""
MAX_SPECIAL = 0.5
"""Special categories stay 'possible' until a person has reviewed them, however often they are hinted at."""
ACCIDENTAL = 0.5


def direct_claims(evidence: Evidence) -> list[Claim]:
    """All claims of this module."""
    return [*identifier_claims(evidence), *special_claims(evidence), *accidental_claims(evidence)]


def identifier_claims(evidence: Evidence) -> list[Claim]:
    """Phone numbers, e-mail and street addresses, in speech or in the account's files."""
    claims = []
    account = Stated(evidence)
    for label, attribute in _DIRECT.items():
        found = readings(evidence.of(label))
        for reading in found:
            in_files = any("account" in h.sources for h in reading.heard)
            own = account.own(reading)
            if own is None:
                own = _own_in_files(reading, found) if in_files else P_OWN_IN_SPEECH[label]
            claims.append(
                Claim(
                    attribute,
                    "subject" if own >= 0.5 else "contact",
                    reading.value,
                    reading.p,
                    say(
                        Phrase.IDENTIFIER_IN_FILES if in_files else Phrase.IDENTIFIER_SPOKEN,
                        value=attribute,
                        utterances=counted(len(reading.heard), "utterance"),
                    ),
                    p_role=max(own, 1 - own),
                    alternatives=reading.alternatives,
                    roles={"subject": own, "contact": 1 - own},
                ).supported_by(reading.heard)
            )
    return claims


def _own_in_files(reading: Reading, found: Sequence[Reading]) -> float:
    most = max(len(r.heard) for r in found)
    return P_MOST_OFTEN if len(reading.heard) == most >= 3 else P_OWN_IN_FILES


def special_claims(evidence: Evidence) -> list[Claim]:
    """Hints at special categories of Article 9 GDPR, as possible, for a person to review."""
    claims = []
    hinted = [h for h in evidence.heard if h.special]
    for category in sorted({h.special for h in hinted if h.special}):
        heard = [h for h in hinted if h.special == category]
        if category == "child":  # what children like does not name the child
            claims.append(_special("child", "possibly a child", category, heard, p_any(h.p for h in heard)))
        else:
            attribute = category if category in _SPECIAL else "interest"
            claims += [_special(attribute, r.value, category, list(r.heard), r.p) for r in readings(heard)]
    return claims


def _special(attribute: str, value: str, category: str, heard: list[Heard], p: float) -> Claim:
    return Claim(
        attribute,
        "child" if attribute == "child" else "subject",
        value,
        min(p, MAX_SPECIAL),
        say(Phrase.SPECIAL, utterances=counted(len(heard), "utterance")),
        special=category,
        dep_group="special",
    ).supported_by(heard)


def accidental_claims(evidence: Evidence) -> list[Claim]:
    """Recordings that nobody meant to make."""
    claims = []
    for utterance in evidence.utterances:
        score = utterance.accidental or 0.0
        if score >= ACCIDENTAL:
            claims.append(
                Claim(
                    "accidental_recording",
                    "subject",
                    utterance.utterance_id,
                    min(score, 0.99),
                    say(Phrase.ACCIDENTAL),
                    utterances={utterance.utterance_id},
                    n_support=1,
                    sources={utterance.source},
                )
            )
    return claims
