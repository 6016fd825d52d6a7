"""The stage: candidates from the analyst's register for each data subject, under pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.errors import TableError
from forensics.linkage.index import Register, open_register, register_sha256
from forensics.linkage.levels import error_levels
from forensics.linkage.query import query_of
from forensics.linkage.score import SearchResult, search

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

NOBODY = "nobody"


def identity(options: Options) -> dict[str, Any]:
    """The register's SHA-256 and the measured confusion of names; nothing without a register.

    Raises
    ------
    TableError
        If the register is gone.
    """
    if not options.register:
        return {}
    file = Path(options.register)
    if not file.is_file():
        raise TableError(
            f"The register {file} is gone.",
            "Restore it, or link another: forensics link --case DIR --register FILE.",
        )
    shared = Path(options.register_index) if options.register_index else None
    return {"register": register_sha256(file, shared), "confusion": digest(error_levels().tolist())}


def index_folder(options: Options, case: Path) -> Path:
    """Where the register's index lies: as chosen, else in the case's ``work/``."""
    return Path(options.register_index) if options.register_index else case / "work"


def run(bench: Workbench) -> None:
    """Write ``candidates``: none without a register."""
    if not bench.options.register:
        return
    register = open_register(
        bench.options.register,
        index_folder(bench.options, bench.case.folder),
        progress=bench.progress,
    )
    claims = bench.rows("claims")
    items = [
        (group, [c for c in claims if c["data_subject_group"] == group])
        for group in sorted(row["data_subject_group"] for row in bench.rows("groups"))
    ]

    def key(item: tuple[str, list[Row]]) -> Any:
        return [item[0], digest(clean(item[1]))]

    for item in bench.todo(items, key=key):
        group, rows = item
        outcome = search(register, query_of(rows), in_register=bench.options.in_register)
        bench.keep(key(item), {"candidates": candidate_rows(group, outcome, register)})


def candidate_rows(group: str, outcome: SearchResult, register: Register) -> list[dict[str, Any]]:
    """Rows of ``candidates``: the profiles under pseudonyms, and "nobody", by posterior."""
    common = {
        "register_sha256": register.sha256,
        "profiles": outcome.profiles,
        "data_subject_group": group,
    }
    rows: list[dict[str, Any]] = [
        {
            "candidate_id": make_id("cnd", group, register.sha256, c.row),
            "pseudonym": f"candidate {number}",
            "weight": c.weight,
            "fields": [
                {"name": name, "score": value, "level": c.levels.get(name)}
                for name, value in c.fields.items()
            ],
            "posterior": c.posterior,
            "tie_group": c.tie_group,
            "register_row": c.row,
            **common,
        }
        for number, c in enumerate(outcome.candidates, start=1)
    ]
    rows.append(
        {
            "candidate_id": make_id("cnd", group, register.sha256, NOBODY),
            "pseudonym": NOBODY,
            "weight": 0.0,
            "fields": [],
            "posterior": min(1.0, outcome.nobody),
            "tie_group": None,
            "register_row": None,
            **common,
        }
    )
    rows.sort(key=lambda r: (-r["posterior"], r["pseudonym"] != NOBODY, r["pseudonym"]))
    return [{**row, "rank": rank} for rank, row in enumerate(rows, start=1)]
