"""The two worlds: one that obeys the model, and one that does not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class World:
    """How simulated households live, speak and are misheard, and who else there is.

    Parameters
    ----------
    name : str
        For the truth file, and one of what ``--world`` takes.
    p_home_named : float
        Probability that the home town is named in a weather query at all.
    other_places : float
        Mean number of other places asked about (Poisson).
    days_home, days_other : float
        Probability of one more day on which a place is asked about again (geometric).
    misheard : float
        Probability that the vendor's transcript has a name wrong.
    recurring : float
        Probability that a name is misheard the same way every time.
    p_couple, p_child : float
        Probability of a companion; of each of up to two children.
    visitors : float
        Mean number of visitors' names in talk not meant for the device.
    p_first_name_said : float
        Probability that somebody says the subject's own first name.
    theta : (float, float)
        Clustering of surnames within places, log-uniform.
    listed : (float, float)
        Probability that the subject can be found on the web, log-uniform.
    distortion : float
        Standard deviation of the log of each base rate around what the model draws.
    bias : float
        Mean of that log: above 0 everything is commoner than the model thinks.
    dependence : float
        The joint rate of several claims is their product to this power; below 1 they come together.

    Notes
    -----
    All values are assumptions: :data:`OBEYING` has those that the model makes, :data:`WRONG` others.
    """

    name: str
    p_home_named: float = 0.75
    other_places: float = 1.2
    days_home: float = 0.8
    days_other: float = 0.5
    misheard: float = 0.15
    recurring: float = 0.25
    p_couple: float = 0.6
    p_child: float = 0.3
    visitors: float = 0.5
    p_first_name_said: float = 0.5
    theta: tuple[float, float] = (1e-5, 1e-3)
    listed: tuple[float, float] = (0.3, 0.9)
    distortion: float = 0.0
    bias: float = 0.0
    dependence: float = 1.0


OBEYING = World("obeying")
"""Places: P(home named) .75, 1.2 others on average, and geometric days (.8 and .5) give what the profile
assumes: even
odds for a place named once, and a likelihood ratio of 1.6 for each further day."""

WRONG = World(
    "wrong",
    p_home_named=0.55,
    other_places=2.0,
    days_home=0.7,
    days_other=0.6,
    misheard=0.30,
    recurring=0.5,
    visitors=2.0,
    theta=(1e-3, 1e-2),
    listed=(0.2, 0.7),
    distortion=0.8,
    bias=0.5,
    dependence=0.9,
)
"""Surnames cluster ten times more than assumed, names are misheard twice as often and more persistently,
more visitors are named, fewer people are listed, rates are off by a factor of two either way and 1.6 on
average, and claims come
together."""
WRITTEN = "written"
"""The world of households written by hand, with other people: see :mod:`forensics.simulate.written`."""
WORLDS = {world.name: world for world in (OBEYING, WRONG)}
