"""The stage: one data subject group at a time, so that no claim spans groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.knowledge.fitted import fitted
from forensics.profile.chains import chain_claims
from forensics.profile.claim import Claim
from forensics.profile.direct import direct_claims
from forensics.profile.evidence import gather
from forensics.profile.habits import habit_claims
from forensics.profile.people import people_claims
from forensics.profile.places import place_claims
from forensics.profile.records import Evidence

if TYPE_CHECKING:
    import pandas as pd

    from forensics.corridor.workbench import Workbench

_FITTED = ("chain_meaning", "chain_steps", "chains")
_TABLES = ("recordings", "transcripts", "mentions", "intents", "matches", "second_hearing")


def identity(options: Options) -> dict[str, Any]:
    """The fitted numbers: another fit is another result."""
    return {name: fitted(f"forensics.profile.{name}").digest for name in _FITTED}


def run(bench: Workbench) -> None:
    """Write ``claims`` from what was heard and read."""
    tables = {name: bench.read(name) for name in _TABLES}
    groups_table = bench.read("groups")
    roles = dict(zip(groups_table["data_subject_group"], groups_table["role"], strict=True))
    names = sorted({g for table in tables.values() for g in table["data_subject_group"]} | set(roles))
    groups = [(name, roles.get(name, "unknown"), _rows_of(name, tables)) for name in names]

    def key(item: tuple[str, str, dict[str, pd.DataFrame]]) -> Any:
        name, role, rows = item
        return [name, role, {table: digest(clean(frame.to_dict("records"))) for table, frame in rows.items()}]

    for item in bench.todo(groups, key=key):
        name, role, rows = item
        evidence = gather(name, role, **{table: frame.to_dict("records") for table, frame in rows.items()})
        bench.keep(key(item), {"claims": claim_rows(evidence)})


def claim_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """All claims about one group, one row per attribute, role and value.

    Parameters
    ----------
    evidence : Evidence
    """
    claims: list[Claim] = [
        *place_claims(evidence),
        *people_claims(evidence),
        *habit_claims(evidence),
        *direct_claims(evidence),
        *chain_claims(evidence),
    ]
    rows: dict[str, dict[str, Any]] = {}
    for claim in claims:
        row = claim.row(evidence.group)
        known = rows.get(row["claim_id"])
        rows[row["claim_id"]] = row if known is None else _joined(known, row)
    return list(rows.values())


def _rows_of(group: str, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: table[table["data_subject_group"] == group] for name, table in tables.items()}


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two ways to the same claim (spoken of, and recorded by): the surer speaks, the support adds up."""
    best, less = (one, other) if one["p_true"] >= other["p_true"] else (other, one)
    witnesses = {
        "support": [*best["support"], *less["support"]],
        "recordings": [*best["recordings"], *less["recordings"]],
    }
    union = {name: sorted(set(ids)) for name, ids in witnesses.items()}
    return {**best, **union, "n_support": max(best["n_support"], less["n_support"], len(union["recordings"]))}
