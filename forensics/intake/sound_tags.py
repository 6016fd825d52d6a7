"""When a sound was made, as the tags in its own file say.

Read here are RIFF's ``ICRD`` and ``IDIT`` (Multimedia Programming Interface 1.0, 1991) and the ``bext``
chunk of broadcast WAVs (EBU Tech 3285), ID3v2's ``TDRC``, ``TYER``, ``TDAT`` and ``TIME`` (id3.org), Vorbis
comments in Ogg and FLAC (``DATE`` and ``CREATION_TIME``), and MP4's ``©day`` and time of creation (ISO/IEC
14496-12). Lengths in a file are claims: nothing is read beyond bounds of our own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

_CHUNKS = 200
_TAG = 1 << 16
"""Bytes of one tag, and of the head of a stream, that are read at most."""
_DEEP = 6
_SINCE_1904 = datetime(1904, 1, 1, tzinfo=UTC)
_LATEST = datetime(2040, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
_COMMENTS = ("creation_time", "date_recorded", "date")
_BOXES = frozenset((b"moov", b"udta", b"meta", b"ilst", b"\xa9day"))


def recorded_at(file: BinaryIO, kind: str) -> str | None:
    """What the file's tags say of when it was recorded, as they write it; None where they say nothing.

    Parameters
    ----------
    file : binary file
        From its beginning, seekable.
    kind : str
        The container, as :func:`forensics.knowledge.sound_files.sound_kind` names it.
    """
    reader = _READERS.get(kind)
    if reader is None:
        return None
    try:
        found = reader(file)
    except (struct.error, ValueError, IndexError, OverflowError, OSError):
        return None
    return found.strip(" \0\t\r\n")[:100] or None if found else None


def _riff(file: BinaryIO) -> str | None:
    head = file.read(12)
    order = ">" if head[:4] == b"RIFX" else "<"
    at = 12
    for _ in range(_CHUNKS):
        file.seek(at)
        name, length = struct.unpack(f"{order}4sI", file.read(8))
        if name == b"LIST" and file.read(4) == b"INFO":
            found = _info(file.read(min(length, _TAG)), order)
            if found:
                return found
        elif name == b"bext":
            body = file.read(338)
            day, clock = (_text(body[a:b]).strip(" \0") for a, b in ((320, 330), (330, 338)))
            if day and clock:
                return f"{re.sub(r'[^0-9]', '-', day)} {re.sub(r'[^0-9]', ':', clock)}"
        at += 8 + length + length % 2
    return None


def _info(body: bytes, order: str) -> str | None:
    at = 0
    while at + 8 <= len(body):
        name, length = struct.unpack_from(f"{order}4sI", body, at)
        if name in (b"ICRD", b"IDIT"):
            return _text(body[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    return None


def _id3(file: BinaryIO) -> str | None:
    head = file.read(10)
    if head[:3] != b"ID3":
        return None
    version = head[3]
    body = file.read(min(_synchsafe(head[6:10]), _TAG))
    frames: dict[bytes, str] = {}
    at, size = 0, 6 if version == 2 else 10
    while at + size <= len(body) and body[at : at + 1].isalpha():
        name = body[at : at + (3 if version == 2 else 4)]
        raw = body[at + len(name) : at + 2 * len(name)]
        length = _synchsafe(raw) if version >= 4 else int.from_bytes(raw, "big")
        content = body[at + size : at + size + length]
        if name[:1] == b"T" and content:
            frames[name] = content[1:].decode(
                ("latin-1", "utf-16", "utf-16-be", "utf-8")[content[0] % 4], "replace"
            )
        at += size + length
    if frames.get(b"TDRC"):
        return frames[b"TDRC"]
    year, day, clock = (frames.get(name, "").strip("\0 ") for name in (b"TYER", b"TDAT", b"TIME"))
    if len(year) == len(day) == len(clock) == 4:
        return f"{year}-{day[2:]}-{day[:2]} {clock[:2]}:{clock[2:]}"
    return None


def _synchsafe(raw: bytes) -> int:
    value = 0
    for byte in raw:
        value = value << 7 | byte & 0x7F
    return value


def _flac(file: BinaryIO) -> str | None:
    if file.read(4) != b"fLaC":
        return None
    for _ in range(_CHUNKS):
        head = file.read(4)
        length = int.from_bytes(head[1:4], "big")
        if head[0] & 0x7F == 4:
            return _comments(file.read(min(length, _TAG)))
        if head[0] & 0x80:
            return None
        file.seek(length, 1)
    return None


def _ogg(file: BinaryIO) -> str | None:
    head = file.read(_TAG)
    for mark in (b"OpusTags", b"\x03vorbis"):
        at = head.find(mark)
        if at >= 0:
            return _comments(head[at + len(mark) :])
    return None


def _comments(body: bytes) -> str | None:
    """The most particular time among Vorbis comments."""
    found: dict[str, str] = {}
    at = 4 + struct.unpack_from("<I", body, 0)[0]
    (count,) = struct.unpack_from("<I", body, at)
    at += 4
    for _ in range(min(count, _CHUNKS)):
        if at + 4 > len(body):
            break
        (length,) = struct.unpack_from("<I", body, at)
        name, sign, value = _text(body[at + 4 : at + 4 + length]).partition("=")
        if sign:
            found.setdefault(name.casefold(), value)
        at += 4 + length
    return next((found[name] for name in _COMMENTS if found.get(name)), None)


def _mp4(file: BinaryIO) -> str | None:
    end = file.seek(0, 2)
    times: list[str] = []
    for name, start, length in _boxes(file, 0, end, 0, [_CHUNKS]):
        file.seek(start)
        if name == b"mvhd":
            version = file.read(4)[0]
            (seconds,) = struct.unpack(">Q" if version else ">I", file.read(8 if version else 4))
            at = _SINCE_1904 + timedelta(seconds=seconds)
            if _EARLIEST <= at < _LATEST:
                times.append(at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        elif name == b"data":
            return _text(file.read(min(length, 200))[8:])
    return times[0] if times else None


def _boxes(
    file: BinaryIO, start: int, end: int, depth: int, left: list[int]
) -> Iterator[tuple[bytes, int, int]]:
    """Boxes that may hold a time; `left` counts how many more are looked at, over all levels."""
    while start + 8 <= end and left[0] > 0:
        left[0] -= 1
        file.seek(start)
        length, name = struct.unpack(">I4s", file.read(8))
        body = start + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            body += 8
        stop = end if length == 0 else min(start + length, end)
        if stop <= start:
            return
        if name in _BOXES and depth < _DEEP:
            yield from _boxes(file, body + 4 if name == b"meta" else body, stop, depth + 1, left)
        elif name in (b"mvhd", b"data"):
            yield name, body, stop - body
        start = stop


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").partition("\0")[0]


_READERS: Mapping[str, Callable[[BinaryIO], str | None]] = {
    "wav": _riff, "mp3": _id3, "flac": _flac, "ogg": _ogg, "mp4": _mp4,
}  # fmt: skip
