"""What the guard says, to people and to scripts: numbers and reasons, no content of a bundle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.tables import FLOAT, TEXT, Column, Table
from forensics.delivery.decision import BLOCK

if TYPE_CHECKING:
    from forensics.delivery.comparison import Comparison
    from forensics.delivery.guard import Guarded, Verdict

GUARD = Table(
    "guard",
    "one request × category",
    (
        Column("request_id", TEXT),
        Column("category", TEXT),
        Column("llr_bits", FLOAT, nullable=True),
        Column("rule", TEXT),
        Column("p_mismatch", FLOAT, low=0, high=1),
        Column("action", TEXT, one_of=("release", "review", "block")),
        Column("alt_request", TEXT, nullable=True),
    ),
    ("request_id", "data_subject_group", "category", "rule"),
)
"""The guard's table belongs to no case: a release decision is taken before there is one."""


def to_dict(verdict: Verdict) -> dict[str, Any]:
    """Plain JSON types, as in ``decisions.schema.json``."""
    return {
        "action": verdict.worst,
        "requests": [decision.to_dict() for decision in verdict.decisions],
        "swaps": [
            {"requests": list(swap.requests), "bits": swap.bits, "p": round(swap.p, 6)}
            for swap in verdict.swaps
        ],
    }


def write(verdict: Verdict, folder: Path) -> Path:
    """Write ``guard.parquet`` and ``decisions.json``, for their owner only.

    Returns
    -------
    pathlib.Path
        The table.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = GUARD.from_rows(row for decision in verdict.decisions for row in _distinct(decision))
    GUARD.check(table)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / "guard.parquet"
    content = json.dumps(to_dict(verdict), indent=2, ensure_ascii=False) + "\n"
    for path, data in ((target, sink.getvalue().to_pybytes()), (folder / "decisions.json", content.encode())):
        path.touch(mode=0o600)
        path.write_bytes(data)
    return target


def _distinct(decision: Guarded) -> list[dict[str, Any]]:
    """One row per group, category and rule: a rule may be broken towards several other requests."""
    rows = {(r["data_subject_group"], r["category"], r["rule"]): r for r in decision.rows()}
    return list(rows.values())


def lines_of(verdict: Verdict) -> list[str]:
    """For people: a line per request, with what decided."""
    lines = []
    for d in verdict.decisions:
        lines.append(f"{d.action:<8}{d.request_id}  {_chance(d)}{_other(d)}")
        for rule in d.rules:
            towards = f" ({rule.alt_request})" if rule.alt_request else ""
            lines.append(f"        {rule.rule}: {rule.why}{towards}")
        if d.problem:
            lines.append(f"        {printable(d.problem)}")
        elif d.abstained:
            lines.append("        nothing in the bundle can be compared with the account: a person must look")
        for part in d.parts:
            told = [f"{f.category} {f.bits:+.1f}" for f in part.fits if f.bits is not None]
            if d.action != "release" and told:
                lines.append(f"        {part.recordings} recordings of {part.group}: {', '.join(told)} bits")
    for swap in verdict.swaps:
        lines.append(f"swapped: {' ↔ '.join(swap.requests)}  {swap.bits:+.1f} bits, P {swap.p:.3f}")
    for prior, threshold in sorted({(d.prior, d.threshold) for d in verdict.decisions}):
        lines.append(
            f"prior {prior:g}; a hold from P {threshold:.2g} on, a block from P {BLOCK:g} on or by rule"
        )
    return lines


def printable(text: str) -> str:
    """Text with every character that could move a terminal's cursor written out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _chance(decision: Guarded) -> str:
    """What the statistics say; nothing where they compared nothing, even if a rule decided."""
    if not any(part.bits is not None for part in decision.parts):
        return "not compared" if decision.abstained else "by rule" if decision.rules else "no rule broken"
    said = f"P(not the requester's) {decision.p_mismatch:.2g}"
    return f"{said} by the statistics" if decision.rules else said


def _other(decision: Guarded) -> str:
    return f", rather {decision.alt_request}'s" if decision.alt_request else ""


def comparison_lines(found: Comparison) -> list[str]:
    """For people: the verdict and what it rests on."""
    sentences = {
        "swapped": "The recordings of each case fit the other's account: they got each other's data.",
        "first holds the second": "The recordings of the first case fit the second case's account.",
        "second holds the first": "The recordings of the second case fit the first case's account.",
        "same files": "Both cases hold some of the same recordings.",
        "as delivered": "Nothing says that these two got each other's data.",
        "not comparable": "Neither case holds account files that the recordings could be compared with.",
    }

    def said(value: float | None) -> str:
        return "nothing to compare" if value is None else f"{value:+.1f} bits"

    lines = [sentences[found.verdict]]
    for number, name in enumerate(("first", "second")):
        own, exchanged = said(found.own[number]), said(found.exchanged[number])
        lines.append(f"recordings of the {name} case: own account {own}, the other's {exchanged}")
    if found.p is not None:
        lines.append(f"P(swapped) {found.p:.3f}, from even odds (assumption)")
    lines.append(
        f"in both cases: {found.shared_recordings} recordings, {found.shared_devices} devices, "
        f"{found.shared_files} files"
    )
    return lines
