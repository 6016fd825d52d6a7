"""What a language model answers about homes written by hand, window by window, kept as it is known."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fitting.material.written_homes import Home
from forensics.models.gguf import reader_sha256
from forensics.profile.reader.model import SETTINGS, LocalModel
from forensics.profile.reader.stage import INSTRUCTIONS, Task, read, tasks_of


@dataclass(frozen=True)
class Read:
    """What was read of one home.

    Parameters
    ----------
    rows : list of dict
        Of the table ``reader``.
    seconds, cpu_seconds : float
        That the answers took, loading left out: by the clock, and of one processor.
    peak_mb : float
        The most memory of the process that read it.
    utterances : int
        Lines in the windows that were read; the same line once.
    windows : int
        Windows that were read.
    """

    rows: list[dict[str, Any]]
    seconds: float
    cpu_seconds: float
    peak_mb: float
    utterances: int
    windows: int


def read_homes(
    homes: Iterable[Home], path: Path, form: str, folder: Path, *, most: int = 0, tell: Callable[[str], None]
) -> dict[str, Read]:
    """The answers about each home, from `folder` where they are known.

    Parameters
    ----------
    homes : iterable of Home
    path : Path
        The model.
    form : {'questions', 'statements'}
    folder : Path
        Keeps one file for each window.
    most : int
        Windows of a home that are read at most; 0 for all.
    tell : callable
        Is told of each home that is done.
    """
    model: LocalModel | None = None
    sha256, found = reader_sha256(path), {}
    folder.mkdir(parents=True, exist_ok=True)
    for home in homes:
        parts = []
        tasks = list(tasks_of(home.evidence, form))
        for task in tasks[: most or None]:
            known = folder / f"{home.name}-{_key(sha256, task)}.json"
            if not known.exists():
                if model is None:
                    model = LocalModel(path, INSTRUCTIONS[form])
                started, used = time.perf_counter(), time.process_time()
                rows = read(model, task)
                made = {"rows": rows, "seconds": time.perf_counter() - started}
                made |= {"cpu_seconds": time.process_time() - used, "peak_mb": peak_mb()}
                known.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
            parts.append(json.loads(known.read_text("utf-8")))
        lines = {u.utterance_id for task in tasks[: most or None] for u in task.window.utterances}
        found[home.name] = Read(
            [row for part in parts for row in part["rows"]],
            sum(part["seconds"] for part in parts),
            sum(part["cpu_seconds"] for part in parts),
            max((part.get("peak_mb", 0.0) for part in parts), default=0.0),
            len(lines),
            len(parts),
        )
        tell(f"{home.name}: {len(parts)} windows, {found[home.name].seconds:.0f} s")
    return found


def peak_mb() -> float:
    """The most memory that this process has had, in MB."""
    scale = 1 << 20 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def _key(sha256: str, task: Task) -> str:
    of = [sha256, INSTRUCTIONS[task.form], repr(SETTINGS), task.key]
    return hashlib.sha256(json.dumps(of, sort_keys=True, default=str).encode()).hexdigest()[:16]
