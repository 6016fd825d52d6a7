"""What children do in the tests of the sandbox, each in a real process."""

from __future__ import annotations

import os
import resource
import signal
import stat
import time
from io import BufferedReader
from pathlib import Path
from typing import Any

from forensics.sandbox.process import Send


def read(times: int, file: BufferedReader, send: Send) -> None:
    """The file's content, several times."""
    for number in range(times):
        file.seek(0)
        send({"number": number}, file.read())


def spin(_: object, file: BufferedReader, send: Send) -> None:
    """Never done."""
    while True:
        pass


def work_for(seconds: float, file: BufferedReader, send: Send) -> None:
    """Done after so much processor time."""
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass
    send(os.getpid())


def sleep(seconds: float, file: BufferedReader, send: Send) -> None:
    """An answer, a long rest, an answer."""
    send("first")
    time.sleep(seconds)
    send("second")


def dribble(busy: bool, file: BufferedReader, send: Send) -> None:
    """The beginning of an answer of 1000 bytes, then one byte after another, or none and a full processor."""
    os.write(_channel(), b"\0\0\x03\xe8")
    while busy:
        pass
    while True:
        os.write(_channel(), b" ")
        time.sleep(0.05)


def allocate(size: int, file: BufferedReader, send: Send) -> None:
    """Take so many bytes."""
    send(len(bytearray(size)))


def fill(_: object, file: BufferedReader, send: Send) -> None:
    """Take memory in small pieces until not the least is left."""
    kept: list[Any] = []
    while True:
        kept = [kept, bytes(40)]


def die(number: int, file: BufferedReader, send: Send) -> None:
    """End by a signal, in the middle of the answers."""
    send("first")
    os.kill(os.getpid(), number)
    signal.pause()


def leave(_: object, file: BufferedReader, send: Send) -> None:
    """End without an answer."""
    os._exit(0)


def tell_nothing(_: object, file: BufferedReader, send: Send) -> None:
    """One answer, without any content."""
    send(None)


def read_twice(_: object, file: BufferedReader, send: Send) -> None:
    """Two answers."""
    read(2, file, send)


def fail(text: str, file: BufferedReader, send: Send) -> None:
    """Raise, after an answer."""
    send("first")
    raise LookupError(text)


def say(message: str, file: BufferedReader, send: Send) -> None:
    """Write bytes to the parent that no protocol has made."""
    os.write(_channel(), bytes.fromhex(message))
    time.sleep(60)


def write(path: str, file: BufferedReader, send: Send) -> None:
    """Try to write a file, and to write into the one that was given."""
    failed = []
    try:
        Path(path).write_bytes(b"x")
    except OSError as error:
        failed.append(error.errno)
    try:
        os.write(file.fileno(), b"x")
    except OSError as error:
        failed.append(error.errno)
    send(failed)


def open_many(count: int, file: BufferedReader, send: Send) -> None:
    """Open so many descriptors."""
    send([os.dup(file.fileno()) for _ in range(count)])


def tell(names: list[str], file: BufferedReader, send: Send) -> None:
    """What this process knows: limits, folder, and what its descriptors and arguments name."""
    facts: dict[str, Any] = {
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in names},
        "folder": str(Path.cwd()),
        "environment": Path("/proc/self/environ").read_bytes().decode(),
        "arguments": Path("/proc/self/cmdline").read_bytes().decode(),
        "descriptors": [os.readlink(p) for p in Path("/proc/self/fd").iterdir() if os.path.lexists(p)],  # noqa: PTH115
    }
    send(facts)


def _channel() -> int:
    """The descriptor of the socket to the parent."""
    for number in range(3, 1024):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    raise AssertionError("there is no socket")
