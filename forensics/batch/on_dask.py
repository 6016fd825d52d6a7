"""Tasks on Dask: workers of this machine, a scheduler at an address, or SLURM through dask-jobqueue."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from forensics.batch.executors import KILLED
from forensics.batch.work import Task, Work
from forensics.errors import ConsentError, ForensicsError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
ALLOWED_FAILURES = 0
"""Workers that a task may take with it before the driver hears of it, which then tries it alone."""


def is_remote(scheduler: str) -> bool:
    """Whether recordings would leave this machine."""
    return scheduler == "slurm" or urlsplit(scheduler).hostname not in LOOPBACK


def check_scheduler(scheduler: str, consent: str, tls: Mapping[str, Path | None]) -> None:
    """Refuse to send recordings away without consent and TLS.

    Parameters
    ----------
    scheduler : str
        An address, or ``slurm``.
    consent : str
        Why, and who allowed it.
    tls : mapping
        ``ca``, ``cert`` and ``key``: paths of PEM files.

    Raises
    ------
    ConsentError
        If the scheduler is on another machine and consent or TLS is missing.
    """
    if not is_remote(scheduler):
        return
    if not consent.strip():
        raise ConsentError(
            f"The scheduler {scheduler} is not on this machine: the recordings would leave it.",
            "Say with --consent TEXT who allowed that and why; it goes into the custody logs.",
        )
    if scheduler != "slurm" and (urlsplit(scheduler).scheme != "tls" or not all(tls.values())):
        raise ConsentError(
            f"The scheduler {scheduler} is on another machine and would be spoken to without TLS.",
            "Give its address as tls://… and --tls-ca, --tls-cert and --tls-key.",
        )


def check_workers(scheduler: str, workers: Iterable[str]) -> None:
    """Refuse a scheduler on this machine, through a tunnel for instance, whose workers are on others.

    Parameters
    ----------
    scheduler : str
        The address that the user gave, for the message.
    workers : iterable of str
        Addresses. Those that join later are not seen: a cluster is one trust domain.

    Raises
    ------
    ConsentError
        If recordings would leave this machine without anybody having said so.
    """
    if not is_remote(scheduler) and any(is_remote(worker) for worker in workers):
        raise ConsentError(
            f"The scheduler {scheduler} has a worker on another machine: recordings would leave this one.",
            "Name the scheduler by its own address, with TLS and --consent.",
        )


class OnDask:
    """On a Dask cluster.

    Parameters
    ----------
    workers : int
        Of a cluster that is started here.
    scheduler : str
        An address, ``slurm``, or empty for worker processes of this machine.
    tls : mapping, optional
        As :func:`check_scheduler`.
    resources : mapping, optional
        What each task needs of a worker, e.g. ``{"GPU": 1}``: one task at a time per GPU.
    slurm : mapping, optional
        Arguments of ``dask_jobqueue.SLURMCluster``.
    """

    name = "dask"

    def __init__(
        self,
        workers: int,
        *,
        scheduler: str = "",
        tls: Mapping[str, Path | None] | None = None,
        resources: Mapping[str, float] | None = None,
        slurm: Mapping[str, Any] | None = None,
    ) -> None:
        try:
            dask: Any = importlib.import_module("dask")
            distributed: Any = importlib.import_module("distributed")
        except ImportError as error:
            raise ForensicsError(
                "Dask is not installed.", "Install the extra: pip install 'forensics[batch]'."
            ) from error
        self.workers = workers
        self._resources = dict(resources or {})
        self._cluster: Any = None
        self._client: Any = None
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
                "distributed.worker.daemon": False,  # the decoder is a child of the worker
                "distributed.admin.tick.limit": "60s",
                "distributed.comm.timeouts.connect": "60s",
            }
        )
        if scheduler == "slurm":
            self._cluster = slurm_cluster(slurm or {})
            self._cluster.scale(jobs=workers)
            self._client = distributed.Client(self._cluster)
        elif scheduler:
            security = _security(tls or {}) if scheduler.startswith("tls://") else None
            self._client = distributed.Client(scheduler, security=security, timeout="60s")
            joined: Mapping[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
            try:
                check_workers(scheduler, joined)
            except ConsentError:
                self.close()
                raise
            self.workers = max(1, len(joined))
        else:
            os.environ.setdefault("OMP_NUM_THREADS", "1")
            self._cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                resources=self._resources or None,
                silence_logs=50,
            )
            self._client = distributed.Client(self._cluster)
        self._prepared = False

    def run(self, tasks: Sequence[Task], work: Work, *, alone: bool = False) -> Iterator[tuple[Task, str]]:
        """As :meth:`forensics.batch.executors.Executor.run`; Dask knows which task a dead worker had."""
        distributed: Any = importlib.import_module("distributed")

        if not self._prepared:
            self._client.register_plugin(_plugin(work))
            self._prepared = True
        for part in [[task] for task in tasks] if alone else [list(tasks)]:
            futures = {self._submit(work, task): task for task in part}
            for future in distributed.as_completed(list(futures)):
                error = future.exception()
                killed = isinstance(error, distributed.KilledWorker)
                yield futures[future], "" if error is None else KILLED if killed else type(error).__name__
                future.release()

    def _submit(self, work: Work, task: Task) -> Any:
        key = f"{task.name}-{os.urandom(4).hex()}"  # the same task again is another future
        return self._client.submit(work, task, key=key, pure=False, resources=self._resources or None)

    def close(self) -> None:
        """Leave the cluster; end it if it was started here."""
        with suppress(Exception):  # a cluster that is already gone is as good as closed
            self._client.close()
        if self._cluster is not None:
            with suppress(Exception):
                self._cluster.close()


def slurm_cluster(arguments: Mapping[str, Any]) -> Any:
    """A cluster whose workers are SLURM jobs, with TLS of its own between them.

    Parameters
    ----------
    arguments : mapping
        Of ``dask_jobqueue.SLURMCluster``: queue, walltime, job_extra_directives and so on.
    """
    jobqueue: Any = importlib.import_module("dask_jobqueue")
    security: Any = importlib.import_module("distributed.security")
    chosen = {"cores": 1, "processes": 1, "memory": "4GB", **arguments}
    chosen.setdefault("shared_temp_directory", str(Path.home() / ".forensics-tls"))
    Path(chosen["shared_temp_directory"]).mkdir(mode=0o700, exist_ok=True)
    return jobqueue.SLURMCluster(security=security.Security.temporary(), protocol="tls://", **chosen)


def _security(tls: Mapping[str, Path | None]) -> Any:
    security: Any = importlib.import_module("distributed.security")
    return security.Security(
        tls_ca_file=str(tls["ca"]),
        tls_client_cert=str(tls["cert"]),
        tls_client_key=str(tls["key"]),
        require_encryption=True,
    )


def _plugin(work: Work) -> Any:
    from distributed import WorkerPlugin

    class Models(WorkerPlugin):
        """One set of models per worker process, loaded before the first task."""

        name = "forensics-models"

        def setup(self, worker: Any) -> None:
            with suppress(ForensicsError):  # the first task meets it again, and its bundle's row says so
                work.prepare()

    return Models()
