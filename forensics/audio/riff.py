"""WAV files whose bytes and headers disagree, put right before they are decoded.

FFmpeg reads the first ``data`` chunk for as long as it says it is, in little-endian order, and is silent
about the rest. Recorders and uploads leave files in which more follows: sounds written one behind the other,
a size that was never filled in, RIFX (the same format, big-endian). What is kept as evidence stays as it is.

Source of the format: IBM and Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (1991).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class Oddity(StrEnum):
    """What is unusual about a sound that was decoded all the same."""

    JOINED = "sounds-joined"
    SIZE = "sound-size"
    BYTE_ORDER = "sound-byte-order"
    CHANNELS = "sound-channels"


MOST_BYTES = 256 << 20
"""Longer files go to the decoder as they are (assumption: a command takes far less)."""

_STREAMED = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""Sizes that writers leave where the end is not known yet: of FFmpeg, SoX and others (assumption)."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SAMPLES = (_PCM, _FLOAT, _EXTENSIBLE)
"""Formats that hold whole samples."""


@dataclass(frozen=True)
class _Part:
    fmt: bytes
    data: memoryview
    big_endian: bool


def mended(content: bytes) -> tuple[list[bytes], set[Oddity]]:
    """WAV files that hold all sound of one, and what was odd about it.

    Parameters
    ----------
    content : bytes
        Begins like a WAV file.

    Returns
    -------
    list of bytes
        Files to decode one after the other; sounds of the same format are one. Empty if nothing is odd, or
        if this is in no state that can be put right.
    set of Oddity
        Empty where the list is.
    """
    parts, odd = _parts(content)
    if any(part.big_endian for part in parts):
        odd.add(Oddity.BYTE_ORDER)
    if not odd:
        return [], set()
    groups: list[tuple[bytes, list[bytes]]] = []
    for part in parts:
        fmt, data = (_swapped(part)) if part.big_endian else (part.fmt, bytes(part.data))
        if not groups or groups[-1][0] != fmt:
            groups.append((fmt, []))
        groups[-1][1].append(data)
    return [_file(fmt, b"".join(pieces)) for fmt, pieces in groups], odd


def _parts(content: bytes) -> tuple[list[_Part], set[Oddity]]:
    """All sound, in order, and what the headers say wrongly of it."""
    parts: list[_Part] = []
    odd: set[Oddity] = set()
    view, at, fmt, big_endian = memoryview(content), 0, b"", False
    while at + 8 <= len(content):
        name, order = content[at : at + 4], ">" if big_endian else "<"
        if _is_header(content, at):
            odd |= {Oddity.JOINED} if parts else set()
            at, fmt, big_endian = at + 12, b"", name == b"RIFX"
            continue
        size = struct.unpack_from(f"{order}I", content, at + 4)[0]
        begin = at + 8
        if name != b"data":
            fmt = content[begin : begin + size] if name == b"fmt " else fmt
            at = begin + size + size % 2
            continue
        if len(fmt) < 16:
            break
        kind, frame = (struct.unpack_from(f"{order}H", fmt, place)[0] for place in (0, 12))
        frame = max(1, frame)
        end, wrong = _end_of_data(content, begin, size, frame if kind in _SAMPLES else 1)
        odd |= {Oddity.SIZE} if wrong else set()
        if whole := (end - begin) // frame * frame:
            odd |= {Oddity.JOINED} if parts else set()
            parts.append(_Part(fmt, view[begin : begin + whole], big_endian))
        at = end if end == len(content) or _goes_on(content, end) else end + 1
    return parts, odd if parts else set()


def _end_of_data(content: bytes, begin: int, size: int, frame: int) -> tuple[int, bool]:
    """Where the samples end, and whether the header is wrong about it.

    Parameters
    ----------
    frame : int
        Bytes of one sample of all channels; 1 where blocks of bytes may end anywhere.
    """
    stated = begin + size
    if size in _STREAMED or stated > len(content):
        return _next_header(content, begin, len(content)), size in _STREAMED and begin < len(content)
    inside = _next_header(content, begin, stated)
    if inside < stated:
        return inside, True
    rest = len(content) - stated
    if not rest or _goes_on(content, stated):
        return stated, False
    cut = size % frame > 0  # no whole samples: what follows belongs to the last one
    if _goes_on(content, stated + size % 2):
        return stated + cut * (size % 2), cut
    # A last byte may pad, and zeros may fill a block; neither is sound.
    if not cut and (rest < max(frame, 1 + size % 2) or not any(content[stated:])):
        return stated, False
    return _next_header(content, stated, len(content)), True


def _goes_on(content: bytes, at: int) -> bool:
    """Whether a header or a chunk begins here, by its four letters and a size that fits."""
    if _is_header(content, at):
        return True
    name = content[at : at + 4]
    if len(content) < at + 8 or not all(32 <= letter < 127 for letter in name):
        return False
    sizes = (struct.unpack_from(f"{order}I", content, at + 4)[0] for order in "<>")
    return any(at + 8 + size <= len(content) + 1 for size in sizes)


def _is_header(content: bytes, at: int) -> bool:
    return content[at : at + 4] in (b"RIFF", b"RIFX") and content[at + 8 : at + 12] == b"WAVE"


def _next_header(content: bytes, begin: int, end: int) -> int:
    """Where the next sound begins between two places, or the second of them."""
    at = begin
    while (found := content.find(b"WAVEfmt ", at, end)) >= 0:
        if found - 8 >= begin and _is_header(content, found - 8):
            return found - 8
        at = found + 1
    return end


def _swapped(part: _Part) -> tuple[bytes, bytes]:
    """Format and samples of RIFX in little-endian order."""
    kind, channels, rate, per_second, frame, bits = struct.unpack_from(">HHIIHH", part.fmt)
    fmt = struct.pack("<HHIIHH", kind, channels, rate, per_second, frame, bits)
    if kind == _EXTENSIBLE and len(part.fmt) >= 40:
        fmt += struct.pack("<HHI", *struct.unpack_from(">HHI", part.fmt, 16))
        fmt += struct.pack("<IHH", *struct.unpack_from(">IHH", part.fmt, 24)) + part.fmt[32:40]
    width = max(1, (bits + 7) // 8)
    if kind not in _SAMPLES or width == 1:
        return fmt, bytes(part.data)
    samples = np.frombuffer(part.data, np.uint8)
    samples = samples[: len(samples) // width * width].reshape(-1, width)
    return fmt, samples[:, ::-1].tobytes()


def _file(fmt: bytes, data: bytes) -> bytes:
    size = 4 + 8 + len(fmt) + 8 + len(data)
    head = b"RIFF" + struct.pack("<I", size) + b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt
    return head + b"data" + struct.pack("<I", len(data)) + data
