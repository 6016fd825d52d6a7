"""What an attacker can do who has gone through only some of the utterances.

The value of a set of utterances is P(identified) of the stranger who has understood what our transcripts
say of them. A claim counts once one of its utterances was heard; its reading becomes surer with each further
one, as in the profile. Whom a name belongs to is taken from the whole bundle at every step: an attacker is
supposed to guess roles as well from a part as from all of it, which can only overstate an early success.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from forensics.case.options import Options
from forensics.profile.evidence import p_any
from forensics.reidentification.adversaries import ADVERSARIES
from forensics.reidentification.anonymity import Array, bits, kappa, uniqueness
from forensics.reidentification.learned import Learned, learn
from forensics.reidentification.population import Population
from forensics.reidentification.worlds import Worlds

STRANGER = ADVERSARIES[0]
FAMILIES = {
    "home_place": "home", "address": "home", "work_place": "work", "employer": "work", "contact": "contacts",
    "child": "household", "phone": "direct identifiers", "email": "direct identifiers",
}  # fmt: skip
"""Family of a claim by its attribute; names go by the role of their bearer."""
ROUNDING = 1e-9
"""How far a bound may be off by rounding (numerics, no model)."""


def family_of(claim: Learned) -> str:
    """The family of claims that a claim is reported with."""
    if claim.attribute in ("first_name", "surname"):
        if claim.role == "subject":
            return "own name"
        return "contacts" if claim.role in ("contact", "visitor") else "household"
    return FAMILIES.get(claim.attribute, claim.attribute)


@dataclass
class Listening:
    """The stranger's success as a function of what was heard.

    Parameters
    ----------
    worlds : Worlds
        The stranger with our transcripts; its columns are the claims.
    heard_in : sequence of tuple of int
        For each column, the utterances that support it, by number.
    """

    worlds: Worlds
    heard_in: Sequence[tuple[int, ...]]
    _means: dict[int, float] = field(default_factory=dict)
    _truths: dict[int, np.float64] = field(default_factory=dict)
    _best: dict[tuple[int, ...], int] = field(default_factory=dict)
    _certain: dict[int, Step] = field(default_factory=dict)

    @classmethod
    def of_claims(
        cls,
        rows: Sequence[Mapping[Any, Any]],
        numbers: Mapping[str, int],
        people: Population,
        options: Options,
    ) -> Listening:
        """The stranger who goes through the utterances of one group.

        Parameters
        ----------
        rows : sequence of mapping
            The group's claims. Those that no utterance supports are left out.
        numbers : mapping
            From utterance id to its number.
        options : Options
            ``seed`` and ``draws`` count.
        """
        support = {
            row["claim_id"]: tuple(sorted({numbers[u] for u in row["utterance_ids"] if u in numbers}))
            for row in rows
        }
        learned = learn([r for r in rows if support[r["claim_id"]]], people)
        worlds = Worlds(
            [c for c in learned if c.attribute in STRANGER.attributes],
            people,
            "machine",
            options.seed,
            options.draws,
            listed=_listed(),
        )
        return cls(worlds, [support[c.claim_id] for c in worlds.columns])

    @property
    def claims(self) -> Sequence[Learned]:
        """The claims that tell anybody apart, in column order."""
        return self.worlds.columns

    @cached_property
    def by_utterance(self) -> dict[int, tuple[int, ...]]:
        """The columns that each supporting utterance supports."""
        found: dict[int, list[int]] = {}
        for column, numbers in enumerate(self.heard_in):
            for number in numbers:
                found.setdefault(number, []).append(column)
        return {number: tuple(columns) for number, columns in sorted(found.items())}

    @cached_property
    def everything(self) -> tuple[int, ...]:
        """How often each claim is heard in all utterances."""
        return tuple(len(numbers) for numbers in self.heard_in)

    def counts(self, utterances: Iterable[int]) -> tuple[int, ...]:
        """How often each claim is heard in these utterances."""
        chosen = set(utterances)
        return tuple(len(chosen.intersection(numbers)) for numbers in self.heard_in)

    def value(self, counts: tuple[int, ...], hint: int = 0) -> float:
        """P(identified) when each claim was heard so often.

        Parameters
        ----------
        counts : tuple of int
            One per column.
        hint : int
            Bit mask of columns that served well before.
        """
        mask = self.best(counts, hint)
        return self._mean(mask) * self._surety(mask, counts)

    def best(self, counts: tuple[int, ...], hint: int = 0) -> int:
        """The columns, as a bit mask, that serve best: doubtful claims may cost more than they tell."""
        known = self._best.get(counts)
        if known is not None:
            return known
        surety = [self._scale(i, count) for i, count in enumerate(counts)]
        present = sum(1 << i for i, count in enumerate(counts) if count)
        climbed = [self._climb(start, surety) for start in sorted({0, hint & present})]
        # Backwards too, as Worlds.best, from the claims that can be part of anything better.
        least = max(value for value, _ in climbed)
        hopeful = [i for i in _columns(present) if self._highest[i] * surety[i] > least]
        climbed.append(self._climb(sum(1 << i for i in hopeful), surety))
        found = max(climbed, key=lambda item: item[0])[1]
        self._best[counts] = found
        return found

    def step(self, counts: tuple[int, ...], hint: int = 0) -> Step:
        """Everything the curve shows of one step."""
        mask = self.best(counts, hint)
        certain, surety = self._if_certain(mask), self._surety(mask, counts)
        success = certain.success * surety
        if_listed = float((success / self.worlds.reach).mean())
        right = certain.right * surety
        return replace(
            certain,
            success=success,
            if_listed=if_listed,
            right=right,
            k=1.0 / (if_listed + (1.0 - right) / certain.n),
            unique=certain.unique * surety,
        )

    def _if_certain(self, mask: int) -> Step:
        """The step with these columns, were each heard often enough. Few sets serve best, at many steps."""
        if mask not in self._certain:
            used = _columns(mask)
            q = self.worlds.q(used)
            n = self.worlds.unit(used)[1]
            truth, success = self.worlds.truth_of(used), self.worlds.success(used)
            if_listed, right = float((success / self.worlds.reach).mean()), float(truth.mean())
            self._certain[mask] = Step(
                bits=float(np.median(np.asarray(bits(q)))),
                n=n,
                k=1.0 / (if_listed + (1.0 - right) / n),
                success=success,
                if_listed=if_listed,
                right=right,
                unique=float((truth * uniqueness(n, q)).mean()),
            )
        return self._certain[mask]

    def _climb(self, mask: int, surety: Sequence[float]) -> tuple[float, int]:
        value = self._mean(mask) * _product(surety, mask)
        while True:
            top = (value + 1e-12, 0, mask)
            for i, sure in enumerate(surety):
                if sure:
                    other = mask ^ (1 << i)
                    scale = _product(surety, other)
                    if scale * self._at_most(other) > top[0] and scale * self._surely(other) > top[0]:
                        top = max(top, (self._mean(other) * scale, -i, other))
            if top[2] == mask:
                return value, mask
            value, mask = top[0], top[2]

    def _at_most(self, mask: int) -> float:
        """A bound of :meth:`_mean`: no set is surer than its least sure claim."""
        known = self._means.get(mask)
        return min((self._highest[i] for i in _columns(mask)), default=1.0) if known is None else known

    def _surely(self, mask: int) -> float:
        """A closer bound: all of its claims have to be true, and nobody is found who cannot be."""
        known = self._means.get(mask)
        return float(self._true(mask)) * self._reach if known is None else known

    @cached_property
    def _reach(self) -> float:
        return float(self.worlds.reach.mean()) * (1 + ROUNDING)

    @cached_property
    def _highest(self) -> list[float]:
        """The highest value that any set with this column can have."""
        found: list[float] = (self.worlds.truth.mean(axis=0) * self._reach).tolist()
        return found

    def _mean(self, mask: int) -> float:
        """Success with these columns; as Worlds.success, with truth and the crowd each taken at its mean."""
        if mask not in self._means:
            used = _columns(mask)
            alone = (self.worlds.reach * kappa(self.worlds.unit(used)[1], self.worlds.q(used))).mean()
            self._means[mask] = float(self._true(mask) * alone)
        return self._means[mask]

    def _true(self, mask: int) -> np.float64:
        if mask not in self._truths:
            self._truths[mask] = self.worlds.truth_of(_columns(mask)).mean()
        return self._truths[mask]

    def _surety(self, mask: int, counts: tuple[int, ...]) -> float:
        return _product([self._scale(i, count) for i, count in enumerate(counts)], mask)

    def _scale(self, column: int, count: int) -> float:
        """How sure a reading is after so many of its utterances, relative to all of them."""
        scales = self._scales[column]
        return scales[min(count, len(scales) - 1)]

    @cached_property
    def _scales(self) -> list[list[float]]:
        return [_scales(c.p_value, n) for c, n in zip(self.claims, self.everything, strict=True)]


@dataclass(frozen=True)
class Step:
    """Where an attacker stands at one step.

    Parameters
    ----------
    bits : float
        Median over the worlds of what the claims used tell, were they true.
    n : int
        The population.
    k : float
        Anonymity set, as its harmonic mean over the worlds: those who fit where the claims used are true, the
        whole population where one is not, for then the subject is not among those who fit.
    success : ndarray, shape (draws,)
        Probability of being found in each world.
    if_listed : float
        Mean success if the subject can be found on the web at all.
    right : float
        Probability that the claims used are true.
    unique : float
        Probability that the claims used are true and fit nobody else.

    Notes
    -----
    With T others who fit and the mean over worlds, P(found | listed) = E[1{true} / (1 + T)] and
    1 / K = E[1{true} / (1 + T) + 1{false} / n]. So P(unique) and P(found | listed) never exceed 1 / K: one
    row's figures can all be true at once.
    """

    bits: float
    n: int
    k: float
    success: Array
    if_listed: float
    right: float
    unique: float


def _scales(p_all: float, n: int) -> list[float]:
    """P(reading right) after 0, 1, … n hearings over that after all, for hearings of equal quality.

    The quality of one hearing is solved from the probability after all of them (the profile's ``p_any``).
    """
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if p_any([middle] * n) < p_all else (low, middle)
    one = (low + high) / 2
    return [0.0, *(min(1.0, p_any([one] * m) / max(p_all, 1e-9)) for m in range(1, n + 1))]


def _product(values: Sequence[float], mask: int) -> float:
    product = 1.0
    for i in _columns(mask):
        product *= values[i]
    return product


@lru_cache(maxsize=1 << 16)
def _columns(mask: int) -> tuple[int, ...]:
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def _listed() -> Any:
    from forensics.reidentification.rates import assumption

    return assumption(STRANGER.listed)
