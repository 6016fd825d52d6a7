"""Fit the law of German surnames of ``forensics.reidentification.name_rates`` on the published counts.

Zipf-Mandelbrot: the share of the surname at rank r is (r + shift)^-exponent over the sum of all names'
(Mandelbrot 1953). Shares are entries over 28 million telephone connections (DFD Mainz, stock of 2005);
least squares in logs.
"""

from __future__ import annotations

import csv
import sys

import numpy as np

from fitting.command import log, main
from fitting.record import ROOT, Run, Value, file, write

TABLE = ROOT / "forensics/knowledge/data/surnames_de.csv"
NAMES = 800_000
"""Different surnames in Germany (DFD, about)."""
CONNECTIONS = 28_000_000
"""Telephone connections that the counts are of (DFD, about)."""


def run(how: Run) -> None:
    """Fit and write."""
    counts = measured()[:: how.every]
    shift, exponent = law(counts / CONNECTIONS, np.arange(1, how.every * len(counts) + 1, how.every))
    shift, exponent = round(shift, 3), round(exponent, 3)
    ranks = np.arange(1, len(counts) * how.every + 1, how.every)
    error = np.log(shares(ranks, shift, exponent)) - np.log(counts / CONNECTIONS)
    path = write(
        "forensics/reidentification/name_rates.py",
        script=__file__,
        data=[file(TABLE)],
        seed=None,
        values={
            "shift": Value(shift, "ranks, added to a name's rank"),
            "exponent": Value(exponent, "of the law, without its sign"),
            "names": Value(NAMES, "surnames over which the shares sum to 1; given, not fitted"),
        },
        quality={"counts": len(counts), "rms_error_of_the_log": round(float(np.sqrt((error**2).mean())), 4)},
        note="the rows of the table whose basis is 'measured', by rank",
        how=how,
    )
    log.info("written: %s", path)


def measured() -> np.ndarray:
    """Entries of the counted surnames, the commonest first."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        counts = [float(row["n_eff"]) for row in csv.DictReader(table) if row["basis"] == "measured"]
    return np.array(sorted(counts, reverse=True))


def shares(ranks: np.ndarray, shift: float, exponent: float) -> np.ndarray:
    """Shares of the surnames at these ranks."""
    total = ((np.arange(1, NAMES + 1) + shift) ** -exponent).sum()
    return np.asarray((ranks + shift) ** -exponent / total)


def law(found: np.ndarray, ranks: np.ndarray) -> tuple[float, float]:
    """Shift and exponent."""
    from scipy.optimize import least_squares

    result = least_squares(lambda at: np.log(shares(ranks, *at)) - np.log(found), (1.0, 0.8))
    return float(result.x[0]), float(result.x[1])


if __name__ == "__main__":
    sys.exit(main(run))
