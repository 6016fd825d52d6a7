"""7z files through py7zr, in a child process with limits: headers and dictionaries of 7z are claims too.

The child gets the archive as an open file and nothing else, and sends frames: a name, chunks, an end. It
never writes a file.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import IO, BinaryIO

from forensics.intake.containers.base import Chunks, Container, Entry, no_content
from forensics.intake.containers.names import judge
from forensics.intake.limits import Limits, ratio_too_high
from forensics.intake.problems import MemberRefusedError, Problem

MEMORY = 1 << 30
"""Address space of the child above what it starts with, in bytes: a dictionary may claim 4 GiB."""

_MAX_FRAME = 64 << 20


def open_7z(file: BinaryIO, limits: Limits, *, passwords: Sequence[bytes] = ()) -> Container:
    """Open a 7z file.

    Parameters
    ----------
    file : seekable binary file
        With a descriptor of its own.
    limits : Limits
    passwords : sequence of bytes
        The first is used.
    """
    problems: list[Problem] = []
    return Container("7z", _entries(file, limits, passwords, problems), problems)


def _entries(
    file: BinaryIO, limits: Limits, passwords: Sequence[bytes], problems: list[Problem]
) -> Iterator[Entry]:
    descriptor = file.fileno()
    command = [sys.executable, "-I", "-m", "forensics.intake.containers.sevenzip_child", str(descriptor)]
    with subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        command,
        pass_fds=[descriptor],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("no pipes to the child")
        try:
            order = {
                "passwords": [p.decode("utf-8", "replace") for p in passwords],
                "members": limits.members, "total": limits.total_bytes, "memory": MEMORY,
            }  # fmt: skip
            child.stdin.write(json.dumps(order).encode())
            child.stdin.close()
            yield from _watched(_frames(child.stdout, problems), file.seek(0, 2), limits)
        finally:
            child.kill()


def _watched(entries: Iterator[Entry], packed: int, limits: Limits) -> Iterator[Entry]:
    """Entries whose content, taken together, is stopped when its ratio to the archive is that of a bomb."""
    given = 0

    def counted(chunks: Chunks) -> Iterator[bytes]:
        nonlocal given
        for chunk in chunks():
            given += len(chunk)
            if given > limits.ratio_from_bytes and given > limits.ratio * packed:
                raise ratio_too_high(packed, limits)
            yield chunk

    for entry in entries:
        if not entry.refused:
            entry.chunks = lambda chunks=entry.chunks: counted(chunks)  # type: ignore[misc]
        yield entry
        if given > limits.ratio_from_bytes and given > limits.ratio * packed:
            return


def _frames(pipe: IO[bytes], problems: list[Problem]) -> Iterator[Entry]:
    position = 0
    while True:
        kind, content = _frame(pipe)
        if kind == b"N":
            said = json.loads(content)
            raw = said["name"].encode("utf-8", "surrogatepass")
            entry = Entry(position, said["name"], raw, no_content, said["size"], said["packed"])
            entry.problems = judge(said["name"])
            position += 1
            if "refused" in said:
                entry.refuse(Problem(*said["refused"]))
                yield entry
                continue
            reader = _Reader(pipe)
            entry.chunks = reader.chunks
            yield entry
            for _ in reader.chunks():
                pass
        elif kind == b"P":
            problems.append(Problem(*json.loads(content)))
        elif kind == b"E":
            return
        else:
            text = "The 7z reader ended early: out of memory or broken by the archive."
            problems.append(Problem("damaged", text, "Unpack it elsewhere and take in the folder."))
            return


class _Reader:
    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe, self._done = pipe, False

    def chunks(self) -> Iterator[bytes]:
        while not self._done:
            kind, content = _frame(self._pipe)
            if kind == b"C":
                yield content
                continue
            self._done = True
            if kind == b"P":
                raise MemberRefusedError(Problem(*json.loads(content)))
            if kind != b"D":
                text = "The 7z reader ended early: out of memory or broken by the archive."
                raise MemberRefusedError(Problem("damaged", text, "Unpack it elsewhere."))


def _frame(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    head = pipe.read(5)
    if len(head) < 5:
        return b"", b""
    kind, size = struct.unpack("<cI", head)
    if size > _MAX_FRAME:
        return b"", b""
    content = pipe.read(size)
    return (kind, content) if len(content) == size else (b"", b"")
