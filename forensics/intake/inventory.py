"""The inventory in words and numbers: enough for a first notification, with nothing played or transcribed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from forensics.case.case import Case
from forensics.knowledge.findings import in_general
from forensics.knowledge.vocabulary import masked_path

_FIRST = ("live-credential",)
_SHOWN = 200


@dataclass(frozen=True)
class Inventory:
    """What intake found.

    Parameters
    ----------
    members : dict
        How many members have which disposition.
    readable : int
        Members whose content was read.
    groups : list of dict
    findings : list of dict
        Deviations with ``code``, ``member``, ``message`` and ``remedy``, the gravest first; notes left out.
    lines : list of str
        For people.
    """

    members: dict[str, int]
    readable: int
    groups: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    lines: list[str]


def summarise(case: Case) -> Inventory:
    """The inventory of a case, read from its tables column by column."""
    members = _columns(case, "members", ("disposition", "sha256"))
    counts = dict(sorted(Counter(members["disposition"]).items()))
    findings = [
        {
            "code": row["code"],
            "member": _member(row["member"], row["member_id"]),
            **dict(zip(("message", "remedy"), in_general(row["code"]), strict=True)),
        }
        for row in _rows(case, "findings", ("code", "level", "member", "member_id"))
        if row["level"] == "finding"
    ]
    findings.sort(key=lambda f: (f["code"] not in _FIRST, f["code"], f["member"] or ""))
    wanted = ("data_subject_group", "role", "n_members", "n_recordings", "first_at", "last_at")
    groups = [
        {
            "data_subject_group": row["data_subject_group"], "role": row["role"], "members": row["n_members"],
            "recordings": row["n_recordings"], "first_at": _iso(row["first_at"]),
            "last_at": _iso(row["last_at"]),
        }
        for row in _rows(case, "groups", wanted)
    ]  # fmt: skip
    total = sum(counts.values())
    lines = [f"{total} members: " + ", ".join(f"{n} {kind}" for kind, n in counts.items())]
    lines += [_group_line(g) for g in groups]
    lines += [f"finding {f['code']}: {f['member']}: {f['message']} {f['remedy']}" for f in findings[:_SHOWN]]
    if len(findings) > _SHOWN:
        lines.append(f"... and {len(findings) - _SHOWN} more findings; all are in the table 'findings'")
    readable = sum(sha256 is not None for sha256 in members["sha256"])
    return Inventory(counts, readable, groups, findings, lines)


def _member(path: str | None, member_id: str | None) -> str | None:
    """A member as it may be shown: its path without names, and its id where something is left out."""
    if not path:
        return None
    known = masked_path(path)
    return f"{known} [{member_id}]" if known != path and member_id else known


def _group_line(group: dict[str, Any]) -> str:
    span = f", {group['first_at'][:10]} to {group['last_at'][:10]}" if group["first_at"] else ""
    text = f"{group['data_subject_group']}: {group['role']}, {group['members']} members"
    return f"{text}, {group['recordings']} recordings{span}"


def _columns(case: Case, table: str, names: tuple[str, ...]) -> dict[str, list[Any]]:
    import pyarrow.parquet as pq

    found: dict[str, list[Any]] = pq.read_table(case.table_path(table), columns=list(names)).to_pydict()
    return found


def _rows(case: Case, table: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(case.table_path(table), columns=list(names)).to_pylist()
    return rows


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
