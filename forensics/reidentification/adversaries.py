"""Who might look for the subject, what they can match, and what finding takes besides."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.reidentification.population import Population
from forensics.reidentification.rates import assumption


@dataclass(frozen=True)
class Adversary:
    """One kind of adversary.

    Parameters
    ----------
    attributes : frozenset of str
        The claims that this adversary can hold against a candidate.
    listed : str
        The assumption that says how likely the subject can be found at all.
    about : str
        In words.
    """

    name: str
    attributes: frozenset[str]
    listed: str
    about: str

    def population(self, people: Population) -> Population:
        """The people among whom this adversary looks."""
        if self.name != "acquaintance":
            return people
        known = assumption("acquaintances")
        circle = int(known.p)
        return Population(
            people.country,
            circle,
            circle // 2,
            f"people whom an acquaintance knows ({known.source})",
            acquainted=True,
        )


_ON_THE_WEB = frozenset(
    {
        "home_place",
        "work_place",
        "first_name",
        "surname",
        "child",
        "contact",
        "employer",
        "phone",
        "email",
        "address",
    }
)
_IN_A_REGISTER = frozenset(
    {"home_place", "first_name", "surname", "phone", "email", "address", "device", "service", "language"}
)
_KNOWN_TO_FRIENDS = (
    _ON_THE_WEB | _IN_A_REGISTER | {"relation", "media_taste", "routine_wake", "routine_commute"}
)

ADVERSARIES = (
    Adversary(
        "stranger",
        _ON_THE_WEB,
        "listed",
        "a stranger who searches the open web for people, as a journalist did in 2018",
    ),
    Adversary(
        "register",
        _IN_A_REGISTER,
        "listed_in_register",
        "the owner of a register of most households, with names, places, devices and services",
    ),
    Adversary(
        "acquaintance",
        frozenset(_KNOWN_TO_FRIENDS),
        "recognised",
        "somebody who knows the household: voices and names suffice, whatever K says",
    ),
)
"""Those who match what was said."""

VOICE = Adversary(
    "voice",
    frozenset(),
    "in_gallery",
    "somebody with named recordings of many people, who compares voices and matches no claim",
)
"""The fourth, measured only where comparing voices was asked for (:mod:`.voice_risk`)."""
