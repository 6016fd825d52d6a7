"""What a worker does: bundles become cases, cases become rows. Runs in any process, any number of times."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.digests import file_sha256
from forensics.case.options import Options
from forensics.case.version import VERSION
from forensics.errors import CaseLockedError, ForensicsError

if TYPE_CHECKING:
    from forensics.case.case import Case

LOCK_WAIT_S = 30.0
"""How long a worker waits for a case that another process still holds, such as one being killed: an
assumption."""


@dataclass(frozen=True)
class Job:
    """One bundle.

    Parameters
    ----------
    key : str
        From content, options, models and versions: the name of its row and its case.
    bundle : str
        Its path, which every worker must be able to read.
    size : int
        Bytes: how long it will take, roughly.
    """

    key: str
    bundle: str
    size: int


@dataclass(frozen=True)
class Task:
    """Bundles that go to a worker together, so that tasks are of similar length.

    Parameters
    ----------
    jobs : tuple of Job
        Done one after the other, each on its own: one that fails does not stop the next.
    """

    jobs: tuple[Job, ...]

    @property
    def name(self) -> str:
        """From the jobs' keys: the same task has the same name in every run."""
        return hashlib.sha256("".join(job.key for job in self.jobs).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Work:
    """Processes tasks; small enough to be sent to a worker, and without state.

    Parameters
    ----------
    out : str
        The batch's folder, which every worker must be able to write.
    options : Options
        Of every case.
    discard_cases : bool
        Delete a case once its row is written.
    remote : str
        The scheduler outside this machine, for the custody log of each case; else empty.
    consent : str
        Who allowed that, and why.
    """

    out: str
    options: Options
    discard_cases: bool = False
    remote: str = ""
    consent: str = ""

    def __call__(self, task: Task) -> int:
        """Write the rows of a task's bundles; return how many are new.

        What is wrong with a bundle becomes its row. Only what is wrong with the machine (no space, a lock
        that is never released) leaves as an exception, for the driver to try again.
        """
        return sum(self._one(job) for job in task.jobs)

    def prepare(self) -> None:
        """Load what a worker needs once for all its tasks: the engine's weights and the language models.

        A worker computes on one thread: as many workers as processors, each on all of them, would get in each
        other's way. What is loaded already does not look at the environment again, so it is told as well.
        """
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        os.environ.setdefault("FORENSICS_THREADS", "1")
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        from forensics.language.reader import reader
        from forensics.transcription.engines import load_engine

        for language in ("de", "en"):
            reader(language)
        if self.options.engine != "vendor":
            load_engine(self.options.engine, self.options.model, exact=self.options.exact)
        threadpool_limits(limits=1)

    def _one(self, job: Job) -> bool:
        if read_row(Path(self.out), job.key).get("status") == "done":
            return False
        folder = case_folder(Path(self.out), job.key)
        try:
            row = self._investigate(job, folder)
        except CaseLockedError:
            raise
        except ForensicsError as error:
            row = failed(job, error)
        except (OSError, MemoryError):
            raise  # the machine's fault, not the bundle's, as far as one can tell before it is tried alone
        except Exception as error:  # its text may quote evidence: the type must do
            row = failed(job, error)
        write_row(Path(self.out), row)
        if self.discard_cases:
            shutil.rmtree(folder, ignore_errors=True)
        return True

    def _investigate(self, job: Job, folder: Path) -> dict[str, Any]:
        from forensics.api import take_in_all
        from forensics.batch.portfolio import subjects_of
        from forensics.case.case import Case
        from forensics.corridor.runner import run
        from forensics.intake import finish_taking_in

        deadline = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                if (folder / "case.json").is_file() and Case.open(folder).state["bundles"]:
                    case = Case.open(folder)
                else:
                    case = take_in_all(job.bundle, case=folder, options=self.options, purpose="batch")
                self._own_up(case)
                finish_taking_in(case)
                run(case)
                return {"key": job.key, "status": "done", "error": "", "subjects": subjects_of(case)}
            except CaseLockedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def _own_up(self, case: Case) -> None:
        """Write into a case's own log that it is worked on elsewhere, once per scheduler and consent."""
        facts = {"scheduler": self.remote, "consent": self.consent}
        if self.remote and not any(facts.items() <= act.items() for act in case.custody.acts()):
            with case.lock():
                case.custody.append("processed on another machine", facts)


def job_of(bundle: Path, versions: Mapping[str, Any]) -> Job:
    """The job of a bundle: a file, or a folder by its files."""
    if bundle.is_dir():
        files = sorted(p for p in bundle.rglob("*") if p.is_file() and not p.is_symlink())
        content = [[str(p.relative_to(bundle)), file_sha256(p)] for p in files]
        size = sum(p.stat().st_size for p in files)
    else:
        content, size = [["", file_sha256(bundle)]], bundle.stat().st_size
    text = json.dumps([content, dict(versions)], sort_keys=True)
    return Job(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24], str(bundle), size)


def versions_of(options: Options) -> dict[str, Any]:
    """All but the bundle that a row depends on: options, stages, models, libraries."""
    import importlib

    from forensics.corridor.pipeline import STAGES

    stages = {}
    for stage in STAGES:
        module = importlib.import_module(stage.module)
        identity = module.identity(options) if hasattr(module, "identity") else {}
        stages[stage.name] = [stage.version, options.chosen(stage.options), identity]
    return {"forensics": VERSION, "stages": stages}


def case_folder(out: Path, key: str) -> Path:
    """Where the case of a row is."""
    return out / "cases" / key


def failed(job: Job, error: BaseException | str) -> dict[str, Any]:
    """The row of a bundle that could not be processed: the kind of error alone, which quotes nothing."""
    kind = error if isinstance(error, str) else type(error).__name__
    return {"key": job.key, "status": "failed", "error": kind, "subjects": []}


def read_row(out: Path, key: str) -> dict[str, Any]:
    """A row, or nothing if there is none or only half of one."""
    try:
        found: dict[str, Any] = json.loads((out / "rows" / f"{key}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if found.get("key") == key else {}


def write_row(out: Path, row: Mapping[str, Any]) -> None:
    """Write a row whole or not at all."""
    folder = out / "rows"
    content = json.dumps(row, sort_keys=True, ensure_ascii=False) + "\n"
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / f"{row['key']}.json")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def pack(jobs: Sequence[Job], workers: int, *, most: int = 32) -> list[Task]:
    """Tasks of similar length, the longest first (longest processing time first, Graham 1969).

    Parameters
    ----------
    jobs : sequence of Job
        In any order.
    workers : int
        Tasks that run at a time: no task is so large that the others wait for it.
    most : int
        Bundles of one task.
    """
    ordered = sorted(jobs, key=lambda job: (-job.size, job.key))
    target = sum(job.size for job in jobs) / max(1, 8 * workers)
    tasks: list[Task] = []
    part: list[Job] = []
    length = 0
    for job in ordered:
        if part and (length + job.size > target or len(part) >= most):
            tasks.append(Task(tuple(part)))
            part, length = [], 0
        part.append(job)
        length += job.size
    if part:
        tasks.append(Task(tuple(part)))
    return tasks
