"""A folder as a container: regular files only, nothing followed, change while reading noticed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from forensics.intake.containers.base import CHUNK, Container, Entry, no_content
from forensics.intake.containers.names import decode_utf8, judge
from forensics.intake.problems import MemberRefusedError, Problem


def open_folder(folder: Path) -> Container:
    """Open a folder.

    Parameters
    ----------
    folder : pathlib.Path
    """
    problems: list[Problem] = []
    return Container("folder", _entries(folder, problems), problems)


def file_time(nanoseconds: int) -> datetime:
    """A file's modification time in UTC."""
    return datetime.fromtimestamp(nanoseconds // 1000 / 1e6, UTC)


def _entries(folder: Path, problems: list[Problem]) -> Iterator[Entry]:
    for position, (raw, path, info) in enumerate(_walk(os.fsencode(folder), b"", problems)):
        name, odd = decode_utf8(raw)
        entry = Entry(
            position,
            name,
            raw,
            no_content,
            info.st_size,
            None,
            file_time(info.st_mtime_ns),
            odd + judge(name),
        )
        refusal = _refusal(info)
        if refusal is None:
            entry.chunks = lambda path=path: _content(path)  # type: ignore[misc]
        else:
            entry.problems.append(refusal)
            entry.refused = True
        yield entry


def _walk(
    folder: bytes, prefix: bytes, problems: list[Problem]
) -> Iterator[tuple[bytes, bytes, os.stat_result]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda e: e.name)
    except OSError as error:
        problems.append(
            Problem(
                "folder-unreadable",
                f"Cannot list {os.fsdecode(folder)}: {error.strerror}.",
                "Check the rights.",
            )
        )
        return
    for entry in entries:
        name = prefix + entry.name
        info = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(info.st_mode):
            yield from _walk(entry.path, name + b"/", problems)
        else:
            yield name, entry.path, info


def _refusal(info: os.stat_result) -> Problem | None:
    if stat.S_ISLNK(info.st_mode):
        return Problem("link", "A symbolic link; links are neither followed nor made.")
    if not stat.S_ISREG(info.st_mode):
        return Problem("device", "Not a regular file.")
    return None


def _content(path: bytes) -> Iterator[bytes]:
    """The file's bytes; opened without following links and without blocking on a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise MemberRefusedError(Problem("unreadable", f"Cannot be opened: {error.strerror}.")) from error
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise MemberRefusedError(Problem("device", "Not a regular file."))
        try:
            while chunk := file.read(CHUNK):
                yield chunk
        except OSError as error:
            raise MemberRefusedError(Problem("unreadable", f"Cannot be read: {error.strerror}.")) from error
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise MemberRefusedError(Problem("changed-while-reading", "The file changed while it was read."))
