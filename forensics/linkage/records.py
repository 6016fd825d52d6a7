"""What is looked up in a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """Somebody named in the recordings.

    Parameters
    ----------
    first, last : dict
        What may have been said, most probable first, with probabilities; empty if that part was not said.
    roles : dict
        Posterior: subject, companion, child, visitor, contact, artist.
    shared_surname : float
        Probability that the subject bears the same surname.
    claims : tuple of str
    """

    first: Mapping[str, float]
    last: Mapping[str, float]
    roles: Mapping[str, float]
    shared_surname: float = 0.0
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceNamed:
    """A place named in the recordings.

    Parameters
    ----------
    values : dict
        Keys of places that may have been said, with probabilities.
    home, work : float
        Posterior of its role.
    spots : dict
        Latitude and longitude of those values of which they are known, degrees.
    claims : tuple of str
    """

    values: Mapping[str, float]
    home: float
    work: float
    spots: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """All that can be held against a profile.

    Parameters
    ----------
    people : tuple of Person
    places : tuple of PlaceNamed
    tastes, employers : tuple of (str, float)
        With the probability that each is true.
    """

    people: tuple[Person, ...] = ()
    places: tuple[PlaceNamed, ...] = ()
    tastes: tuple[tuple[str, float], ...] = ()
    employers: tuple[tuple[str, float], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing can be looked for."""
        return not (self.people or self.places or self.tastes or self.employers)
