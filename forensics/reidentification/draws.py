"""What is drawn of each claim: the base rate of its value, and whether it is true.

All draws of one claim come from a stream of its own, seeded by the claim: adding, dropping or reordering
claims, recordings or populations leaves the others' draws as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forensics.reidentification.anonymity import Array
from forensics.reidentification.learned import Learned
from forensics.reidentification.missed import Missed

ALIKE = 70.0
"""Spellings this alike (rapidfuzz ratio) may be one name heard twice (assumption)."""
INTERVAL = (0.05, 0.5, 0.95)
"""Ends and middle of all intervals: 90 % (method, section 1.11)."""
ROLE_CASES = 20.0
"""A role's probability is taken to be as sure as if counted on this many cases (assumption)."""


def stream(seed: int, *parts: str) -> np.random.Generator:
    """A generator of its own for each thing that is drawn.

    Parameters
    ----------
    *parts : str
        What is drawn.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


def interval(values: Array, *, mean: bool = False) -> tuple[float, float, float]:
    """5 % quantile, middle and 95 % quantile.

    Parameters
    ----------
    mean : bool
        The middle is the mean, as it has to be for probabilities; else the median.
    """
    low, middle, high = np.quantile(values, INTERVAL)
    if mean:
        middle = values.mean()
    return float(min(low, middle)), float(middle), float(max(high, middle))


@dataclass
class ClaimDraws:
    """Draws of what one attacker may know of each claim.

    Parameters
    ----------
    missed : Missed, optional
        What is usual of a claim whose value nobody understood.
    """

    claims: Sequence[Learned]
    attacker: str
    seed: int
    draws: int
    missed: Missed | None = None

    def rates(self, claim: Learned) -> Array:
        """Base rates, shape (draws,).

        The machine matches the value that we understood; the listener the one that was said.
        """
        return self._of_what_was_said(
            claim,
            claim.rate.draw(stream(self.seed, claim.claim_id, "rate"), self.draws),
            {
                value: rate.draw(stream(self.seed, claim.claim_id, "rate", value), self.draws)
                for value, rate in claim.rivals.items()
            },
        )

    def centres(self, claim: Learned) -> Array:
        """The same with each value's rate at its geometric mean."""
        own = claim.rate.draw(stream(self.seed, claim.claim_id, "rate"), self.draws)
        return self._of_what_was_said(
            claim,
            np.full(self.draws, np.exp(np.log(own).mean())),
            {
                value: np.exp(np.log(rate.draw(stream(self.seed, claim.claim_id, value), self.draws)).mean())
                for value, rate in claim.rivals.items()
            },
        )

    def truth(self, claim: Learned) -> Array:
        """Probabilities that the claim holds, shape (draws,); claims of one person share a stream."""
        p = certainty(claim, self.attacker)
        if p >= 1.0:
            return np.ones(self.draws)
        rng = stream(self.seed, claim.person, "truth")
        return rng.beta(max(p, 1e-6) * ROLE_CASES, (1.0 - p) * ROLE_CASES, self.draws)

    def _of_what_was_said(self, claim: Learned, own: Array, rivals: Mapping[str, Array]) -> Array:
        if self.attacker == "machine":
            return own
        drawn = own
        level = stream(self.seed, claim.claim_id, "value").uniform(size=self.draws)
        edge = claim.p_value
        for value in sorted(rivals):
            low, edge = edge, min(1.0, edge + claim.alternatives[value])
            drawn = np.where((level >= low) & (level < edge), rivals[value], drawn)
        if self.missed is not None and edge < 1.0:
            rng = stream(self.seed, claim.claim_id, "other")
            unknown = self.missed.typical(claim.attribute, rng, self.draws)
            if claim.claim_id in self._echoes:
                unknown = np.ones(self.draws)
            drawn = np.where(level >= edge, unknown if unknown is not None else drawn, drawn)
        return drawn

    @cached_property
    def _echoes(self) -> frozenset[str]:
        """Claims that may be a surer one misheard: if they are not what was said, nothing else was."""
        from rapidfuzz import fuzz

        return frozenset(
            one.claim_id
            for one in self.claims
            for other in self.claims
            if one.attribute == other.attribute
            and (one.p_value, one.claim_id) < (other.p_value, other.claim_id)
            and fuzz.ratio(one.value.casefold(), other.value.casefold()) >= ALIKE
        )


def certainty(claim: Learned, attacker: str) -> float:
    """How sure `attacker` is of a claim: who hears the value himself need not trust our reading of it."""
    return claim.p_role if attacker == "listener" else claim.p_value * claim.p_role
