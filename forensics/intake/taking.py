"""Taking a bundle in: a hashed, read-only copy in the case's evidence, resumable after any interruption."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from forensics.case import Case
from forensics.errors import BundleError
from forensics.intake.containers.base import Container, Entry, no_content
from forensics.intake.containers.folder import open_folder
from forensics.intake.containers.names import decode_utf8, judge, shown
from forensics.intake.problems import MemberRefusedError, Problem
from forensics.progress import Progress, Silent

_MANIFEST = "forensics folder manifest 1"
_CHUNK = 1 << 20


def take_in(case: Case, path: Path | str, *, progress: Progress | None = None) -> str:
    """Copy a bundle into the case's evidence.

    Parameters
    ----------
    case : Case
    path : path
        A zip or tar file, or a folder, which becomes a manifest of its files.
    progress : Progress, optional
        Silent by default.

    Returns
    -------
    str
        SHA-256 of the bundle, or of the folder's manifest. The same bundle twice is one.

    Raises
    ------
    BundleError
        If there is no such file, it is no archive, or case and bundle lie inside one another.
    """
    source = Path(path)
    check_apart(case.folder, source)
    kind = _kind_of(source)
    with case.lock():
        case.note_taking(str(source.absolute()), pending=True)
        return _take(case, source, kind, progress or Silent())


def finish_taking_in(case: Case, *, progress: Progress | None = None) -> list[str]:
    """Take in again what an interrupted copy left unfinished.

    Returns
    -------
    list of str
        SHA-256 of the bundles completed.

    Raises
    ------
    BundleError
        If a source is gone.
    """
    done = []
    for name in case.pending_sources:
        done.append(take_in(case, Path(name), progress=progress))
    return done


def check_apart(case_folder: Path, bundle: Path) -> None:
    """Refuse a case inside the bundle or a bundle inside the case: reading evidence must not change it.

    Raises
    ------
    BundleError
    """
    case, source = case_folder.resolve(), bundle.resolve()
    if source == case or source.is_relative_to(case):
        raise BundleError(f"{bundle} lies inside the case folder.", "Name another folder with --case.")
    if case.is_relative_to(source):
        raise BundleError(
            f"The case folder {case_folder} lies inside the bundle {bundle}.",
            "Name another folder with --case.",
        )


def open_evidence_container(case: Case, bundle: dict[str, str]) -> tuple[Container, BinaryIO]:
    """The container of a bundle taken in, and the file behind it, which the caller closes."""
    from forensics.intake.containers.opening import open_archive
    from forensics.intake.limits import Limits

    file = case.open_evidence(bundle["sha256"])
    if bundle.get("kind") == "folder":
        return Container("folder", _manifest_entries(case, json.load(file)["files"]), []), file
    try:
        return open_archive(file, bundle["name"], Limits()), file
    except BaseException:
        file.close()
        raise


def _kind_of(source: Path) -> str:
    try:
        info = source.stat()
    except OSError as error:
        raise BundleError(f"{source}: {error.strerror}.", "Name a zip or tar file or a folder.") from error
    if stat.S_ISDIR(info.st_mode):
        return "folder"
    if not stat.S_ISREG(info.st_mode):
        raise BundleError(f"{source} is not a regular file.", "Name a zip or tar file or a folder.")
    return "file"


def _take(case: Case, source: Path, kind: str, progress: Progress) -> str:
    for left in sorted((case.folder / "evidence").glob(".taking-*")):
        case.custody.append("interrupted copy removed", file=left.name, size=left.stat().st_size)
        left.unlink()
    case.custody.append("copying begun", source=str(source.absolute()), kind=kind)
    evidence: list[str] = []
    if kind == "folder":
        sha256, size = _copy_folder(case, source, evidence, progress)
    else:
        sha256, size = _copy_file(case, source, progress)
    facts = {"evidence": sorted(set(evidence))} if evidence else {}
    case.custody.append("evidence taken in", name=source.name, kind=kind, sha256=sha256, size=size, **facts)
    case.add_bundle(source.name, sha256, kind=kind)
    case.note_taking(str(source.absolute()), pending=False)
    return sha256


def _copy_file(case: Case, source: Path, progress: Progress) -> tuple[str, int]:
    with source.open("rb") as file:
        before = os.fstat(file.fileno())
        with progress.task(f"copying {shown(source.name)}", before.st_size) as advance:
            sha256, size = case.add_evidence(_Counting(file, advance))  # type: ignore[arg-type]
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        raise BundleError(
            f"{source} changed while it was copied.", "Stop whatever writes to it and try again."
        )
    return sha256, size


def _copy_folder(case: Case, source: Path, evidence: list[str], progress: Progress) -> tuple[str, int]:
    files = []
    container = open_folder(source)
    with progress.task(f"copying {shown(source.name)}", None) as advance:
        for entry in container.entries:
            row: dict[str, object] = {"name_hex": entry.raw_name.hex(), "size": entry.size}
            if entry.file_time is not None:
                row["mtime"] = entry.file_time.isoformat()
            refusal = next((p for p in reversed(entry.problems)), None) if entry.refused else None
            if refusal is None:
                try:
                    row["sha256"], row["size"] = case.add_evidence(_Chunked(entry.chunks()))  # type: ignore[arg-type]
                    evidence.append(str(row["sha256"]))
                except MemberRefusedError as error:
                    refusal = error.problem
            if refusal is not None:
                row["refused"] = [refusal.code, refusal.message]
            files.append(row)
            advance(1)
    problems = [[p.code, p.message, p.remedy] for p in container.problems]
    manifest = {"format": _MANIFEST, "name": source.name, "files": files, "problems": problems}
    return case.add_evidence(
        BytesIO(json.dumps(manifest, ensure_ascii=False, indent=0, sort_keys=True).encode())
    )


def _manifest_entries(case: Case, files: list[dict[str, object]]) -> Iterator[Entry]:
    for position, row in enumerate(files):
        raw = bytes.fromhex(str(row["name_hex"]))
        name, odd = decode_utf8(raw)
        size = row["size"]
        time = datetime.fromisoformat(str(row["mtime"])) if "mtime" in row else None
        entry = Entry(position, name, raw, no_content, int(str(size)), None, time, odd + judge(name))
        if "refused" in row:
            code, message = row["refused"]  # type: ignore[misc]
            entry.problems.append(Problem(str(code), str(message)))
            entry.refused = True
        else:
            entry.chunks = lambda sha256=str(row["sha256"]): _stored(case, sha256)  # type: ignore[misc]
        yield entry


def _stored(case: Case, sha256: str) -> Iterator[bytes]:
    with case.open_evidence(sha256) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


class _Counting:
    def __init__(self, file: BinaryIO, advance: object) -> None:
        self._file, self._advance = file, advance

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._advance(len(chunk))  # type: ignore[operator]
        return chunk


class _Chunked:
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, size: int = -1) -> bytes:
        return next(self._chunks, b"")
