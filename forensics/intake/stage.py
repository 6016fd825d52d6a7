"""The first stage: bundles taken in become members, findings, data subjects, passages and recordings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from forensics.ids import make_id
from forensics.intake.evidence import open_evidence_container
from forensics.intake.exports import layouts, read_all
from forensics.intake.exports.base import Facts, Held, Inventory, Reading, When
from forensics.intake.limits import Limits
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.sniff import ARCHIVES, AUDIO, TEXTS
from forensics.intake.store import EvidenceStore
from forensics.intake.subjects import Subject, group
from forensics.intake.taking import clear_interrupted_copies
from forensics.intake.walk import Walk
from forensics.options import Options
from forensics.workbench import Workbench

Row = dict[str, Any]
_KEPT = AUDIO | TEXTS | ARCHIVES | {"pdf", "sqlite"}
_NOBODY = "unknown"


def identity(options: Options) -> dict[str, Any]:
    """The layouts known: one more can change the result."""
    return {"layouts": [layout.name for layout in layouts()]}


def run(bench: Workbench) -> None:
    """Read every bundle of the case and keep the rows.

    Raises
    ------
    CustodyError
        If a bundle's evidence is gone.
    """
    case = bench.case
    for bundles in bench.todo([case.state["bundles"]], key=lambda b: b, label="reading bundles"):
        clear_interrupted_copies(case)
        held: list[Held] = []
        loose: list[tuple[str, Problem]] = []
        store = EvidenceStore(case)
        for bundle in bundles:
            _read_bundle(bench, bundle, held, loose, store)
        _log_evidence(bench, store.stored)
        bench.keep(bundles, _rows(bench, held, loose))


def _read_bundle(
    bench: Workbench,
    bundle: dict[str, str],
    held: list[Held],
    loose: list[tuple[str, Problem]],
    store: EvidenceStore,
) -> None:
    name, limits = bundle["name"], Limits()
    try:
        with (
            open_evidence_container(bench.case, bundle, limits) as container,
            bench.progress.task(f"reading {name}", None) as advance,
        ):
            walk = Walk(limits, store, _KEPT, advance=advance)
            for member, _ in walk.members(container):
                id_ = make_id("mem", bundle["sha256"], member.position, member.sha256)
                held.append(Held(id_, name, member))
            loose += [(name, problem) for problem in walk.problems]
    except MemberRefusedError as error:
        loose.append((name, error.problem))


def _log_evidence(bench: Workbench, stored: set[str]) -> None:
    """Enter the copies of members into the chain of custody, each once."""
    known = {str(h) for act in bench.case.custody.acts() for h in act.get("evidence", [])}
    known |= {b["sha256"] for b in bench.case.state["bundles"]}
    if new := sorted(stored - known):
        bench.case.custody.append("members stored", evidence=new)


def _rows(bench: Workbench, held: list[Held], loose: list[tuple[str, Problem]]) -> dict[str, list[Row]]:
    refused = [h for h in held if h.member.refused]
    readable = [h for h in held if not h.member.refused]
    readings = read_all(Inventory(readable, bench.case.open_evidence))
    subjects = group(readable, readings, refused)
    owner = {id_: subject.id for subject in subjects for id_ in subject.members}
    facts = {id_: f for subject in subjects for id_, f in subject.members.items()}
    export = {id_: reading.export for reading in readings for id_ in reading.facts}
    said: dict[str, list[Problem]] = defaultdict(list)
    for h in held:
        said[h.id] += h.member.problems
    for reading in readings:
        for id_, problem in reading.problems:
            said[id_].append(problem)
    findings = [_finding(p, h.path, h.id, owner[h.id], n) for h in held for n, p in enumerate(said[h.id])]
    findings += [_finding(p, None, None, _NOBODY, n, bundle) for n, (bundle, p) in enumerate(loose)]
    return {
        "members": [_member(h, facts[h.id], owner[h.id], export.get(h.id), said[h.id]) for h in held],
        "findings": findings,
        "groups": [_group(s) for s in subjects],
        "passages": list(_passages(readings, owner)),
        "recordings": list(_recordings(readable, facts, owner)),
    }


def _when(when: When) -> Row:
    return {"started_at": when.at, "started_at_basis": when.basis, "utc_offset_min": when.utc_offset_min}


def _member(held: Held, facts: Facts, owner: str, export: str | None, problems: list[Problem]) -> Row:
    member = held.member
    finding = next((p for p in problems if p.level == "finding"), None)
    when = facts.when
    if when.at is None and facts.disposition != "recording" and member.file_time is not None:
        when = When(member.file_time, "file_time")
    raw = member.raw_name.hex() if member.raw_name is not None else None
    return {
        "member_id": held.id, "bundle": held.bundle, "path": member.path, "path_raw_hex": raw,
        "position": member.position,
        "size": member.size if member.size is None or member.size >= 0 else None, "sha256": member.sha256,
        "kind": member.kind, "disposition": "refused" if member.refused else facts.disposition, **_when(when),
        "device": facts.device, "vendor_text": facts.vendor_text, "export": export,
        "finding": finding.message if finding else None, "data_subject_group": owner,
    }  # fmt: skip


def _finding(
    problem: Problem,
    path: str | None,
    member_id: str | None,
    owner: str,
    number: int,
    bundle: str | None = None,
) -> Row:
    return {
        "finding_id": make_id("fnd", problem.code, member_id, bundle, number), "code": problem.code,
        "level": problem.level, "member_id": member_id, "member": path if path is not None else bundle,
        "message": problem.message, "remedy": problem.remedy, "data_subject_group": owner,
    }  # fmt: skip


def _group(subject: Subject) -> Row:
    recordings = [id_ for id_, f in subject.members.items() if f.disposition == "recording"]
    times = subject.times
    return {
        "data_subject_group": subject.id, "role": subject.role, "n_members": len(subject.members),
        "n_recordings": len(recordings),
        "evidence": [{"name": name, "value": value} for name, value in subject.evidence],
        "first_at": times[0] if times else None, "last_at": times[-1] if times else None,
    }  # fmt: skip


def _passages(readings: list[Reading], owner: dict[str, str]) -> Iterable[Row]:
    for reading in readings:
        for number, passage in enumerate(reading.passages):
            place = (passage.page, passage.line, passage.field, number)
            yield {
                "passage_id": make_id("psg", passage.member, *place), "member_id": passage.member,
                "page": passage.page, "line": passage.line, "field": passage.field, "role": passage.role,
                "text": passage.text, **_when(passage.when), "data_subject_group": owner[passage.member],
            }  # fmt: skip


def _recordings(held: list[Held], facts: dict[str, Facts], owner: dict[str, str]) -> Iterable[Row]:
    """One row per subject and content: two names with the same bytes are one recording."""
    same: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for h in held:
        if facts[h.id].disposition == "recording" and h.member.sha256:
            same[owner[h.id], h.member.sha256].append(facts[h.id])
    for (subject, sha256), found in same.items():
        dated = sorted(
            (f for f in found if f.when.at is not None), key=lambda f: (f.when.basis != "export", f.when.at)
        )
        first = dated[0].when if dated else When()
        yield {
            "recording_id": make_id("rec", subject, sha256), "sha256": sha256, **_when(first),
            "device": next((f.device for f in [*dated, *found] if f.device), None),
            "vendor_text": next((f.vendor_text for f in found if f.vendor_text), None),
            "occurrences": len(found), "data_subject_group": subject,
        }  # fmt: skip
