"""Where a member's content goes while it is read: into the case's evidence, or into a file that vanishes."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from forensics.case.case import Case

_IN_MEMORY = 4 << 20


class Writer(Protocol):
    """Receives one member."""

    def write(self, chunk: bytes) -> None:
        """Add a piece."""

    def finish(self, sha256: str) -> None:
        """The content is complete and has this hash."""

    def abandon(self) -> None:
        """Forget what was written."""

    def open(self) -> BinaryIO:
        """The finished content, for reading."""

    def release(self) -> None:
        """Nobody needs the content here any more."""


class Store(Protocol):
    """Gives writers."""

    def writer(self) -> Writer:
        """A writer for one member."""


class EvidenceStore:
    """Keeps members in ``evidence/``, read-only, by hash, each content once.

    Parameters
    ----------
    case : Case

    Attributes
    ----------
    stored : set of str
        Hashes of what this store was given.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.stored: set[str] = set()

    def writer(self) -> Writer:
        """A writer for one member."""
        return _EvidenceWriter(self)


class _EvidenceWriter:
    """Small members stay in memory until their hash says whether they are known."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store
        self._pieces: list[bytes] = []
        self._size = 0
        self._file: io.FileIO | None = None
        self._path: Path | None = None
        self._sha256 = ""

    def write(self, chunk: bytes) -> None:
        if self._file is None:
            self._pieces.append(chunk)
            self._size += len(chunk)
            if self._size > _IN_MEMORY:
                self._spill()
        else:
            self._file.write(chunk)

    def finish(self, sha256: str) -> None:
        self._sha256 = sha256
        known = sha256 in self._store.stored
        target = None if known else self._store.case.evidence_path(sha256)
        if target is None or target.exists():
            self.abandon()
        else:
            self._spill()
            if self._file is not None and self._path is not None:
                os.fchmod(self._file.fileno(), 0o400)
                self._file.close()
                self._path.replace(target)
        self._file = self._path = None
        self._store.stored.add(sha256)

    def abandon(self) -> None:
        self._pieces.clear()
        if self._file is not None and self._path is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)
        self._file = self._path = None

    def open(self) -> BinaryIO:
        return self._store.case.open_evidence(self._sha256)

    def release(self) -> None:
        return None

    def _spill(self) -> None:
        if self._file is None:
            descriptor, name = tempfile.mkstemp(dir=self._store.case.folder / "evidence", prefix=".taking-")
            self._file, self._path = io.FileIO(descriptor, "wb"), Path(name)
            for piece in self._pieces:
                self._file.write(piece)
            self._pieces.clear()


class TemporaryStore:
    """Keeps one member at a time, in memory or in a file without a name."""

    def writer(self) -> Writer:
        """A writer for one member."""
        return _TemporaryWriter()


class _View(io.RawIOBase):
    """Reads a file that belongs to somebody else, from a position of its own; closing it closes nothing."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        self._file.seek(self._at)
        content = self._file.read(len(view))
        view[: len(content)] = content
        self._at += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at}.get(whence)
        self._at = offset + (self._file.seek(0, 2) if base is None else base)
        return self._at

    def tell(self) -> int:
        return self._at

    def fileno(self) -> int:
        return self._file.fileno()


class _TemporaryWriter:
    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed by its reader)

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def finish(self, sha256: str) -> None:
        self._file.seek(0)

    def abandon(self) -> None:
        self._file.close()

    def open(self) -> BinaryIO:
        return cast("BinaryIO", io.BufferedReader(_View(self._file)))

    def release(self) -> None:
        self._file.close()
