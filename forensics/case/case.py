"""The case folder: evidence, tables, custody, decisions. The only thing that rooms share.

Layout::

    case.json            id, versions, options, stage keys, incident facts
    evidence/<sha256>    read-only copies of what was taken in
    custody.jsonl        every act, hash-chained
    tables/*.parquet     one table per file, checked against its schema on every read
    review.jsonl         the analyst's decisions, applied on top
    work/*.sqlite        rows of stages under way; kept, so that nothing is computed twice
    reports/

Folders are created with mode 0700 and files with 0600: the people in the recordings are victims.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Self

from forensics.case.custody import CustodyLog
from forensics.case.digests import file_sha256
from forensics.case.folder import FOLDERS, clear_half_made, state_bytes
from forensics.case.incident import checked
from forensics.case.options import Options
from forensics.case.rows import Row, records
from forensics.case.version import VERSION
from forensics.errors import CaseError, CaseLockedError, CustodyError

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 2
_CHUNK = 1 << 20


class Case:
    """One investigation in one folder.

    Use :meth:`create` or :meth:`open`; the constructor checks nothing.

    Parameters
    ----------
    folder : pathlib.Path
        With ``case.json`` in it.

    Examples
    --------
    >>> case = Case.open("build/demo")  # doctest: +SKIP
    >>> case.frame("claims")  # doctest: +SKIP
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.custody = CustodyLog(folder / "custody.jsonl")

    @classmethod
    def create(cls, folder: str | Path, *, options: Options | None = None, purpose: str = "") -> Self:
        """A new case folder, or the existing one with `options` in force.

        Raises
        ------
        CaseError
            If `folder` holds something that is not a case.
        """
        path = Path(folder)
        if (path / "case.json").exists():
            case = cls.open(path)
            if options is not None and options != case.options:
                case._update({"options": options.to_dict()})
                case.custody.append("options changed", options=options.to_dict())
            return case
        clear_half_made(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CaseError(
                f"{path} exists and is not a case folder.", "Name an empty or new folder with --case."
            )
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        case = cls(path)
        for name in sorted(FOLDERS):
            (path / name).mkdir(mode=0o700)
        chosen = options or Options()
        state = {
            "format": FORMAT,
            "id": str(uuid.uuid4()),
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "purpose": purpose,
            "version": VERSION,
            "options": chosen.to_dict(),
            "bundles": [],
            "incident": {},
            "stages": {},
        }
        facts = {name: state[name] for name in ("purpose", "options", "created_at", "format")}
        case.custody.append("case created", facts, case_id=state["id"])
        case._write_state(state)  # last: a folder without it was never a case
        return case

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """The case in `folder`.

        Raises
        ------
        CaseError
            If there is none, or it was written by another format version.
        """
        path = Path(folder)
        if not (path / "case.json").is_file():
            raise CaseError(
                f"{path} is not a case folder: it has no case.json.", "Run 'forensics investigate' first."
            )
        case = cls(path)
        if case.state.get("format") != FORMAT:
            raise CaseError(
                f"{path} was written in case format {case.state.get('format')}, this version reads {FORMAT}.",
                "Read it with the forensics version that case.json names, or investigate the bundle anew "
                "into an empty folder: the tables of the two formats mean different things.",
            )
        return case

    # -- state ---------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        """The content of ``case.json``, read afresh."""
        try:
            loaded: dict[str, Any] = json.loads((self.folder / "case.json").read_text("utf-8"))
        except ValueError as error:
            raise CaseError(
                f"{self.folder / 'case.json'} is not JSON: {error}.", "Restore it from a backup."
            ) from error
        return loaded

    @property
    def options(self) -> Options:
        """The options in force."""
        return Options().updated(self.state["options"])

    @property
    def incident(self) -> dict[str, str]:
        """Facts of the incident that no audio can tell; what is missing is unknown."""
        return dict(self.state["incident"])

    def set_incident(self, facts: Mapping[str, str]) -> None:
        """Record facts of the incident; an empty value makes a fact unknown again.

        Raises
        ------
        ForensicsError
            If a fact is none of :data:`forensics.case.incident.KEYS`, or cannot have that value.
        """
        given = checked(facts)
        merged = {k: v for k, v in {**self.incident, **given}.items() if v}
        self._update({"incident": merged})
        self.custody.append("incident facts set", facts=given)

    def add_bundle(self, name: str, sha256: str, *, kind: str = "file") -> None:
        """Note that the bundle `name` was taken in: a ``file``, or the manifest of a ``folder``."""
        bundles = self.state["bundles"]
        if all(b["sha256"] != sha256 for b in bundles):  # the same bundle twice is one
            self._update({"bundles": [*bundles, {"name": name, "sha256": sha256, "kind": kind}]})

    def note_unlocking(self) -> None:
        """Note that passwords were given: members that were closed are read again. They are not kept."""
        bundles = [{**b, "unlocked": int(b.get("unlocked", 0)) + 1} for b in self.state["bundles"]]
        self._update({"bundles": bundles})
        self.custody.append("passwords given")

    @property
    def pending_sources(self) -> list[str]:
        """Paths of bundles whose copying began and neither ended nor was given up, from the custody log."""
        pending: dict[str, None] = {}
        for act in self.custody.acts():
            if act.get("act") == "copying begun":
                pending[str(act["source"])] = None
            elif act.get("act") in ("evidence taken in", "copying given up"):
                pending.pop(str(act.get("source")), None)
        return list(pending)

    def stage_record(self, stage: str) -> dict[str, Any]:
        """What is known of the last finished run of `stage`; empty if it never finished."""
        return dict(self.state["stages"].get(stage, {}))

    def record_stage(self, stage: str, record: Mapping[str, Any]) -> None:
        """Remember a finished run."""
        self._update({"stages": {**self.state["stages"], stage: dict(record)}})

    def _update(self, changes: Mapping[str, Any]) -> None:
        self._write_state({**self.state, **changes})

    def _write_state(self, state: Mapping[str, Any]) -> None:
        self.write_private("case.json", state_bytes(state))

    # -- files ---------------------------------------------------------------------------------

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the case's one lock.

        Raises
        ------
        CaseError
            If another process holds it.
        """
        import filelock

        lock = filelock.FileLock(self.folder / ".lock", timeout=0, mode=0o600)
        try:
            with lock:
                yield
        except filelock.Timeout as error:
            raise CaseLockedError(
                f"Another process works on {self.folder}.", "Wait for it, or stop it."
            ) from error

    def write_private(self, relative: str | Path, content: bytes) -> Path:
        """Write a file of the case whole or not at all, readable by its owner only."""
        target = self.folder / relative
        with self._writing(target) as file:
            file.write(content)
        return target

    @contextmanager
    def _writing(self, target: Path) -> Iterator[IO[bytes]]:
        """A file that takes the place of `target` when it is complete."""
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        Path(name).replace(target)

    def add_evidence(self, source: BinaryIO) -> tuple[str, int]:
        """Copy a stream into ``evidence/``, hashing while copying.

        Parameters
        ----------
        source : binary file
            Read to its end, never held in memory as a whole.

        Returns
        -------
        sha256 : str
        size : int
            Bytes.
        """
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(dir=self.folder / "evidence", prefix=".taking-")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
            temporary.chmod(0o400)
            temporary.replace(self.evidence_path(digest.hexdigest()))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return digest.hexdigest(), size

    def evidence_path(self, sha256: str) -> Path:
        """Where the copy with this hash lies."""
        return self.folder.joinpath("evidence", sha256)

    def open_evidence(self, sha256: str) -> BinaryIO:
        """The evidence copy, open for reading.

        Raises
        ------
        CustodyError
            If it is gone.
        """
        try:
            return self.evidence_path(sha256).open("rb")
        except FileNotFoundError as error:
            raise CustodyError(
                f"Evidence {sha256} is missing from {self.folder}.", "Restore it, then verify."
            ) from error

    # -- tables --------------------------------------------------------------------------------

    def table_path(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / "tables" / f"{name}.parquet"

    def has_table(self, name: str) -> bool:
        """Whether the table was written."""
        return self.table_path(name).is_file()

    @property
    def table_names(self) -> list[str]:
        """The tables written so far, in the order of the stages."""
        from forensics.case.schemas import TABLES

        return [name for name in TABLES if self.has_table(name)]

    def frame(self, name: str, *, reviewed: bool = True) -> pd.DataFrame:
        """A table, checked against its schema.

        Parameters
        ----------
        name : str
            One of :data:`forensics.case.schemas.TABLES`.
        reviewed : bool, default True
            Apply the analyst's decisions on top.

        Raises
        ------
        TableError
            Naming the column that breaks the schema.
        CaseError
            If there is no such table (yet).
        """
        import pyarrow.parquet as pq

        from forensics.case.schemas import TABLES
        from forensics.case.tables import note_checked, was_checked

        if name not in TABLES:
            raise CaseError(f"There is no table '{name}'.", f"Tables: {', '.join(TABLES)}.")
        if not self.has_table(name):
            raise CaseError(
                f"{self.folder} has no table '{name}' yet.", "Run 'forensics resume' on the case."
            )
        path = self.table_path(name)
        frame = TABLES[name].to_pandas(pq.read_table(path), checked=was_checked(path))
        note_checked(path)
        if reviewed:
            frame = self.review.apply(name, frame)
        return frame

    def rows(self, name: str, *, reviewed: bool = True, missing_ok: bool = False) -> list[Row]:
        """A table's rows as plain Python values: None where a value is missing, lists for nested columns.

        Parameters
        ----------
        name, reviewed
            As for :meth:`frame`, which says what is raised.
        missing_ok : bool, default False
            No rows, instead of an error, where the table was not written yet.
        """
        from forensics.case.schemas import TABLES

        if missing_ok and name in TABLES and not self.has_table(name):
            return []
        return records(self.frame(name, reviewed=reviewed))

    def write_table(self, name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Write a table from rows, checked first.

        Returns
        -------
        dict
            ``sha256`` of the file, ``rows_sha256`` of the rows, and the number of ``rows``.
        """
        from forensics.case.schemas import TABLES
        from forensics.case.tables import note_checked

        path = self.table_path(name)
        with self._writing(path) as file:
            rows_sha256, count = TABLES[name].write(rows, file)
        note_checked(path)
        return {"sha256": file_sha256(path), "rows_sha256": rows_sha256, "rows": count}

    @cached_property
    def review(self) -> Review:
        """The analyst's decisions."""
        from forensics.case.review import Review

        return Review(self.folder, self.custody, lambda name: self.frame(name, reviewed=False))

    # -- trust ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Case({str(self.folder)!r}: {', '.join(self.table_names) or 'no tables yet'})"


if TYPE_CHECKING:
    from forensics.case.review import Review
