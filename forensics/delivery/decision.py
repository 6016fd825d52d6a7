"""From evidence to a decision: what mis-delivery costs, what a hold costs, and what is left to a person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

SWAP_PRIOR = 1e-4
"""Probability that a request's answer is somebody else's, before looking (assumption: one in ten thousand).
Larger where two requests go through the same hands at the same time."""
BLOCK = 0.5
"""From here on the answer is more probably somebody else's than not."""


@dataclass(frozen=True)
class Costs:
    """What the two mistakes cost, in any unit: only the ratio counts.

    Parameters
    ----------
    leak : float
        Sending somebody's recordings to another person.
    hold : float
        Holding a right answer back for a person to look at; Art. 12(3) GDPR leaves a month.
    """

    leak: float = 200.0
    hold: float = 1.0

    @property
    def threshold(self) -> float:
        """The probability of mis-delivery from which holding is cheaper: P · leak > (1 - P) · hold."""
        return 1 / (1 + self.leak / self.hold)


def posterior(own: float, others: Mapping[str, float], prior: float) -> tuple[float, str | None]:
    """Probability that a bundle is not the requester's, and whose it may be.

    Parameters
    ----------
    own : float
        log2 of P(bundle | requester) / P(bundle | another customer).
    others : mapping
        The same for the account of every other open request.
    prior : float
        Probability of mis-delivery before looking: half of it somebody without an open request, half spread
        over the others. With no other request all of it is outside.

    Returns
    -------
    p_mismatch : float
    alternative : str or None
        The request to which it belongs more probably than to anybody else.
    """
    outside = prior / 2 if others else prior
    weights: dict[str | None, float] = {
        name: 2.0**bits * prior / 2 / len(others) for name, bits in others.items()
    }
    mine = 2.0**own * (1 - prior)
    total = mine + outside + sum(weights.values())
    best = max(sorted(others), key=lambda name: others[name], default=None)
    alternative = best if best is not None and weights[best] > max(mine, outside) else None
    return 1 - mine / total, alternative


def odds_to_probability(bits: float) -> float:
    """Probability whose odds are 2 to the power of `bits`."""
    if bits < -500:
        return 0.0
    return 1 / (1 + 2.0**-bits) if bits < 500 else 1.0


def decide(p_mismatch: float, costs: Costs, *, blocked: bool, doubtful: bool, comparable: bool) -> str:
    """Release, review or block.

    Parameters
    ----------
    blocked, doubtful : bool
        Whether a rule blocks, or asks for a person.
    comparable : bool
        Whether anything could be compared; if not, the guard abstains and a person looks.
    """
    if blocked or (comparable and p_mismatch >= BLOCK):
        return "block"
    # written so that a probability that is no number holds the bundle
    if doubtful or not comparable or not p_mismatch <= costs.threshold:
        return "review"
    return "release"


def log2(value: float) -> float:
    """log2, with a floor so that no single cell is infinitely sure."""
    return math.log2(max(value, 1e-12))
