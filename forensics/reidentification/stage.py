"""The stage: what each claim is worth, and how each adversary fares against each data subject."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.knowledge.fitted import fitted
from forensics.reidentification.names import read_own
from forensics.reidentification.risk import measure

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables and the fitted law: changing a number changes the result."""
    found: dict[str, Any] = {"names": fitted("forensics.reidentification.names").digest}
    for folder in (("forensics.reidentification", "reference"), ("forensics.knowledge", "data")):
        for path in sorted((resources.files(folder[0]) / folder[1]).iterdir(), key=lambda p: p.name):
            if path.name.endswith(".csv"):
                found[path.name] = digest(path.read_text("utf-8"))
    if options.names:
        own = read_own(options.names)
        found["names"] = digest({kind: {n: r.p for n, r in rates.items()} for kind, rates in own.items()})
    return found


def run(bench: Workbench) -> None:
    """Write ``exposure`` and ``risk``."""
    claims = bench.read("claims").to_dict("records")
    groups = bench.read("groups").to_dict("records")
    items = [(g, [c for c in claims if c["data_subject_group"] == g["data_subject_group"]]) for g in groups]

    def key(item: tuple[dict[Any, Any], list[dict[Any, Any]]]) -> Any:
        group, rows = item
        return [group["data_subject_group"], group["n_recordings"], digest(clean(rows))]

    for item in bench.todo(items, key=key):
        group, rows = item
        measured = measure(
            group["data_subject_group"], rows, int(group["n_recordings"]), options=bench.options
        )
        bench.keep(key(item), measured)
