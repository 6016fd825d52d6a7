"""Households drawn from the reference tables: who lives there, where, whom they know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from forensics.knowledge.gazetteer import place_by_id
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import us_shares
from forensics.reidentification.name_rates import law_share
from forensics.reidentification.population import towns_of
from forensics.simulate.world import World

COUNTRIES = {"de": "DE", "en": "US"}
RELATIONS = {
    "de": ("Oma", "Opa", "Mama", "Papa", "Tante"),
    "en": ("grandma", "grandpa", "mom", "dad", "aunt"),
}
DEVICES = {
    "de": ("Heizung", "Licht", "Fernseher", "Steckdose", "Staubsauger", "Kamera"),
    "en": ("thermostat", "light", "TV", "plug", "vacuum", "camera"),
}
ARTISTS = (
    "Adele", "Johnny Cash", "Rammstein", "Coldplay", "Helene Fischer", "Frank Sinatra", "Queen", "Abba",
)  # fmt: skip
SERVICES = ("Spotify", "Netflix", "Audible", "Amazon Music", "Deezer")
P_SURNAME_SPOKEN = 0.5
"""Frozen case mix: in half the cases the subject's own surname is never spoken, only a contact's."""
MOST_CONTACTS, P_FULL_NAME = 4, 0.4
"""Frozen case mix: 0 to 4 contacts, each called by the full name or always by the first name alone."""
SMALLEST_TOWN = 1000
"""Assumption: inhabitants of the smallest town where a household may live."""
SMALLEST, LARGEST = 20, 1700
"""Frozen case mix: recordings of a bundle, log-uniform."""


@dataclass(frozen=True)
class Contact:
    """Somebody the household calls.

    Parameters
    ----------
    first, last : str
        Of one person, who may share the household's surname.
    relation : str or None
        As spoken, e.g. ``Oma``.
    by_full_name : bool
        The surname is said too.
    """

    first: str
    last: str
    relation: str | None = None
    by_full_name: bool = True


@dataclass(frozen=True)
class Household:
    """One household's truth.

    Parameters
    ----------
    number : int
        Names it, and draws it together with `seed`.
    seed : int
        Of the run it belongs to.
    language : {'de', 'en'}
        Spoken, and with it the country.
    home, work : str
        Keys of places.
    other_places : tuple of str
        Keys of places it asks about besides.
    first, last : str
        The subject's.
    companion : str or None
        First name.
    children : tuple of str
        First names.
    contacts : tuple of Contact
        Whom it calls or sends messages.
    visitors, artists, services, devices : tuple of str
        First names heard in talk; what is played, used and switched.
    wake : str
        ``HH:MM`` on workdays.
    recordings : int
        Of its bundle.
    surname_spoken, home_named, first_name_said : bool
        Whether anybody says so in any recording.
    world : str
        Name of the world that it was drawn in.
    """

    number: int
    seed: int
    language: str
    home: str
    work: str
    other_places: tuple[str, ...]
    first: str
    last: str
    companion: str | None
    children: tuple[str, ...]
    contacts: tuple[Contact, ...]
    visitors: tuple[str, ...]
    artists: tuple[str, ...]
    services: tuple[str, ...]
    devices: tuple[str, ...]
    wake: str
    recordings: int
    surname_spoken: bool
    home_named: bool
    first_name_said: bool
    world: str

    @property
    def country(self) -> str:
        """Where the household lives."""
        return COUNTRIES[self.language]

    def place_id(self, key: str) -> int:
        """The id of one of the household's places."""
        return town_ids(self.country)[key]

    @property
    def name(self) -> str:
        """The household's folder."""
        return f"household-{self.number:05d}"

    def claims(self) -> list[dict[str, str]]:
        """The truth as claims: attribute, subject_role, value."""
        found = [
            ("home_place", "subject", self.home),
            ("work_place", "subject", self.work),
            ("first_name", "subject", self.first),
            ("surname", "subject", self.last),
            ("language", "subject", self.language),
            ("routine_wake", "subject", f"{self.wake} workdays"),
            *(("other_place", "subject", place) for place in self.other_places),
            *(("child", "child", child) for child in self.children),
            *(("contact", "contact", f"{c.first} {c.last}") for c in self.contacts),
            *(("device", "subject", device) for device in self.devices),
            *(("service", "subject", service) for service in self.services),
            *(("media_taste", "subject", artist) for artist in self.artists),
        ]
        if self.companion:
            found.append(("first_name", "companion", self.companion))
        return [{"attribute": a, "subject_role": r, "value": v} for a, r, v in found]


def draw_household(number: int, world: World, *, language: str = "de", seed: int = 0) -> Household:
    """One household; the same for the same number, world, language and seed.

    Parameters
    ----------
    number : int
        Which one of the run.
    world : World
        What may be drawn, and how often.
    language : {'de', 'en'}
        Spoken, and with it the country.
    seed : int
        Of the run.
    """
    rng = np.random.default_rng([seed, number, *world.name.encode()])
    towns, weights = _towns(COUNTRIES[language])
    home, work = (towns[i] for i in rng.choice(len(towns), size=2, p=weights, replace=False))
    others = [towns[i] for i in rng.choice(len(towns), size=int(rng.poisson(world.other_places)), p=weights)]
    last = _surname(rng, language)
    relatives = RELATIONS[language]
    contacts = []
    for _ in range(int(rng.integers(0, MOST_CONTACTS + 1))):
        kin = str(rng.choice(relatives)) if rng.random() < 0.25 else None
        family = last if kin and rng.random() < 0.7 else _surname(rng, language)
        full = bool(rng.random() < P_FULL_NAME)
        contacts.append(Contact(_first_name(rng, language), family, kin, full))
    return Household(
        number=number,
        seed=seed,
        language=language,
        home=home,
        work=work,
        other_places=tuple(dict.fromkeys(place for place in others if place not in (home, work))),
        first=_first_name(rng, language),
        last=last,
        companion=_first_name(rng, language) if rng.random() < world.p_couple else None,
        children=tuple(_first_name(rng, language) for _ in range(2) if rng.random() < world.p_child),
        contacts=tuple(contacts),
        visitors=tuple(_first_name(rng, language) for _ in range(int(rng.poisson(world.visitors)))),
        artists=_some(rng, ARTISTS, 3),
        services=_some(rng, SERVICES, 2),
        devices=_some(rng, DEVICES[language], 2),
        wake=f"{rng.integers(5, 9):02d}:{int(rng.choice([0, 15, 30, 45])):02d}",
        recordings=round(float(np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST))))),
        surname_spoken=bool(rng.random() < P_SURNAME_SPOKEN),
        home_named=bool(rng.random() < world.p_home_named),
        first_name_said=bool(rng.random() < world.p_first_name_said),
        world=world.name,
    )


class NameTables:
    """Names, places and tastes drawn by the thousand, from the same tables as a single household's.

    Parameters
    ----------
    language : {'de', 'en'}
        Which country's names and towns.
    country : str, optional
        Where the towns are, if elsewhere.
    """

    def __init__(self, language: str, country: str | None = None) -> None:
        self._towns, self._town_weights = _towns(country or COUNTRIES[language])
        self._first, self._first_weights = _first_names(language)
        listed, weights, share = _surnames(language)
        composed = [first + last for first in _FIRST_PARTS for last in _LAST_PARTS]
        tail = np.full(len(composed), (1 - share) / len(composed))
        self._last = np.array([*listed, *composed], dtype=object)
        self._last_weights = np.concatenate([weights * share, tail])

    def first_names(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """First names by number."""
        return rng.choice(len(self._first), size=count, p=self._first_weights)

    def surnames(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Surnames by number."""
        return rng.choice(len(self._last), size=count, p=self._last_weights / self._last_weights.sum())

    def places(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Towns by number."""
        return rng.choice(len(self._towns), size=count, p=self._town_weights)

    def typical(self, places: np.ndarray) -> np.ndarray:
        """The surname that clusters in each of these towns, by number."""
        return (places * 7919) % len(self._last)

    def named(self, numbers: np.ndarray) -> np.ndarray:
        """First names in words."""
        return np.asarray(np.array(self._first, dtype=object)[numbers])

    def called(self, numbers: np.ndarray) -> np.ndarray:
        """Surnames in words."""
        return np.asarray(self._last[numbers])

    def placed(self, numbers: np.ndarray) -> np.ndarray:
        """Towns in words."""
        return np.asarray(np.array(self._towns, dtype=object)[numbers])

    def some_artists(self, rng: np.random.Generator, count: int) -> list[list[str]]:
        """Tastes of so many people."""
        return [list(_some(rng, ARTISTS, 3)) for _ in range(count)]


@cache
def name_tables(language: str, country: str | None = None) -> NameTables:
    """The tables behind the names and places of simulated people.

    Parameters
    ----------
    language : {'de', 'en'}
        Which country's.
    country : str, optional
        Where the towns are, if elsewhere.
    """
    return NameTables(language, country)


def _some(rng: np.random.Generator, values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(str(v) for v in rng.choice(values, size=int(rng.integers(0, most + 1)), replace=False))


def _first_name(rng: np.random.Generator, language: str) -> str:
    names, weights = _first_names(language)
    return names[int(rng.choice(len(names), p=weights))]


def _surname(rng: np.random.Generator, language: str) -> str:
    """A surname drawn by bearers; beyond the listed German ones a composed name that no list holds."""
    names, weights, listed = _surnames(language)
    if rng.random() < listed:
        return names[int(rng.choice(len(names), p=weights))]
    return str(rng.choice(_FIRST_PARTS)) + str(rng.choice(_LAST_PARTS))


@cache
def _towns(country: str) -> tuple[list[str], np.ndarray]:
    """Keys of a country's towns, and the share of its people in each."""
    keys = list(town_ids(country))
    inhabitants = dict(towns_of(country))
    weights = np.array([inhabitants[town_ids(country)[key]] for key in keys], dtype=np.float64)
    return keys, weights / weights.sum()


@cache
def town_ids(country: str) -> dict[str, int]:
    """From the key of each town where a household may live to its id, in the gazetteer's order.

    Parameters
    ----------
    country : str
        ISO 3166 code.
    """
    places = [place_by_id(place_id) for place_id, people in towns_of(country) if people >= SMALLEST_TOWN]
    return {place.key: place.geonameid for place in places if place is not None}


@cache
def _first_names(language: str) -> tuple[list[str], np.ndarray]:
    if language == "de":
        shares = {row["value"]: float(row["p"]) for row in read_forms("first_names_de")}
    else:
        both = [*us_shares("male.first").items(), *us_shares("female.first").items()]
        shares = {name.capitalize(): share for name, share in both if share > 5e-4}
    weights = np.array(list(shares.values()))
    return list(shares), weights / weights.sum()


@cache
def _surnames(language: str) -> tuple[list[str], np.ndarray, float]:
    """Names, weights, and the share of people whose surname is among them."""
    if language == "de":
        shares = {row["value"]: float(row["p"]) for row in read_forms("surnames_de")}
        listed = sum(law_share(rank) for rank in range(1, len(shares) + 1))
    else:
        shares = {name.capitalize(): share for name, share in us_shares("all.last").items() if share > 2e-5}
        listed = 1.0
    weights = np.array(list(shares.values()))
    return list(shares), weights / weights.sum(), listed


_FIRST_PARTS = (
    "Alten", "Bach", "Beren", "Birken", "Bracken", "Brink", "Buchen", "Dorn", "Eber", "Eichen", "Erlen",
    "Falken", "Fohr", "Gersten", "Grim", "Hagen", "Harten", "Hasel", "Heiden", "Hohen", "Holl", "Ilm",
    "Kalten", "Kirch", "Kolden", "Kron", "Lauter", "Leiden", "Linden", "Lohr", "Mahlen", "Meden", "Morgen",
    "Nieder", "Oster", "Pappel", "Quell", "Reichen", "Rosen", "Ruden", "Sanden", "Schell", "Selten", "Stock",
    "Sulz", "Tannen", "Ulmen", "Vorden", "Walden", "Weiden",
)  # fmt: skip
_LAST_PARTS = (
    "mann", "meier", "hoff", "beck", "berg", "stein", "bach", "feld", "haus", "kamp", "brock", "huber",
    "bauer", "thal", "horst",
)  # fmt: skip
