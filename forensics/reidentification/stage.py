"""The stage: what each claim is worth, and how each adversary fares against each data subject."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.knowledge.fitted import fitted
from forensics.reidentification.name_rates import read_own
from forensics.reidentification.risk import Extent, measure

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

US_NAMES = "first_names_us.fit.json"
"""Has the hash of the table of American first names."""


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables and the fitted law: changing a number changes the result."""
    found: dict[str, Any] = {"surname_law": fitted("forensics.reidentification.name_rates").digest}
    for folder in (("forensics.reidentification", "reference"), ("forensics.knowledge", "data")):
        for path in sorted((resources.files(folder[0]) / folder[1]).iterdir(), key=lambda p: p.name):
            if path.name.endswith(".csv") or path.name == US_NAMES:
                found[path.name] = digest(path.read_text("utf-8"))
    if options.names:
        own = read_own(options.names)
        found["names"] = digest({kind: {n: r.p for n, r in rates.items()} for kind, rates in own.items()})
    return found


def run(bench: Workbench) -> None:
    """Write ``exposure`` and ``risk``."""
    tables = {name: bench.rows(name) for name in ("claims", "utterances", "audio", "transcripts")}
    items = []
    for group in (g["data_subject_group"] for g in bench.rows("groups")):
        of = {name: [r for r in rows if r["data_subject_group"] == group] for name, rows in tables.items()}
        items.append((group, of["claims"], Extent.of(of["utterances"], of["audio"], of["transcripts"])))

    def key(item: tuple[str, list[Row], Extent]) -> Any:
        group, own, extent = item
        return [group, extent.utterances, extent.recordings, extent.unread, digest(clean(own))]

    for item in bench.todo(items, key=key):
        group, own, extent = item
        bench.keep(key(item), measure(group, own, extent, options=bench.options))
