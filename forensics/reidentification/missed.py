"""What we did not hear and a listener would: imputed from how often it is said, and how often we miss it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from forensics.reidentification.anonymity import Array
from forensics.reidentification.learned import Learned
from forensics.reidentification.name_rates import GERMAN_NAMES, US_RAREST, surname_law
from forensics.reidentification.population import Population, country_places
from forensics.reidentification.rates import MIN_RATE, UNCOUNTED, Rate, assumption

UTTERANCES = 20.0
"""A bundle of n utterances shows 1 - exp(-n / 20) of what a household ever says (assumption)."""
PERSONAL = frozenset({"first_name", "surname", "contact"})
"""Kinds that tell persons apart, not households only."""
_ONCE = ("home_place", "first_name", "surname")
_SEVERAL = {"contact": 2, "family": 1}
"""Kinds of which there may be more than we heard; assumption: how many more are imputed at most."""
SHARED = 0.5
"""Assumption: from this probability on a relative's surname counts as the subject's heard."""
UNCLEAR = 0.5
"""Assumption: how sure we are of what we heard, where we heard nothing that could tell."""
FIRST_NAMES = (1e-4, 1.2e-2)
"""Assumption: most bearers of first names bear one of a share between these, log-uniform."""
OTHERS_AT_HOME = (0.9, 1.5)
"""Assumption: how many others live in a household, as the table's `household_size` less the subject."""


@dataclass(frozen=True)
class Unheard:
    """One thing that a listener may have heard and we did not, in each world.

    Parameters
    ----------
    present : ndarray of bool, shape (draws,)
        Whether it was said and escaped us.
    rate : ndarray
        How common its value is.
    truth : ndarray
        Probability that it means what it seems to mean.
    """

    kind: str
    present: npt.NDArray[np.bool_]
    rate: Array
    truth: Array


@dataclass(frozen=True)
class Missed:
    """What may have been said without our hearing it.

    Parameters
    ----------
    kinds : tuple of str
        Attributes of which we have no claim, or may lack some.
    utterances : int
        How many there are to go through.
    clarity : float
        How sure we are of what we did hear, in [0, 1]; scales the recall.
    people : Population
        Those who could be the subject: from them the missed values are drawn.
    unread : float
        Share of the speech for which we have no words, in [0, 1): of what was said there our recall is none.
    """

    kinds: tuple[str, ...]
    utterances: int
    clarity: float
    people: Population
    unread: float = 0.0

    @classmethod
    def given(
        cls, learned: Sequence[Learned], utterances: int, people: Population, unread: float = 0.0
    ) -> Missed:
        """What is missing, given what was learned and how much of the speech has no words."""
        heard = {c.attribute for c in learned if c.role == "subject"}
        heard |= {"surname" for c in learned if (c.p_shared or 0.0) >= SHARED}
        from_sound = [c.p_value for c in learned if c.sources & {"audio", "vendor"}]
        clarity = float(np.mean(from_sound)) if from_sound else UNCLEAR
        kinds = (*(k for k in _ONCE if k not in heard), *_SEVERAL) if utterances else ()
        return cls(kinds, utterances, clarity, people, unread)

    def things(self, seed: int, draws: int) -> list[Unheard]:
        """What the listener may have heard besides, each in every world.

        Notes
        -----
        What a household says once or not at all was said, given that we did not find it, with probability
        π(1 - r) / (1 - π r): π is how often it is said, r our recall. Of what it says several of, a Poisson
        number with mean m, we missed a Poisson number with mean m (1 - r), whatever we found (thinning).
        Where a share u of the speech has no words, r is that of the rest times 1 - u: a listener hears all.
        """
        shown = -np.expm1(-self.utterances / UTTERANCES)
        found = []
        for kind in self.kinds:
            rng = np.random.default_rng([seed, zlib.crc32(f"missed {kind}".encode())])
            said = assumption(f"missed_{kind}").draw(rng, draws) * shown
            label = "place" if kind == "home_place" else "person"
            language = "de" if self.people.country in GERMAN_NAMES else "en"
            recall = (
                assumption(f"recall_{label}_{language}").draw(rng, draws) * self.clarity * (1 - self.unread)
            )
            if kind in _SEVERAL:
                number = rng.poisson(said * (1 - recall))
            else:
                number = rng.uniform(size=draws) < said * (1 - recall) / (1 - said * recall)
            for copy in range(_SEVERAL.get(kind, 1)):
                rate = self.typical(kind, rng, draws)
                truth = assumption(f"role_{kind}").draw(rng, draws)
                if rate is not None and (number > copy).any():
                    found.append(Unheard(kind, number > copy, rate, truth))
        return found

    def typical(self, attribute: str, rng: np.random.Generator, draws: int) -> Array | None:
        """Rates of the values that people drawn at random would have said; None where no law is known."""
        if attribute == "home_place":
            return _place_draws(self.people, rng, draws)
        if attribute == "first_name":
            return _first_name_draws(rng, draws)
        if attribute in ("family", "child"):
            return np.minimum(_first_name_draws(rng, draws) * rng.uniform(*OTHERS_AT_HOME, draws), 1.0)
        if attribute == "surname":
            return _surname_draws(self.people, rng, draws)
        if attribute == "contact":
            visible = assumption("friends")
            friends = rng.uniform(*(visible.spread or (visible.p, visible.p)), draws)
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
        shift, exponent, names = surname_law()
        law = (shift, exponent, 1.0, float(names))
        return Rate(FIRST_NAMES[0], UNCOUNTED, "person", "assumption", "fitted law", law=law).draw(rng, draws)
    shares = _us_surnames()
    return np.clip(shares[rng.choice(len(shares), size=draws, p=shares / shares.sum())], US_RAREST, 1.0)


def _first_name_draws(rng: np.random.Generator, draws: int) -> Array:
    """Shares of first names drawn by bearers."""
    return np.asarray(np.exp(rng.uniform(np.log(FIRST_NAMES[0]), np.log(FIRST_NAMES[1]), draws)))


@cache
def _us_surnames() -> Array:
    from forensics.knowledge.names import us_shares

    return np.array(sorted(us_shares("all.last").values(), reverse=True), dtype=np.float64)
