"""A register of public profiles: some of the households' people, and many who are not.

Strangers are drawn from the same tables as the households, so that nobody stands out. In the ``wrong`` world
profiles also disagree with the truth: nicknames for first names, a former home, hidden friends, surnames that
cluster by place; and the partner of a subject who is absent may be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.knowledge.lexicon import read_forms
from forensics.simulate.households import COUNTRIES, Household, name_tables
from forensics.simulate.world import OBEYING, World

P_LISTED = 0.5
"""Share of the households whose people are in the register: an assumption, as are the shares below."""
P_FIELD = 0.7
"""Share of profiles that show any one optional field."""
P_LISTED_CONTACT = 0.5
"""Share of contacts with a profile, when the subject has none."""
FRIENDS = 30
"""A stranger's friends are 0 to so many, less one, evenly: an assumption."""
GROUP = 100_000
"""Rows of a row group."""
COLUMNS = (
    "profile_id", "first_name", "surname", "nicknames", "place", "country", "partner_first_name",
    "partner_profile_id", "friends", "children_first_names", "employer", "interests",
)  # fmt: skip
EMPLOYERS = (
    "Stadtwerke", "Sparkasse", "Klinikum", "Landkreis", "Deutsche Post", "Volkswagen", "Siemens", "Bosch",
    "Edeka", "Aldi", "Universität", "Polizei", "Bundeswehr", "Telekom", "Lufthansa", "Bäckerei", "Caritas",
)  # fmt: skip
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Disorder:
    """How far profiles are from what is true of their owners.

    Parameters
    ----------
    shown : float
        Probability that a profile shows any one optional field.
    nickname, moved, hidden : float
        Probability of a nickname for a first name, of a former home, of a hidden list of friends.
    listed_contact : float
        Probability that a contact is among the friends shown.
    partner_alone : float
        Probability that the partner of an absent subject has a profile.
    clan : float
        Probability that a stranger bears the surname that is typical of the place.
    """

    shown: float = P_FIELD
    nickname: float = 0.0
    moved: float = 0.0
    hidden: float = 0.0
    listed_contact: float = 1.0
    partner_alone: float = 0.0
    clan: float = 0.0


DISORDER = {
    "obeying": Disorder(listed_contact=0.8),
    "wrong": Disorder(
        0.55, nickname=0.1, moved=0.1, hidden=0.25, listed_contact=0.6, partner_alone=0.3, clan=0.03
    ),
}


def write_register(
    homes: Sequence[Household],
    path: Path,
    profiles: int,
    *,
    seed: int,
    world: World = OBEYING,
    spoken: tuple[str, str] | None = None,
) -> dict[int, str]:
    """Write ``register.parquet`` and say which households' subjects are in it.

    Parameters
    ----------
    homes : sequence of Household
        Of one language.
    path : pathlib.Path
        The Parquet file to write.
    profiles : int
        In all, those of the households' people among them.
    seed : int
        The same register for the same seed.
    world : World
        Says how far profiles are from the truth.
    spoken : (str, str), optional
        Language and country of the people, where there are no households; ids begin with the country.

    Returns
    -------
    dict
        From household number to the profile id of its subject.
    """
    rng = np.random.default_rng([seed, 3, *world.name.encode()])
    language = homes[0].language if homes else "de"
    language, country = spoken or (language, COUNTRIES[language])
    people = _People(language, country, DISORDER[world.name], rng, profiles)
    people.begin = "p" if spoken is None else country.lower()
    subjects = {}
    for home in homes:
        if rng.random() < P_LISTED and people.room() >= 2 + len(home.contacts):
            subjects[home.number] = people.add_household(home)
        elif len(homes) * 6 < profiles:  # a small register has no room for the others
            people.add_others(home)
    people.add_strangers(profiles - len(people.first))
    place = people.write(path)
    return {number: place[row] for number, row in subjects.items()}


class _People:
    """The columns of the register in the making; names, places and so on by number."""

    begin = "p"

    def __init__(
        self, language: str, country: str, disorder: Disorder, rng: np.random.Generator, profiles: int
    ) -> None:
        self._rng, self._disorder, self._profiles = rng, disorder, profiles
        self._country = country
        self._tables = name_tables(language, country)
        self.first: list[str | None] = []
        self._last: list[str] = []
        self._place: list[str | None] = []
        self._partner: list[str | None] = []
        self._partner_row: list[int] = []
        self._children: list[list[str] | None] = []
        self._interests: list[list[str] | None] = []
        self._edges: list[tuple[int, int]] = []
        self._more: dict[str, npt.NDArray[np.object_] | Numbers] = {}

    def room(self) -> int:
        """Rows left."""
        return self._profiles - len(self.first)

    def add_household(self, home: Household) -> int:
        """Profiles of the subject, the companion and the contacts; returns the subject's row."""
        shown = self._shown
        subject = self._add(home.first, home.last, self._home(home))
        self._children[subject] = shown(list(home.children))
        self._interests[subject] = shown(list(home.artists))
        if home.companion:
            partner = self._add(home.companion, home.last, self._home(home))
            self._partner[subject] = shown(home.companion)
            self._partner[partner] = shown(home.first)
            if self._rng.random() < self._disorder.shown:
                self._partner_row[subject] = partner
        self._contacts(home, subject)
        return subject

    def add_others(self, home: Household) -> None:
        """Some of the people around a subject who has no profile."""
        if home.companion and self.room() and self._rng.random() < self._disorder.partner_alone:
            partner = self._add(home.companion, home.last, self._home(home))
            self._partner[partner] = self._shown(home.first)
            self._contacts(home, partner)
            return
        for contact in home.contacts:
            if self.room() and self._rng.random() < P_LISTED_CONTACT:
                self._add(contact.first, contact.last, self._shown(self._near(home)))

    def _contacts(self, home: Household, owner: int) -> None:
        for contact in home.contacts[: max(0, self.room())]:
            friend = self._add(contact.first, contact.last, self._shown(self._near(home)))
            if self._rng.random() < self._disorder.listed_contact:
                self._edges += [(owner, friend), (friend, owner)]

    def _add(self, first: str, last: str, place: str | None) -> int:
        if self._rng.random() < self._disorder.nickname:
            first = _nickname(first)
        self.first.append(first)
        self._last.append(last)
        self._place.append(place)
        self._partner.append(None)
        self._partner_row.append(-1)
        self._children.append(None)
        self._interests.append(None)
        return len(self.first) - 1

    def _home(self, home: Household) -> str | None:
        moved = self._rng.random() < self._disorder.moved
        shown: str | None = self._shown(home.work if moved else home.home)
        return shown

    def _near(self, home: Household) -> str:
        return home.home if self._rng.random() < 0.4 else home.work

    def _shown(self, value: Any) -> Any:
        return value if self._rng.random() < self._disorder.shown else None

    def add_strangers(self, count: int) -> None:
        """Fill up with households drawn as the simulated ones are, all columns at once."""
        rng, tables = self._rng, self._tables
        here, start = len(self.first), len(self.first)
        first = tables.first_names(rng, count)
        last = tables.surnames(rng, count)
        place = tables.places(rng, count)
        # Each household is a subject, perhaps a partner, and the contacts, one row after the other.
        size = np.empty(0, np.int64)
        while size.sum() < count:
            more = 1 + (rng.random(count // 2 + 8) < 0.6) + 8 * rng.integers(0, 5, count // 2 + 8)
            size = np.concatenate([size, more % 8 + more // 8])
        heads = np.concatenate([[0], np.cumsum(size)])
        heads = heads[heads < count]
        owner = np.repeat(heads, np.diff([*heads, count]))
        offset = np.arange(count) - owner
        with_partner = np.zeros(count, bool)
        with_partner[heads] = rng.random(len(heads)) < 0.6
        partner = (offset == 1) & with_partner[owner]
        last = np.where(partner, last[owner], last)
        near = rng.random(count) < 0.4  # contacts live in the owner's town, or where he works
        place = np.where(partner | ((offset > 0) & near), place[owner], place)
        if self._disorder.clan:
            clan = rng.random(count) < self._disorder.clan
            last = np.where(clan, tables.typical(place), last)
        contact = (offset > 0) & ~partner
        edge = contact & (rng.random(count) < self._disorder.listed_contact)
        shown = self._disorder.shown
        rows = np.arange(count)
        partner_of = np.full(count, -1)
        has = partner[np.minimum(rows + 1, count - 1)] & (offset == 0) & (rows + 1 < count)
        partner_of[has] = rows[has] + 1
        partner_name = np.full(count, None, dtype=object)
        names = tables.named(first)
        partner_name[has] = names[rows[has] + 1]
        partner_name[partner] = names[rows[partner] - 1]
        partner_name[rng.random(count) >= shown] = None
        link = np.where(rng.random(count) < shown, partner_of, -1)
        if self._disorder.nickname:
            for row in np.flatnonzero(rng.random(count) < self._disorder.nickname).tolist():
                names[row] = _nickname(names[row])
        placed = tables.placed(place)
        placed[rng.random(count) >= shown] = None
        self.first += names.tolist()
        self._last += tables.called(last).tolist()
        self._place += placed.tolist()
        self._partner += partner_name.tolist()
        self._partner_row += np.where(link >= 0, link + here, -1).tolist()
        children = rng.binomial(2, 0.3, count)
        drawn = tables.named(tables.first_names(rng, int(children.sum())))
        ends = np.cumsum(children)
        parents = (offset == 0) & (rng.random(count) < shown)
        self._children += [
            drawn[b - n : b].tolist() if parent else None
            for parent, n, b in zip(parents.tolist(), children.tolist(), ends.tolist(), strict=True)
        ]
        artists = tables.some_artists(rng, 4096)
        kinds = rng.integers(0, len(artists), count).tolist()
        likes = ((offset == 0) & (rng.random(count) < shown)).tolist()
        self._interests += [artists[kind] if like else None for kind, like in zip(kinds, likes, strict=True)]
        pairs = np.stack([owner[edge] + start, rows[edge] + start])
        self._more["edges"] = np.concatenate([pairs, pairs[::-1]], axis=1)

    def write(self, path: Path) -> list[str]:
        """Write the register in random order; returns the profile id of each row as it was added."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        rng, n = self._rng, len(self.first)
        ids = [
            f"{self.begin}{row:08d}-{word:06x}" for row, word in enumerate(rng.integers(0, 16**6, n).tolist())
        ]
        number = pa.array(ids)
        edges = np.concatenate(
            [
                np.array(self._edges, np.int64).reshape(-1, 2).T,
                self._more.get("edges", np.empty((2, 0), np.int64)),
            ],
            axis=1,
        )
        strangers = rng.integers(0, FRIENDS, n)
        hidden = rng.random(n) < self._disorder.hidden
        source = np.concatenate([edges[0], np.repeat(np.arange(n), strangers)])
        target = np.concatenate([edges[1], rng.integers(0, n, int(strangers.sum()))])
        keep = ~hidden[source] & (source != target)
        key = np.unique(source[keep] * n + target[keep])  # nobody is listed twice
        source, target = key // n, key % n
        friends = pa.ListArray.from_arrays(
            np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int32),
            number.take(pa.array(target)),
        )
        partner = np.array(self._partner_row, np.int64)
        employer = np.array(EMPLOYERS, dtype=object)[rng.integers(0, len(EMPLOYERS), n)]
        employer[rng.random(n) >= self._disorder.shown] = None
        texts = pa.list_(pa.string())
        columns = {
            "profile_id": number,
            "first_name": pa.array(self.first, pa.string()),
            "surname": pa.array(self._last, pa.string()),
            "nicknames": pa.array([[]] * n, texts),
            "place": pa.array(self._place, pa.string()),
            "country": pa.array([self._country] * n, pa.string()),
            "partner_first_name": pa.array(self._partner, pa.string()),
            "partner_profile_id": number.take(pa.array(partner, mask=partner < 0)),
            "friends": friends,
            "children_first_names": pa.array(self._children, texts),
            "employer": pa.array(employer, pa.string(), from_pandas=True),
            "interests": pa.array(self._interests, texts),
        }
        table = pa.table({name: columns[name] for name in COLUMNS})
        shuffled = table.take(pa.array(rng.permutation(n)))
        pq.write_table(shuffled, path, compression="zstd", row_group_size=GROUP)
        return ids


@cache
def nickname_pairs() -> dict[str, frozenset[str]]:
    """From a first name to its nicknames, as the nicknames' table lists them."""
    found: dict[str, set[str]] = {}
    for row in read_forms("nicknames"):
        found.setdefault(row["name"], set()).add(row["nickname"])
    return {name: frozenset(short) for name, short in found.items()}


def _nickname(name: str) -> str:
    return max(nickname_pairs().get(name, {name})).capitalize()
