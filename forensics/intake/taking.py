"""Taking a bundle in: a hashed, read-only copy in the case's evidence, resumable after any interruption."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from forensics.case.case import Case
from forensics.corridor.progress import Progress, Silent
from forensics.errors import BundleError
from forensics.intake.containers.folder import open_folder
from forensics.intake.containers.opening import is_archive
from forensics.intake.problems import MemberRefusedError
from forensics.knowledge.vocabulary import masked_path

MANIFEST = "forensics folder manifest 1"
_NO_ARCHIVE = {"empty": "it is empty", "html": "it is a web page", "text": "it is text"}
_REMEDY = "Name a zip, 7z or tar file, or a folder."


def take_in(case: Case, path: Path | str, *, progress: Progress | None = None) -> str:
    """Copy a bundle into the case's evidence.

    Parameters
    ----------
    case : Case
    path : path
        A zip, 7z or tar file, or a folder, which becomes a manifest of its files.
    progress : Progress, optional
        Silent by default.

    Returns
    -------
    str
        SHA-256 of the bundle, or of the folder's manifest. The same bundle twice is one.

    Raises
    ------
    BundleError
        If there is no such file, or case and bundle lie inside one another.
    """
    source = Path(path)
    check_apart(case.folder, source)
    kind = kind_of(source)
    with case.lock():
        clear_interrupted_copies(case)
        case.custody.append("copying begun", source=str(source.absolute()), kind=kind)
        try:
            return _take(case, source, kind, progress or Silent())
        except Exception as error:
            reason = type(error).__name__
            case.custody.append("copying given up", source=str(source.absolute()), reason=reason)
            raise


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
    return [take_in(case, Path(name), progress=progress) for name in case.pending_sources]


def check_apart(case_folder: Path, bundle: Path) -> None:
    """Refuse a case inside the bundle or a bundle inside the case: reading evidence must not change it.

    Raises
    ------
    BundleError
    """
    case, source = case_folder.resolve(), bundle.resolve()
    remedy = "Name another folder with --case."
    if source.is_relative_to(case):
        raise BundleError(f"{bundle} lies inside the case folder.", remedy)
    if case.is_relative_to(source):
        raise BundleError(f"The case folder {case_folder} lies inside the bundle {bundle}.", remedy)


def kind_of(source: Path) -> str:
    """``'folder'`` or ``'file'``.

    Raises
    ------
    BundleError
        If it is neither, is empty, or cannot be an archive: a web page saved under the archive's name.
    """
    try:
        info = source.stat()
        if stat.S_ISDIR(info.st_mode):
            return "folder"
        if not stat.S_ISREG(info.st_mode):
            raise BundleError(f"{masked_path(source.name)} is not a regular file.", _REMEDY)
        with source.open("rb") as file:
            found = is_archive(file)
    except OSError as error:
        raise BundleError(f"{masked_path(source.name)}: {error.strerror}.", _REMEDY) from error
    if found is not None:
        what = _NO_ARCHIVE.get(found, f"its first bytes say '{found}'")
        raise BundleError(
            f"{masked_path(source.name)} is not an archive: {what}.",
            "Download it again if it should be one (a link that has expired gives a sign-in page), or put it "
            "into a folder and take that in.",
        )
    return "file"


def _take(case: Case, source: Path, kind: str, progress: Progress) -> str:
    facts: dict[str, object] = {"name": source.name, "kind": kind, "source": str(source.absolute())}
    if kind == "folder":
        sha256, size, evidence = _copy_folder(case, source, progress)
        facts["evidence"] = evidence
    else:
        sha256, size = _copy_file(case, source, progress)
    case.custody.append("evidence taken in", {**facts, "sha256": sha256, "size": size})
    case.add_bundle(source.name, sha256, kind=kind)
    return sha256


def clear_interrupted_copies(case: Case) -> None:
    """Remove what a killed process left half written, on the record."""
    for left in sorted((case.folder / "evidence").glob(".taking-*")):
        case.custody.append("interrupted copy removed", file=left.name, size=left.stat().st_size)
        left.unlink()


def _copy_file(case: Case, source: Path, progress: Progress) -> tuple[str, int]:
    with source.open("rb") as file:
        before = os.fstat(file.fileno())
        with progress.task("copying the bundle", before.st_size) as advance:
            sha256, size = case.add_evidence(_stream(iter(lambda: file.read(1 << 20), b""), advance))
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        remedy = "Stop whatever writes to it and try again."
        raise BundleError(f"{source} changed while it was copied.", remedy)
    return sha256, size


def _copy_folder(case: Case, source: Path, progress: Progress) -> tuple[str, int, list[str]]:
    files: list[dict[str, object]] = []
    evidence: set[str] = set()
    container = open_folder(source)
    with progress.task("copying the bundle", None) as advance:
        for entry in container.entries:
            row: dict[str, object] = {"name_hex": entry.raw_name.hex(), "size": entry.size}
            if entry.file_time is not None:
                row["mtime"] = entry.file_time.isoformat()
            refusal = entry.problems[-1] if entry.refused else None
            if refusal is None:
                try:
                    sha256, size = case.add_evidence(_stream(entry.chunks(), advance))
                    row["sha256"], row["size"] = sha256, size
                    evidence.add(sha256)
                except MemberRefusedError as error:
                    refusal = error.problem
            if refusal is not None:
                row["refused"] = [refusal.code, refusal.message]
            files.append(row)
    problems = [[p.code, p.message, p.remedy] for p in container.problems]
    manifest = {"format": MANIFEST, "name": source.name, "files": files, "problems": problems}
    content = json.dumps(manifest, ensure_ascii=False, indent=0, sort_keys=True).encode()
    sha256, size = case.add_evidence(BytesIO(content))
    return sha256, size, sorted(evidence)


class _Chunked(RawIOBase):
    """Chunks as a file that is read in pieces of any size."""

    def __init__(self, chunks: Iterator[bytes], advance: Callable[[int], None]) -> None:
        self._chunks, self._advance = chunks, advance

    def read(self, size: int = -1) -> bytes:
        chunk = next(self._chunks, b"")
        self._advance(len(chunk))
        return chunk


def _stream(chunks: Iterator[bytes], advance: Callable[[int], None]) -> BinaryIO:
    return cast("BinaryIO", _Chunked(chunks, advance))
