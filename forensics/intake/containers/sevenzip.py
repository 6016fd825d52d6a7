"""7z files through py7zr, in a child process with limits: headers and dictionaries of 7z are claims too.

The child gets the archive as an open file and nothing else, and sends each member, its content and its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BufferedReader
from typing import Any, BinaryIO

from forensics.intake.containers.base import Container, Entry
from forensics.intake.containers.names import judge
from forensics.intake.limits import Limits, ratio_too_high
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.sandbox.process import Reason, Sandbox, SandboxError, Send

_SENT = 1 << 20
"""Bytes that the child sends at once (assumption)."""

_REMEDY = "Unpack it elsewhere and take in the folder."
_LOCKED = ("encrypted", "The member is encrypted: no password was given.", "Give --password-file.")
_LINK = ("link", "A link or special file; neither followed nor made.", "None needed.")


def open_7z(file: BinaryIO, limits: Limits, *, passwords: Sequence[bytes] = ()) -> Container:
    """Open a 7z file.

    Parameters
    ----------
    file : seekable binary file
        With a descriptor of its own.
    passwords : sequence of bytes
        The first is used.

    Notes
    -----
    The limits of the child are assumptions: a dictionary may claim 4 GiB and gets 1; an hour of processor
    time unpacks some hundred gigabytes. How long the parent takes to store them is not counted.
    """
    problems: list[Problem] = []
    return Container("7z", _entries(file, limits, passwords, problems), problems)


def _entries(
    file: BinaryIO, limits: Limits, passwords: Sequence[bytes], problems: list[Problem]
) -> Iterator[Entry]:
    order = {"passwords": [p.decode("utf-8", "replace") for p in passwords], "members": limits.members}
    descriptor, packed = file.fileno(), file.seek(0, 2)
    sandbox = Sandbox(_unpack, wall_s=7200.0, cpu_s=3600, memory_bytes=1 << 30, libraries=["py7zr.io"])
    position = listed = given = 0

    def is_bomb() -> bool:
        return given > limits.ratio_from_bytes and given > limits.ratio * packed

    def content() -> Iterator[bytes]:
        nonlocal given
        try:
            for said, chunk in answers:
                if said is not None:
                    return
                given += len(chunk)
                if is_bomb():
                    raise ratio_too_high(packed, limits)
                yield bytes(chunk)
        except SandboxError as error:
            raise MemberRefusedError(_problem(error, bool(passwords))) from error

    with closing(sandbox):
        answers = sandbox.ask(order, descriptor)
        try:
            for said, _ in answers:
                if "problem" in said:
                    problems.append(Problem(*said["problem"]))
                elif "listed" in said:
                    listed = int(said["listed"])
                else:
                    chunks = content()
                    yield _entry(said, position, chunks)
                    position += 1
                    for _ in chunks:
                        pass  # what nobody asked for
                if is_bomb():
                    break
        except SandboxError as error:
            problems.append(_problem(error, bool(passwords)))
        except (LookupError, TypeError, ValueError):
            problems.append(_problem(SandboxError(Reason.GARBLED), bool(passwords)))
    if position < listed:
        text = f"{listed - position} of {listed} members were not reached."
        problems.append(Problem("damaged", text, _REMEDY))


def _entry(said: dict[str, Any], position: int, chunks: Iterator[bytes]) -> Entry:
    name = str(said["name"])
    raw = name.encode("utf-8", "surrogatepass")
    entry = Entry(position, name, raw, lambda: chunks, said["size"], said["packed"], problems=judge(name))
    if "refused" in said:
        entry.refuse(Problem(*said["refused"]))
    return entry


def _problem(error: SandboxError, unlocked: bool) -> Problem:
    if error.reason is Reason.MEMORY:
        return Problem("damaged", "The 7z archive needs more memory than allowed.", "Unpack it elsewhere.")
    if error.reason is not Reason.RAISED:
        text = "The 7z reader ended early: out of memory or broken by the archive."
        return Problem("damaged", text, _REMEDY)
    if error.kind == "PasswordRequired" or "assword" in error.text:
        return Problem("encrypted", "The archive is encrypted.", "Give the password with --password-file.")
    hint = " A wrong password looks the same." if unlocked else ""
    text = f"Cannot be read as 7z: {error.kind}: {error.text[:200]}.{hint}"
    return Problem("damaged", text, "Ask for the file again.")


def _unpack(order: dict[str, Any], file: BufferedReader, send: Send) -> None:
    """What the child process does."""
    import py7zr
    import py7zr.io

    class Member(py7zr.io.MemIO):
        """Sends what is written as chunks; nothing is kept."""

        def __init__(self, item: Any) -> None:
            super().__init__(str(item.id), py7zr.io.BytesIOFactory(0))
            self.item = item

        def open(self, mode: str = "w") -> Member:
            send({"name": self.item.filename, "size": self.item.uncompressed, "packed": self.item.compressed})
            return self

        def write(self, s: bytes | bytearray) -> int:
            for start in range(0, len(s), _SENT):
                send(None, bytes(s[start : start + _SENT]))
            return len(s)

        def close(self) -> None:
            send("end")

    passwords = order["passwords"]
    archive = py7zr.SevenZipFile(file, password=passwords[0] if passwords else None)
    if len(archive.files) > order["members"]:
        text = f"The archive lists {len(archive.files)} members, more than {order['members']}."
        send({"problem": ["too-many-members", text, "Raise --max-members if that is expected."]})
        return
    files = [item for item in archive.files if not item.is_directory]
    send({"listed": len(files)})
    locked = archive.needs_password() and not passwords
    for item in files:
        is_link = item.is_symlink or item.is_junction or item.is_socket
        if locked or is_link:
            refused = _LOCKED if locked else _LINK
            send({"name": item.filename, "size": None, "packed": None, "refused": refused})
            send("end")
        archive.worker.register_filelike(item.id, None if is_link else Member(item))
    if not locked:
        archive.worker.extract(archive.fp, None, parallel=False)
