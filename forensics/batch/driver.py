"""Drives a batch: finds what is left to do, gives it out, tries again, and sums up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.batch.executors import Executor, Serial
from forensics.batch.portfolio import MIN_CELL, write_portfolio
from forensics.batch.work import Job, Task, Work, failed, job_of, pack, read_row, versions_of, write_row
from forensics.custody import CustodyLog
from forensics.errors import BundleError, CaseError
from forensics.options import Options
from forensics.progress import Progress, Silent

ATTEMPTS = 3
"""How often a bundle is tried that ends with the machine's error, not its own."""


@dataclass(frozen=True)
class Outcome:
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
) -> Outcome:
    """Every bundle becomes a case and a row; then the portfolio.

    Parameters
    ----------
    bundles : sequence of paths
        The same content twice is one.
    out : path
        Gets ``cases/``, ``rows/``, the portfolio as Parquet, JSON and HTML, and ``custody.jsonl``.
    options : Options, optional
    executor : Executor, optional
        Serial by default. It is not closed.
    discard_cases : bool
    min_cell : int
    remote : mapping, optional
        ``scheduler`` and ``consent``, if the work is done on another machine.
    progress : Progress, optional

    Raises
    ------
    BundleError
        If a path does not exist.
    CaseError
        If another batch works on `out`.
    """
    import filelock

    paths = [Path(bundle) for bundle in bundles]
    for path in paths:
        if not path.exists():
            raise BundleError(f"{path} does not exist.", "Check the path of the bundle.")
    folder = Path(out)
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
) -> Outcome:
    versions = versions_of(options)
    named = {str(path): job_of(path, versions) for path in paths}
    jobs = {job.key: job for job in named.values()}
    left = [job for job in jobs.values() if read_row(out, job.key).get("status") != "done"]
    custody = CustodyLog(out / "custody.jsonl")
    custody.append(
        "batch started", bundles=len(jobs), left=len(left), executor=executor.name, options=options.to_dict()
    )
    if remote:
        custody.append("remote scheduler used", dict(remote))
    work = Work(str(out), options, discard_cases, remote.get("scheduler", ""))
    with progress.task("batch", len(left)) as advance:
        _work_off(left, work, executor, out, advance)
    rows = [read_row(out, key) for key in sorted(jobs)]
    missing = [key for key, row in zip(sorted(jobs), rows, strict=True) if not row]
    rows = [row for row in rows if row] + [failed(jobs[key], "RowNotWritten") for key in missing]
    said = write_portfolio(out, rows, least=min_cell)
    wrong = {row["key"]: row["error"] for row in rows if row["status"] == "failed"}
    custody.append("batch ended", bundles=len(jobs), failed=len(wrong))
    return Outcome(
        said,
        {path: job.key for path, job in named.items()},
        {path: wrong[job.key] for path, job in named.items() if job.key in wrong},
        len(left),
    )


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
