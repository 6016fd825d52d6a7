"""What we did not hear and a listener would: imputed from how often it is said, and how often we miss it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from forensics.reidentification.anonymity import Array, matched_share
from forensics.reidentification.learned import Learned
from forensics.reidentification.names import (
    GERMAN_NAMES,
    LAW_EXPONENT,
    LAW_NAMES,
    LAW_SHIFT,
)
from forensics.reidentification.population import Population, country_places
from forensics.reidentification.rates import MIN_RATE, Rate, assumption

RECORDINGS = 100.0
"""The table's probabilities that a thing is said somewhere hold for about this many recordings."""
_KINDS = ("home_place", "first_name", "surname", "contact")


@dataclass(frozen=True)
class Missed:
    """What may have been said without our hearing it.

    Parameters
    ----------
    kinds : tuple of str
        Attributes of which we have no claim.
    recordings : int
        How many there are to listen to.
    clarity : float
        How sure we are of what we did hear, in [0, 1]; scales the recall.
    people : Population
    """

    kinds: tuple[str, ...]
    recordings: int
    clarity: float
    people: Population

    @classmethod
    def given(cls, learned: Sequence[Learned], recordings: int, people: Population) -> Missed:
        """What is missing, given what was learned."""
        heard = {c.attribute for c in learned if c.role == "subject" or c.attribute == "contact"}
        heard |= {"surname" for c in learned if "shared_with_subject" in c.details}
        from_sound = [c.p_value for c in learned if c.sources & {"audio", "vendor"}]
        clarity = float(np.mean(from_sound)) if from_sound else 0.5
        kinds = tuple(k for k in _KINDS if k not in heard) if recordings else ()
        return cls(kinds, recordings, clarity, people)

    def draw(self, seed: int, draws: int, theta: Array) -> tuple[Array, Array]:
        """Combined rate of what the listener heard besides, in each world.

        Parameters
        ----------
        seed, draws : int
        theta : ndarray
            Clustering of surnames within places.

        Returns
        -------
        at_home, anywhere : ndarray, shape (draws,)
            If the home place is matched too, and if not; 1 where nothing was missed.

        Notes
        -----
        Given that we did not find it, a thing was said with probability π(1 - r) / (1 - π r), where π is
        how often it is said at all and r is our recall.
        """
        at_home, anywhere = np.ones(draws), np.ones(draws)
        for kind in self.kinds:
            rng = np.random.default_rng([seed, zlib.crc32(f"missed {kind}".encode())])
            said = assumption(f"missed_{kind}").draw(rng, draws)
            said = -np.expm1(np.log1p(-np.minimum(said, 0.999)) * self.recordings / RECORDINGS)
            label = "place" if kind == "home_place" else "person"
            recall = assumption(f"recall_{label}").draw(rng, draws) * self.clarity
            present = rng.uniform(size=draws) < said * (1 - recall) / (1 - said * recall)
            rate = self.typical(kind, rng, draws)
            if rate is None:
                continue
            local = matched_share(rng, np.minimum(rate, 0.999), theta) if kind == "surname" else rate
            anywhere = np.where(present, anywhere * rate, anywhere)
            at_home = np.where(present, at_home * local, at_home)
        return at_home, anywhere

    def typical(self, attribute: str, rng: np.random.Generator, draws: int) -> Array | None:
        """Rates of the values that people drawn at random would have said; None if the attribute has no law.

        Parameters
        ----------
        attribute : str
        rng : numpy.random.Generator
        draws : int
        """
        if attribute == "home_place":
            return _place_draws(self.people, rng, draws)
        if attribute == "first_name":
            return _first_name_draws(rng, draws)
        if attribute == "surname":
            return _surname_draws(self.people, rng, draws)
        if attribute == "contact":
            low, high = assumption("friends").spread or (100.0, 100.0)
            friends = rng.uniform(low, high, draws)
            share = _first_name_draws(rng, draws) * _surname_draws(self.people, rng, draws)
            return np.clip(-np.expm1(friends * np.log1p(-share)), MIN_RATE, 1.0)
        return None


def _place_draws(people: Population, rng: np.random.Generator, draws: int) -> Array:
    """A resident's place, drawn by inhabitants; its share of the country."""
    inhabitants = country_places(people.country)
    if not len(inhabitants):
        return assumption("unknown_place").draw(rng, draws)
    weights = np.cumsum(inhabitants) / inhabitants.sum()
    chosen = inhabitants[np.searchsorted(weights, rng.uniform(size=draws))]
    return np.clip(chosen / people.persons, MIN_RATE, 1.0)


def _surname_draws(people: Population, rng: np.random.Generator, draws: int) -> Array:
    if people.country in GERMAN_NAMES:
        law = (LAW_SHIFT, LAW_EXPONENT, 1.0, float(LAW_NAMES))
        return Rate(1e-4, 20, "person", "assumption", "fitted law", law=law).draw(rng, draws)
    shares = _us_surnames()
    return np.clip(shares[rng.choice(len(shares), size=draws, p=shares / shares.sum())], 1e-7, 1.0)


def _first_name_draws(rng: np.random.Generator, draws: int) -> Array:
    """Shares of first names drawn by bearers: log-uniform where most bearers are (assumption)."""
    return np.asarray(np.exp(rng.uniform(np.log(1e-4), np.log(1.2e-2), draws)))


@cache
def _us_surnames() -> Array:
    from forensics.profile.names import us_shares

    return np.array(sorted(us_shares("all.last").values(), reverse=True), dtype=np.float64)
