"""Scores every profile of a register against a household, and says what speaks for whom.

    P(c | E) = (ρ / |R|) B_c / [ (ρ / |R|) Σ B_r + (1 - ρ) A ]

with B the product of the ratios (:mod:`.profile_ratios`) and ρ the probability that the subject is in the
register at all; the rest is "nobody" (method 1.7). A is what the evidence is worth if the subject is *not* in
it: 1 if nobody around the household is in it either, and more if the companion is, or somebody whom the
household names, for then a profile fits well and is not the subject's:

    A = 1 - κ + κ mean(C) + λ Σ max(mean(K) - 1, 0)

with C the ratio of a profile as the companion's, K as each person's who is named by the full name, and κ and
λ the probabilities that these are in the register when the subject is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forensics.linkage.index import Register
from forensics.linkage.profile_ratios import CHUNK, Ratios
from forensics.linkage.wanted import Query

TOP = 25
"""Candidates that are kept: as many as somebody may look through."""
TIE_BITS = 0.1
"""Assumption: weights closer than this cannot be told apart."""
COMPANION_ALONE = 0.3
"""Assumption: κ, the probability that there is a companion whose profile is in the register without one that
is known for the subject's."""
OUTSIDER_ALONE = 0.5
"""Assumption: λ, the same of somebody whom the household names."""


@dataclass(frozen=True)
class RankedProfile:
    """One profile.

    Parameters
    ----------
    row : int
        In the register.
    weight : float
        Bits.
    fields : dict
        Bits by field; they sum to the weight.
    levels : dict
        How well each field agrees, one of :data:`forensics.linkage.levels.LEVELS`; without the fields that
        are not compared by levels.
    tie_group : int
        Candidates with the same number cannot be told apart.
    """

    row: int
    weight: float
    fields: Mapping[str, float]
    levels: Mapping[str, str]
    posterior: float
    tie_group: int


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Parameters
    ----------
    candidates : tuple of RankedProfile
        Best first.
    nobody : float
        Posterior of the subject not being in the register.
    """

    candidates: tuple[RankedProfile, ...]
    nobody: float
    profiles: int


def search(register: Register, query: Query, *, in_register: float = 0.5, top: int = TOP) -> SearchResult:
    """Look for a household's subject in a register.

    Parameters
    ----------
    in_register : float
        ρ, the probability that the subject is in it, before looking.
    top : int
        Candidates to return.
    """
    n = len(register)
    if not n or query.empty:
        return SearchResult((), 1.0 - in_register if n else 1.0, n)
    ratios = Ratios(register, query)
    subject = companion = 0.0
    outsiders = np.zeros(0)
    best: list[tuple[float, int]] = []
    for start in range(0, n, CHUNK):
        weights = ratios.weights(slice(start, min(start + CHUNK, n)))
        subject += float(np.exp2(weights.subject).sum())
        companion += float(np.exp2(weights.companion).sum())
        outsiders = outsiders + weights.outsider if len(outsiders) else weights.outsider
        chosen = np.argpartition(-weights.subject, min(top, len(weights.subject)) - 1)[:top]
        best += [(float(weights.subject[i]), int(i) + start) for i in chosen]
    best = sorted(best, key=lambda item: (-item[0], item[1]))[:top]
    alone = 1.0 + COMPANION_ALONE * (companion / n - 1.0)
    alone += OUTSIDER_ALONE * float(np.maximum(outsiders / n - 1.0, 0.0).sum())
    share = in_register / n
    evidence = share * subject + (1.0 - in_register) * alone
    fields, levels = ratios.explain([row for _, row in best])
    candidates, tie = [], 0
    for i, (told, row) in enumerate(best):
        if not i or best[i - 1][0] - told > TIE_BITS:
            tie += 1
        posterior = min(1.0, share * float(np.exp2(told)) / evidence)
        candidates.append(RankedProfile(row, told, fields[i], levels[i], posterior, tie))
    return SearchResult(tuple(candidates), (1.0 - in_register) * alone / evidence, n)
