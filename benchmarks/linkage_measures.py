"""How searches in a register came out: shares with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forensics.reidentification.anonymity import wilson
from forensics.simulate.calibration import bootstrap


@dataclass(frozen=True)
class Result:
    """How the search for one household's subject came out.

    Parameters
    ----------
    script : str
        Of which written household it is a copy; empty in the other worlds.
    listed, surname_spoken, surname_found : bool
        The subject is in the register; the own surname was said in the recordings; we have it as a claim of
        the subject or the household.
    rank : float
        Expected rank of the right profile when ties are broken at random; infinite if it is not among the
        candidates.
    nobody : bool
        "Nobody" has the highest posterior.
    posterior : float
        Of the right profile.
    wrong : float
        The highest posterior of a wrong profile.
    seconds, cpu : float
        Wall clock and CPU of the query, the register's index opened anew.
    """

    household: int
    script: str
    listed: bool
    surname_spoken: bool
    surname_found: bool
    rank: float
    nobody: bool
    posterior: float
    wrong: float
    seconds: float
    cpu: float


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Shares, each with its 95 % interval under ``ci``: Wilson's, or by resampling households for copies."""
    listed = [r for r in results if r.listed]
    spoken = [r for r in listed if r.surname_spoken]
    found = {
        "rank1_in_register": [(r.rank < 1.5, r.script) for r in spoken],
        "rank1_without_surname": [(r.rank < 1.5, r.script) for r in listed if not r.surname_spoken],
        "rank1_surname_heard": [(r.rank < 1.5, r.script) for r in spoken if r.surname_found],
        "rank10_in_register": [(r.rank <= 10, r.script) for r in spoken],
        "nobody_when_absent": [(r.nobody, r.script) for r in results if not r.listed],
        "false_accusations": [(r.wrong > 0.5, r.script) for r in results],
    }
    shares = {name: [hit for hit, _ in hits] for name, hits in found.items()}
    return {
        "n": len(results),
        "n_in_register": len(spoken),
        "n_without_surname": len(listed) - len(spoken),
        "n_absent": len(results) - len(listed),
        **{name: round(float(np.mean(hits)), 4) if hits else None for name, hits in shares.items()},
        "mean_posterior_of_right": round(float(np.mean([r.posterior for r in spoken])), 4)
        if spoken
        else None,
        "ci": {name: interval_of(hits) for name, hits in found.items()},
    }


def interval_of(hits: Sequence[tuple[bool, str]]) -> list[float]:
    """The 95 % interval of a share; of copies of few households by resampling these."""
    if not hits or not hits[0][1]:
        return [round(x, 4) for x in wilson(sum(hit for hit, _ in hits), len(hits))]
    share = np.array([float(hit) for hit, _ in hits])
    low, high = bootstrap(lambda p, _: float(p.mean()), share, share, clusters=[name for _, name in hits])
    return [round(low, 4), round(high, 4)]
