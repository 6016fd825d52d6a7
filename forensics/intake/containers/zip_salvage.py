"""Members of a zip file without its directory: every member header is tried, only what verifies is kept."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from forensics.intake.containers.base import CHUNK, Container, Entry
from forensics.intake.containers.zip import LOCAL, entry_of
from forensics.intake.containers.zip_directory import Record, extra_fields, read_at, zip64_values
from forensics.intake.problems import Problem

_DESCRIPTOR = re.compile(rb"PK\x07\x08")


def salvage_zip(file: BinaryIO, *, passwords: Sequence[bytes] = ()) -> Container:
    """Open a damaged zip file by its members' own headers.

    A member whose sizes stand only behind it (data descriptor) is bounded by the descriptor's signature.
    What does not verify is refused by its size and checksum, as everywhere.
    """
    text = "The archive has no usable directory; its members were found by their own headers."
    problems = [Problem("salvaged", text, "Ask for an undamaged copy.")]
    return Container("zip", _entries(file, passwords), problems)


def _entries(file: BinaryIO, passwords: Sequence[bytes]) -> Iterator[Entry]:
    position, at = 0, 0
    while (at := _find(file, LOCAL, at)) >= 0:
        found = _record(file, at, position)
        if found is None:
            at += 4
            continue
        record, begin = found
        at = begin + max(record.packed, 0)
        if record.raw_name.endswith(b"/") and record.size == 0:
            continue
        position += 1
        yield entry_of(file, record, begin, passwords)


def _record(file: BinaryIO, at: int, position: int) -> tuple[Record, int] | None:
    header = read_at(file, at, 30)
    if len(header) < 30:
        return None
    _need, flags, method, time, date, crc, packed, size, n, m = struct.unpack_from("<HHHHHIIIHH", header, 4)
    names = file.read(n + m)
    if len(names) < n + m or not n:
        return None
    extra = extra_fields(names[n:])
    size, packed, _ = zip64_values(extra, size, packed, 0)
    begin = at + 30 + n + m
    if flags & 0x8 and not packed:
        end = _find(file, b"PK\x07\x08", begin)
        if end < 0:
            return None
        packed = end - begin
        descriptor = read_at(file, end, 24)
        crc, short_packed, size = struct.unpack_from("<III", descriptor.ljust(24, b"\0"), 4)
        if short_packed != packed:
            crc, long_packed, size = struct.unpack_from("<IQQ", descriptor.ljust(24, b"\0"), 4)
            if long_packed != packed:
                return None
    stamp = date << 16 | time
    return Record(position, flags, method, stamp, crc, packed, size, at, 0, 0, names[:n], extra), begin


def _find(file: BinaryIO, mark: bytes, start: int) -> int:
    """Offset of the next `mark` at or after `start`, or -1."""
    at, before = start, b""
    while True:
        file.seek(at)
        piece = file.read(CHUNK)
        if not piece:
            return -1
        found = (before + piece).find(mark)
        if found >= 0:
            return at - len(before) + found
        before = (before + piece)[-(len(mark) - 1) :]
        at += len(piece)
