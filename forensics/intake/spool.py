"""A list that does not stay in memory: items go to a file without a name, and come back in order."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Generic, TypeVar

Item = TypeVar("Item")
_BATCH = 5000


class Spool(Generic[Item]):
    """Append-only; may be iterated over several times.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where the file is made. It has no name, so nobody but this process can write the pickles in it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._waiting: list[Item] = []
        self._file: IO[bytes] | None = None
        self._batches = 0
        self._count = 0

    def append(self, item: Item) -> None:
        """Add one item."""
        self._waiting.append(item)
        self._count += 1
        if len(self._waiting) >= _BATCH:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 (lives as long as the spool)
            self._file.seek(0, 2)
            pickle.dump(self._waiting, self._file, protocol=5)
            self._batches += 1
            self._waiting = []

    def extend(self, items: Iterable[Item]) -> None:
        """Add several items."""
        for item in items:
            self.append(item)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Item]:
        at = 0
        for _ in range(self._batches):
            if self._file is not None:
                self._file.seek(at)
                batch: list[Item] = pickle.load(self._file)  # noqa: S301 (see the class)
                at = self._file.tell()
                yield from batch
        yield from list(self._waiting)
