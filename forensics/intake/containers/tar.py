"""Tar files as a stream: regular files only, nothing allocated from a claim, damage never silent.

Headers after POSIX.1-2008 (``pax``, ustar interchange format: where the fields of a header stand, and the
kinds of entries) and GNU tar's manual (long names, sparse files, base-256 numbers).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from forensics.intake.containers.base import CHUNK, Container, Entry, no_content
from forensics.intake.containers.names import decode_utf8, judge
from forensics.intake.problems import MemberRefusedError, Problem

BLOCK = 512
"""Bytes of a header, and what content is padded to (POSIX)."""

_REGULAR = (b"0", b"\0", b"7")  # typeflag (POSIX)
_NOT_FILES = {b"1": "hard link", b"2": "symbolic link", b"3": "device", b"4": "device", b"6": "pipe"}
_MAX_PAX = 1 << 20
"""Bytes of an extension header: some names and times (assumption)."""

_MAX_SIZE, _MAX_DIGITS = 1 << 62, 20
"""No file is larger, so that offsets stay in 64 bits; as many digits hold any such number (assumptions)."""

_LAST_TIME = 1 << 36
"""Seconds since 1970, the year 4147: later times are damage (assumption)."""


class _Stream:
    """Chunks as something to read exact numbers of bytes from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer = b""
        self._used = 0
        self.at = 0
        self.stopped = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes; fewer only where the stream ends."""
        if len(self._buffer) - self._used < size:
            self._fill(size)
        out = self._buffer[self._used : self._used + size]
        self._used += len(out)
        self.at += len(out)
        return out

    def _fill(self, size: int) -> None:
        pieces = [self._buffer[self._used :]]
        there = len(pieces[0])
        self._buffer, self._used = pieces[0], 0
        while there < size:
            try:
                chunk = next(self._chunks, None)
            except MemberRefusedError:
                self.stopped = True  # said once, by whoever was reading
                raise
            if chunk is None:
                break
            pieces.append(chunk)
            there += len(chunk)
        self._buffer = b"".join(pieces)


def open_tar(chunks: Iterator[bytes]) -> Container:
    """Open a tar stream.

    Parameters
    ----------
    chunks : iterator of bytes
        The unpacked stream.
    """
    problems: list[Problem] = []
    return Container("tar", _entries(_Stream(chunks), problems), problems)


def is_tar_header(block: bytes) -> bool:
    """Whether `block` is a tar header: its checksum holds, in either of the two sums in use."""
    if len(block) < BLOCK or not any(block[:100]):
        return False
    stated = _number(block[148:156])
    cleared = block[:148] + b" " * 8 + block[156:BLOCK]
    signed = sum(b - 256 if b > 127 else b for b in cleared)
    return stated in (sum(cleared), signed)


def _entries(stream: _Stream, problems: list[Problem]) -> Iterator[Entry]:
    position = 0
    long_name: bytes | None = None
    attributes: dict[str, bytes] = {}
    while True:
        at = stream.at
        block = stream.read(BLOCK)
        if not block:
            problems.append(Problem("tar-no-end", f"The archive ends at byte {at} without an end mark."))
            return
        if not any(block):
            if stream.read(BLOCK).strip(b"\0"):
                problems.append(Problem("data-after-end", f"Data after the end mark at byte {at}."))
            return
        if not is_tar_header(block):
            if len(block) < BLOCK:
                problems.append(_cut(at))
                return
            found = _next_header(stream)
            where = "none follows" if found is None else f"the next is at byte {stream.at - BLOCK}"
            problems.append(
                Problem("damaged", f"No valid header at byte {at}; {where}.", "Ask for the file again.")
            )
            if found is None:
                return
            block = found
        kind, size = block[156:157], _number(block[124:136])
        if kind in (b"L", b"K", b"x", b"g"):
            if size is None or not 0 <= size <= _MAX_PAX:
                problems.append(Problem("damaged", f"An extension header at byte {at} claims {size} bytes."))
                return
            content = stream.read(size)
            stream.read(-size % BLOCK)
            if kind == b"L":
                long_name = content.rstrip(b"\0")
            elif kind == b"x":
                attributes = _pax(content)
            continue
        raw = attributes.get("path") or long_name or _name(block)
        if "size" in attributes:
            text = attributes["size"].strip()
            size = int(text) if text.isdigit() and len(text) < _MAX_DIGITS else None
        sparse = kind == b"S" or any(k.startswith("GNU.sparse") for k in attributes)
        time = _time(attributes.get("mtime"), _number(block[136:148]))
        long_name, attributes = None, {}
        if kind == b"5" or (kind in _REGULAR and raw.endswith(b"/") and not size):
            continue
        name, odd = decode_utf8(raw)
        entry = Entry(position, name, raw, no_content, size, None, time, odd + judge(name))
        position += 1
        refusal = _refusal(kind, size, sparse)
        if refusal is not None:
            entry.problems.append(refusal)
            entry.refused = True
            yield entry
            if size is not None and size > 0 and kind not in _NOT_FILES and not sparse:
                _skip(stream, size)
            elif sparse or size is None or size < 0:
                continue  # the claim is not believed: whatever follows is looked at block by block
            continue
        assert size is not None  # noqa: S101  (a refusal covers None)
        reader = _Reader(stream, size)
        entry.chunks = reader.chunks
        yield entry
        reader.finish()
        if reader.left or stream.stopped:
            if not stream.stopped:
                problems.append(_cut(stream.at))
            return
        stream.read(-size % BLOCK)


class _Reader:
    def __init__(self, stream: _Stream, size: int) -> None:
        self._stream, self.size, self.left = stream, size, size

    def chunks(self) -> Iterator[bytes]:
        while self.left:
            chunk = self._stream.read(min(CHUNK, self.left))
            if not chunk:
                raise MemberRefusedError(
                    Problem("damaged", f"{self.size - self.left} of {self.size} bytes: the archive is cut.")
                )
            self.left -= len(chunk)
            yield chunk

    def finish(self) -> None:
        while self.left:
            chunk = self._stream.read(min(CHUNK, self.left))
            if not chunk:
                return
            self.left -= len(chunk)


def _skip(stream: _Stream, size: int) -> None:
    _Reader(stream, size).finish()
    stream.read(-size % BLOCK)


def _refusal(kind: bytes, size: int | None, sparse: bool) -> Problem | None:
    if sparse:
        return Problem("sparse", "A sparse file: its size is a claim without content.")
    if kind in _NOT_FILES:
        return Problem("link" if "link" in _NOT_FILES[kind] else "device", f"A {_NOT_FILES[kind]}; not made.")
    if kind not in _REGULAR:
        return Problem("unknown-entry", f"An entry of unknown type {kind!r}.")
    if size is None or size < 0:
        return Problem("damaged", f"An impossible size ({size}).")
    return None


def _number(field: bytes) -> int | None:
    if field[0] in (0x80, 0xFF):
        value = (
            int.from_bytes(field, "big", signed=True)
            if field[0] == 0xFF
            else int.from_bytes(field[1:], "big")
        )
        return value if abs(value) < _MAX_SIZE else None
    text = field.strip(b" \0")
    try:
        return int(text.split(b"\0")[0] or b"0", 8)
    except ValueError:
        return None


def _name(block: bytes) -> bytes:
    name = block[:100].split(b"\0")[0]
    prefix = block[345:500].split(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _pax(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = 0
    while at < len(content):
        space = content.find(b" ", at, at + _MAX_DIGITS)
        if space < 0 or not content[at:space].isdigit():
            break
        length = int(content[at:space])
        if length <= space - at + 1 or at + length > len(content):
            break
        key, _, value = content[space + 1 : at + length - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value
        at += length
    return found


def _time(pax: bytes | None, seconds: int | None) -> datetime | None:
    if pax is not None:
        try:
            return datetime.fromtimestamp(float(pax), UTC)
        except (ValueError, OverflowError, OSError):
            pass
    if seconds is None or not 0 < seconds < _LAST_TIME:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _next_header(stream: _Stream) -> bytes | None:
    while block := stream.read(BLOCK):
        if block[257:262] == b"ustar" and is_tar_header(block):
            return block
    return None


def _cut(at: int) -> Problem:
    return Problem(
        "damaged", f"The archive is cut at byte {at}; members after it are missing.", "Ask for it again."
    )
