"""In what role somebody is spoken of: subject, companion, child, relative, visitor, contact or nobody at all.

One model for the household: what is said of each person gives the odds of the roles, and at most one of
them is
the subject and one the companion. The weights are fitted around assumptions (``fitting/reading.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from forensics.case.kinds import ROLES
from forensics.profile.weights import Fitted, shipped

FITTED_ROLES = ("subject", "companion", "child", "relative", "visitor", "contact", "nobody")
"""Roles that the model tells apart; what somebody is quoted or played for makes a nobody a public figure."""


def role_odds(features: Mapping[str, float], fitted: Fitted | None = None) -> dict[str, float]:
    """Probability of each role for one person alone, by a multinomial logistic model.

    Parameters
    ----------
    features : mapping
        As :func:`forensics.profile.person_features.cluster_features` gives them.
    fitted : Fitted, optional
    """
    model = fitted or shipped()
    scores = {role: model.score(f"role_{role}", features) for role in FITTED_ROLES}
    top = max(scores.values())
    weights = {role: math.exp(score - top) for role, score in scores.items()}
    total = sum(weights.values())
    odds = {role: weights.get(role, 0.0) / total for role in ROLES}
    quoted = features.get("share_quoted_or_media", 0.0) + features.get("in_media", 0.0)
    no_person = features.get("share_not_a_person", 0.0)
    public = quoted / (quoted + no_person) if quoted + no_person else 0.5
    odds["public_figure"] = odds["nobody"] * public
    odds["nobody"] *= 1 - public
    return odds


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
