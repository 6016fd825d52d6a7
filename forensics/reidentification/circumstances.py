"""ENISA's circumstances of the breach: who has the data, whether they spread, and with what intent.

Each fact has few values (:mod:`forensics.case.incident`), and each value adds something at the lower, middle
and upper end. A worse value never adds less at any end, and an unknown fact spans all that it might be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.case.incident import Containment, Incident, Intent, Recipient
from forensics.reidentification.scored import Scored, Three, Why

CONFIDENTIALITY: dict[Recipient, Three] = {
    Recipient.TRUSTED: (0.25, 0.25, 0.25),
    Recipient.KNOWN: (0.25, 0.25, 0.25),
    Recipient.UNKNOWN: (0.25, 0.25, 0.5),
    Recipient.SEVERAL: (0.5, 0.5, 0.5),
    Recipient.PUBLIC: (0.5, 0.5, 0.5),
}
"""ENISA's CB: .25 for a known number of recipients, .5 for an unknown one; while nobody knows, either."""
SPREADING: dict[Containment, Three] = {
    Containment.DELETION_CONFIRMED: (0.0, 0.0, 0.0),
    Containment.RETURNED: (0.0, 0.0, 0.0),
    Containment.REQUESTED: (0.0, 0.0, 0.0),
    Containment.NONE: (0.0, 0.0, 0.0),
    Containment.SPREAD: (0.5, 0.5, 0.5),
    Containment.UNKNOWN: (0.0, 0.0, 0.5),
}
"""Confidentiality is at least this: what was passed on has an unknown number of recipients. A promise to
delete lowers nothing, and neither does a deletion: ENISA counts who had the data."""
MALICE: dict[Intent, Three] = {
    Intent.MISTAKE: (0.0, 0.0, 0.0),
    Intent.UNKNOWN: (0.0, 0.0, 0.5),
    Intent.CURIOSITY: (0.0, 0.5, 0.5),
    Intent.MALICIOUS: (0.5, 0.5, 0.5),
    Intent.EXTORTION: (0.5, 0.5, 0.5),
}
"""ENISA's CB: .5 for malicious intent, an act on purpose. Whether looking on purpose but not to harm is one,
the paper does not say; the middle takes it for one (assumption)."""


def circumstances(incident: Mapping[str, str]) -> Scored:
    """CB: who has it, whether it spread, and with what intent; an unknown fact widens the interval.

    Parameters
    ----------
    incident : mapping
        ``recipient``, ``containment`` and ``intent`` count, each one of the values of
        :mod:`forensics.case.incident`.
    """
    facts = Incident(incident)
    who, spread, why = CONFIDENTIALITY[facts.recipient], SPREADING[facts.containment], MALICE[facts.intent]
    confidentiality = [max(pair) for pair in zip(who, spread, strict=True)]
    low, middle, high = (c + m for c, m in zip(confidentiality, why, strict=True))
    reasons = [
        f"confidentiality {_range(confidentiality)}: recipient {_told(facts, 'recipient')}, "
        f"containment {_told(facts, 'containment')}",
        f"malicious intent {_range(why)}: intent {_told(facts, 'intent')}",
    ]
    codes = [
        Why("confidentiality", {"lo": min(confidentiality), "hi": max(confidentiality)}),
        Why("malice", {"lo": min(why), "hi": max(why)}),
    ]
    if facts.containment in (Containment.REQUESTED, Containment.DELETION_CONFIRMED, Containment.RETURNED):
        reasons.append("a deletion, asked for or confirmed, does not lower the score")
        codes.append(Why("deletion", {}))
    return Scored((low, middle, high), "; ".join(reasons) + ".", tuple(codes))


def _range(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _told(facts: Incident, name: str) -> str:
    if name in facts.unread:
        return "unknown (what is recorded is none of the values)"
    value = str(getattr(facts, name)).replace("_", " ")
    return value if facts.facts.get(name) else "not recorded"
