"""From a container to its members: every one counted, hashed, named by its first bytes, none trusted."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from forensics.intake.containers.base import Container, Entry
from forensics.intake.containers.names import shown
from forensics.intake.containers.opening import open_archive
from forensics.intake.limits import Limits, Meter
from forensics.intake.office import office_kind
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.intake.sniff import (
    ARCHIVES,
    AUDIO,
    HEAD,
    PLAYLISTS,
    claims_audio,
    claims_unread_sound,
    mislabelled,
    sniff,
)
from forensics.intake.store import Store, TemporaryStore, Writer
from forensics.intake.wav import wav_problems

NEST = "!/"
"""Between the name of an archive and that of its member."""


@dataclass(slots=True)
class Member:
    """One occurrence of a member.

    Parameters
    ----------
    path : str
        Names from the outermost archive inwards, joined by :data:`NEST`; for display and search only.
    raw_name : bytes or None
        Its own name as stored, where that differs from what `path` ends in.
    position : int
        Number within the bundle, over all levels.
    kind : str
        See :func:`forensics.intake.sniff.sniff`; ``refused`` if its content was not read.
    digest : bytes or None
        SHA-256 of its content; None if refused.
    size : int or None
        Bytes read; for a refused member, as declared.
    file_time : datetime or None
        The container's time in UTC, if it has one with a zone.
    said : list of Problem or None
        What is said about it: None for most, since there may be a million.
    """

    path: str
    raw_name: bytes | None
    position: int
    kind: str = "refused"
    digest: bytes | None = None
    size: int | None = None
    file_time: datetime | None = None
    said: list[Problem] | None = None

    @property
    def refused(self) -> bool:
        """Whether its content was not read."""
        return self.digest is None

    @property
    def sha256(self) -> str | None:
        """The hash in hexadecimal digits."""
        return None if self.digest is None else self.digest.hex()

    @property
    def problems(self) -> Sequence[Problem]:
        """What is said about it."""
        return self.said or ()

    def say(self, *problems: Problem) -> list[Problem]:
        """Say something about it; gives all that is said, to be added to."""
        if self.said is None:
            self.said = []
        self.said += problems
        return self.said


@dataclass
class Walk:
    """One pass over a bundle.

    Parameters
    ----------
    limits : Limits
    store : Store, optional
        Where content goes; by default nowhere.
    wanted : collection of str, optional
        Kinds to store; all by default. Archives are always stored, to be opened.
    passwords : sequence of bytes
    advance : callable, optional
        Told the bytes read.

    Attributes
    ----------
    problems : list of Problem
        What is said about the bundle as a whole; complete after the last member.
    """

    limits: Limits = field(default_factory=Limits)
    store: Store = field(default_factory=TemporaryStore)
    wanted: frozenset[str] | None = None
    passwords: Sequence[bytes] = ()
    advance: Callable[[int], None] = lambda count: None
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._meter = Meter(self.limits)
        self._number = 0
        self._forks = 0

    def members(self, container: Container) -> Iterator[tuple[Member, Writer | None]]:
        """Every member of a container and of the archives in it.

        Yields
        ------
        member : Member
        content : Writer or None
            Its stored content; to be used before the next member is asked for.
        """
        yield from self._members(container, "", 0, self.problems)

    def _members(
        self, container: Container, prefix: str, depth: int, problems: list[Problem]
    ) -> Iterator[tuple[Member, Writer | None]]:
        seen: set[int] = set()
        try:
            for entry in container.entries:
                self._meter.count_member()
                marker = hash(unicodedata.normalize("NFC", entry.name).casefold())
                if marker in seen:
                    entry.problems.append(_TWIN)
                seen.add(marker)
                member, content = self._member(entry, prefix)
                if content is not None and member.kind == "zip":
                    _see_office(member, content)
                if content is None:
                    yield member, None
                elif member.kind not in ARCHIVES:
                    yield member, content
                    content.release()
                else:
                    with content.open() as file:
                        inner = self._open_inner(member, file, depth)
                        yield member, content
                        if inner is not None:
                            prefix_in = member.path + NEST
                            yield from self._members(inner, prefix_in, depth + 1, member.say())
                    content.release()
        except MemberRefusedError as error:
            problems.append(error.problem)
        problems += container.problems
        if self._forks:
            text = f"{self._forks} files are what macOS keeps beside a file's content ('._' names); not read."
            problems.append(Problem("resource-forks", text, level="note"))
            self._forks = 0

    def _member(self, entry: Entry, prefix: str) -> tuple[Member, Writer | None]:
        name = shown(
            unicodedata.normalize("NFC", entry.name)
        )  # macOS stores accents apart from their letters
        plain = name.encode("utf-8", "surrogatepass") == entry.raw_name
        member = Member(prefix + name, None if plain else entry.raw_name, self._number)
        member.size, member.file_time = entry.size, entry.file_time
        if entry.problems:
            member.said = entry.problems
        self._number += 1
        content = None if entry.refused else self._read(member, entry)
        if _is_fork(entry.name):
            self._forks += 1
            entry.problems = [p for p in entry.problems if not p.code.startswith("name-guessed")]
            member.said = entry.problems or None
        if not member.refused:
            _look(member, entry.name)
        return member, content

    def _read(self, member: Member, entry: Entry) -> Writer | None:
        digest, size, kind = hashlib.sha256(), 0, ""
        head = first = b""
        writer: Writer | None = self.store.writer()
        try:
            for chunk in entry.chunks():
                size += len(chunk)
                self._meter.count_bytes(len(chunk), size, entry.packed)
                if not kind and (head or len(chunk) < HEAD):
                    head += chunk[:HEAD]
                    if len(head) >= HEAD:
                        kind = sniff(head[:HEAD])
                elif not kind:
                    first = chunk[:HEAD]
                    kind = sniff(first)
                digest.update(chunk)
                if writer is not None and kind and not self._is_wanted(kind):
                    writer.abandon()
                    writer = None
                if writer is not None:
                    writer.write(chunk)
                self.advance(len(chunk))
        except MemberRefusedError as error:
            member.say(error.problem)
            if writer is not None:
                writer.abandon()
            return None
        member.kind = kind or sniff(head)
        if member.kind == "wav":
            odd = [*wav_problems(first or head, size, longest_s=self.limits.recording_s)]
            if odd:
                member.say(*odd)
        member.digest, member.size = digest.digest(), size
        if writer is not None and not self._is_wanted(member.kind):
            writer.abandon()
            writer = None
        if writer is not None:
            writer.finish(member.digest.hex())
        return writer

    def _is_wanted(self, kind: str) -> bool:
        return self.wanted is None or kind in self.wanted or kind in ARCHIVES

    def _open_inner(self, member: Member, file: BinaryIO, depth: int) -> Container | None:
        if depth >= self.limits.depth:
            member.say(
                Problem(
                    "nested-too-deep",
                    f"An archive inside {depth} others; it was hashed and not opened.",
                    "Raise --max-depth, or take it in as a bundle of its own.",
                )
            )
            return None
        try:
            inner = open_archive(file, member.path, self.limits, passwords=self.passwords)
        except MemberRefusedError as error:
            member.say(error.problem)
            return None
        member.say(Problem("nested-archive", "An archive inside the bundle; it was opened.", level="note"))
        return inner


_UNREAD = {
    "sqlite": ("A database (SQLite)", "Write its tables to CSV files with a tool for SQLite"),
    "plist": ("A binary property list", "Convert it to JSON or XML (plutil)"),
    "ole": ("A document of an old Office program", "Save it as XLSX, DOCX or CSV"),
}
"""Kinds that may hold evidence and are not read: what each is, and the remedy."""
_TWIN = Problem(
    "duplicate-name",
    "Another member has this name, or one that differs only in case or accents' encoding.",
    "None needed: both are kept, by hash.",
)


def _is_fork(name: str) -> bool:
    """Whether a member is macOS's companion of another: AppleDouble, by its name."""
    return name.startswith("__MACOSX/") or "/__MACOSX/" in name or name.rpartition("/")[2].startswith("._")


def _see_office(member: Member, content: Writer) -> None:
    """A sheet or a document is one member, although it is a zip file."""
    with content.open() as file:
        kind = office_kind(file)
    if kind is not None:
        member.kind = kind


def _look(member: Member, name: str) -> None:
    """What the content says against the name."""
    if member.kind in PLAYLISTS:
        sound = " Its name says that it is sound." if claims_audio(name) else ""
        text = f"A {member.kind} playlist; what it names is never opened.{sound}"
        member.say(Problem("playlist", text))
    elif member.kind == "rar":
        text = "A RAR archive inside the bundle; it was hashed and not opened."
        remedy = "Unpack it elsewhere and take in the folder."
        member.say(Problem("unknown-archive", text, remedy))
    elif member.kind in _UNREAD:
        what, remedy = _UNREAD[member.kind]
        text = f"{what}; it was hashed and kept, and not read."
        member.say(Problem("data-unread", text, f"{remedy}, and take that in as well."))
    elif member.kind == "protected":
        text = "Sound under copy protection; it cannot be decoded."
        member.say(Problem("protected", text))
    elif member.kind == "empty" and claims_audio(name):
        member.say(Problem("empty-recording", "A recording by its name, without a single byte."))
    elif _is_fork(name) and member.kind not in AUDIO:
        return  # what macOS keeps of a file besides its content; one note tells of all
    elif member.kind == "binary" and claims_unread_sound(name):
        text = (
            "Sound by its name, in a form that is not read: samples without header, or an unknown container."
        )
        remedy = "Convert it to WAV where its rate and width are known, and take that in as well."
        member.say(Problem("sound-unread", text, remedy))
    elif mislabelled(name, member.kind):
        text = f"By its content this is '{member.kind}', not what its name says."
        member.say(Problem("mislabelled", text))
