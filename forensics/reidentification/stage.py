"""The stage: what each claim is worth, and how each adversary fares against each data subject."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.knowledge.fitted import fitted
from forensics.reidentification import voice_risk
from forensics.reidentification.name_rates import read_own
from forensics.reidentification.risk import Extent, measure

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

US_NAMES = "first_names_us.fit.json"
"""Has the hash of the table of American first names."""


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables and the fitted numbers: changing a number changes the result."""
    found: dict[str, Any] = {"surname_law": fitted("forensics.reidentification.name_rates").digest}
    if options.voices:
        found["voice_search"] = fitted("forensics.reidentification.voice_search").digest
    for folder in (("forensics.reidentification", "reference"), ("forensics.knowledge", "data")):
        for path in sorted((resources.files(folder[0]) / folder[1]).iterdir(), key=lambda p: p.name):
            if path.name.endswith(".csv") or path.name == US_NAMES:
                found[path.name] = digest(path.read_text("utf-8"))
    if options.names:
        own = read_own(options.names)
        found["names"] = digest({kind: {n: r.p for n, r in rates.items()} for kind, rates in own.items()})
    return found


def run(bench: Workbench) -> None:
    """Write ``exposure``, ``risk`` and ``voice_risk``."""
    names = ("claims", "utterances", "audio", "transcripts", "voices", "persons")
    tables = {name: bench.rows(name) for name in names}
    items = []
    for group in (g["data_subject_group"] for g in bench.rows("groups")):
        of = {name: [r for r in rows if r["data_subject_group"] == group] for name, rows in tables.items()}
        extent = Extent.of(of["utterances"], of["audio"], of["transcripts"])
        items.append((group, of["claims"], extent, voice_risk.heard(of["voices"], of["persons"])))

    def key(item: tuple[str, list[Row], Extent, list[voice_risk.Heard]]) -> Any:
        group, own, extent, voices = item
        spoken = [[v.voice_id, v.seconds, v.recordings, v.person_id] for v in voices]
        return [group, extent.utterances, extent.recordings, extent.unread, digest(clean(own)), spoken]

    for item in bench.todo(items, key=key):
        group, own, extent, voices = item
        found = measure(group, own, extent, options=bench.options)
        by_voice = voice_risk.measure(group, voices, bench.options)
        risk = [*found["risk"], *by_voice["risk"]]
        bench.keep(key(item), {**found, "risk": risk, "voice_risk": by_voice["voice_risk"]})
