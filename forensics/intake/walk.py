"""From a container to its members: every one counted, hashed, named by its first bytes, none trusted."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol

from forensics.intake.containers.base import Container, Entry
from forensics.intake.containers.names import shown
from forensics.intake.containers.opening import open_archive
from forensics.intake.limits import Limits, Meter
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.sniff import ARCHIVES, AUDIO, HEAD, PLAYLISTS, claims_audio, mislabelled, sniff

_SPOOL = 8 << 20
NEST = "!/"
"""Between the name of an archive and that of its member."""


@dataclass
class Member:
    """One occurrence of a member.

    Parameters
    ----------
    path : str
        Names from the outermost archive inwards, joined by :data:`NEST`; for display and search only.
    raw_name : bytes
        Its own name as stored.
    position : int
        Number within the bundle, over all levels.
    kind : str
        See :func:`forensics.intake.sniff.sniff`.
    sha256 : str or None
        None if refused.
    size : int or None
        Bytes read; for a refused member, as declared.
    file_time : datetime or None
        The container's time in UTC, if it has one with a zone.
    refused : bool
    problems : list of Problem
    """

    path: str
    raw_name: bytes
    position: int
    kind: str
    sha256: str | None = None
    size: int | None = None
    file_time: datetime | None = None
    refused: bool = False
    problems: list[Problem] = field(default_factory=list)


class Keeper(Protocol):
    """Who gets to see a member's content after its hash is known."""

    def __call__(self, member: Member, content: BinaryIO) -> None:
        """Keep `content` (at its start) or leave it."""


def walk(
    container: Container,
    *,
    limits: Limits,
    problems: list[Problem],
    keep: Keeper | None = None,
    advance: Callable[[int], None] = lambda count: None,
) -> Iterator[Member]:
    """Every member of a container and of the archives in it.

    Parameters
    ----------
    container : Container
    limits : Limits
    problems : list of Problem
        Receives what is said about the bundle as a whole.
    keep : Keeper, optional
    advance : callable, optional
        Told the bytes read.

    Yields
    ------
    Member
        In the order of the container.
    """
    yield from _walk(container, "", 0, Meter(limits), [0], problems, keep, advance)


def _walk(
    container: Container,
    prefix: str,
    depth: int,
    meter: Meter,
    number: list[int],
    problems: list[Problem],
    keep: Keeper | None,
    advance: Callable[[int], None],
) -> Iterator[Member]:
    try:
        for entry in container.entries:
            meter.count_member()
            member = Member(
                prefix + shown(entry.name), entry.raw_name, number[0], "refused", None, entry.size, entry.file_time,
                entry.refused, list(entry.problems),
            )  # fmt: skip
            number[0] += 1
            if member.refused:
                yield member
                continue
            with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as content:
                _read(member, entry, content, meter, keep, advance)  # type: ignore[arg-type]
                _look(member, entry.name)
                inner = None
                if member.kind in ARCHIVES and not member.refused:
                    inner = _open_inner(member, content, depth, meter.limits)  # type: ignore[arg-type]
                yield member
                if inner is not None:
                    yield from _walk(
                        inner, member.path + NEST, depth + 1, meter, number, member.problems, keep, advance
                    )
    except MemberRefusedError as error:
        problems.append(error.problem)
    problems += container.problems


def _read(
    member: Member,
    entry: Entry,
    content: BinaryIO,
    meter: Meter,
    keep: Keeper | None,
    advance: Callable[[int], None],
) -> None:
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        for chunk in entry.chunks():
            size += len(chunk)
            meter.count_bytes(len(chunk), size, entry.packed)
            digest.update(chunk)
            if len(head) < HEAD:
                head += chunk[: HEAD - len(head)]
            content.write(chunk)
            advance(len(chunk))
    except MemberRefusedError as error:
        member.problems.append(error.problem)
        member.refused = True
        return
    member.sha256, member.size, member.kind = digest.hexdigest(), size, sniff(head)
    if keep is not None:
        content.seek(0)
        keep(member, content)


def _look(member: Member, name: str) -> None:
    if member.refused:
        return
    if member.kind in PLAYLISTS:
        member.problems.append(
            Problem(
                "playlist",
                f"A {member.kind} playlist; what it names is never opened."
                + (" Its name says that it is sound." if claims_audio(name) else ""),
            )
        )
    elif member.kind == "protected":
        member.problems.append(Problem("protected", "Sound under copy protection; it cannot be decoded."))
    elif member.kind == "empty" and claims_audio(name):
        member.problems.append(Problem("empty-recording", "A recording by its name, without a single byte."))
    elif mislabelled(name, member.kind):
        code = "mislabelled" if member.kind in AUDIO else "not-what-it-says"
        member.problems.append(
            Problem(code, f"By its content this is '{member.kind}', not what its name says.")
        )


def _open_inner(member: Member, content: BinaryIO, depth: int, limits: Limits) -> Container | None:
    if depth >= limits.depth:
        member.problems.append(
            Problem(
                "nested-too-deep",
                f"An archive inside {depth} others; it was hashed and not opened.",
                "Raise --max-depth, or take it in as a bundle of its own.",
            )
        )
        return None
    try:
        container = open_archive(content, member.path, limits)
    except MemberRefusedError as error:
        member.problems.append(error.problem)
        return None
    member.problems.append(
        Problem("nested-archive", "An archive inside the bundle; it was opened.", level="note")
    )
    return container
