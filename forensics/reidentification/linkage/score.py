"""Scores every profile of a register against a household, and says what speaks for whom.

Per person named, the likelihood ratio of a profile is averaged over whose name it may be: the subject's, the
companion's, a child's, a contact's, or nobody's in the household. A contact is looked for among the profiles
first, and the friends of those who could be the contact become candidates (the way the reporters of 2018
went). Places are averaged over which of them is the home. Fields that a profile does not show say nothing.

    P(c | E) = (ρ / |R|) B_c / [ (ρ / |R|) Σ B_r + (1 - ρ) ]

with B the product of the ratios and ρ the probability that the subject is in the register at all; the rest
is "nobody" (method 1.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.profile.names import fold
from forensics.reidentification.linkage.index import MISSING, Register
from forensics.reidentification.linkage.levels import LEVELS, NameTable
from forensics.reidentification.linkage.places import place_ratio
from forensics.reidentification.linkage.query import Person, Query

Array = npt.NDArray[Any]
"""Ratios are single precision, weights and sums double: a million ratios fit a processor's cache better."""
CHUNK = 1_000_000
"""Profiles scored at a time: ten million take no more memory than one."""
TOP = 25
UNLISTED_CONTACT, UNLISTED_CHILD = 0.4, 0.3
"""Assumptions: probability that a contact is not among the friends shown, a child not among those shown."""
SPOUSE_SURNAME = 0.75
"""Assumption: probability that a couple shares its surname."""
LEAST_ROLE = 0.005
"""Less probable roles are left out: they count with the rest, whose names say nothing."""
TASTE_SHOWN, EMPLOYER_SHOWN = 0.4, 0.6
"""Assumptions: probability that a profile that shows tastes shows this one; that it names this employer."""
STANDS_OUT = 2.0
"""Profiles whose name is at least twice as likely a contact's as anybody's are looked at as the contact."""
TIE_BITS = 0.1
"""Weights closer than this cannot be told apart."""
FIELDS = ("first_name", "surname", "place", "partner", "children", "contacts", "interests", "employer")


@dataclass(frozen=True)
class Candidate:
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
        How well each field agrees, in words.
    posterior : float
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
class Outcome:
    """What a search found.

    Parameters
    ----------
    candidates : tuple of Candidate
        Best first.
    nobody : float
        Posterior of the subject not being in the register.
    profiles : int
    """

    candidates: tuple[Candidate, ...]
    nobody: float
    profiles: int


def search(register: Register, query: Query, *, in_register: float = 0.5, top: int = TOP) -> Outcome:
    """Look for a household's subject in a register.

    Parameters
    ----------
    register : Register
    query : Query
    in_register : float
        ρ, the probability that the subject is in it, before looking.
    top : int
        Candidates to return.
    """
    n = len(register)
    if not n or query.empty:
        return Outcome((), 1.0 - in_register if n else 1.0, n)
    scorer = _Scorer(register, query)
    total = 0.0
    best: list[tuple[float, int]] = []
    for start in range(0, n, CHUNK):
        weight = scorer.total(slice(start, min(start + CHUNK, n)))
        total += float(np.exp2(weight).sum())
        chosen = np.argpartition(-weight, min(top, len(weight)) - 1)[:top]
        best += [(float(weight[i]), int(i) + start) for i in chosen]
    best = sorted(best, key=lambda item: (-item[0], item[1]))[:top]
    share = in_register / n
    evidence = share * total + (1.0 - in_register)
    fields, levels = scorer.explain([row for _, row in best])
    candidates, tie = [], 0
    for i, (told, row) in enumerate(best):
        if not i or best[i - 1][0] - told > TIE_BITS:
            tie += 1
        posterior = min(1.0, share * float(np.exp2(told)) / evidence)
        candidates.append(Candidate(row, told, fields[i], levels[i], posterior, tie))
    return Outcome(tuple(candidates), (1.0 - in_register) / evidence, n)


class _Scorer:
    """The ratios of one query, by distinct word first, then by profile."""

    def __init__(self, register: Register, query: Query) -> None:
        self._register, self._query = register, query
        self._arrays = {
            name: register.array(name)
            for name in ("first", "surname", "partner", "household_place", "employer", "children",
                         "children_offsets", "nicknames", "nicknames_offsets", "interests",
                         "interests_offsets", "friends_in", "friends_in_offsets", "friends_out",
                         "friends_out_offsets")
        }  # fmt: skip
        self._first, self._last = (
            NameTable(register.words(kind), register.counts[kind], kind, keys=register.keys(kind))
            for kind in ("first", "surname")
        )
        self._ratios = [(self._first_ratio(p), self._last_ratio(p)) for p in query.people]
        self._contacts = [self._friends_of(i) for i in range(len(query.people))]

    def total(self, rows: slice) -> Array:
        """Weight of each profile of a slice, bits."""
        weight = np.log2(self._place[self._arrays["household_place"][rows]]).astype(np.float64)
        for i in range(len(self._query.people)):
            weight += np.log2(self._person(i, rows)[0])
        for _, ratio in self._tastes(rows):
            weight += np.log2(ratio)
        for ratio in self._employers:
            weight += np.log2(ratio[self._arrays["employer"][rows]])
        return np.asarray(weight)

    def explain(self, rows: list[int]) -> tuple[list[dict[str, float]], list[dict[str, str]]]:
        """Weight by field, and how well each field agrees."""
        fields, levels = [], []
        for row in rows:
            one = slice(row, row + 1)
            bits = dict.fromkeys(FIELDS, 0.0)
            words: dict[str, str] = {}
            bits["place"] = float(np.log2(self._place[self._arrays["household_place"][row]]))
            for i, person in enumerate(self._query.people):
                mixed, by_role = self._person(i, one)
                role = max(by_role, key=lambda r: by_role[r][0])
                told = float(np.log2(mixed[0]))
                if role == "subject":
                    first, last = self._ratios[i]
                    parts = [
                        np.log2(first[self._arrays["first"][row]]) if first is not None else 0.0,
                        np.log2(last[self._arrays["surname"][row]]) if last is not None else 0.0,
                    ]
                    share = float(parts[0] / sum(parts)) if abs(sum(parts)) > 1e-9 else 0.5
                    share = min(max(share, 0.0), 1.0)
                    bits["first_name"] += told * share
                    bits["surname"] += told * (1 - share)
                    words.update(self._level_words(person, row))
                else:
                    bits[{"companion": "partner", "child": "children"}.get(role, "contacts")] += told
            bits["interests"] = sum(float(np.log2(r[0])) for _, r in self._tastes(one))
            bits["employer"] = sum(float(np.log2(r[self._arrays["employer"][row]])) for r in self._employers)
            fields.append({name: value for name, value in bits.items() if abs(value) > 1e-9})
            levels.append(words)
        return fields, levels

    def _level_words(self, person: Person, row: int) -> Iterator[tuple[str, str]]:
        for name, table, values, column in (
            ("first_name", self._first, person.first, "first"),
            ("surname", self._last, person.last, "surname"),
        ):
            number = int(self._arrays[column][row])
            if values and number != MISSING:
                yield name, LEVELS[min(int(table.level(value)[number]) for value in values)]

    def _person(self, i: int, rows: slice) -> tuple[Array, dict[str, Array]]:
        """The ratio of each profile as the subject, averaged over whose name this is, and by role."""
        person, (first, last) = self._query.people[i], self._ratios[i]
        shared = last[self._arrays["surname"][rows]] if last is not None else None
        parts: dict[str, Array] = {}
        roles = person.roles
        for role in ("subject", "companion", "child", "contact"):
            p = roles.get(role, 0.0)
            if p < LEAST_ROLE:
                continue
            ratio: Array | None = None
            if role == "contact":
                ratio = self._contact(i, rows)
            elif first is not None:
                ratio = self._named(role, first, rows)
            if shared is not None:
                share = {"subject": 1.0, "contact": person.shared_surname}.get(role, SPOUSE_SURNAME)
                if share:
                    surname = share * shared + (1.0 - share)
                    ratio = surname if ratio is None else ratio * surname
            if ratio is not None:
                parts[role] = p * ratio
        rest = max(1.0 - sum(roles.get(role, 0.0) for role in parts), 0.0)
        mixed = np.full(rows.stop - rows.start, rest, dtype=np.float32)
        for part in parts.values():
            mixed += part
        return np.maximum(mixed, 1e-12), parts

    def _named(self, role: str, first: Array, rows: slice) -> Array:
        if role == "subject":
            return self._own_first(first, rows)
        if role == "companion":
            return np.asarray(first[self._arrays["partner"][rows]])
        return self._listed("children", first, rows, UNLISTED_CHILD)

    def _own_first(self, ratio: Array, rows: slice) -> Array:
        """By the first name shown, or a nickname that the profile lists, whichever fits better."""
        found = ratio[self._arrays["first"][rows]]
        offsets = np.asarray(self._arrays["nicknames_offsets"][rows.start : rows.stop + 1])
        if offsets[-1] > offsets[0]:
            listed = ratio[self._arrays["nicknames"][offsets[0] : offsets[-1]]]
            owner = np.repeat(np.arange(len(found)), np.diff(offsets))
            np.maximum.at(found, owner, listed)
        return np.asarray(found)

    def _listed(self, column: str, ratio: Array, rows: slice, unlisted: float) -> Array:
        """Mean ratio over those whom a profile lists, which may not be all; 1 where it lists none."""
        offsets = np.asarray(self._arrays[f"{column}_offsets"][rows.start : rows.stop + 1])
        values = ratio[self._arrays[column][offsets[0] : offsets[-1]]]
        sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        number = np.diff(offsets)
        mean = (sums[offsets[1:] - offsets[0]] - sums[offsets[:-1] - offsets[0]]) / np.maximum(number, 1)
        found = np.where(number > 0, (1 - unlisted) * mean + unlisted, 1.0)
        return found.astype(np.float32)

    def _contact(self, i: int, rows: slice) -> Array:
        """The ratio of having such a friend: those who could be the contact, over all friends shown."""
        friends, sums, otherwise = self._contacts[i]
        ends = slice(rows.start, rows.stop + 1)
        number = np.diff(self._arrays["friends_in_offsets"][ends] + self._arrays["friends_out_offsets"][ends])
        mean = np.full(len(number), otherwise, dtype=np.float32)
        low, high = np.searchsorted(friends, [rows.start, rows.stop])
        here = friends[low:high] - rows.start
        mean[here] += sums[low:high] / np.maximum(number[here], 1)
        return np.where(number > 0, (1 - UNLISTED_CONTACT) * mean + UNLISTED_CONTACT, np.float32(1.0))

    def _friends_of(self, i: int) -> tuple[npt.NDArray[np.int64], Array, float]:
        """Profiles with friends who could be this person: rows, summed ratios, the ratio of others."""
        none = (np.empty(0, np.int64), np.empty(0), 1.0)
        person, (first, last) = self._query.people[i], self._ratios[i]
        if person.roles.get("contact", 0.0) <= 0.01:
            return none
        firsts, lasts = self._arrays["first"], self._arrays["surname"]
        others = (_typical(first)) * (_typical(last))
        likely: list[npt.NDArray[np.int64]] = []
        ratios: list[Array] = []
        for start in range(0, len(firsts), CHUNK):
            stop = min(start + CHUNK, len(firsts))
            ratio = np.ones(stop - start)
            if first is not None:
                ratio *= first[firsts[start:stop]]
            if last is not None:
                ratio *= last[lasts[start:stop]]
            standing = np.flatnonzero(ratio > STANDS_OUT)
            likely.append(standing + start)
            ratios.append(ratio[standing] - others)
        rows, weights = np.concatenate(likely), np.concatenate(ratios)
        if not len(rows):
            return none[0], none[1], others
        neighbours, lengths = [], []
        for way in ("in", "out"):
            offsets = self._arrays[f"friends_{way}_offsets"]
            begin, end = np.asarray(offsets[rows]), np.asarray(offsets[rows + 1])
            number = end - begin
            within = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
            neighbours.append(np.asarray(self._arrays[f"friends_{way}"][np.repeat(begin, number) + within]))
            lengths.append(number)
        each = np.concatenate([np.repeat(weights, number) for number in lengths])
        sums = np.bincount(np.concatenate(neighbours), weights=each, minlength=len(firsts))
        found = np.flatnonzero(sums)
        return found, sums[found], others

    def _first_ratio(self, person: Person) -> Array | None:
        return self._first.ratio(person.first).astype(np.float32) if person.first else None

    def _last_ratio(self, person: Person) -> Array | None:
        return self._last.ratio(person.last).astype(np.float32) if person.last else None

    @cached_property
    def _place(self) -> Array:
        return place_ratio(self._register, self._query.places).astype(np.float32)

    @cached_property
    def _tables(self) -> dict[str, dict[str, int]]:
        return {
            table: {fold(word): i for i, word in enumerate(self._register.words(table))}
            for table in ("interest", "employer")
        }

    @cached_property
    def _employers(self) -> list[Array]:
        found = []
        counts = np.bincount(np.asarray(self._arrays["employer"]) + 1, minlength=1)
        shown = max(float(counts[1:].sum()), 1.0)
        for value, p in self._query.employers:
            ratio = np.ones(len(self._register.words("employer")) + 1)
            number = self._tables["employer"].get(fold(value))
            u = ((float(counts[number + 1]) if number is not None else 0.0) + 1.0) / (shown + 1000.0)
            m = EMPLOYER_SHOWN * p + (1 - p) * u
            ratio[:-1] = (1 - m) / (1 - u)
            if number is not None:
                ratio[number] = m / u
            found.append(ratio)
        return found

    def _tastes(self, rows: slice) -> Iterable[tuple[str, Array]]:
        offsets = np.asarray(self._arrays["interests_offsets"][rows.start : rows.stop + 1])
        listed = np.diff(offsets) > 0
        values = np.asarray(self._arrays["interests"][offsets[0] : offsets[-1]])
        owner = np.repeat(np.arange(len(listed)), np.diff(offsets))
        for value, p in self._query.tastes:
            number, u = self._taste_shares.get(fold(value), (None, 0.0))
            if number is None:
                continue
            m = TASTE_SHOWN * p + (1 - p) * u
            ratio = np.where(listed, (1 - m) / (1 - u), 1.0)
            ratio[owner[values == number]] = m / u
            yield value, ratio

    @cached_property
    def _taste_shares(self) -> dict[str, tuple[int, float]]:
        counts = np.bincount(np.asarray(self._arrays["interests"]), minlength=1)
        shown = int((np.diff(self._arrays["interests_offsets"]) > 0).sum())
        return {
            key: (number, min((float(counts[number]) + 1.0) / (shown + 1000.0), 0.9))
            for key, number in self._tables["interest"].items()
            if number < len(counts)
        }


def _typical(ratio: Array | None) -> float:
    """The ratio of a name that has nothing to do with what was heard: the least of them."""
    return 1.0 if ratio is None or len(ratio) < 2 else float(ratio[:-1].min())


def claims_of(query: Query) -> set[str]:
    """Ids of the claims that a query rests on."""
    items: list[Any] = [*query.people, *query.places]
    return {claim for item in items for claim in item.claims}
