"""Digests of tables and files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def rows_digest(table: Any) -> str:
    """SHA-256 over the rows as canonical JSON: the same for the same rows, whoever wrote the file."""
    digest = hashlib.sha256()
    for batch in table.to_batches(max_chunksize=4096):
        for row in batch.to_pylist():
            digest.update(json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode())
            digest.update(b"\n")
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
