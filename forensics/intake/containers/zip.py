"""Zip files, read by hand: the count before the directory, every offset against every other.

Structures after PKWARE's APPNOTE 6.3.10. The interpreter's ``zipfile`` is not used: its guards differ by
version, it holds the whole directory in memory, and it silently picks one reading where two are possible.
"""

from __future__ import annotations

import bisect
import os
import struct
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from forensics.intake.containers.base import CHUNK, Container, Entry, no_content
from forensics.intake.containers.names import decode_zip_name, judge
from forensics.intake.containers.unpack import expander
from forensics.intake.limits import Limits
from forensics.intake.problems import MemberRefusedError, Problem

_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_CENTRAL_SIZE, _LOCAL_SIZE = 46, 30
_METHODS = {0: "stored", 8: "deflate", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
_UNIX_LINK, _UNIX_KINDS = 0o120000, 0o170000


@dataclass
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


@dataclass
class _Record:
    position: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    attributes: int
    system: int
    raw_name: bytes
    extra: dict[int, bytes]


def open_zip(file: BinaryIO, limits: Limits) -> Container:
    """Open a zip file.

    Parameters
    ----------
    file : seekable binary file
    limits : Limits
        `members` is compared with the end record before the directory is touched.

    Raises
    ------
    MemberRefusedError
        If there is no end record, or it promises too many members.
    """
    problems: list[Problem] = []
    directory = find_directory(file, problems)
    if directory.count > limits.members:
        raise MemberRefusedError(
            Problem(
                "too-many-members",
                f"The end record promises {directory.count} members, more than {limits.members}.",
                "Raise --max-members if the bundle is trusted to be that large.",
            )
        )
    return Container("zip", _entries(file, directory, problems, limits), problems)


def find_directory(file: BinaryIO, problems: list[Problem]) -> Directory:
    """The central directory, from the end record and its zip64 extension.

    Raises
    ------
    MemberRefusedError
        If none is found.
    """
    size = file.seek(0, os.SEEK_END)
    tail_start = max(0, size - (22 + _MAX16) - 20 - 56)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    found, at = [], tail.rfind(_END)
    while at >= 0:
        if at + 22 <= len(tail):
            comment = struct.unpack_from("<H", tail, at + 20)[0]
            if at + 22 + comment <= len(tail):
                found.append((at, at + 22 + comment == len(tail)))
        at = tail.rfind(_END, 0, at)
    plausible = [(at, exact) for at, exact in found if _points_at_directory(file, tail, tail_start, at)]
    if not plausible:
        raise MemberRefusedError(
            Problem(
                "no-end-record",
                f"No zip end record in {size} bytes: the archive is cut or is none.",
                "Ask for the file again; '--salvage' lists what can still be read.",
            )
        )
    at, exact = next((f for f in plausible if f[1]), plausible[0])
    if len(plausible) > 1:
        problems.append(
            Problem(
                "two-end-records", f"{len(plausible)} end records; the one at {tail_start + at} was used."
            )
        )
    end = tail_start + at
    comment = struct.unpack_from("<H", tail, at + 20)[0]
    if not exact:
        extra = size - end - 22 - comment
        problems.append(Problem("data-after-end", f"{extra} bytes after the archive's end."))
    return _directory_at(file, tail, tail_start, at, problems)


def _points_at_directory(file: BinaryIO, tail: bytes, tail_start: int, at: int) -> bool:
    try:
        directory = _directory_at(file, tail, tail_start, at, [])
    except MemberRefusedError:
        return False
    if directory.count == 0 and directory.size == 0:
        return True
    file.seek(directory.start)
    return file.read(4) == _CENTRAL


def _directory_at(
    file: BinaryIO, tail: bytes, tail_start: int, at: int, problems: list[Problem]
) -> Directory:
    disk, start_disk, here, count, size, offset = struct.unpack_from("<HHHHII", tail, at + 4)
    end = tail_start + at
    if (disk, start_disk) not in ((0, 0), (_MAX16, _MAX16)) or here != count:
        problems.append(Problem("several-volumes", "The end record speaks of several volumes; one was read."))
    if _MAX16 in (count,) or _MAX32 in (size, offset):
        locator = at - 20
        if locator >= 0 and tail[locator : locator + 4] == _LOCATOR64:
            (stated,) = struct.unpack_from("<Q", tail, locator + 8)
            for candidate in (stated, tail_start + locator - 56):
                record = _read_at(file, candidate, 56)
                if record[:4] == _END64 and len(record) == 56:
                    count, size, offset = struct.unpack_from("<QQQ", record, 32)
                    end = candidate
                    break
    start = end - size
    if start < 0 or count * _CENTRAL_SIZE > size:
        raise MemberRefusedError(Problem("bad-end-record", "The end record points outside the file."))
    shift = start - offset
    if shift:
        if _read_at(file, offset, 4) == _CENTRAL and _read_at(file, start, 4) != _CENTRAL:
            start, shift = offset, 0  # something stands between directory and end record
        else:
            problems.append(Problem("data-before-start", f"{shift} bytes before the archive proper."))
    return Directory(start, size, count, shift)


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    if offset < 0:
        return b""
    try:
        file.seek(offset)
    except (OSError, OverflowError, ValueError):
        return b""
    return file.read(size)


def _records(file: BinaryIO, directory: Directory) -> Iterator[_Record]:
    """The directory's records in order, read in pieces."""
    at, end, position = directory.start, directory.start + directory.size, 0
    buffer = b""
    while True:
        if len(buffer) < _CENTRAL_SIZE + 3 * _MAX16 and at + len(buffer) < end:
            file.seek(at + len(buffer))
            buffer += file.read(min(CHUNK * 4, end - at - len(buffer)))
        if len(buffer) < _CENTRAL_SIZE or buffer[:4] != _CENTRAL:
            return
        (made, _need, flags, method, _time, _date, crc, packed, size, n, m, k, _disk, _internal, external,
         offset) = struct.unpack_from("<HHHHHHIIIHHHHHII", buffer, 4)  # fmt: skip
        total = _CENTRAL_SIZE + n + m + k
        if len(buffer) < total:
            return
        raw = buffer[_CENTRAL_SIZE : _CENTRAL_SIZE + n]
        extra = extra_fields(buffer[_CENTRAL_SIZE + n : _CENTRAL_SIZE + n + m])
        size, packed, offset = _zip64(extra, size, packed, offset)
        yield _Record(
            position,
            flags,
            method,
            crc,
            packed,
            size,
            offset + directory.shift,
            external,
            made >> 8,
            raw,
            extra,
        )
        position += 1
        at, buffer = at + total, buffer[total:]


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


def _zip64(extra: dict[int, bytes], size: int, packed: int, offset: int) -> tuple[int, int, int]:
    field, at = extra.get(1, b""), 0
    values = []
    for value in (size, packed, offset):
        if value == _MAX32 and at + 8 <= len(field):
            (value,) = struct.unpack_from("<Q", field, at)
            at += 8
        values.append(value)
    return values[0], values[1], values[2]


def _entries(
    file: BinaryIO, directory: Directory, problems: list[Problem], limits: Limits
) -> Iterator[Entry]:
    starts = array("Q")
    for record in _records(file, directory):
        starts.append(min(record.offset, 2**63))
        if len(starts) > limits.members:
            break
    if len(starts) != directory.count:
        problems.append(
            Problem(
                "member-count-differs",
                f"The end record says {directory.count} members, {len(starts)} were found.",
            )
        )
    ordered = array("Q", sorted(starts))
    seen: set[int] = set()
    for record in _records(file, directory):
        if record.position >= len(starts):
            return
        entry = _entry(file, directory, record, ordered)
        if entry is None:
            continue
        marker = hash(entry.name.casefold())
        if marker in seen:
            entry.problems.append(
                Problem("duplicate-name", "Another member has this name, or one that differs in case only.")
            )
        seen.add(marker)
        yield entry


def _entry(file: BinaryIO, directory: Directory, record: _Record, starts: array[int]) -> Entry | None:
    name, problems = decode_zip_name(
        record.raw_name, utf8_flag=bool(record.flags & 0x800), extra=record.extra
    )
    problems += judge(name)
    entry = Entry(
        record.position,
        name,
        record.raw_name,
        no_content,
        record.size,
        record.packed,
        _utc_time(record.extra),
        problems,
    )
    if name.endswith("/") and record.size == 0:
        return None
    refusal = _refusal(record)
    if refusal is None:
        try:
            begin = _data_start(file, directory, record, starts, problems)
        except MemberRefusedError as error:
            refusal = error.problem
    if refusal is not None:
        problems.append(refusal)
        entry.refused = True
        return entry
    entry.chunks = lambda: _content(file, begin, record)
    return entry


def _refusal(record: _Record) -> Problem | None:
    if record.flags & 0x1 or record.flags & 0x40:
        return Problem("encrypted", "The member is encrypted.", "Give the password with --password-file.")
    if record.method not in _METHODS:
        return Problem(
            "unknown-method", f"Packing method {record.method} is not supported.", "Repack the bundle."
        )
    if record.system == 3 and (record.attributes >> 16) & _UNIX_KINDS == _UNIX_LINK:
        return Problem("link", "A symbolic link; links are neither followed nor made.")
    return None


def _data_start(
    file: BinaryIO, directory: Directory, record: _Record, starts: array[int], problems: list[Problem]
) -> int:
    header = _read_at(file, record.offset, _LOCAL_SIZE)
    if len(header) < _LOCAL_SIZE or header[:4] != _LOCAL:
        raise MemberRefusedError(
            Problem("no-local-header", f"No member begins at byte {record.offset}, where the directory says.")
        )
    flags, method, _t, _d, crc, packed, size, n, m = struct.unpack_from("<HHHHIIIHH", header, 6)
    names = file.read(n + m)
    local_size, local_packed, _ = _zip64(extra_fields(names[n:]), size, packed, 0)
    begin = record.offset + _LOCAL_SIZE + n + m
    end = begin + record.packed
    first = bisect.bisect_left(starts, record.offset)
    following = bisect.bisect_right(starts, record.offset)
    next_start = starts[following] if following < len(starts) else directory.start
    if following - first > 1 or end > next_start or end > directory.start:
        raise MemberRefusedError(
            Problem(
                "overlap",
                "Its bytes overlap those of another member, as no honest writer makes them.",
                "Treat the bundle as an attack; ask the sender.",
            )
        )
    differs = []
    if names[:n] != record.raw_name:
        differs.append("name")
    if method != record.method:
        differs.append("method")
    if not flags & 0x8 and (local_size, local_packed, crc) != (record.size, record.packed, record.crc):
        differs.append("size or checksum")
    if differs:
        problems.append(
            Problem(
                "header-differs",
                f"Directory and member header disagree on {', '.join(differs)}; the directory was used.",
                "Compare with another copy of the bundle.",
            )
        )
    return begin


def _content(file: BinaryIO, begin: int, record: _Record) -> Iterator[bytes]:
    """The member's bytes, counted and checked against its checksum."""
    checksum = size = 0
    for chunk in expander(_METHODS[record.method], _packed(file, begin, record.packed)):
        size += len(chunk)
        if size > record.size:
            raise MemberRefusedError(
                Problem(
                    "size-lie", f"Unpacks to more than the {record.size} bytes that the directory declares."
                )
            )
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if size != record.size or checksum != record.crc:
        raise MemberRefusedError(
            Problem(
                "damaged",
                f"{size} of {record.size} bytes; the checksum is {checksum:08x} instead of {record.crc:08x}.",
                "Ask for the file again.",
            )
        )


def _packed(file: BinaryIO, begin: int, size: int) -> Iterator[bytes]:
    at, left = begin, size
    while left:
        file.seek(at)
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            return
        at, left = at + len(chunk), left - len(chunk)
        yield chunk


def _utc_time(extra: dict[int, bytes]) -> datetime | None:
    """Modification time from the extended timestamp 0x5455, which is UTC. DOS times have no zone."""
    field = extra.get(0x5455, b"")
    if len(field) >= 5 and field[0] & 1:
        (seconds,) = struct.unpack_from("<i", field, 1)
        if seconds > 0:
            return datetime.fromtimestamp(seconds, UTC)
    return None
