"""The first stage: bundles taken in become members, findings, data subjects, passages and recordings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics.case.case import Case
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.corridor.workbench import Workbench
from forensics.intake.devices import NO_DEVICE, Device, Devices, owner_of
from forensics.intake.evidence import open_evidence_container
from forensics.intake.exports import layouts, read_all
from forensics.intake.exports.base import UNKNOWN, Facts, Held, Inventory, Passage, Reading, When
from forensics.intake.limits import Limits
from forensics.intake.office import OFFICE
from forensics.intake.passwords import current_passwords
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.sniff import ARCHIVES, AUDIO, TEXTS
from forensics.intake.store import EvidenceStore
from forensics.intake.subjects import UNKNOWN_SUBJECT, Subject, group
from forensics.intake.taking import clear_interrupted_copies
from forensics.intake.walk import Walk

Row = dict[str, Any]
KEPT = AUDIO | TEXTS | ARCHIVES | OFFICE | {"pdf", "sqlite"}
"""Kinds that are kept as evidence of their own; the rest stays in its bundle."""

_PART = 5_000
_LISTED = 1_000
_REFUSED = Facts("refused")
_NONE: list[Problem] = []


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
    clear_interrupted_copies(case)
    held: list[Held] = []
    loose: list[tuple[str, Problem]] = []
    store = EvidenceStore(case)
    for bundle in case.state["bundles"]:
        _read_bundle(bench, bundle, held, loose, store)
    log_evidence(case, store.stored)
    readable = [h for h in held if not h.member.refused]
    readings = read_all(Inventory(readable, case.open_evidence, case.folder / "work"))
    subjects = group(held, readings)
    said: dict[str, list[Problem]] = defaultdict(list)
    for reading in readings:
        for member, problem in reading.problems:
            said[member.id].append(problem)
    owner = {h.id: h.subject for h in readable if h.facts is not None}
    passages = _numbered(p for reading in readings for p in reading.passages)
    devices = _devices(readable, readings, subjects, owner)
    _keep(bench, "members", (_member(h, said.get(h.id, _NONE), devices) for h in held))
    _keep(bench, "fields", _fields(readings, owner))
    _keep(bench, "findings", _findings(held, said, loose))
    _keep(bench, "groups", (_group(s) for s in subjects))
    _keep(bench, "passages", (_passage(p, n, owner[p.held], devices) for n, p in passages))
    _keep(bench, "recordings", _recordings(readable, devices))
    roles = Counter(subject.role for subject in subjects)
    for subject in subjects:
        _keep(
            bench,
            f"devices of {subject.id}",
            devices[subject.id].rows(owner_of(subject.role, roles)),
            "devices",
        )


def log_evidence(case: Case, stored: set[str]) -> None:
    """Enter the copies of members into the chain of custody, each once; many of them as a list of hashes."""
    known = {b["sha256"] for b in case.state["bundles"]}
    for act in case.custody.acts():
        known |= {str(h) for h in act.get("evidence", [])}
        if "evidence_list" in act:
            with case.open_evidence(str(act["evidence_list"])) as file:
                known |= set(file.read().decode("ascii").split())
    new = sorted(stored - known)
    if len(new) > _LISTED:
        from io import BytesIO

        listed, _ = case.add_evidence(BytesIO("\n".join(new).encode()))
        case.custody.append("members stored", evidence_list=listed, count=len(new))
    elif new:
        case.custody.append("members stored", evidence=new)


def _read_bundle(
    bench: Workbench,
    bundle: Mapping[str, str],
    held: list[Held],
    loose: list[tuple[str, Problem]],
    store: EvidenceStore,
) -> None:
    name, limits, passwords = bundle["name"], Limits.of(bench.options), current_passwords()
    try:
        with (
            open_evidence_container(bench.case, bundle, limits, passwords=passwords) as container,
            bench.progress.task("reading a bundle", None) as advance,
        ):
            walk = Walk(limits, store, KEPT, passwords, advance)
            for member, _ in walk.members(container):
                id_ = make_id("mem", bundle["sha256"], member.position, member.sha256)
                held.append(Held(id_, name, member))
            loose += [(name, problem) for problem in walk.problems]
    except MemberRefusedError as error:
        loose.append((name, error.problem))


def _keep(bench: Workbench, name: str, rows: Iterable[Row], table: str = "") -> None:
    """Keep rows in parts, so that no million of them is in memory at once.

    Parameters
    ----------
    bench : Workbench
    name : str
        Tells these rows from others; also the table's name unless `table` is given.
    rows : iterable of dict
    table : str
    """
    table = table or name
    part: list[Row] = []
    number = 0
    for row in rows:
        part.append(row)
        if len(part) == _PART:
            bench.keep([name, number], {table: part})
            part, number = [], number + 1
    bench.keep([name, number], {table: part})


def _when(when: When) -> Row:
    return {"started_at": when.at, "started_at_basis": when.basis, "utc_offset_min": when.utc_offset_min}


def _devices(
    readable: list[Held], readings: list[Reading], subjects: list[Subject], owner: Mapping[str, str]
) -> dict[str, Devices]:
    """The devices of each subject: of its recordings, of its passages, and those that its files list."""
    told: dict[str, set[Device]] = {subject.id: set() for subject in subjects}
    for held in readable:
        if held.facts is not None and held.facts.device:
            told[held.subject].add(held.facts.device)
    for reading in readings:
        for held, device in reading.devices:
            told[held.subject].add(device)
        for passage in reading.passages:
            if passage.device:
                told[owner[passage.held]].add(passage.device)
    order = ("serial", "name", "kind", "room")
    return {
        subject: Devices(subject, sorted(found, key=lambda d: [getattr(d, name) or "" for name in order]))
        for subject, found in told.items()
    }


def _fields(readings: list[Reading], owner: Mapping[str, str]) -> Iterator[Row]:
    times: Counter[tuple[str, str | None, str]] = Counter()
    for reading in readings:
        for found in reading.fields:
            key = (found.held, found.name, found.meaning)
            times[key] += 1
            yield {
                "field_id": make_id("fld", *key, times[key]), "member_id": found.held, "name": found.name,
                "meaning": found.meaning, "recognised_by": found.recognised_by, "score": found.score,
                "rows_seen": found.seen, "rows_used": found.used, "examples_withheld": found.withheld,
                "data_subject_group": owner[found.held],
            }  # fmt: skip


def _member(held: Held, said: list[Problem], devices: Mapping[str, Devices]) -> Row:
    member, facts = held.member, held.facts or _REFUSED
    finding = next((p for p in (*member.problems, *said) if p.level == "finding"), None)
    when = facts.when
    if when.at is None and facts.disposition != "recording" and member.file_time is not None:
        when = When(member.file_time, "file_time")
    raw = member.raw_name.hex() if member.raw_name is not None else None
    return {
        "member_id": held.id, "bundle": held.bundle, "path": member.path, "path_raw_hex": raw,
        "position": member.position, "size": _size(member.size), "sha256": member.sha256, "kind": member.kind,
        "disposition": facts.disposition, **_when(when),
        "device_id": devices[held.subject].id_of(facts.device),
        "vendor_text": facts.vendor_text, "export": held.export,
        "finding": finding.message if finding else None, "data_subject_group": held.subject,
    }  # fmt: skip


def _size(size: int | None) -> int | None:
    return size if size is not None and 0 <= size < 1 << 63 else None


def _findings(
    held: list[Held], said: Mapping[str, list[Problem]], loose: list[tuple[str, Problem]]
) -> Iterator[Row]:
    for h in held:
        if h.member.problems or h.id in said:
            for number, problem in enumerate((*h.member.problems, *said.get(h.id, _NONE))):
                yield _finding(problem, h.path, h.id, h.subject, number)
    for number, (bundle, problem) in enumerate(loose):
        yield _finding(problem, bundle, None, UNKNOWN_SUBJECT, number)


def _finding(problem: Problem, member: str, member_id: str | None, subject: str, number: int) -> Row:
    return {
        "finding_id": make_id("fnd", problem.code, member_id, member, number), "code": problem.code,
        "level": problem.level, "member_id": member_id, "member": member,
        "message": problem.message, "remedy": problem.remedy, "data_subject_group": subject,
    }  # fmt: skip


def _group(subject: Subject) -> Row:
    return {
        "data_subject_group": subject.id, "role": subject.role, "n_members": subject.members,
        "n_recordings": len(subject.contents),
        "evidence": [{"name": name, "value": value} for name, value in subject.evidence],
        "first_at": subject.first_at, "last_at": subject.last_at,
    }  # fmt: skip


def _numbered(passages: Iterable[Passage]) -> Iterator[tuple[int, Passage]]:
    """Passages with their number within their member."""
    before, number = "", 0
    for passage in passages:
        before, number = passage.held, number + 1 if passage.held == before else 0
        yield number, passage


def _passage(passage: Passage, number: int, subject: str, devices: Mapping[str, Devices]) -> Row:
    place = (passage.page, passage.line, passage.field, number)
    return {
        "passage_id": make_id("psg", passage.held, *place), "member_id": passage.held,
        "page": passage.page, "line": passage.line, "field": passage.field, "meaning": passage.meaning,
        "role": passage.role, "text": passage.text, **_when(passage.when),
        "device_id": devices[subject].id_of(passage.device), "vendor_status": passage.status,
        "speaker_label": passage.speaker, "person_role": passage.person_role,
        "place_role": passage.place_role,
        "data_subject_group": subject,
    }  # fmt: skip


def _recordings(held: list[Held], devices: Mapping[str, Devices]) -> Iterator[Row]:
    """One row per subject and content: two names with the same bytes are one recording."""
    same: dict[tuple[str, str], list[tuple[Facts, str]]] = defaultdict(list)
    for h in held:
        if h.facts is not None and h.facts.disposition == "recording" and h.member.sha256:
            same[h.subject, h.member.sha256].append((h.facts, h.id))
    for (subject, sha256), members in same.items():
        members.sort(key=lambda m: _precedence(*m))
        found = [facts for facts, _ in members]
        first = next((f.when for f in found if f.when.at is not None), UNKNOWN)
        device = _best_device(found)
        devices[subject].count(device)
        yield {
            "recording_id": make_id("rec", subject, sha256), "sha256": sha256, **_when(first),
            "device_id": devices[subject].id_of(device),
            "vendor_text": next((f.vendor_text for f in found if f.vendor_text), None),
            "vendor_status": next((f.status for f in found if f.status), None),
            "speaker_label": next((f.speaker for f in found if f.speaker), None),
            "member_id": members[0][1], "occurrences": len(found), "data_subject_group": subject,
        }  # fmt: skip


def _best_device(found: list[Facts]) -> Device:
    """The device that is told best: by serial, else by name, else by its kind."""
    for part in ("serial", "name", "kind"):
        for facts in found:
            if getattr(facts.device, part):
                return facts.device
    return NO_DEVICE


def _precedence(facts: Facts, member_id: str) -> tuple[bool, bool, str, str, str]:
    """Times the export states before derived ones, early before late."""
    at = facts.when.at
    when = at.isoformat() if at else ""
    return (at is None, facts.when.basis != "export", when, facts.vendor_text or "", member_id)
