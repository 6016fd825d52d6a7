"""Drives a batch: finds what is left to do, gives it out, tries again, and sums up."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.batch.executors import Executor, Serial
from forensics.batch.portfolio import MIN_CELL, write_portfolio
from forensics.batch.work import (
    Job,
    Task,
    Work,
    case_folder,
    failed,
    job_of,
    pack,
    read_row,
    versions_of,
    write_row,
)
from forensics.case.custody import CustodyLog
from forensics.case.options import Options
from forensics.corridor.progress import Progress, Silent
from forensics.errors import BundleError, CaseError

ATTEMPTS = 3
"""How often a bundle is tried that ends with the machine's error, not its own: an assumption."""


@dataclass(frozen=True)
class BundleOutcome:
    """What a batch came to.

    Parameters
    ----------
    summary : dict
        Of the portfolio.
    rows : dict
        From bundle to key of its row.
    errors : dict
        From bundle to the kind of its error.
    computed : int
        Bundles processed in this run; the others were done before.
    """

    summary: dict[str, Any]
    rows: dict[str, str]
    errors: dict[str, str]
    computed: int


def batch(
    bundles: Sequence[str | Path],
    out: str | Path,
    *,
    options: Options | None = None,
    executor: Executor | None = None,
    discard_cases: bool = False,
    min_cell: int = MIN_CELL,
    remote: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> BundleOutcome:
    """Every bundle becomes a case and a row; then the portfolio.

    Parameters
    ----------
    bundles : sequence of paths
        The same content twice is one.
    out : path
        Gets ``cases/``, ``rows/``, the portfolio as Parquet, JSON and HTML, and ``custody.jsonl``.
    options : Options, optional
        Of every case; the defaults otherwise.
    executor : Executor, optional
        Serial by default. It is not closed.
    discard_cases : bool
        Delete a case once its row is written: the portfolio stays.
    min_cell : int
        People whom a count of the portfolio must cover to be shown.
    remote : mapping, optional
        ``scheduler`` and ``consent``, if the work is done on another machine.
    progress : Progress, optional
        Silent by default.

    Raises
    ------
    BundleError
        If a path does not exist, is no bundle, or holds `out`.
    CaseError
        If another batch works on `out`.
    """
    import filelock

    paths = [Path(bundle) for bundle in bundles]
    folder = Path(out)
    for path in paths:
        if not path.exists():
            raise BundleError(f"{path} does not exist.", "Check the path of the bundle.")
        if not path.is_file() and not path.is_dir():
            raise BundleError(f"{path} is neither a file nor a folder.", "Name bundles.")
        if folder.resolve().is_relative_to(path.resolve()):
            raise BundleError(f"{folder} lies inside the bundle {path}.", "Name another folder with --out.")
    for name in ("", "cases", "rows"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder / ".lock", timeout=0, mode=0o600):
            return _run(paths, folder, options or Options(), executor or Serial(), discard_cases, min_cell,
                        dict(remote or {}), progress or Silent())  # fmt: skip
    except filelock.Timeout as error:
        raise CaseError(f"Another batch works on {folder}.", "Wait for it, or stop it.") from error


def _run(
    paths: Sequence[Path],
    out: Path,
    options: Options,
    executor: Executor,
    discard_cases: bool,
    min_cell: int,
    remote: Mapping[str, str],
    progress: Progress,
) -> BundleOutcome:
    versions = versions_of(options)
    named, unread = _jobs(paths, versions)
    jobs = {job.key: job for job in named.values()}
    left = [job for job in jobs.values() if read_row(out, job.key).get("status") != "done"]
    _clear(out, left)
    custody = CustodyLog(out / "custody.jsonl")
    custody.append(
        "batch started", bundles=len(jobs), left=len(left), executor=executor.name, options=options.to_dict()
    )
    if remote:
        custody.append("remote scheduler used", dict(remote))
    work = Work(str(out), options, discard_cases, remote.get("scheduler", ""), remote.get("consent", ""))
    with progress.task("batch", len(left)) as advance:
        _work_off(left, work, executor, out, advance)
    rows = [read_row(out, key) for key in sorted(jobs)]
    missing = [key for key, row in zip(sorted(jobs), rows, strict=True) if not row]
    rows = [row for row in rows if row] + [failed(jobs[key], "RowNotWritten") for key in missing]
    rows += unread.values()
    if discard_cases:  # also those of a run that kept them, or was killed before it could
        for key in jobs:
            shutil.rmtree(case_folder(out, key), ignore_errors=True)
    keys = {**{path: job.key for path, job in named.items()}, **{p: r["key"] for p, r in unread.items()}}
    said = write_portfolio(out, _told(rows, keys, out), least=min_cell)
    wrong = {row["key"]: row["error"] for row in rows if row["status"] == "failed"}
    custody.append("batch ended", bundles=len(jobs), failed=len(wrong))
    return BundleOutcome(
        said,
        keys,
        {path: wrong[key] for path, key in keys.items() if key in wrong},
        len(left),
    )


def _told(rows: Sequence[Mapping[str, Any]], keys: Mapping[str, str], out: Path) -> Iterator[dict[str, Any]]:
    """Rows with the bundle that they speak of and its case, which are no part of what a worker writes."""
    paths: dict[str, list[str]] = {}
    for path, key in sorted(keys.items()):
        paths.setdefault(key, []).append(path)
    for row in rows:
        folder = case_folder(out, row["key"])
        kept = str(folder.relative_to(out)) if (folder / "case.json").is_file() else None
        yield {**row, "bundle": "; ".join(paths.get(row["key"], ())), "case": kept}


def _jobs(
    paths: Sequence[Path], versions: Mapping[str, Any]
) -> tuple[dict[str, Job], dict[str, dict[str, Any]]]:
    """The job of every bundle; of one that cannot be read a failed row, which has no content to go by."""
    named, unread = {}, {}
    for path in paths:
        try:
            named[str(path)] = job_of(path, versions)
        except OSError as error:
            key = hashlib.sha256(f"unread {path}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
            unread[str(path)] = failed(Job(key, str(path), 0), error)
    return named, unread


def _clear(out: Path, left: Sequence[Job]) -> None:
    """Remove what an earlier run left of the bundles that are to be done.

    A failed row of that run would pass for one of this run, and its bundle would not be tried again.
    """
    for job in left:
        (out / "rows" / f"{job.key}.json").unlink(missing_ok=True)
    for path in (out / "rows").glob(".writing-*"):
        path.unlink(missing_ok=True)


def _work_off(left: Sequence[Job], work: Work, executor: Executor, out: Path, advance: Any) -> None:
    """All tasks once; what failed with its worker again, each bundle alone; then an error is a row."""
    again: list[Job] = []
    for task, error in executor.run(pack(left, executor.workers), work):
        if error:
            again += [job for job in task.jobs if not read_row(out, job.key)]
        advance(len(task.jobs))
    for attempt in range(2, ATTEMPTS + 1):
        tasks, again = [Task((job,)) for job in again], []
        for task, error in executor.run(tasks, work, alone=True):
            job = task.jobs[0]
            if not error or read_row(out, job.key):
                continue
            if attempt < ATTEMPTS:
                again.append(job)
            else:
                _give_up(out, job, error)


def _give_up(out: Path, job: Job, error: str) -> None:
    try:
        write_row(out, failed(job, error))
    except OSError:
        return  # not even a row can be written: the portfolio says 'RowNotWritten'
