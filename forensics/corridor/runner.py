"""Runs the floor plan over a case: skips what has not changed, resumes what was interrupted."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.case.case import Case
from forensics.case.digests import digest, file_sha256
from forensics.corridor.pipeline import STAGES, Stage
from forensics.corridor.progress import FollowsStages, Progress, Silent
from forensics.corridor.workbench import Workbench


@dataclass(frozen=True)
class StageStatus:
    """Where a stage stands.

    Parameters
    ----------
    stage : str
        Its name in the floor plan.
    state : {'done', 'stale', 'interrupted', 'to do'}
        ``stale``: done, and what it read has changed since.
    reason : str
        For people: why it is in that state.
    rows : dict
        Rows per table of the last finished run.
    """

    stage: str
    state: str
    reason: str
    rows: dict[str, int]


def run(case: Case, *, progress: Progress | None = None, until: str | None = None) -> list[str]:
    """Bring every table of a case up to date.

    Parameters
    ----------
    case : Case
        Locked until the last stage has run.
    progress : Progress, optional
        Silent by default.
    until : str, optional
        The last stage to run.

    Returns
    -------
    list of str
        The stages that had to run.
    """
    ran = []
    with case.lock():
        _note_interruption(case)
        for stage in STAGES:
            key = stage_key(case, stage)
            if case.stage_record(stage.name).get("key") != key or not _outputs_intact(case, stage):
                _run_stage(case, stage, key, progress or Silent())
                ran.append(stage.name)
            if stage.name == until:
                break
    return ran


def status(case: Case, stages: Sequence[Stage] = STAGES) -> list[StageStatus]:
    """What is done, what is left, and why."""
    found = []
    open_stages = _open_stages(case)
    upstream_changes = False
    for stage in stages:
        record = case.stage_record(stage.name)
        rows = {name: facts["rows"] for name, facts in record.get("outputs", {}).items()}
        if stage.name in open_stages:
            state, reason = "interrupted", "the process ended before the stage did; 'resume' goes on"
        elif not record:
            state, reason = "to do", "never run"
        elif upstream_changes or record["key"] != stage_key(case, stage):
            state, reason = "stale", "its input, options, models or version changed"
        elif not _outputs_intact(case, stage):
            state, reason = "stale", "a table is missing or was changed"
        else:
            state, reason = "done", ""
        upstream_changes |= state != "done"
        found.append(StageStatus(stage.name, state, reason, rows))
    return found


def stage_key(case: Case, stage: Stage) -> str:
    """Digest of all that the result of `stage` depends on."""
    state = case.state
    upstream: dict[str, Any] = {}
    for other in STAGES:
        for table in set(other.writes) & set(stage.reads):
            record = state["stages"].get(other.name, {})
            upstream[table] = record.get("outputs", {}).get(table, {}).get("rows_sha256")
    return digest(
        {
            "version": stage.version,
            "options": case.options.chosen(stage.options),
            "facts": {name: state[name] for name in stage.facts},
            "upstream": upstream,
            "review": case.review.digest((*stage.reads, *stage.decisions)),
            "identity": _identity(case, stage),
        }
    )


def _run_stage(case: Case, stage: Stage, key: str, progress: Progress) -> None:
    module = importlib.import_module(stage.module)
    identity = _identity(case, stage)
    case.custody.append("stage started", stage=stage.name, version=stage.version, identity=identity)
    if isinstance(progress, FollowsStages):
        progress.stage(stage.name)
    bench = Workbench(case, stage, identity, progress)
    try:
        module.run(bench)
        outputs = bench.compact()
    finally:
        bench.close()
    hashes = {table: facts["sha256"] for table, facts in outputs.items()}
    record = {"key": key, "identity": identity, "outputs": outputs}
    # the log first: case.json is compared with it, and a stage without its record runs once more
    case.custody.append("stage finished", stage=stage.name, outputs=hashes, record=digest(record))
    case.record_stage(stage.name, record)


def _identity(case: Case, stage: Stage) -> dict[str, Any]:
    module = importlib.import_module(stage.module)
    found: dict[str, Any] = module.identity(case.options) if hasattr(module, "identity") else {}
    return found


def _outputs_intact(case: Case, stage: Stage) -> bool:
    outputs = case.stage_record(stage.name).get("outputs", {})
    paths: dict[str, Path] = {table: case.table_path(table) for table in stage.writes}
    return set(outputs) == set(paths) and all(
        path.is_file() and file_sha256(path) == outputs[table]["sha256"] for table, path in paths.items()
    )


def _open_stages(case: Case) -> set[str]:
    """Stages that were started and never finished."""
    started: set[str] = set()
    for act in case.custody.acts():
        if act.get("act") == "stage started":
            started.add(act["stage"])
        elif act.get("act") in ("stage finished", "interruption found"):
            started.discard(act["stage"])
    return started


def _note_interruption(case: Case) -> None:
    for stage in sorted(_open_stages(case)):
        case.custody.append("interruption found", stage=stage)
