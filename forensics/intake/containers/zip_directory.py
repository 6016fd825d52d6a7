"""The directory of a zip file: end records, zip64, and the records one by one.

After PKWARE's APPNOTE 6.3.10. The interpreter's ``zipfile`` is not used: its guards differ by version, it
holds the whole directory in memory, and it silently picks one reading where two are possible.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from forensics.intake.containers.base import CHUNK
from forensics.intake.problems import MemberRefusedError, Problem

END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"  # signatures, as the sizes below
CENTRAL = b"PK\x01\x02"
CENTRAL_SIZE, _SMALLEST_END, _LOCATOR64_SIZE, _END64_SIZE = 46, 22, 20, 56
"""Bytes of a record of the directory (APPNOTE 4.3.12), the end record (4.3.16), zip64's locator (4.3.15) and
its end record (4.3.14)."""

_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
"""What stands where the true value is in the zip64 field (4.4.1.4)."""

LAST_OFFSET = 1 << 62
"""No file is longer, so that sums of offsets stay in 64 bits (assumption)."""


@dataclass(frozen=True)
class Directory:
    """Where the central directory lies.

    Parameters
    ----------
    start, size, count : int
        As used, after a prefix was taken into account.
    shift : int
        Bytes before the archive proper, to be added to every stated offset.
    """

    start: int
    size: int
    count: int
    shift: int


@dataclass(slots=True)
class Record:
    """One member, as the directory or (in salvage) its own header describes it."""

    position: int
    flags: int
    method: int
    time: int
    crc: int
    packed: int
    size: int
    offset: int
    attributes: int
    system: int
    raw_name: bytes
    extra: dict[int, bytes]


def find_directory(file: BinaryIO, problems: list[Problem]) -> Directory:
    """The central directory, from the end record and its zip64 extension.

    Raises
    ------
    MemberRefusedError
        If none is found.
    """
    size = file.seek(0, os.SEEK_END)
    tail_start = max(0, size - (_SMALLEST_END + _MAX16) - _LOCATOR64_SIZE - _END64_SIZE)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    found: list[tuple[int, bool, Directory]] = []
    at = tail.rfind(END)
    while at >= 0:
        if at + _SMALLEST_END <= len(tail):
            (comment,) = struct.unpack_from("<H", tail, at + 20)
            end = at + _SMALLEST_END + comment
            directory = _directory_at(file, tail, tail_start, at)
            if directory is not None and end <= len(tail):
                found.append((at, end == len(tail), directory))
        at = tail.rfind(END, 0, at)
    if not found:
        raise MemberRefusedError(
            Problem(
                "no-end-record",
                f"No zip end record in {size} bytes: the archive is cut or is none.",
                "Ask for the file again.",
            )
        )
    at, exact, directory = next((f for f in found if f[1]), found[0])
    if len(found) > 1:
        text = f"{len(found)} end records, each with a directory; the one at {tail_start + at} was used."
        problems.append(Problem("two-end-records", text, "Compare with another copy of the bundle."))
    (comment,) = struct.unpack_from("<H", tail, at + 20)
    if not exact:
        text = f"{size - tail_start - at - _SMALLEST_END - comment} bytes after the archive's end."
        problems.append(Problem("data-after-end", text))
    if comment:
        problems.append(Problem("comment", f"The archive has a comment of {comment} bytes.", level="note"))
    if directory.shift > 0:
        problems.append(Problem("data-before-start", f"{directory.shift} bytes before the archive proper."))
    elif directory.shift < 0:
        text = f"The end record places the directory {-directory.shift} bytes too far: bytes are missing."
        problems.append(Problem("bad-end-record", text, "Ask for the file again."))
    return directory


def _directory_at(file: BinaryIO, tail: bytes, tail_start: int, at: int) -> Directory | None:
    """The directory that the end record at `at` points to, if there is one."""
    _disk, _start_disk, _here, count, size, offset = struct.unpack_from("<HHHHII", tail, at + 4)
    end = tail_start + at
    if count == _MAX16 or _MAX32 in (size, offset):
        locator = at - _LOCATOR64_SIZE
        if locator >= 0 and tail[locator : locator + 4] == _LOCATOR64:
            (stated,) = struct.unpack_from("<Q", tail, locator + 8)
            for candidate in (stated, tail_start + locator - _END64_SIZE):
                record = read_at(file, candidate, _END64_SIZE)
                if record[:4] == _END64 and len(record) == _END64_SIZE:
                    count, size, offset = struct.unpack_from("<QQQ", record, 32)
                    end = candidate
                    break
    if size == 0 and count == 0:
        return Directory(end, 0, 0, 0)
    if size > end:
        return None
    start = end - size
    if read_at(file, start, 4) == CENTRAL:
        return Directory(start, size, count, start - offset)
    if offset + size <= end and read_at(file, offset, 4) == CENTRAL:
        return Directory(offset, size, count, 0)  # something stands between directory and end record
    return None


def read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    """`size` bytes at `offset`, fewer where the file ends, none for an impossible place."""
    if not 0 <= offset < LAST_OFFSET:
        return b""
    file.seek(offset)
    return file.read(size)


def records(file: BinaryIO, directory: Directory) -> Iterator[Record]:
    """The directory's records in order, read in pieces; ends at the first that is none."""
    at, end, position = directory.start, directory.start + directory.size, 0
    buffer, used = b"", 0
    while True:
        if len(buffer) - used < CENTRAL_SIZE + 3 * _MAX16 and at < end:
            buffer, used = buffer[used:], 0
            file.seek(at)
            piece = file.read(min(CHUNK * 4, end - at))
            at = at + len(piece) if piece else end
            buffer += piece
        if len(buffer) - used < CENTRAL_SIZE or buffer[used : used + 4] != CENTRAL:
            return
        (made, _need, flags, method, time, date, crc, packed, size, n, m, k, _disk, _internal, external,
         offset) = struct.unpack_from("<HHHHHHIIIHHHHHII", buffer, used + 4)  # fmt: skip
        total = CENTRAL_SIZE + n + m + k
        if len(buffer) - used < total:
            return
        raw = buffer[used + CENTRAL_SIZE : used + CENTRAL_SIZE + n]
        extra = extra_fields(buffer[used + CENTRAL_SIZE + n : used + CENTRAL_SIZE + n + m])
        size, packed, offset = zip64_values(extra, size, packed, offset)
        yield Record(
            position, flags, method, date << 16 | time, crc, packed, size, offset + directory.shift, external,
            made >> 8, raw, extra,
        )  # fmt: skip
        position += 1
        used += total


def extra_fields(content: bytes) -> dict[int, bytes]:
    """Extra fields by id; the first of a kind wins, a torn one ends the list."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        if at + 4 + size > len(content):
            break
        fields.setdefault(kind, content[at + 4 : at + 4 + size])
        at += 4 + size
    return fields


def zip64_values(extra: dict[int, bytes], size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Size, packed size and offset, from the zip64 field where the record says so (APPNOTE 4.5.3)."""
    field, at = extra.get(1, b""), 0
    values = []
    for value in (size, packed, offset):
        if value == _MAX32 and at + 8 <= len(field):
            (value,) = struct.unpack_from("<Q", field, at)
            at += 8
        values.append(value)
    return values[0], values[1], values[2]
