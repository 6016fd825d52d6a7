"""A child process that does one thing with one open file after another, under limits.

The child gets descriptors, never a path. It writes no file, dumps no core, and limits its memory and CPU time
before it reads; the parent limits how long it waits. After a failure the child is ended, and the next request
starts another. What a child says is JSON and bytes: nothing is unpickled.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from io import BufferedReader
from multiprocessing import Pipe
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any

_ROOT = str(Path(__file__).resolve().parents[2])
_LONGEST_ANSWER = 128 << 20
"""Bytes. The longest honest answer is half an hour of samples: 1800 s of 16 kHz float32 are 115 MB."""

Send = Callable[..., None]
"""Sends one answer: a value that JSON can hold, and optionally bytes beside it."""
Worker = Callable[[Any, BufferedReader, Send], None]
"""What a child does with a request and the file that came with it."""


class Reason(Enum):
    """Why a request was not answered to its end."""

    TIME, CPU, MEMORY, RAISED, ENDED, GARBLED = auto(), auto(), auto(), auto(), auto(), auto()


class SandboxError(Exception):
    """A request that was not answered to its end.

    Parameters
    ----------
    reason : Reason
        For code; the rest is for people.
    kind : str
        Name of the class of what the worker raised.
    text : str
        What that said, or the signal that ended the child. It may quote the file.
    """

    def __init__(self, reason: Reason, kind: str = "", text: str = "") -> None:
        super().__init__(reason, kind, text)
        self.reason, self.kind, self.text = reason, kind, text


class Sandbox:
    """Runs a worker in a child process, which is started on first use.

    Parameters
    ----------
    worker : callable
        A function of a module; the child imports it from there.
    wall_s : float
        Seconds to wait for the answers to one request; what is done between them is not counted.
    cpu_s : int
        Seconds of processor time for one request, of all threads.
    memory_bytes : int
        Address space above what the libraries take.
    libraries : sequence of str
        Modules that the child imports before its memory is limited.
    """

    def __init__(
        self, worker: Worker, *, wall_s: float, cpu_s: int, memory_bytes: int, libraries: Sequence[str] = ()
    ) -> None:
        self.wall_s = self._left_s = wall_s
        self._order = [worker.__module__, worker.__name__, libraries, cpu_s, memory_bytes]
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, request: object, file: int) -> Iterator[tuple[Any, ...]]:
        """Answers as they come, values with the bytes beside them. Not to take them all ends the child.

        Parameters
        ----------
        request : object
            What JSON can hold.
        file : int
            Descriptor of a regular file, which the worker reads from its beginning.

        Raises
        ------
        SandboxError
            If the worker fails or reaches a limit.
        """
        with self._lock:
            child = self._running()
            # a descriptor of its own: for reading only, with a position that nobody else moves
            descriptor = os.open(f"/dev/fd/{file}", os.O_RDONLY | os.O_CLOEXEC)
            self._left_s, answered = self.wall_s, False
            try:
                self._pipe.send_bytes(json.dumps(request).encode())
                send_handle(self._pipe, descriptor, None)
                while (answer := self._answer(child))[0] == "answer":
                    yield answer[1:]
                answered = answer[0] == "end"
                if not answered:
                    raise SandboxError(Reason[answer[0]], *map(str, answer[1]))
            except (EOFError, OSError) as error:
                raise self._death() from error
            except (ValueError, TypeError, LookupError, RecursionError) as error:
                raise SandboxError(Reason.GARBLED) from error
            finally:
                os.close(descriptor)
                if not answered:
                    self.close()

    def close(self) -> int:
        """End the child, also where not all answers were taken; its exit status."""
        child, self._child = self._child, None
        if child is None:
            return 0
        self._pipe.close()
        child.kill()  # one that is ending already keeps its own status
        return child.wait()

    def _answer(self, child: subprocess.Popen[bytes]) -> tuple[Any, ...]:
        begun = time.monotonic()
        watch = threading.Timer(self._left_s, child.kill)
        watch.start()
        try:
            message = self._pipe.recv_bytes(_LONGEST_ANSWER)
        finally:
            watch.cancel()
            self._left_s -= time.monotonic() - begun
        if self._left_s <= 0:
            raise EOFError  # it is being ended
        end = message.index(b"\n")
        kind, value = json.loads(message[:end])
        return kind, value, memoryview(message)[end + 1 :]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._pipe, theirs = Pipe()
            paths = [os.path.abspath(path) for path in sys.path if path]  # noqa: PTH100 (a link stays one)
            # modules come from where the parent's come from, and never from the folder that somebody works in
            modules = os.pathsep.join(paths if _ROOT in paths else [_ROOT, *paths])
            # FORENSICS_SIGN_KEY names the signing key: a child has no use for our own settings
            environment = {k: v for k, v in os.environ.items() if not k.startswith("FORENSICS_")}
            environment |= {"PYTHONPATH": modules, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            with theirs:
                order = json.dumps([theirs.fileno(), *self._order])
                self._child = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                    [sys.executable, "-P", "-m", "forensics.sandbox.child", order], cwd="/",
                    pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
        return self._child

    def _death(self) -> SandboxError:
        if not self._pipe.readable:  # an answer said that it is too long
            return SandboxError(Reason.GARBLED)
        code = self.close()
        died = Reason.CPU if code == -signal.SIGXCPU else Reason.ENDED
        text = str(signal.strsignal(-code)) if code < 0 else f"exit status {code}"
        return SandboxError(Reason.TIME if self._left_s <= 0 else died, text=text)
