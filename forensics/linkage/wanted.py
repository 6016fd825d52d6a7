"""What is looked up in a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PersonNamed:
    """Somebody named in the utterances.

    Parameters
    ----------
    first, last : dict
        What may have been said, most probable first, with probabilities; empty if that part was not said.
    roles : dict
        Posterior over the roles of ``claims``.
    shared_surname : float
        Probability that the subject bears the same surname.
    """

    first: Mapping[str, float]
    last: Mapping[str, float]
    roles: Mapping[str, float]
    shared_surname: float = 0.0
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceNamed:
    """A place named in the utterances.

    Parameters
    ----------
    places : dict
        Ids of places that may be meant, with probabilities.
    home, work : float
        Posterior of its role.
    name : str
        As it was said, and its probability in `p_name`: counts only where no gazetteer knows the place.
    """

    places: Mapping[int, float]
    home: float
    work: float
    name: str = ""
    p_name: float = 1.0
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """All that can be held against a profile.

    Parameters
    ----------
    tastes, employers : tuple of (str, float)
        With the probability that each is true.
    """

    people: tuple[PersonNamed, ...] = ()
    places: tuple[PlaceNamed, ...] = ()
    tastes: tuple[tuple[str, float], ...] = ()
    employers: tuple[tuple[str, float], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing can be looked for."""
        return not (self.people or self.places or self.tastes or self.employers)
