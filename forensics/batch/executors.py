"""Three ways to run tasks, one interface: here, on processes, on Dask (in :mod:`forensics.batch.on_dask`)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Protocol

from forensics.batch.work import Task, Work
from forensics.errors import ForensicsError

KILLED = "WorkerKilled"


class Executor(Protocol):
    """Runs tasks, each at least once.

    Attributes
    ----------
    name : str
        How messages call it.
    workers : int
        Tasks that can run at a time.
    """

    name: str
    workers: int

    def run(self, tasks: Sequence[Task], work: Work, *, alone: bool = False) -> Iterator[tuple[Task, str]]:
        """Each task with the kind of its error, empty if it went well, in the order in which they end.

        Parameters
        ----------
        tasks : sequence of Task
            In the order in which they should start.
        work : Work
            What is done with each: it is sent to the workers.
        alone : bool
            One at a time: whoever takes a worker down then stands alone.
        """

    def close(self) -> None:
        """Release the workers."""


class Serial:
    """In this process."""

    name = "serial"
    workers = 1

    def run(self, tasks: Sequence[Task], work: Work, *, alone: bool = False) -> Iterator[tuple[Task, str]]:
        """As :meth:`Executor.run`."""
        for task in tasks:
            yield task, _error(lambda task=task: work(task))  # type: ignore[misc]

    def close(self) -> None:
        """Nothing to release."""


class Processes:
    """On worker processes of this machine; a worker that is killed takes down neither the run nor its task.

    Parameters
    ----------
    workers : int
        Processes, each of which runs one task at a time.
    """

    name = "processes"

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def run(self, tasks: Sequence[Task], work: Work, *, alone: bool = False) -> Iterator[tuple[Task, str]]:
        """As :meth:`Executor.run`. No more tasks are given out than there are workers: when a worker dies,
        the pool cannot say whose fault it was, and all that were under way are suspects."""
        left = list(reversed(tasks))
        running: dict[Future[int], Task] = {}
        window = 1 if alone else self.workers
        while left or running:
            while left and len(running) < window:
                task = left.pop()
                running[self._submit(work, task)] = task
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            broken = any(isinstance(future.exception(), BrokenProcessPool) for future in done)
            if broken:
                wait(running)
                self.close()
            for future in list(running) if broken else done:
                yield running.pop(future), _error(future.result)

    def _submit(self, work: Work, task: Task) -> Future[int]:
        for _ in range(3):
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self.workers,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=_prepare,
                    initargs=(work,),
                )
            try:
                return self._pool.submit(work, task)
            except BrokenProcessPool:  # it broke while nobody waited
                self.close()
        failed: Future[int] = Future()
        failed.set_exception(BrokenProcessPool())
        return failed

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _prepare(work: Work) -> None:
    # Ctrl-C reaches workers too: they end at once, as by kill, and leave it to the driver to say so
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(ForensicsError):  # the first task meets it again, and its bundle's row says so
        work.prepare()


def _end_with_parent() -> None:
    """A killed run takes its workers along, which would wait for tasks, models in memory, for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _error(call: Callable[[], int]) -> str:
    try:
        call()
    except BrokenProcessPool:
        return KILLED
    except Exception as error:  # its text may quote evidence
        return type(error).__name__
    return ""
