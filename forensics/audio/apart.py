"""Decoding in a child process with limits: a hostile file can take down the child, never the case.

The child (``python -m forensics.audio.apart``) reads one request per line, ``{"path", "name"}``, and
answers with a line of facts and the samples as raw float32. It has limits on memory, CPU time and file
size; the parent ends it when a file takes too long, and starts another for the next file.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from forensics.audio.decode import Sound, decode
from forensics.errors import AudioError

MEMORY_BYTES = 2 << 30
"""Address space of the child: half an hour of sound takes .4 GB, the libraries .6 GB."""

SECONDS = 60.0
"""Per file. Half an hour of sound decodes in a few seconds."""

_FACTS = ("container", "codec", "sample_rate", "channels", "clipped", "damage")


class Decoder:
    """A child process that decodes one file after another.

    Parameters
    ----------
    memory_bytes : int
        Limit on the child's address space.
    seconds : float
        Limit per file.
    """

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, seconds: float = SECONDS) -> None:
        self._memory = memory_bytes
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def decode(self, path: str | Path, *, name: str | None = None) -> Sound:
        """Decode a file.

        Parameters
        ----------
        path : path
        name : str, optional
            What errors call it; the path by default.

        Raises
        ------
        AudioError
            If nothing can be decoded, or a limit is reached.
        """
        called = name or str(path)
        request = json.dumps({"path": os.fspath(path), "name": called}).encode() + b"\n"
        with self._lock:
            child = self._running()
            deadline = time.monotonic() + self._seconds
            try:
                requests = _pipe(child.stdin)
                requests.write(request)
                requests.flush()
                facts = json.loads(self._line(child, deadline))
                raw = self._bytes(child, facts.get("bytes", 0), deadline)
            except TimeoutError as error:
                self._end()
                raise AudioError(f"{called} was not decoded within {self._seconds:g} s.") from error
            except (OSError, EOFError, ValueError) as error:
                self._end()
                raise AudioError(f"{called} broke the decoder: {error}.") from error
        if "error" in facts:
            raise AudioError(facts["error"])
        return Sound(np.frombuffer(raw, np.float32).copy(), **{key: facts[key] for key in _FACTS})

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            command = [sys.executable, "-m", "forensics.audio.apart", str(self._memory), str(self._seconds)]
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self._child = subprocess.Popen(  # noqa: S603 - our own module, nothing of the bundle
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
            )
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _line(self, child: subprocess.Popen[bytes], deadline: float) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            line += self._some(child, 1, deadline)
        return bytes(line)

    def _bytes(self, child: subprocess.Popen[bytes], count: int, deadline: float) -> bytes:
        content = bytearray()
        while len(content) < count:
            content += self._some(child, count - len(content), deadline)
        return bytes(content)

    def _some(self, child: subprocess.Popen[bytes], most: int, deadline: float) -> bytes:
        answers = _pipe(child.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(answers, selectors.EVENT_READ)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
        found = os.read(answers.fileno(), most)
        if not found:
            raise EOFError("the child process ended")
        return found


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError("the child process has no pipe")
    return pipe


_shared = Decoder()
atexit.register(_shared.close)


def decode_apart(path: str | Path, *, name: str | None = None) -> Sound:
    """Decode a file in the process's one child, which is started on first use.

    Raises
    ------
    AudioError
        If nothing can be decoded, or a limit is reached.
    """
    return _shared.decode(path, name=name)


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until the parent closes the pipe."""
    for line in requests:
        request = json.loads(line)
        raw = b""
        try:
            facts, raw = _answer(request)
        except AudioError as error:
            facts = {"error": error.message}
        except MemoryError:
            facts = {"error": f"{request['name']} needs more memory than a sound may."}
        answers.write(json.dumps(facts).encode() + b"\n" + raw)
        answers.flush()


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    # no-follow and non-blocking: a link or a fifo named .wav must not be waited for
    try:
        descriptor = os.open(request["path"], os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise AudioError(f"{request['name']} cannot be read: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb") as file:
        if not os.path.isfile(request["path"]):  # noqa: PTH113
            raise AudioError(f"{request['name']} is not a regular file.")
        sound = decode(file, name=request["name"])
    facts = {key: getattr(sound, key) for key in _FACTS}
    raw = sound.samples.tobytes()
    return {**facts, "bytes": len(raw)}, raw


def _limit(memory_bytes: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit(int(sys.argv[1]))
    _serve(sys.stdin.buffer, sys.stdout.buffer)
