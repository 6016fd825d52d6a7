"""Sampled worlds: what may be true of the household and of everybody else, and how an attack fares in each.

A world is one joint draw of base rates, roles' and values' truth, and of what we failed to hear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from forensics.reidentification.anonymity import Array, frechet_bound, k_quantile, kappa, matched_share
from forensics.reidentification.anonymity import uniqueness as unique
from forensics.reidentification.draws import ClaimDraws, certainty, stream
from forensics.reidentification.learned import Learned
from forensics.reidentification.missed import PERSONAL as PERSONAL_KINDS
from forensics.reidentification.missed import Missed, Unheard
from forensics.reidentification.population import Population
from forensics.reidentification.rates import MIN_RATE, SURE, Rate, assumption

PERSONAL = frozenset({"first_name", "surname", "contact", "employer", "phone", "email"})
"""Attributes that tell persons apart; the others tell households apart."""
COMMONEST = 0.999
"""A share's upper end for a Beta distribution, which has none at 1."""
EDGE = 1e-9
"""Uniform numbers keep this far from 0 and 1, where quantiles have no value."""
SERVES = 0.01
"""Sets of claims that serve the listener in fewer worlds are left out where what matters is how far inputs
move the result (assumption: they move it little)."""
TOGETHER = 0.25
"""How far errors of one household's claims come together, as recognition errors recur (assumption)."""


@dataclass(frozen=True)
class Attack:
    """How one attack fares.

    Parameters
    ----------
    used : tuple of str
        Ids of the claims that the attacker matches on.
    n : int
        Population in that unit.
    q, k, success, unique : ndarray, shape (draws,)
        Per world: probability that another member matches, anonymity set, probability of success, probability
        that nobody else matches.
    k_frechet : float
        Median anonymity set if the claims of one group depend as strongly as they can.
    prosecutor : float
        Success if the subject is known to be among the population, in the adversary's reach.
    """

    used: tuple[str, ...]
    unit: str
    n: int
    q: Array
    k: Array
    success: Array
    unique: Array
    k_frechet: float
    prosecutor: float


@dataclass
class Worlds:
    """The worlds of one data subject, as one attacker sees them.

    Parameters
    ----------
    learned : sequence of Learned
        What can be matched; of several claims with one key the likeliest counts.
    attacker : {'machine', 'listener'}
        The machine has our transcripts with their errors. The listener hears what was said: our doubt is
        averaged over and not charged to him, and what we missed he may have heard.
    missed : Missed, optional
        What the listener may have heard besides.
    listed : Rate, optional
        How likely the subject can be found by this adversary at all.
    recognises : bool
        The adversary knows the voices: success is being known at all, whatever the size of the anonymity set.
    structural : bool
        Doubt the model itself: claims may depend on each other, and the joint rate may be off.
    """

    learned: Sequence[Learned]
    people: Population
    attacker: str
    seed: int
    draws: int
    missed: Missed | None = None
    listed: Rate | None = None
    recognises: bool = False
    structural: bool = True
    _columns: list[Learned] = field(init=False)
    _tried: set[tuple[int, ...]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        best: dict[str, Learned] = {}
        for one in self.learned:
            known = best.get(one.key)
            if known is None or self._order(one) > self._order(known):
                best[one.key] = one
        self._columns = sorted((c for c in best.values() if _tells(c.rate)), key=lambda c: c.claim_id)

    @property
    def columns(self) -> Sequence[Learned]:
        """The claims that tell anybody apart, one column each."""
        return self._columns

    @cached_property
    def rates(self) -> Array:
        """Base rate of each claim's value in each world, shape (draws, claims)."""
        drawn = [self._drawn.rates(c) for c in self._columns]
        return _beside(drawn, self.draws)

    @cached_property
    def truth(self) -> Array:
        """Probability that each claim holds in each world, shape (draws, claims)."""
        drawn = [self._drawn.truth(c) for c in self._columns]
        return _beside(drawn, self.draws)

    @cached_property
    def _drawn(self) -> ClaimDraws:
        return ClaimDraws(self._columns, self.attacker, self.seed, self.draws, self.missed)

    @cached_property
    def theta(self) -> Array:
        """Clustering of surnames within places."""
        return assumption("theta").draw(stream(self.seed, "theta"), self.draws)

    @cached_property
    def dependence(self) -> Array:
        """Where between independence (0) and each group's Fréchet bound (1) the joint rate lies, in logs."""
        rate = assumption("dependence")
        low, high = rate.spread or (rate.p, rate.p)
        return stream(self.seed, "dependence").uniform(low, high, self.draws)

    @cached_property
    def discrepancy(self) -> Array:
        """Factor by which the joint rate is off as a whole: what no single base rate's interval covers."""
        rate = assumption("discrepancy")
        low, high = rate.spread or (rate.p, rate.p)
        return np.exp(stream(self.seed, "discrepancy").uniform(np.log(low), np.log(high), self.draws))

    @cached_property
    def reach(self) -> Array:
        """Probability that the subject can be found by this adversary at all."""
        rate = self.listed or Rate(1.0, SURE, "person", "assumption", "certain", (1.0, 1.0))
        return rate.draw(stream(self.seed, "listed"), self.draws)

    @cached_property
    def chance(self) -> Array:
        """Uniform numbers by which K falls within its distribution."""
        return stream(self.seed, "k").uniform(EDGE, 1 - EDGE, self.draws)

    @cached_property
    def local_rates(self) -> Array:
        """Rates with each surname's share replaced by its share where it is known to occur."""
        rates = self.rates.copy(order="F")
        for i, claim in enumerate(self._columns):
            if claim.attribute == "surname":
                rates[:, i] = matched_share(
                    stream(self.seed, "local", claim.claim_id), np.minimum(rates[:, i], COMMONEST), self.theta
                )
        return rates

    @cached_property
    def known(self) -> tuple[Array, Array]:
        """Rates as known to who hears the values, without the draws' errors: anywhere, and at home."""
        rates = (
            np.stack([self._drawn.centres(c) for c in self._columns], axis=1) if self._columns else self.rates
        )
        local = rates.copy()
        theta = float(np.exp(np.log(self.theta).mean()))
        for i, claim in enumerate(self._columns):
            if claim.attribute == "surname":
                local[:, i] = theta + (1 - theta) * rates[:, i]
        return rates, local

    @cached_property
    def unheard(self) -> list[Unheard]:
        """What the listener may have heard besides."""
        if self.attacker != "listener" or self.missed is None:
            return []
        return self.missed.things(self.seed, self.draws)

    def q(self, used: Sequence[int]) -> Array:
        """Probability that another member of the population matches the claims of these columns."""
        rates = self.local_rates if self._at_home(used) else self.rates
        return self._joint(rates, used, self.dependence, self.discrepancy)

    def _joint(
        self, rates: Array, used: Sequence[int], dependence: Array | float, discrepancy: Array | float
    ) -> Array:
        columns = list(used)
        product = np.ones(self.draws)
        for i in columns:
            product *= rates[:, i]
        if self.structural and columns:
            bound = frechet_bound([rates[:, i] for i in columns], [self._columns[i].group for i in columns])
            excess = np.maximum(bound / np.maximum(product, MIN_RATE**4), 1.0)
            product = product * excess**dependence * discrepancy
        return np.clip(product, MIN_RATE**3, 1.0)

    def _at_home(self, used: Sequence[int]) -> bool:
        return any(self._columns[i].attribute == "home_place" for i in used)

    def unit(self, used: Sequence[int]) -> tuple[str, int]:
        """Whether persons or households are counted, and how many there are."""
        if any(self._columns[i].attribute in PERSONAL and self._columns[i].role != "child" for i in used):
            return "person", self.people.persons
        return ("household", self.people.households) if used else ("person", self.people.persons)

    def success(self, used: Sequence[int]) -> Array:
        """Probability in each world that naming one of the matching people at random names the subject.

        P = P(listed) · P(all claims used are true) · E[1 / (1 + T)] (reidentification method, 1.4).
        """
        if self.recognises:
            return self.reach
        return np.asarray(self.reach * self.truth_of(used) * kappa(self.unit(used)[1], self.q(used)))

    def truth_of(self, used: Sequence[int]) -> Array:
        """Probability in each world that the claims of these columns are all true.

        First name and surname of one person stand and fall together: they were read from the same words, and
        are in the same role. Their doubt is counted once, the larger of the two. Errors of one household come
        together too (a bad microphone, a household taken for another): the joint probability lies
        :data:`TOGETHER` of the way from the product to the least certain claim, the upper Fréchet bound.
        """
        people: dict[str, list[int]] = {}
        for i in used:
            claim = self._columns[i]
            people.setdefault(claim.person, []).append(i)
        product, least = np.ones(self.draws), np.ones(self.draws)
        for columns in people.values():
            one = self.truth[:, columns[0]]
            for column in columns[1:]:
                one = np.minimum(one, self.truth[:, column])
            product, least = product * one, np.minimum(least, one)
        return (1 - TOGETHER) * product + TOGETHER * least

    def best(self) -> list[int]:
        """The columns that serve the attacker best: a claim whose doubt costs more than it tells is dropped.

        Greedy, forwards from nothing and backwards from everything; the better of the two.
        """
        everything = list(range(len(self._columns)))
        found = [self._greedy([], add=True), self._greedy(everything, add=False)]
        return max(found, key=lambda used: (self.success(used).mean(), len(used)))

    def attack(self, used: Sequence[int] | None = None) -> Attack:
        """How the attacker fares with these columns, or with the best."""
        everything = list(range(len(self._columns)))
        chosen = sorted((everything if self.recognises else self.best()) if used is None else used)
        unit, n = self.unit(chosen)
        sizes, q, success = self.outcome(chosen, None if used is None else [tuple(chosen)])
        bound = (
            frechet_bound([self.rates[:, i] for i in chosen], [self._columns[i].group for i in chosen])
            if chosen
            else q
        )
        return Attack(
            used=tuple(self._columns[i].claim_id for i in chosen),
            unit=unit,
            n=n,
            q=q,
            k=k_quantile(sizes, q, self.chance),
            success=success,
            unique=np.asarray(unique(sizes, q)),
            k_frechet=float(np.median(k_quantile(n, bound, self.chance))),
            prosecutor=float((success / self.reach).mean()),
        )

    def outcome(
        self, used: Sequence[int], variants: Sequence[tuple[int, ...]] | None = None
    ) -> tuple[Array, Array, Array]:
        """Population, rate and success in each world.

        Parameters
        ----------
        used : sequence of int
            Columns that the machine matches.
        variants : sequence of tuple of int, optional
            Sets of columns that the listener weighs; by default all that come near `used`.
        """
        if self.attacker == "listener" and not self.recognises:
            return self._adapted(self._variants(used) if variants is None else variants)
        return np.asarray(self.unit(used)[1]), self.q(used), self.success(used)

    def served(self, used: Sequence[int]) -> list[tuple[int, ...]]:
        """Of the sets of columns that the listener weighs those that serve him in some worlds."""
        variants = self._variants(used)
        if self.attacker != "listener" or self.recognises:
            return variants[:1]
        promised = np.stack([self._promised(one)[0] for one in variants])
        best = np.bincount(promised.argmax(axis=0), minlength=len(variants))
        return [one for one, times in zip(variants, best, strict=True) if times >= SERVES * self.draws]

    def _variants(self, used: Sequence[int]) -> list[tuple[int, ...]]:
        """Sets of claims that the listener weighs: those tried on the way, and one more or one less."""
        one_more = {tuple(sorted({*used, i})) for i in range(len(self._columns))}
        one_less = {tuple(j for j in used if j != i) for i in used}
        return [tuple(used), *sorted((self._tried | one_more | one_less) - {tuple(used)})]

    def _adapted(self, variants: Sequence[tuple[int, ...]]) -> tuple[Array, Array, Array]:
        """Population, rate and success of the listener, who knows in each world what was said.

        He chooses by it what to match, and adds what we did not hear where it serves him. What he does not
        know are the truth, the rates' errors and how far claims depend on each other: he chooses by
        expectation, and the outcome goes by the draw. Choosing by the draw would promise him the best of
        several chances.
        """
        found = np.zeros((3, self.draws))
        best = np.full(self.draws, -1.0)
        for used in variants:
            promise, size, q, truth = self._promised(used)
            success = self.reach * truth * kappa(size, q)
            better = promise > best
            found = np.where(better, np.stack([size, q, success]), found)
            best = np.maximum(best, promise)
        return found[0], found[1], found[2]

    def _promised(self, used: Sequence[int]) -> tuple[Array, Array, Array, Array]:
        """What matching these columns promises in each world, and population, rate and truth as drawn."""
        at_home = self._at_home(used)
        low, high = assumption("discrepancy").spread or (1.0, 1.0)
        spread = float(np.mean(assumption("dependence").spread or (0.0, 0.0)))
        known = self._joint(self.known[1 if at_home else 0], used, spread, float(np.sqrt(low * high)))
        drawn, truth = self.q(used), self.truth_of(used)
        expected = np.full(self.draws, truth.mean())
        size = np.full(self.draws, float(self.unit(used)[1]))
        for thing in self.unheard:
            larger = np.where(thing.kind in PERSONAL_KINDS, float(self.people.persons), size)
            share = thing.truth.mean()
            more = expected * share * kappa(larger, known * thing.rate)
            taken = thing.present & (more > expected * kappa(size, known))
            size = np.where(taken, larger, size)
            known = np.where(taken, known * thing.rate, known)
            expected = np.where(taken, expected * share, expected)
            local = (
                self.theta + (1 - self.theta) * thing.rate
                if thing.kind == "surname" and at_home
                else thing.rate
            )
            drawn = np.where(taken, drawn * local, drawn)
            truth = np.where(taken, truth * thing.truth, truth)
        return np.asarray(expected * kappa(size, known)), size, drawn, truth

    def _greedy(self, start: list[int], *, add: bool) -> list[int]:
        used, value = list(start), self.success(start).mean()
        self._tried.add(tuple(used))
        while True:
            steps = [i for i in range(len(self._columns)) if (i not in used) == add]
            options = [sorted({*used, i}) if add else [j for j in used if j != i] for i in steps]
            scored = [(self.success(option).mean(), -rank, option) for rank, option in enumerate(options)]
            top = max(scored, default=None)
            if top is None or top[0] <= value:
                return used
            value, used = top[0], top[2]
            self._tried.add(tuple(used))

    def _order(self, claim: Learned) -> tuple[float, str]:
        return certainty(claim, self.attacker), claim.claim_id


def _beside(columns: Sequence[Array], draws: int) -> Array:
    """Arrays of draws as columns, each of them in one piece: they are read column by column."""
    found = np.empty((draws, len(columns)), order="F")
    for i, column in enumerate(columns):
        found[:, i] = column
    return found


def _tells(rate: Rate) -> bool:
    return not (rate.p >= 1.0 and (rate.spread is None or rate.spread[0] >= 1.0))
