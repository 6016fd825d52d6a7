"""What a case folder consists of when it is made, and how a half-made one is cleared away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDERS = frozenset({"evidence", "tables", "work", "reports"})


def state_bytes(state: Mapping[str, Any]) -> bytes:
    """The one way to write ``case.json``."""
    return (json.dumps(state, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def remove_unused(folder: Path) -> None:
    """Remove a case that was made for a bundle which then was refused: it holds nothing that was taken in."""
    shutil.rmtree(folder)


def clear_half_made(folder: Path) -> None:
    """Remove what a process left that died while making a case: empty folders and at most one act."""
    if not folder.is_dir() or (folder / "case.json").exists():
        return
    entries = list(folder.iterdir())
    empty = {e.name for e in entries if e.is_dir() and not e.is_symlink() and not any(e.iterdir())}
    files = {e.name for e in entries if e.is_file() and not e.is_symlink()}
    ours = {n for n in files if n.startswith(".writing-")} | ({"custody.jsonl", "custody.head.json"} & files)
    log = folder / "custody.jsonl"
    short = not log.exists() or log.read_bytes().count(b"\n") <= 1
    known = empty | ours == {entry.name for entry in entries} and ours == files
    if "evidence" in empty and empty <= FOLDERS and known and short:
        for name in ours:
            (folder / name).unlink()
        for name in empty:
            (folder / name).rmdir()
