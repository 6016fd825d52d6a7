"""From a file to its container: chosen by first bytes, with the ratio of packed streams watched."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from forensics.intake.containers.base import CHUNK, Container, Entry
from forensics.intake.containers.tar import BLOCK, is_tar_header, open_tar
from forensics.intake.containers.unpack import expander
from forensics.intake.containers.zip import open_zip
from forensics.intake.containers.zip_salvage import leads_nowhere, salvage_zip
from forensics.intake.limits import Limits, ratio_too_high
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.sniff import ARCHIVES, HEAD, sniff

_TAIL = 66_000
"""Bytes at the end of a file in which a zip's end record begins: it has 22 and a comment of 65,535 at most
(APPNOTE 4.3.16)."""

_STREAMS = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}


def open_archive(file: BinaryIO, name: str, limits: Limits, *, passwords: Sequence[bytes] = ()) -> Container:
    """Open an archive.

    Parameters
    ----------
    file : seekable binary file
        With a descriptor of its own; open as long as the container is read.
    name : str
        For the single member of a packed file that is no tar.
    passwords : sequence of bytes
        For encrypted members.

    Raises
    ------
    MemberRefusedError
        If it is no archive that can be read.
    """
    file.seek(0)
    head = file.read(HEAD)
    kind = sniff(head)
    if kind == "zip" or (kind not in _STREAMS and kind != "tar" and _has_end_record(file)):
        return _open_zip(file, limits, passwords)
    if kind == "7z":
        from forensics.intake.containers.sevenzip import open_7z

        return open_7z(file, limits, passwords=passwords)
    if kind == "tar" or is_tar_header(head[:BLOCK]):
        return open_tar(_chunks(file))
    if kind in _STREAMS:
        return _packed(file, kind, name, limits)
    raise MemberRefusedError(
        Problem(
            "not-an-archive",
            f"Not an archive that can be read: its first bytes say '{kind}'.",
            "Give a zip, 7z or tar file or a folder; download a sign-in page saved as .zip again.",
        )
    )


def is_archive(file: BinaryIO) -> str | None:
    """None if `file` begins like an archive or has a zip end record, else what it is."""
    file.seek(0)
    head = file.read(HEAD)
    kind = sniff(head)
    known = kind in ARCHIVES or is_tar_header(head[:BLOCK]) or _has_end_record(file)
    return None if known else kind


def _open_zip(file: BinaryIO, limits: Limits, passwords: Sequence[bytes]) -> Container:
    """By its directory, or where that is gone by the members' own headers."""
    try:
        if leads_nowhere(file, limits):
            return salvage_zip(file, passwords=passwords)
        return open_zip(file, limits, passwords=passwords)
    except MemberRefusedError as error:
        if error.problem.code != "no-end-record":
            raise
    return salvage_zip(file, passwords=passwords)


def _has_end_record(file: BinaryIO) -> bool:
    """Whether a zip archive stands behind something else, such as a self-extractor."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    return b"PK\x05\x06" in file.read()


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _packed(file: BinaryIO, kind: str, name: str, limits: Limits) -> Container:
    stream = _watched(file, kind, limits)
    first = b""
    for chunk in stream:
        first += chunk
        if len(first) >= BLOCK:
            break
    whole = itertools.chain([first], stream) if first else iter(())
    if is_tar_header(first[:BLOCK]):
        container = open_tar(whole)
        container.kind = f"tar.{kind}"
        return container
    inner = name.rsplit("/", 1)[-1].removesuffix(f".{kind}") or "content"
    entry = Entry(0, inner, inner.encode("utf-8", "surrogatepass"), lambda: whole)
    return Container(kind, iter([entry]), [])


def _watched(file: BinaryIO, kind: str, limits: Limits) -> Iterator[bytes]:
    """The unpacked stream, stopped when its ratio is that of a bomb."""
    taken = given = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for chunk in _chunks(file):
            taken += len(chunk)
            yield chunk

    for chunk in expander(_STREAMS[kind], counted()):
        given += len(chunk)
        if given > limits.ratio_from_bytes and given > limits.ratio * taken:
            raise ratio_too_high(taken, limits)
        yield chunk
