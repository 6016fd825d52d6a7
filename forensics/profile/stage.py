"""The stage: one data subject group at a time, so that no claim spans groups."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.corridor.pipeline import OF_A_HOUSEHOLD
from forensics.knowledge.fitted import fitted
from forensics.models.gguf import reader_sha256
from forensics.profile.absences import absence_claims
from forensics.profile.account_facts import family_claims
from forensics.profile.chains import chain_claims
from forensics.profile.claim import Claim
from forensics.profile.decided import strangers, without
from forensics.profile.direct import direct_claims
from forensics.profile.gathering import gather
from forensics.profile.habits import habit_claims
from forensics.profile.people import Person, find_people, people_claims, relation_claims
from forensics.profile.places import place_claims
from forensics.profile.records import Evidence
from forensics.profile.rows_of_group import rows_of
from forensics.profile.weights import Fitted
from forensics.profile.witness import shipped_ratios, witness_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forensics.case.review import Decision
    from forensics.case.rows import Row
    from forensics.corridor.workbench import Workbench

_FITTED = ("chain_meaning", "chain_steps", "chains", "weights")


def identity(options: Options) -> dict[str, Any]:
    """The fitted numbers: another fit is another result."""
    numbers = {name: fitted(f"forensics.profile.{name}").digest for name in _FITTED}
    if not options.reader:
        return numbers
    ratios = shipped_ratios(reader_sha256(options.reader))
    return numbers | {"reader": {name: asdict(one) for name, one in ratios.items()}}


def run(bench: Workbench) -> None:
    """Write ``persons`` and ``claims`` from what was heard and read."""
    tables = {name: bench.rows(name) for name in (*OF_A_HOUSEHOLD, "reader")}
    roles = {row["data_subject_group"]: row["role"] for row in bench.rows("groups")}
    names = sorted({row["data_subject_group"] for rows in tables.values() for row in rows} | set(roles))
    decisions = bench.decisions("persons")
    decided = [(d.row_id, d.verdict, d.column, d.value) for d in decisions]
    tables = without(strangers(bench.decisions("utterances")), tables)
    groups = [(name, roles.get(name, "unknown"), rows_of(name, tables)) for name in names]

    def key(item: tuple[str, str, dict[str, list[Row]]]) -> Any:
        name, role, rows = item
        read = {table: digest(clean(found)) for table, found in rows.items()}
        return [name, role, read, *([decided] if decided else ())]

    chosen = bench.options.reader
    ratios = shipped_ratios(reader_sha256(chosen)) if chosen else {}
    for item in bench.todo(groups, key=key):
        name, role, rows = item
        read = {table: found for table, found in rows.items() if table != "reader"}
        evidence = replace(gather(name, role, **read), witness=witness_of(rows["reader"], ratios))
        bench.keep(key(item), profile(evidence, decisions=decisions))


def profile(
    evidence: Evidence, fitted: Fitted | None = None, decisions: Sequence[Decision] = ()
) -> dict[str, list[dict[str, Any]]]:
    """The rows of ``persons`` and ``claims`` of one group.

    Parameters
    ----------
    evidence : Evidence
    fitted : Fitted, optional
        Weights other than those shipped.
    decisions : sequence of Decision
        A reviewer's, on ``persons``.
    """
    people = find_people(evidence, fitted, decisions)
    claims: list[Claim] = [
        *place_claims(evidence, fitted),
        *people_claims(people, evidence, fitted),
        *family_claims(evidence, people),
        *relation_claims(evidence),
        *habit_claims(evidence),
        *absence_claims(evidence),
        *direct_claims(evidence),
        *chain_claims(evidence),
    ]
    rows: dict[str, dict[str, Any]] = {}
    for claim in claims:
        row = claim.row(evidence.group)
        known = rows.get(row["claim_id"])
        rows[row["claim_id"]] = row if known is None else _joined(known, row)
    return {"persons": _person_rows(people, evidence.group), "claims": list(rows.values())}


def claim_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """All claims about one group, one row per attribute, role and value.

    Parameters
    ----------
    evidence : Evidence
    """
    return profile(evidence)["claims"]


def _person_rows(people: list[Person], group: str) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for person in people:
        row = person.row(group)
        rows.setdefault(row["person_id"], row)
    return list(rows.values())


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two ways to the same claim (spoken of, and recorded by): the surer speaks, the support adds up."""
    best, less = (one, other) if one["p_true"] >= other["p_true"] else (other, one)
    lists = ("mention_ids", "utterance_ids", "device_ids", "sources")
    union = {name: sorted({*best[name], *less[name]}) for name in lists}
    return {
        **best,
        **union,
        "n_support": max(best["n_support"], less["n_support"], len(union["utterance_ids"])),
    }
