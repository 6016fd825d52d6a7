"""Indexes a register once: names by number, places on the map, friends as a graph; arrays on disk, mapped.

The index lies where the case or ``--out`` says, in ``<register>.index-<first 16 digits of its SHA-256>/``,
never beside the register: that folder is somebody else's. It holds no more than the register does, is
readable by its owner only, and is built anew when the register's content or the index's format changes.
Profiles are streamed, so that ten million take no more memory than their numbers do.
"""

from __future__ import annotations

import glob
import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from forensics.case.digests import file_sha256
from forensics.corridor.progress import Progress, Silent
from forensics.errors import TableError
from forensics.linkage.building import MISSING, Builder
from forensics.linkage.register_file import batches

FORMAT = 4
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Register:
    """An indexed register.

    Parameters
    ----------
    folder : pathlib.Path
        Where the index lies.
    facts : dict
        ``sha256``, ``profiles``, and counts of what was left out or is odd.
    """

    folder: Path
    facts: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Of the register's file."""
        return str(self.facts["sha256"])

    def __len__(self) -> int:
        return int(self.facts["profiles"])

    def array(self, name: str) -> npt.NDArray[Any]:
        """An array of the index, mapped into memory.

        Parameters
        ----------
        name : str
            E.g. ``first``: the number of each profile's first name, -1 where it shows none.
        """
        found: npt.NDArray[Any] = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return found

    def words(self, table: str) -> list[str]:
        """The distinct words of a table by number."""
        loaded: list[str] = json.loads((self.folder / f"{table}.json").read_text("utf-8"))
        return loaded

    def keys(self, table: str) -> list[list[str]]:
        """Folded form, Cologne code and English key of each name of a table."""
        loaded: list[list[str]] = json.loads((self.folder / f"{table}_keys.json").read_text("utf-8"))
        return loaded

    @cached_property
    def counts(self) -> dict[str, Longs]:
        """How many profiles show each first name, and each surname."""
        return {
            name: np.bincount(np.asarray(self.array(name)) + 1, minlength=len(self.words(name)) + 1)[1:]
            for name in ("first", "surname")
        }

    def profile_ids(self, rows: list[int]) -> list[str]:
        """The register's own ids of some profiles."""
        with pa.memory_map(str(self.folder / "ids.arrow")) as source:
            ids = pa.ipc.open_file(source)
            found, start = {}, 0
            wanted = sorted(set(rows))
            for number in range(ids.num_record_batches):
                batch = ids.get_batch(number)
                for row in [r for r in wanted if start <= r < start + batch.num_rows]:
                    found[row] = batch.column(0)[row - start].as_py()
                start += batch.num_rows
        return [found[row] for row in rows]

    def names(self, rows: list[int]) -> list[str]:
        """Full names of some profiles, to be shown for a stated purpose only."""
        tables = {name: self.words(name) for name in ("first", "surname")}
        arrays = {name: self.array(name) for name in tables}
        return [
            " ".join(tables[n][arrays[n][row]] for n in ("first", "surname") if arrays[n][row] != MISSING)
            for row in rows
        ]


def open_register(path: str | Path, folder: Path, *, progress: Progress | None = None) -> Register:
    """The index of a register, built if there is none yet.

    Parameters
    ----------
    path : path
        The register.
    folder : pathlib.Path
        Where indexes lie: made if it is not there. Several cases may share one.

    Raises
    ------
    TableError
        If the register cannot be read, or the folder cannot be written.
    """
    file = Path(path)
    if not file.is_file():
        raise TableError(f"{file} is not a file.", "Name the register with --register FILE.")
    sha256 = register_sha256(file, folder)
    found = _folder(folder, file, sha256)
    if (found / "facts.json").is_file():
        facts = json.loads((found / "facts.json").read_text("utf-8"))
        if facts.get("format") == FORMAT and facts.get("sha256") == sha256:
            return Register(found, facts)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _build(file, sha256, found, progress or Silent())
    except PermissionError as error:
        raise TableError(
            f"The index of {file} cannot be written to {folder}.", "Name another folder with --out."
        ) from error


_KNOWN: dict[tuple[int, ...], str] = {}
"""SHA-256 of the registers that this process has read."""


def register_sha256(file: Path, folder: Path | None = None) -> str:
    """The register's SHA-256, computed once: by this process, or by who made the index in `folder`."""
    signature = _signature(file)
    if signature not in _KNOWN:
        _KNOWN[signature] = _noted(file, folder, signature) or file_sha256(file)
    return _KNOWN[signature]


def _noted(file: Path, folder: Path | None, signature: tuple[int, ...]) -> str | None:
    for path in folder.glob(f"{glob.escape(file.name)}.index-*/facts.json") if folder else ():
        try:
            known = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if known.get("signature") == list(signature):
            return str(known["sha256"])
    return None


def _signature(file: Path) -> tuple[int, ...]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _folder(place: Path, file: Path, sha256: str) -> Path:
    return place / f"{file.name}.index-{sha256[:16]}"


def _build(file: Path, sha256: str, folder: Path, progress: Progress) -> Register:
    """Build into a folder of its own, and rename: an index is whole or absent."""
    building = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))  # mode 0700
    try:
        builder = Builder(building)
        with progress.task("indexing the register", None) as advance:
            for batch in batches(file, builder.skipped):
                builder.add(batch)
                advance(batch.num_rows)
        facts = {
            "format": FORMAT,
            "sha256": sha256,
            "signature": _signature(file),
            **builder.finish(),
        }
        (building / "facts.json").write_text(json.dumps(facts), "utf-8")
        for written in building.iterdir():
            written.chmod(0o600)
        if folder.exists():
            shutil.rmtree(folder)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return Register(folder, facts)
