"""Bundles that were taken in, opened again from the case's evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from forensics.case.case import Case
from forensics.errors import CustodyError
from forensics.intake.containers.base import Container, Entry, no_content
from forensics.intake.containers.names import decode_utf8, judge
from forensics.intake.containers.opening import open_archive
from forensics.intake.limits import Limits
from forensics.intake.office import office_kind
from forensics.intake.problems import Problem
from forensics.intake.taking import MANIFEST

_CHUNK = 1 << 18


@contextmanager
def open_evidence_container(
    case: Case,
    bundle: Mapping[str, str],
    limits: Limits,
    *,
    passwords: Sequence[bytes] = (),
) -> Iterator[Container]:
    """The container of a bundle taken in.

    Parameters
    ----------
    case : Case
    bundle : mapping
        Its entry in ``case.json``.
    limits : Limits
    passwords : sequence of bytes

    Raises
    ------
    CustodyError
        If the evidence is gone, or a folder's manifest is none.
    MemberRefusedError
        If the bundle cannot be read at all.
    """
    with case.open_evidence(bundle["sha256"]) as file:
        if bundle.get("kind") == "folder":
            manifest = json.load(file)
            if manifest.get("format") != MANIFEST:
                raise CustodyError(f"Evidence {bundle['sha256']} is no folder manifest.", "Verify the case.")
            problems = [Problem(*row) for row in manifest["problems"]]
            yield Container("folder", _entries(case, manifest["files"]), problems)
        else:
            if office_kind(file) is not None:
                name = bundle["name"]
                content = partial(_content, case, bundle["sha256"])
                entry = Entry(0, name, name.encode("utf-8", "surrogateescape"), content)
                yield Container("file", iter([entry]), [])
            else:
                yield open_archive(file, bundle["name"], limits, passwords=passwords)


def _entries(case: Case, files: list[dict[str, Any]]) -> Iterator[Entry]:
    for position, row in enumerate(files):
        raw = bytes.fromhex(row["name_hex"])
        name, odd = decode_utf8(raw)
        entry = Entry(position, name, raw, no_content, row["size"], problems=odd + judge(name))
        if "mtime" in row:
            entry.file_time = datetime.fromisoformat(row["mtime"])
        if "refused" in row:
            entry.refuse(Problem(*row["refused"]))
        else:
            entry.chunks = lambda sha256=row["sha256"]: _content(case, sha256)  # type: ignore[misc]
        yield entry


def _content(case: Case, sha256: str) -> Iterator[bytes]:
    with case.open_evidence(sha256) as file:
        while chunk := file.read(_CHUNK):
            yield chunk
