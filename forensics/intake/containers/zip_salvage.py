"""Members of a zip file without its directory: every member header is tried, only what verifies is kept."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from forensics.intake.containers.base import CHUNK, Container, Entry
from forensics.intake.containers.zip import LOCAL, LOCAL_SIZE, LONGEST_DESCRIPTOR, SIZES_BEHIND, entry_of
from forensics.intake.containers.zip_directory import (
    LAST_OFFSET,
    Record,
    extra_fields,
    find_directory,
    read_at,
    records,
    zip64_values,
)
from forensics.intake.limits import Limits
from forensics.intake.problems import Problem

_SAMPLE = 20
"""Records of the directory that are tried (assumption)."""

_DESCRIPTOR_MARK = b"PK\x07\x08"
"""Signature of a data descriptor (APPNOTE 4.3.9.3)."""


def salvage_zip(file: BinaryIO, *, passwords: Sequence[bytes] = ()) -> Container:
    """Open a damaged zip file by its members' own headers.

    A member whose sizes stand only behind it (data descriptor) is bounded by the descriptor's signature.
    What does not verify is refused by its size and checksum, as everywhere.
    """
    text = "The archive has no usable directory; its members were found by their own headers."
    problems = [Problem("salvaged", text, "Ask for an undamaged copy.")]
    return Container("zip", _entries(file, passwords), problems)


def leads_nowhere(file: BinaryIO, limits: Limits) -> bool:
    """Whether none of the directory's first members begins where it says: bytes were lost or added."""
    directory = find_directory(file, [])
    if directory.count > limits.members:
        return False
    first = list(itertools.islice(records(file, directory), _SAMPLE))
    return bool(first) and not any(read_at(file, record.offset, 4) == LOCAL for record in first)


def _entries(file: BinaryIO, passwords: Sequence[bytes]) -> Iterator[Entry]:
    headers, descriptors = _Finder(file, LOCAL), _Finder(file, _DESCRIPTOR_MARK)
    position, at = 0, 0
    while (at := headers.find(at)) >= 0:
        found = _record(file, at, position, descriptors)
        if found is None:
            at += len(LOCAL)
            continue
        record, begin = found
        at = begin + max(record.packed, 0)
        if record.raw_name.endswith(b"/") and record.size == 0:
            continue
        position += 1
        yield entry_of(file, record, begin, passwords)


def _record(file: BinaryIO, at: int, position: int, descriptors: _Finder) -> tuple[Record, int] | None:
    header = read_at(file, at, LOCAL_SIZE)
    if len(header) < LOCAL_SIZE:
        return None
    _need, flags, method, time, date, crc, packed, size, n, m = struct.unpack_from("<HHHHHIIIHH", header, 4)
    names = file.read(n + m)
    if len(names) < n + m or not n:
        return None
    extra = extra_fields(names[n:])
    size, packed, _ = zip64_values(extra, size, packed, 0)
    begin = at + LOCAL_SIZE + n + m
    if flags & SIZES_BEHIND and not packed:
        end = descriptors.find(begin)
        if end < 0:
            return None
        packed = end - begin
        descriptor = read_at(file, end, LONGEST_DESCRIPTOR).ljust(LONGEST_DESCRIPTOR, b"\0")
        crc, stated, size = struct.unpack_from("<IQQ", descriptor, 4)
        if stated != packed:
            crc, stated, size = struct.unpack_from("<III", descriptor, 4)
            if stated != packed:
                return None
    stamp = date << 16 | time
    return Record(position, flags, method, stamp, crc, packed, size, at, 0, 0, names[:n], extra), begin


class _Finder:
    """Finds a mark from given offsets on; every byte is read about once, whatever a hostile file holds."""

    def __init__(self, file: BinaryIO, mark: bytes) -> None:
        self._file, self._mark = file, mark
        self._start, self._piece = 0, b""
        self._asked, self._answer = -1, -2

    def find(self, at: int) -> int:
        """Offset of the next mark at or after `at`, or -1. Offsets asked for must not go back far."""
        if 0 <= self._asked <= at and (self._answer == -1 or at <= self._answer):
            return self._answer
        asked = at
        if at >= LAST_OFFSET:
            return -1
        while True:
            if not self._start <= at <= self._start + len(self._piece) - len(self._mark):
                self._file.seek(at)
                self._start, self._piece = at, self._file.read(CHUNK * 4)
                if len(self._piece) < len(self._mark):
                    found = -1
                    break
            place = self._piece.find(self._mark, at - self._start)
            if place >= 0:
                found = self._start + place
                break
            at = self._start + len(self._piece) - len(self._mark) + 1
        self._asked, self._answer = asked, found
        return found
