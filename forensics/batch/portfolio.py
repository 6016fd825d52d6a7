"""Across bundles: how the risk is spread, what a marketer would get, who stands out; small cells withheld."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.tables import FLOAT, INT, TEXT, Column, Table

if TYPE_CHECKING:
    from forensics.case.case import Case

MIN_CELL = 10
"""Fewer people are not shown as a group of their own (assumption: statistical offices use 3 to 10)."""
EDGES = (0.0, 0.05, 0.09, 0.2, 0.33, 0.5, 0.9, 1.0)
"""P(identified): the thresholds used in practice, see the severity mapping in ``docs/measuring.md``.
Who is in the last range is as good as identified: an outlier."""


def _interval(name: str, low: float, high: float | None = None) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_{end}", FLOAT, nullable=True, low=low, high=high) for end in ("lo", "mid", "hi")
    )


PORTFOLIO = Table(
    "portfolio",
    "one data subject of one bundle, or one bundle that failed",
    (
        Column("bundle_key", TEXT),
        Column("bundle", TEXT),
        Column("case", TEXT, nullable=True),
        Column("status", TEXT, one_of=("done", "failed")),
        Column("error", TEXT),
        Column("utterances", INT, nullable=True, low=0),
        *_interval("p_identify", 0, 1),
        *_interval("k", 1),
        *_interval("bits", 0),
        Column("band", TEXT, nullable=True),
    ),
    ("bundle_key", "data_subject_group"),
)
"""For whoever may see the cases: ``bundle`` is the path as it was given, several of the same content in one
text; ``case`` is the folder below the batch's, none where it was discarded or never made."""


def subjects_of(case: Case) -> list[dict[str, Any]]:
    """The risk of every data subject of a case whom utterances speak of.

    Parameters
    ----------
    case : Case
        Investigated: its tables ``risk``, ``severity`` and ``groups`` are there.

    Notes
    -----
    A stranger with a listening ear on the whole bundle; without such a row the strictest that there is.
    """
    risk = case.rows("risk")
    said = Counter(u["data_subject_group"] for u in case.rows("utterances"))
    severity = {r["data_subject_group"]: r["band"] for r in case.rows("severity")}
    rows = []
    for group in case.rows("groups"):
        name = group["data_subject_group"]
        mine = [r for r in risk if r["data_subject_group"] == name and r["adversary"] == "stranger"]
        if not mine or not said[name]:  # account files alone are nobody who spoke
            continue
        chosen = max(
            mine, key=lambda r: (r["scope"] == "bundle", r["attacker"] == "listener", r["p_identify_hi"])
        )
        figures = {
            f"{what}_{end}": float(chosen[f"{what}_{end}"])
            for what in ("p_identify", "k", "bits")
            for end in ("lo", "mid", "hi")
        }
        rows.append(
            {
                "data_subject_group": name,
                "utterances": said[name],
                **figures,
                "band": severity.get(name),
            }
        )
    return sorted(rows, key=lambda r: str(r["data_subject_group"]))


def table_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the table ``portfolio`` from the rows of bundles."""
    found = []
    for row in rows:
        fixed = {
            "bundle_key": row["key"], "bundle": row.get("bundle", ""), "case": row.get("case"),
            "status": row["status"], "error": row["error"],
        }  # fmt: skip
        subjects = row["subjects"] or [{"data_subject_group": "none"}]
        found += [{**fixed, **subject} for subject in subjects]
    return found


@dataclass(frozen=True)
class CountCell:
    """One group of people.

    Parameters
    ----------
    name : str
        What they have in common, such as a band of severity.
    count : int or None
        None if withheld.
    """

    name: str
    count: int | None


def suppress(counts: Mapping[str, int], *, least: int = MIN_CELL) -> list[CountCell]:
    """Counts without the small ones, and without a second one from which the small one could be worked out.

    Parameters
    ----------
    counts : mapping
        Of everybody, exclusive.
    least : int
        A smaller count, zero aside, is withheld.

    Notes
    -----
    Complementary suppression (Willenborg & de Waal 2001, Elements of Statistical Disclosure Control): the
    total is published, so the withheld cells together must hold `least` people or more, and be two or more.
    """
    hidden = {name for name, count in counts.items() if 0 < count < least}
    shown = sorted((count, name) for name, count in counts.items() if count >= least)
    while hidden and shown and (len(hidden) < 2 or sum(counts[name] for name in hidden) < least):
        hidden.add(shown.pop(0)[1])
    return [CountCell(name, None if name in hidden else count) for name, count in counts.items()]


def summary(rows: Sequence[Mapping[str, Any]], *, least: int = MIN_CELL) -> dict[str, Any]:
    """What may be said of a portfolio to somebody who must not learn of single people.

    Parameters
    ----------
    rows : sequence of mapping
        Of the table ``portfolio``.
    least : int
        As in :func:`suppress`.

    Notes
    -----
    Marketer risk (El Emam & Dankar 2008, J. Am. Med. Inform. Assoc. 15:627): the expected share of people
    identified correctly, here the mean of P(identified). Its interval: all lower and all upper bounds at
    once, since the assumptions behind them are shared; beside it the sampling error of a sum of independent
    trials (Poisson binomial).
    """
    people = [r for r in rows if r["status"] == "done" and r.get("p_identify_mid") is not None]
    bundles = {r["bundle_key"]: r["status"] for r in rows}
    errors: dict[str, int] = {}
    for row in rows:
        if row["status"] == "failed":
            errors[row["error"]] = errors.get(row["error"], 0) + 1
    found: dict[str, Any] = {
        "bundles": len(bundles),
        "failed": sum(status == "failed" for status in bundles.values()),
        "errors": dict(sorted(errors.items())),
        "people": len(people),
        "min_cell": least,
    }
    if len(people) < least:
        return {**found, "withheld": f"fewer than {least} people"}
    p = [float(r["p_identify_mid"]) for r in people]
    names = [f"{low:g} to {high:g}" for low, high in itertools.pairwise(EDGES)]
    counts = dict.fromkeys(names, 0)
    for value in p:
        index = max(i for i, low in enumerate(EDGES[:-1]) if value >= low)
        counts[names[index]] += 1
    bands: dict[str, int] = {}
    for row in people:
        bands[row.get("band") or "not assessed"] = bands.get(row.get("band") or "not assessed", 0) + 1
    cells = suppress(counts, least=least)

    def mean(end: str) -> float:
        return round(math.fsum(float(r[f"p_identify_{end}"]) for r in people) / len(people), 4)

    return {
        **found,
        "marketer_risk": {"lo": mean("lo"), "mid": mean("mid"), "hi": mean("hi")},
        "expected_identified": round(math.fsum(p), 2),
        "expected_identified_sd": round(math.sqrt(math.fsum(v * (1 - v) for v in p)), 2),
        "p_identify": [{"range": c.name, "people": c.count} for c in cells],
        "severity": [
            {"band": c.name, "people": c.count} for c in suppress(dict(sorted(bands.items())), least=least)
        ],
        "outliers": cells[-1].count,  # not counted anew: that would undo a cell withheld for another's sake
    }


def write_portfolio(out: Path, rows: Iterable[Mapping[str, Any]], *, least: int = MIN_CELL) -> dict[str, Any]:
    """Write ``portfolio.parquet`` (rows, for whoever may see the cases), and ``portfolio.json`` and
    ``report.html`` (sums with small cells withheld).

    Returns
    -------
    dict
        The summary.
    """
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    from forensics.batch.report import report_html

    found = table_rows(sorted(rows, key=lambda row: str(row["key"])))
    table = PORTFOLIO.from_rows(found)
    PORTFOLIO.check(table)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    said = summary(found, least=least)
    for name, content in (
        ("portfolio.parquet", sink.getvalue().to_pybytes()),
        ("portfolio.json", (json.dumps(said, indent=2) + "\n").encode()),
        ("report.html", report_html(said).encode()),
    ):
        path = out / name
        path.touch(mode=0o600)
        path.write_bytes(content)
    return said
