"""The likelihood ratio of every profile of a register, by distinct word first, then by profile.

Per person named, the ratio is averaged over whose name it may be: the subject's, the companion's, a
child's, a contact's, or nobody's in the household. A contact is looked for among the profiles first, and the
friends of those who could be the contact become candidates (the way the reporters of 2018 went). Places are
averaged over which of them is the home. Fields that a profile does not show say nothing.

A surname that several people of a household bear is one piece of evidence: it counts for that one of them for
whom it tells most, and once it is known, who bears it too has told no more than the first name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.linkage.building import MISSING
from forensics.linkage.dependence import families
from forensics.linkage.index import Register
from forensics.linkage.levels import LEVELS, NameTable
from forensics.linkage.place_ratios import place_ratio
from forensics.linkage.tastes import Tastes
from forensics.linkage.wanted import PersonNamed, Query

Array = npt.NDArray[Any]
"""Ratios are single precision, weights and sums double: a million ratios fit a processor's cache better."""
CHUNK = 1_000_000
"""Profiles scored at a time: ten million take no more memory than one."""
UNLISTED_CONTACT, UNLISTED_CHILD = 0.4, 0.3
"""Assumptions: probability that a contact is not among the friends shown, a child not among those shown."""
SPOUSE_SURNAME = 0.75
"""Assumption: probability that a couple shares its surname."""
LEAST_ROLE = 0.005
"""Assumption: less probable roles are left out: they count with the rest, whose names say nothing."""
STANDS_OUT = 2.0
"""Assumption: profiles whose name is at least twice as likely a contact's as anybody's are looked at as the
contact."""
LIVES_NEAR = 0.4
"""Assumption: probability that somebody whom the household names lives where it does."""
FRIENDS = ("contact", "relative")
"""Roles of those who are looked for among a profile's friends."""
OUTSIDE = (*FRIENDS, "visitor", "child")
"""Roles of those who do not live with the subject, or have no profile of an adult."""
FIELDS = ("first_name", "surname", "place", "partner", "children", "contacts", "interests", "employer")


@dataclass(frozen=True)
class ProfileWeights:
    """What speaks for each of some profiles.

    Parameters
    ----------
    subject, companion : ndarray
        Bits for being the subject, and for being the companion instead, shape (profiles,).
    outsider : ndarray
        The sum of the ratios for being each of the people named by the full name who are neither, shape
        (outsiders,).
    """

    subject: Array
    companion: Array
    outsider: Array


class Ratios:
    """The ratios of one query."""

    def __init__(self, register: Register, query: Query) -> None:
        self._register, self._query = register, query
        self._arrays = {
            name: register.array(name)
            for name in ("first", "surname", "partner", "household_place", "children", "children_offsets",
                         "nicknames", "nicknames_offsets", "friends_in", "friends_in_offsets", "friends_out",
                         "friends_out_offsets")
        }  # fmt: skip
        self._first, self._last = (
            NameTable(register.words(kind), register.counts[kind], kind, keys=register.keys(kind))
            for kind in ("first", "surname")
        )
        self._tastes = Tastes(register, query)
        self._families = families(query.people)
        self._heard = [_Heard(*self._names(person)) for person in query.people]
        """What each name tells."""
        self._again = {i: self._heard[i].surname_known() for family in self._families for i in family}
        """What it tells of those who bear a surname that is known already."""
        for i, heard in [*enumerate(self._heard), *self._again.items()]:
            if _friend(query.people[i].roles) > 2 * LEAST_ROLE:
                heard.friends = self._friends_of(heard)
        self._outside = [
            i for i, p in enumerate(query.people) if p.first and p.last and _outside(p) > LEAST_ROLE
        ]

    def weights(self, rows: slice) -> ProfileWeights:
        """The weights of some profiles."""
        place = self._place[self._arrays["household_place"][rows]]
        common = np.log2(place).astype(np.float64) + self._tastes.bits(rows)
        subject, companion = common, common.copy()
        for i in range(len(self._query.people)):
            if i not in self._again:
                for weight, ratio in zip((subject, companion), self._person(i, rows), strict=True):
                    weight += np.log2(ratio)
        for family in self._families:
            gains = []
            for i in family:
                once, again = self._person(i, rows), self._person(i, rows, again=True)
                gains.append([np.log2(a) - np.log2(b) for a, b in zip(once, again, strict=True)])
                for weight, ratio in zip((subject, companion), again, strict=True):
                    weight += np.log2(ratio)
            for weight, gain in zip((subject, companion), zip(*gains, strict=True), strict=True):
                weight += np.max(gain, axis=0)
        near = LIVES_NEAR * place + (1 - LIVES_NEAR)
        return ProfileWeights(
            subject, companion, np.array([self._outsider(i, rows, near) for i in self._outside])
        )

    def explain(self, rows: list[int]) -> tuple[list[dict[str, float]], list[dict[str, str]]]:
        """Bits by field, and how well each field agrees."""
        fields, levels = [], []
        for row in rows:
            one = slice(row, row + 1)
            bits = dict.fromkeys(FIELDS, 0.0)
            words: dict[str, str] = {}
            bits["place"] = float(np.log2(self._place[self._arrays["household_place"][row]]))
            known = self._known_again(one)
            for i, person in enumerate(self._query.people):
                again = i in known
                told = float(np.log2(self._person(i, one, again=again)[0][0]))
                ratios = self._by_role(i, one, again=again)
                roles = {**person.roles, "contact": _friend(person.roles)}
                shares = {role: roles.get(role, 0.0) * ratio[0] for role, ratio in ratios.items()}
                role = max(shares, key=shares.__getitem__, default="contact")
                if role == "subject":
                    share = self._first_share(self._again[i] if again else self._heard[i], row)
                    bits["first_name"] += told * share
                    bits["surname"] += told * (1 - share)
                    words.update(self._level_words(person, row))
                else:
                    bits[{"companion": "partner", "child": "children"}.get(role, "contacts")] += told
            bits |= {"interests": self._tastes.interests(one)[0], "employer": self._tastes.employers(one)[0]}
            fields.append({name: float(value) for name, value in bits.items() if abs(value) > 1e-9})
            levels.append(words)
        return fields, levels

    def _known_again(self, one: slice) -> set[int]:
        """Those whose surname a profile is not credited with again."""
        found: set[int] = set()
        for family in self._families:
            gains = [
                float(np.log2(self._person(i, one)[0][0]) - np.log2(self._person(i, one, again=True)[0][0]))
                for i in family
            ]
            found |= set(family) - {family[int(np.argmax(gains))]}
        return found

    def _first_share(self, heard: _Heard, row: int) -> float:
        """The part of a full name's bits that the first name brings."""
        parts = [
            float(np.log2(heard.first[self._arrays["first"][row]])) if heard.first is not None else 0.0,
            float(np.log2(heard.last[self._arrays["surname"][row]])) if heard.last is not None else 0.0,
        ]
        share = parts[0] / sum(parts) if abs(sum(parts)) > 1e-9 else 0.5
        return min(max(share, 0.0), 1.0)

    def _level_words(self, person: PersonNamed, row: int) -> Iterator[tuple[str, str]]:
        for name, table, values, column in (
            ("first_name", self._first, person.first, "first"),
            ("surname", self._last, person.last, "surname"),
        ):
            number = int(self._arrays[column][row])
            if values and number != MISSING:
                yield name, LEVELS[min(int(table.level(value)[number]) for value in values)]

    def _person(self, i: int, rows: slice, *, again: bool = False) -> tuple[Array, Array]:
        """The averaged ratio of each profile as the subject, and as the companion."""
        ratios = self._by_role(i, rows, again=again)
        roles = dict(self._query.people[i].roles)
        roles["contact"] = _friend(roles)
        swapped = {**roles, "subject": roles.get("companion", 0.0), "companion": roles.get("subject", 0.0)}
        found = []
        for weights in (roles, swapped):
            named = {role: weights.get(role, 0.0) for role in ratios}
            mixed = np.full(rows.stop - rows.start, max(1.0 - sum(named.values()), 0.0), dtype=np.float32)
            for role, p in named.items():
                mixed += p * ratios[role]
            found.append(np.maximum(mixed, 1e-12))
        return found[0], found[1]

    def _by_role(self, i: int, rows: slice, *, again: bool = False) -> dict[str, Array]:
        """The ratio of each profile as the subject, by whose name was said."""
        person = self._query.people[i]
        heard = self._again[i] if again else self._heard[i]
        shared = heard.last[self._arrays["surname"][rows]] if heard.last is not None else None
        parts: dict[str, Array] = {}
        couple = max(person.roles.get(role, 0.0) for role in ("subject", "companion"))
        for role in ("subject", "companion", "child", "contact"):
            p = couple if role in ("subject", "companion") else person.roles.get(role, 0.0)
            p = _friend(person.roles) if role == "contact" else p
            if p < LEAST_ROLE:
                continue
            ratio: Array | None = None
            if role == "contact":
                ratio = self._contact(heard, rows)
            elif heard.first is not None:
                ratio = self._named(role, heard.first, rows)
            if shared is not None:
                share = {"subject": 1.0, "contact": person.shared_surname}.get(role, SPOUSE_SURNAME)
                if share:
                    surname = share * shared + (1.0 - share)
                    ratio = surname if ratio is None else ratio * surname
            if ratio is not None:
                parts[role] = ratio
        return parts

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

    def _contact(self, heard: _Heard, rows: slice) -> Array:
        """The ratio of having such a friend: those who could be the contact, over all friends shown."""
        friends, sums, otherwise = heard.friends
        ends = slice(rows.start, rows.stop + 1)
        number = np.diff(self._arrays["friends_in_offsets"][ends] + self._arrays["friends_out_offsets"][ends])
        mean = np.full(len(number), otherwise, dtype=np.float32)
        low, high = np.searchsorted(friends, [rows.start, rows.stop])
        here = friends[low:high] - rows.start
        mean[here] += sums[low:high] / np.maximum(number[here], 1)
        return np.where(number > 0, (1 - UNLISTED_CONTACT) * mean + UNLISTED_CONTACT, np.float32(1.0))

    def _friends_of(self, heard: _Heard) -> tuple[npt.NDArray[np.int64], Array, float]:
        """Profiles with friends who could be this person: rows, summed ratios, the ratio of others."""
        firsts, lasts = self._arrays["first"], self._arrays["surname"]
        others = _typical(heard.first) * _typical(heard.last)
        likely: list[npt.NDArray[np.int64]] = []
        ratios: list[Array] = []
        for start in range(0, len(firsts), CHUNK):
            stop = min(start + CHUNK, len(firsts))
            ratio = np.ones(stop - start)
            if heard.first is not None:
                ratio *= heard.first[firsts[start:stop]]
            if heard.last is not None:
                ratio *= heard.last[lasts[start:stop]]
            standing = np.flatnonzero(ratio > STANDS_OUT)
            likely.append(standing + start)
            ratios.append(ratio[standing] - others)
        rows, weights = np.concatenate(likely), np.concatenate(ratios)
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0), others
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

    def _outsider(self, i: int, rows: slice, near: Array) -> float:
        """The summed ratio of profiles as somebody named who is neither subject nor companion."""
        heard, p = self._heard[i], _outside(self._query.people[i])
        if heard.first is None or heard.last is None:
            return float(near.sum(dtype=np.float64))
        name = self._own_first(heard.first, rows) * heard.last[self._arrays["surname"][rows]]
        return float(((p * name + (1 - p)) * near).sum(dtype=np.float64))

    def _names(self, person: PersonNamed) -> tuple[Array | None, Array | None]:
        first = self._first.ratio(person.first).astype(np.float32) if person.first else None
        last = self._last.ratio(person.last).astype(np.float32) if person.last else None
        return first, last

    @cached_property
    def _place(self) -> Array:
        return place_ratio(self._register, self._query.places).astype(np.float32)


class _Heard:
    """Ratios of the distinct first names and surnames, given what was heard of one person."""

    def __init__(self, first: Array | None, last: Array | None) -> None:
        self.first, self.last = first, last
        self.friends: tuple[npt.NDArray[np.int64], Array, float] = (np.empty(0, np.int64), np.empty(0), 1.0)

    def surname_known(self) -> _Heard:
        """The same where the surname was to be expected: its bearers are not singled out by it again."""
        if self.last is None:
            return self
        last = self.last / max(float(self.last.max()), 1.0)
        last[-1] = 1.0
        return _Heard(self.first, last)


def _typical(ratio: Array | None) -> float:
    """The ratio of a name that has nothing to do with what was heard: the least of them."""
    return 1.0 if ratio is None or len(ratio) < 2 else float(ratio[:-1].min())


def _friend(roles: Mapping[str, float]) -> float:
    """Probability of being somebody whom the subject's list of friends may hold."""
    return sum(roles.get(role, 0.0) for role in FRIENDS)


def _outside(person: PersonNamed) -> float:
    return min(1.0, sum(person.roles.get(role, 0.0) for role in OUTSIDE))
