"""The child's side of a sandbox: ``python -P -m forensics.sandbox.child ORDER``."""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import signal
import sys
from contextlib import suppress
from io import BufferedReader
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from forensics.sandbox.process import Reason, Worker

_OPEN_FILES = 64
"""Descriptors: one file is read at a time, and a library that is imported late opens a few (assumption)."""


def main() -> None:
    """Import the worker, limit this process, and answer requests until the parent closes its end."""
    descriptor, module, name, libraries, cpu_s, memory_bytes = json.loads(sys.argv[1])
    worker: Worker = getattr(importlib.import_module(module), name)
    for library in libraries:
        importlib.import_module(library)
    taken = Path("/proc/self/statm")
    if taken.exists():  # where it does not, the system honours no limit of address space
        pages = int(taken.read_text().split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + memory_bytes)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    with suppress(EOFError), Connection(descriptor) as pipe:
        while True:
            request, given = json.loads(pipe.recv_bytes()), recv_handle(pipe)
            used = resource.getrusage(resource.RUSAGE_SELF)  # the kernel counts from the start of the process
            _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + cpu_s, again=True)
            with os.fdopen(given, "rb") as file:
                _work(worker, request, file, pipe)


def _work(worker: Worker, request: Any, file: BufferedReader, pipe: Connection) -> None:
    def say(kind: str, value: object, raw: bytes = b"") -> None:
        pipe.send_bytes(json.dumps([kind, value]).encode() + b"\n" + raw)

    try:
        worker(request, file, lambda value, raw=b"": say("answer", value, raw))
        end: tuple[str, list[str]] = ("end", [])
    except MemoryError:
        end = (Reason.MEMORY.name, [])
    except Exception as error:  # a hostile file may provoke anything
        end = (Reason.RAISED.name, [type(error).__name__, str(error)])
    say(*end)  # out here, where what the worker had taken is free again


def _limit(kind: int, value: int, *, again: bool = False) -> None:
    """Set a limit, unless this process has a lower one; to be raised `again` or not."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, hard if again else value))


if __name__ == "__main__":
    main()
