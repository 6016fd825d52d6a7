"""Base rates: how common a claim's value is among others, how sure that is, and what it rests on."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np

from forensics.errors import TableError
from forensics.reidentification.anonymity import Array

MIN_RATE = 1e-9
"""Assumption: nobody is rarer than one in a billion by a base rate alone."""
UNCOUNTED = 20.0
"""Assumption: a figure without a sample is as sure as if it had been counted on 20 cases."""
SURE = 1e9
"""Cases on which a figure that needs no counting counts as counted."""


@dataclass(frozen=True)
class Rate:
    """How common a value is.

    Parameters
    ----------
    p : float
        Best estimate of its share among persons or households.
    n_eff : float
        As sure as if it had been counted in a sample of this size.
    source : str
        Where the number is from, in words.
    spread : tuple of float, optional
        Instead of `n_eff`: log-uniform between these two.
    law : tuple of float, optional
        Instead of both: shift a, exponent s, first and last rank of a law p(r) ~ (r + a)^-s; the rank is
        drawn in proportion to its bearers.
    key : str
        Machine key of where the number is from, e.g. ``geonames`` or ``prior:device:thermostat``. Two rates
        from one row of a table have one key.
    """

    p: float
    n_eff: float
    unit: str
    basis: str
    source: str
    spread: tuple[float, float] | None = None
    law: tuple[float, float, float, float] | None = None
    key: str = ""

    def draw(self, rng: np.random.Generator, draws: int) -> Array:
        """Draws of the rate.

        Returns
        -------
        ndarray, shape (draws,)
            From a Beta with mean `p` and `n_eff` observations; log-uniform if there is a `spread`; by rank if
            there is a `law`.
        """
        if self.law is not None:
            values = _draw_from_law(rng, draws, *self.law)
        elif self.spread is not None:
            low, high = np.log(self.spread[0]), np.log(self.spread[1])
            values = np.exp(rng.uniform(low, high, draws))
        else:
            p = min(max(self.p, MIN_RATE), 1 - MIN_RATE)
            values = rng.beta(p * self.n_eff, (1 - p) * self.n_eff, draws)
        return np.clip(values, MIN_RATE, 1.0)

    def plus(self, other: Rate) -> Rate:
        """The rate of either of two exclusive values, e.g. two spellings of one spoken name."""
        basis = max((self.basis, other.basis), key=("measured", "survey", "assumption").index)
        weights = self.p + other.p
        n_eff = (self.n_eff * self.p + other.n_eff * other.p) / weights if weights else self.n_eff
        return replace(self, p=min(1.0, weights), n_eff=n_eff, basis=basis)


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a reference table of this room; each says where its number is from.

    Parameters
    ----------
    name : str
        ``priors``, ``population``, ``assumptions``.
    """
    path = resources.files("forensics.reidentification") / "reference" / f"{name}.csv"
    return tuple(csv.DictReader(path.read_text("utf-8").splitlines()))


def prior(attribute: str, kind: str | None, country: str) -> Rate | None:
    """A device, service, language and so on from the table of priors; None if the attribute has no row.

    Parameters
    ----------
    attribute : str
        Of the claim: what stands in the table's `key`.
    kind : str or None
        Key of the vocabulary that the claim's kind is from, one of those that the table's `kinds` separates
        by ``|``. None, or a kind without a row, gets the row for any kind (``*``).
    country : str
        ISO 3166 code; a row for any country (``*``) is second choice.
    """
    rows = [r for r in table("priors") if r["key"] == attribute and r["country"] in (country, "*")]
    rows.sort(key=lambda r: r["country"] != country)
    row = next((r for r in rows if kind is not None and kind in r["kinds"].split("|")), None)
    row = row or next((r for r in rows if r["kinds"] == "*"), None)
    if row is None:
        return None
    return _rate(row, f"prior:{attribute}:{row['kinds'].partition('|')[0]}")


def assumption(key: str) -> Rate:
    """A stated assumption by its key.

    Raises
    ------
    TableError
        If the table has no such row.
    """
    for row in table("assumptions"):
        if row["key"] == key:
            return _rate(row, f"assumption:{key}")
    raise TableError(f"reference/assumptions.csv has no row '{key}'.", "Add it, with its source.")


def _rate(row: Mapping[str, str], key: str) -> Rate:
    source = ", ".join(part for part in (row["source"], row["year"]) if part)
    low, high = row.get("lo", ""), row.get("hi", "")
    spread = (float(low), float(high)) if low and high else None
    n_eff = float(row["n_eff"] or UNCOUNTED)
    return Rate(float(row["p"]), n_eff, row["unit"], row["basis"], source, spread, key=key)


def _draw_from_law(
    rng: np.random.Generator, draws: int, shift: float, exponent: float, first: float, last: float
) -> Array:
    """Shares of names whose ranks are drawn in proportion to p(r), r from `first` to `last`."""
    power = 1.0 - exponent
    low, high = (first - 0.5 + shift) ** power, (last + 0.5 + shift) ** power
    ranks = (low + rng.uniform(size=draws) * (high - low)) ** (1.0 / power) - shift
    total = ((last + 0.5 + shift) ** power - (0.5 + shift) ** power) / power  # the sum as an integral, to 1 %
    return np.asarray((ranks + shift) ** -exponent / total)
