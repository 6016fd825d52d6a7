"""Makers of archives, byte by byte where a library would refuse, and the register of hostile cases."""

from __future__ import annotations

import io
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

WAV = (
    b"RIFF"
    + struct.pack("<I", 36 + 3200)
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
)
WAV += b"data" + struct.pack("<I", 3200) + bytes(range(256)) * 12 + bytes(128)


@dataclass(frozen=True)
class Hostile:
    """One hostile bundle.

    Parameters
    ----------
    container : str
        What kind of archive it is.
    kind : str
        What is wrong with it.
    make : callable
        Gives its bytes.
    codes : frozenset of str
        Findings that must be told, and no others.
    readable : tuple of str
        Names of members whose content must come out whole.
    """

    container: str
    kind: str
    make: Callable[[], bytes]
    codes: frozenset[str]
    readable: tuple[str, ...]


CASES: dict[str, Hostile] = {}


def case(
    container: str, kind: str, codes: str, *readable: str
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a maker."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES[make.__name__] = Hostile(container, kind, make, frozenset(codes.split()), readable)
        return make

    return register


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An ordinary zip file."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")  # duplicate names are what some cases are about
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> bytes:
    """An ordinary tar file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """A tar header."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mtime = kind, target, 1526389648
    return info


def local(
    name: bytes, content: bytes, *, method: int = 0, packed: bytes | None = None, size: int | None = None
) -> bytes:
    """A zip member's own header and content."""
    packed = content if packed is None else packed
    size = len(content) if size is None else size
    return (
        b"PK\x03\x04"
        + struct.pack("<HHHHH", 20, 0, method, 0, 33)
        + struct.pack("<IIIHH", zlib.crc32(content), len(packed), size, len(name), 0)
        + name + packed
    )  # fmt: skip


def central(name: bytes, content: bytes, offset: int, *, method: int = 0, packed: int | None = None,
            size: int | None = None, flags: int = 0) -> bytes:  # fmt: skip
    """A zip directory record."""
    packed = len(content) if packed is None else packed
    size = len(content) if size is None else size
    return (
        b"PK\x01\x02"
        + struct.pack("<HHHHHH", 20, 20, flags, method, 0, 33)
        + struct.pack("<IIIHHHHHII", zlib.crc32(content), packed, size, len(name), 0, 0, 0, 0, 0, offset)
        + name
    )  # fmt: skip


def end(count: int, size: int, offset: int) -> bytes:
    """A zip end record."""
    return b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, size, offset, 0)


def assembled(parts: bytes, records: bytes, count: int) -> bytes:
    """Members, directory and end record."""
    return parts + records + end(count, len(records), len(parts))
