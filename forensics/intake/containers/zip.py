"""Zip files: every offset against every other, every claim against what really comes out.

Numbers of the format are those of PKWARE's APPNOTE 6.3.10: header 4.3.7, flags 4.4.4, methods 4.4.5,
attributes 4.4.2 and 4.4.15; the extended timestamp 0x5455 is in Info-ZIP's ``proginfo/extrafld.txt``.
"""

from __future__ import annotations

import bisect
import stat
import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from forensics.intake.containers import zip_crypto
from forensics.intake.containers.base import CHUNK, Chunks, Container, Entry, no_content
from forensics.intake.containers.names import decode_zip_name, judge
from forensics.intake.containers.unpack import expander
from forensics.intake.containers.zip_directory import (
    Directory,
    Record,
    extra_fields,
    find_directory,
    read_at,
    records,
    zip64_values,
)
from forensics.intake.limits import Limits, too_many_members
from forensics.intake.problems import MemberRefusedError, Problem

LOCAL, LOCAL_SIZE = b"PK\x03\x04", 30  # 4.3.7: signature, and bytes without the names
_METHODS = {0: "stored", 8: "deflate", 9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_AES = 99  # 4.4.5
_UNIX, _UNIX_LINK, _UNIX_KINDS = 3, stat.S_IFLNK, 0o170000  # 4.4.2; POSIX, S_IFMT
_UTF8, _ENCRYPTED, _STRONG, SIZES_BEHIND = 0x800, 0x1, 0x40, 0x8  # 4.4.4

LONGEST_DESCRIPTOR = 24
"""Bytes of a data descriptor: signature, checksum, two 64-bit sizes (4.3.9)."""

_ENCRYPTION_HEAD = 64
"""Bytes that a password is tried on: traditional encryption needs 12, AES 18 at most."""

_GAP_SEARCHED = 64 << 20
"""Bytes between members that are looked through for hidden ones (assumption)."""


def open_zip(file: BinaryIO, limits: Limits, *, passwords: Sequence[bytes] = ()) -> Container:
    """Open a zip file.

    Parameters
    ----------
    file : seekable binary file
        Open as long as the container is read.
    limits : Limits
        `members` is compared with the end record before the directory is touched.
    passwords : sequence of bytes
        Tried in turn on encrypted members.

    Raises
    ------
    MemberRefusedError
        If there is no end record, or it promises too many members.
    """
    problems: list[Problem] = []
    directory = find_directory(file, problems)
    if directory.count > limits.members:
        raise too_many_members(directory.count, limits)
    return Container("zip", _entries(file, directory, problems, limits, passwords), problems)


def entry_of(file: BinaryIO, record: Record, begin: int, passwords: Sequence[bytes]) -> Entry:
    """The entry of `record`, whose packed content begins at byte `begin`."""
    name, problems = decode_zip_name(
        record.raw_name, utf8_flag=bool(record.flags & _UTF8), extra=record.extra
    )
    problems += judge(name)
    entry = Entry(record.position, name, record.raw_name, no_content, record.size, record.packed)
    entry.file_time, entry.problems = _utc_time(record.extra), problems
    try:
        entry.chunks = _opener(file, record, begin, passwords)
    except MemberRefusedError as error:
        entry.refuse(error.problem)
    return entry


def _entries(
    file: BinaryIO, directory: Directory, problems: list[Problem], limits: Limits, passwords: Sequence[bytes]
) -> Iterator[Entry]:
    starts = array("Q")
    for record in records(file, directory):
        starts.append(max(0, min(record.offset, 1 << 63)))
        if len(starts) > limits.members:
            raise too_many_members(len(starts), limits)
    if len(starts) != directory.count:
        text = f"The end record says {directory.count} members, the directory holds {len(starts)}."
        problems.append(Problem("member-count-differs", text, "Compare with another copy of the bundle."))
    ordered = array("Q", sorted(starts))
    ends = array("Q")
    whole = True
    for record in records(file, directory):
        try:
            begin, differs = _data_start(file, directory, record, ordered)
        except MemberRefusedError as error:
            entry = entry_of(file, record, -1, passwords)
            entry.refuse(error.problem)
            whole = False
        else:
            ends.append(begin + record.packed)
            if record.raw_name.endswith(b"/") and record.size == 0:
                continue
            entry = entry_of(file, record, begin, passwords)
            entry.problems += differs
        yield entry
    if whole:
        problems += _hidden(file, directory, ordered, ends)


def _opener(file: BinaryIO, record: Record, begin: int, passwords: Sequence[bytes]) -> Chunks:
    if record.system == _UNIX and (record.attributes >> 16) & _UNIX_KINDS == _UNIX_LINK:
        raise MemberRefusedError(Problem("link", "A symbolic link; links are neither followed nor made."))
    method, check = record.method, True
    if method == _AES:
        method, check = zip_crypto.aes_method(record.extra)
    if method not in _METHODS:
        text = f"Packing method {method} is not supported."
        raise MemberRefusedError(
            Problem("unknown-method", text, "Unpack it elsewhere and take in the folder.")
        )
    plain = _decryptor(file, record, begin, passwords)

    def content() -> Iterator[bytes]:
        return _checked(record, expander(_METHODS[method], plain()), check)

    return content


def _decryptor(file: BinaryIO, record: Record, begin: int, passwords: Sequence[bytes]) -> zip_crypto.Packed:
    def packed(skip: int = 0, less: int = 0) -> Iterator[bytes]:
        return _packed(file, begin + skip, record.packed - skip - less)

    if not record.flags & _ENCRYPTED:
        return packed
    if record.flags & _STRONG:
        raise MemberRefusedError(zip_crypto.encrypted("strong encryption, which nothing open reads"))
    if not passwords:
        raise MemberRefusedError(zip_crypto.encrypted("no password was given"))
    head = read_at(file, begin, _ENCRYPTION_HEAD) if begin >= 0 else b""
    if record.method == _AES:
        return zip_crypto.aes(head, record, packed, passwords)
    return zip_crypto.traditional(head, record, packed, passwords)


def _data_start(
    file: BinaryIO, directory: Directory, record: Record, starts: array[int]
) -> tuple[int, list[Problem]]:
    """Where the packed bytes begin, and how the member's own header differs from the directory."""
    header = read_at(file, record.offset, LOCAL_SIZE)
    if len(header) < LOCAL_SIZE or header[:4] != LOCAL:
        text = f"No member begins at byte {record.offset}, where the directory says."
        raise MemberRefusedError(Problem("no-local-header", text, "Ask for the file again."))
    flags, method, _t, _d, crc, packed, size, n, m = struct.unpack_from("<HHHHIIIHH", header, 6)
    names = file.read(n + m)
    local_size, local_packed, _ = zip64_values(extra_fields(names[n:]), size, packed, 0)
    begin = record.offset + LOCAL_SIZE + n + m
    end = begin + record.packed
    first, following = bisect.bisect_left(starts, record.offset), bisect.bisect_right(starts, record.offset)
    limit = min(starts[following] if following < len(starts) else directory.start, directory.start)
    if following - first > 1 or end > limit:
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
    if (flags ^ record.flags) & _ENCRYPTED:
        differs.append("encryption")
    same = (local_size, local_packed, crc) == (record.size, record.packed, record.crc)
    if not flags & SIZES_BEHIND and not same:
        differs.append("size or checksum")
    if not differs:
        return begin, []
    text = f"Directory and member header disagree on {', '.join(differs)}; the directory was used."
    return begin, [Problem("header-differs", text, "Compare with another copy of the bundle.")]


def _checked(record: Record, chunks: Iterator[bytes], check: bool) -> Iterator[bytes]:
    """The member's bytes, counted against the declared size and checked against the checksum."""
    checksum = size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > record.size:
            text = f"Unpacks to more than the {record.size} bytes that the directory declares."
            raise MemberRefusedError(Problem("size-lie", text, "Treat the bundle as an attack."))
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if size != record.size or (check and checksum != record.crc):
        text = f"{size} of {record.size} bytes; checksum {checksum:08x}, declared {record.crc:08x}."
        raise MemberRefusedError(Problem("damaged", text, "Ask for the file again."))


def _packed(file: BinaryIO, begin: int, size: int) -> Iterator[bytes]:
    at, left = begin, size
    while left > 0:
        file.seek(at)
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            return
        at, left = at + len(chunk), left - len(chunk)
        yield chunk


def _hidden(file: BinaryIO, directory: Directory, starts: array[int], ends: array[int]) -> list[Problem]:
    """Member headers in the gaps between listed members: content that the directory does not mention."""
    found, searched = 0, 0
    edge = directory.shift if starts else 0
    ordered = sorted(ends)
    position = 0
    for start in [*starts, directory.start]:
        while position < len(ordered) and ordered[position] <= start:
            edge = max(edge, ordered[position])
            position += 1
        gap = start - edge
        if gap > LONGEST_DESCRIPTOR and searched < _GAP_SEARCHED:
            content = read_at(file, edge, min(gap, _GAP_SEARCHED))
            searched += len(content)
            found += content.count(LOCAL)
    if not found:
        return []
    text = f"{found} member header(s) between the listed members, which the directory does not mention."
    return [Problem("hidden-member", text, "Compare with another copy of the bundle.")]


def _utc_time(extra: dict[int, bytes]) -> datetime | None:
    """Modification time from the extended timestamp 0x5455, which is UTC. DOS times have no zone."""
    field = extra.get(0x5455, b"")
    if len(field) >= 5 and field[0] & 1:
        (seconds,) = struct.unpack_from("<i", field, 1)
        if seconds > 0:
            return datetime.fromtimestamp(seconds, UTC)
    return None
