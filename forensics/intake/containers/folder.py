"""A folder as a container: regular files only, nothing followed, change while reading noticed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from forensics.intake.containers.base import CHUNK, Container, Entry, no_content
from forensics.intake.containers.names import decode_utf8, judge
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.sandbox.opening import open_regular


def open_folder(folder: Path) -> Container:
    """Open a folder.

    Parameters
    ----------
    folder : pathlib.Path
        May be a symbolic link; none in it is followed.
    """
    problems: list[Problem] = []
    return Container("folder", _entries(folder, problems), problems)


def file_time(nanoseconds: int) -> datetime:
    """A file's modification time in UTC."""
    return datetime.fromtimestamp(nanoseconds // 1000 / 1e6, UTC)


def _entries(folder: Path, problems: list[Problem]) -> Iterator[Entry]:
    for position, (raw, info, inside) in enumerate(_walk(folder, problems)):
        name, odd = decode_utf8(raw)
        entry = Entry(position, name, raw, no_content, info.st_size)
        entry.file_time, entry.problems = file_time(info.st_mtime_ns), odd + judge(name)
        if stat.S_ISLNK(info.st_mode):
            entry.refuse(Problem("link", "A symbolic link; links are neither followed nor made."))
        elif not stat.S_ISREG(info.st_mode):
            entry.refuse(Problem("device", "Not a regular file."))
        else:
            entry.chunks = partial(_content, raw.rpartition(b"/")[2], inside)
        yield entry


def _walk(folder: Path, problems: list[Problem]) -> Iterator[tuple[bytes, os.stat_result, int]]:
    """All but folders: the name below `folder`, what it is, and the descriptor of the folder it lies in.

    A folder is opened from the one above, so that none can be exchanged for a link on the way.
    """
    levels: list[tuple[int, bytes, list[os.DirEntry[str]]]] = []

    def enter(path: bytes, prefix: bytes, above: int | None, follow: int) -> None:
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | follow
            levels.append((os.open(path, flags, dir_fd=above), prefix, []))
            with os.scandir(levels[-1][0]) as found:
                levels[-1][2].extend(sorted(found, key=lambda e: os.fsencode(e.name), reverse=True))
        except OSError as error:
            text = f"Cannot list {folder / os.fsdecode(prefix)}: {error.strerror}."
            problems.append(Problem("folder-unreadable", text, "Check the rights."))

    enter(os.fsencode(folder), b"", None, 0)
    try:
        while levels:
            descriptor, prefix, entries = levels[-1]
            if not entries:
                os.close(descriptor)
                levels.pop()
                continue
            entry = entries.pop()
            info, name = entry.stat(follow_symlinks=False), os.fsencode(entry.name)
            if stat.S_ISDIR(info.st_mode):
                enter(name, prefix + name + b"/", descriptor, os.O_NOFOLLOW)
            else:
                yield prefix + name, info, descriptor
    finally:
        for descriptor, _, _ in levels:
            os.close(descriptor)


def _content(name: bytes, folder: int) -> Iterator[bytes]:
    """The file's bytes."""
    try:
        file = open_regular(name, folder=folder)
    except OSError as error:
        raise MemberRefusedError(Problem("unreadable", f"Cannot be opened: {error.strerror}.")) from error
    with file:
        before = os.fstat(file.fileno())
        try:
            while chunk := file.read(CHUNK):
                yield chunk
        except OSError as error:
            raise MemberRefusedError(Problem("unreadable", f"Cannot be read: {error.strerror}.")) from error
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise MemberRefusedError(Problem("changed-while-reading", "The file changed while it was read."))
