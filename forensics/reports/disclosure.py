"""What the report itself gives away: its visible statements, scored with our own method.

A masked report still shows places, devices and habits. Those of one data subject are matched against the
population as an adversary would; while fewer than the wanted number of people fit, the statement that tells
most is withheld. Other places, absences and times of recordings have no base rate in the method, so that they
are not part of the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

REPORT_K = 20
"""People who must fit at the lower end: the strictest threshold in common use (method, section 2)."""


@dataclass(frozen=True)
class Disclosure:
    """What a report shows of one data subject.

    Parameters
    ----------
    group : str
    shown, withheld : tuple of str
        Ids of claims whose value stands in the report, and of those left out.
    k_lo, k_mid : float
        People or households whom everything shown fits, 5 % quantile and median.
    n : int
        The population.
    unit : {'person', 'household'}
    """

    group: str
    shown: tuple[str, ...]
    withheld: tuple[str, ...]
    k_lo: float
    k_mid: float
    n: int
    unit: str


def limit(
    group: str, claims: Sequence[Mapping[str, Any]], population: str, *, wanted: int, seed: int, draws: int
) -> Disclosure:
    """Withhold statements of one data subject until at least `wanted` people fit the rest.

    Parameters
    ----------
    group : str
    claims : sequence of mapping
        The rows of ``claims`` that the report would show with their value.
    population : str
        As in the options.
    wanted : int
    seed, draws : int
        As in the options.

    Returns
    -------
    Disclosure
        With `k_lo` below `wanted` only if nothing is left to withhold.
    """
    from forensics.reidentification.draws import interval
    from forensics.reidentification.learned import learn
    from forensics.reidentification.risk import choose_population
    from forensics.reidentification.worlds import Worlds

    people = choose_population([dict(claim) for claim in claims], population)
    learned = learn(claims, people)

    def score(withheld: set[str]) -> tuple[float, float, int, str]:
        worlds = Worlds([one for one in learned if one.key not in withheld], people, "machine", seed, draws)
        if not worlds.columns:
            return float(people.persons), float(people.persons), people.persons, "person"
        attack = worlds.attack(list(range(len(worlds.columns))))
        low, middle, _ = interval(attack.k)
        return low, middle, attack.n, attack.unit

    tells = {one.key: -log2(max(one.rate.p, 1e-12)) for one in learned}
    order = sorted((key for key in tells if tells[key] > 0), key=lambda key: (-tells[key], key))
    withheld: set[str] = set()
    scored = score(withheld)
    for key in order:
        if scored[0] >= wanted:
            break
        withheld.add(key)
        scored = score(withheld)
    for key in reversed(order):  # what tells least may come back, if there is room after all
        if key in withheld and (again := score(withheld - {key}))[0] >= wanted:
            withheld.remove(key)
            scored = again
    shown = tuple(one.claim_id for one in learned if one.key not in withheld)
    hidden = tuple(sorted(one.claim_id for one in learned if one.key in withheld))
    return Disclosure(group, shown, hidden, *scored)
