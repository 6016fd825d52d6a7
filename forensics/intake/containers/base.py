"""What every container gives: its entries in order, each with chunks of content or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from forensics.intake.problems import Problem

CHUNK = 1 << 18
"""Bytes that are read, unpacked and passed on at once, 256 KiB (assumption)."""

Chunks = Callable[[], Iterator[bytes]]


@dataclass
class Entry:
    """One entry of a container. Its name is data, never a path.

    Parameters
    ----------
    position : int
        Counted from 0.
    name : str
        Decoded for people; what could not be decoded is escaped.
    raw_name : bytes
        As stored.
    chunks : callable
        Gives the content; must be used up before the next entry is asked for. Raises
        :class:`~forensics.intake.problems.MemberRefusedError` when the content is damaged.
    size : int, optional
        As declared; never believed.
    packed : int, optional
        Packed size, if the entry has one of its own.
    file_time : datetime, optional
        In UTC, if the container says so with a zone.
    problems : list of Problem
        About this entry; more may come while its content is read.
    refused : bool
        Do not read the content.
    """

    position: int
    name: str
    raw_name: bytes
    chunks: Chunks
    size: int | None = None
    packed: int | None = None
    file_time: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False

    def refuse(self, problem: Problem) -> None:
        """Do not read the content, for this reason."""
        self.problems.append(problem)
        self.refused, self.chunks = True, no_content


@dataclass
class Container:
    """An opened container.

    Parameters
    ----------
    kind : str
        ``zip``, ``7z``, ``tar``, ``tar.gz`` and the like, ``folder``; of one packed file ``gz`` and the like.
    entries : iterator of Entry
        Folders are left out.
    problems : list of Problem
        About the container itself. Complete only after the last entry.
    """

    kind: str
    entries: Iterator[Entry]
    problems: list[Problem]


def no_content() -> Iterator[bytes]:
    """The content of a refused entry."""
    return iter(())
