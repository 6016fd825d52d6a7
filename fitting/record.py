"""Writes what a fit gave: one JSON beside the module that reads it, with script, data, seed and date."""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
import importlib.util
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.knowledge.fitted import SUFFIX, Fitted, fitted, parse, read

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FORENSICS_SHARED", ROOT.parent / "shared"))


class MissingDataError(Exception):
    """What a fit is made from is not here; the message names it and where it comes from."""


@dataclass(frozen=True)
class Source:
    """What numbers were made from.

    Parameters
    ----------
    name : str
        A path from the repository's root or from ``shared``, or a package with its version.
    sha256 : str
    """

    name: str
    sha256: str


@dataclass(frozen=True)
class Value:
    """A fitted number, or several under one name.

    Parameters
    ----------
    value : number, str, list or dict
        Of finite numbers and texts.
    unit : str
        What it is, and of what.
    """

    value: Any
    unit: str


@dataclass(frozen=True)
class Run:
    """How a fit is run.

    Parameters
    ----------
    out : pathlib.Path
        The repository, or the folder of a trial; what is written has the same path below it.
    every : int
        Every so many-th piece of the data only: a trial.
    """

    out: Path = ROOT
    every: int = 1


def write(target: str, *, how: Run, **what: Any) -> Path:
    """Write one fit beside its module.

    Parameters
    ----------
    target : str
        The module or table that the values are of, from the repository's root; its suffix is replaced.
    how : Run
    what
        As for :func:`write_to`.
    """
    return write_to(how.out / beside(target), how=how, **what)


def write_to(
    path: Path,
    *,
    script: str,
    data: Sequence[Source],
    seed: int | None,
    values: Mapping[str, Value],
    quality: Mapping[str, Any] | None = None,
    note: str = "",
    how: Run,
) -> Path:
    """Write one fit.

    Parameters
    ----------
    path : pathlib.Path
    script : str
        ``__file__`` of the script.
    data : sequence of Source
    seed : int or None
        None if nothing is drawn.
    values : mapping
    quality : mapping, optional
        Figures on the data of the fit; the benchmarks say how good it is on other data.
    note : str
    how : Run
    """
    content: dict[str, Any] = {
        "script": Path(script).resolve().relative_to(ROOT).as_posix(),
        "data": [{"name": one.name, "sha256": one.sha256} for one in data],
        "seed": seed,
        "date": datetime.now(UTC).date().isoformat(),
        "values": {name: {"unit": v.unit, "value": v.value} for name, v in values.items()},
    }
    if quality:
        content["quality"] = dict(quality)
    if how.every > 1:
        note = f"A trial on every {how.every}th piece of the data. {note}".strip()
    if note:
        content["note"] = note
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    parse(text.encode(), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def write_table(
    path: Path,
    *,
    script: str,
    what: str,
    data: Sequence[Source],
    quality: Mapping[str, Any],
    how: Run,
    seed: int | None = None,
    note: str = "",
) -> Path:
    """Write where a table comes from, with its hash, beside it.

    Parameters
    ----------
    path : pathlib.Path
        The table, already written below ``how.out``.
    script, data, quality, how, seed, note
        As for :func:`write`.
    what : str
        What the table holds.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    values = {path.name: Value(digest, f"SHA-256 of the file: {what}")}
    target = path.relative_to(how.out).as_posix()
    return write(
        target, script=script, data=data, seed=seed, values=values, quality=quality, note=note, how=how
    )


def beside(target: str) -> Path:
    """Where the fit of a module, a table or a folder lies, from the repository's root."""
    path = Path(target)
    return path.with_name(path.name.split(".")[0] + SUFFIX)


def shared(path: str, *, what: str) -> Path:
    """A file or folder of ``shared``.

    Raises
    ------
    MissingDataError
        If it is not there.
    """
    found = SHARED / path
    if not found.exists():
        raise MissingDataError(
            f"{found} is missing: {what}. It lies beside the repository, or where $FORENSICS_SHARED says."
        )
    return found


def file(path: Path) -> Source:
    """A file of the repository or of ``shared``."""
    for root, prefix in ((ROOT, ""), (SHARED.resolve(), "shared/")):
        if path.resolve().is_relative_to(root):
            name = prefix + path.resolve().relative_to(root).as_posix()
            return Source(name, hashlib.sha256(path.read_bytes()).hexdigest())
    return Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def table_files(table: Path, column: str) -> Source:
    """The files that a table of ``shared`` lists, and the table itself, as one source."""
    content = table.read_bytes()
    digest = hashlib.sha256(content)
    for row in csv.DictReader(io.StringIO(content.decode("utf-8"))):
        digest.update((table.parent / row[column]).read_bytes())
    return Source(
        f"shared/{table.relative_to(SHARED).as_posix()} and the files that it lists", digest.hexdigest()
    )


def rows(name: str, found: Iterable[Any]) -> Source:
    """Anything that JSON can hold, such as what was heard in clips."""
    digest = hashlib.sha256()
    for one in found:
        digest.update(json.dumps(one, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return Source(name, digest.hexdigest())


def fit_of(module: str) -> Source:
    """The values of an earlier fit that this one rests on; its date is no part of them."""
    return _values_of(fitted(module))


def pipeline(language: str) -> Source:
    """The shipped pipeline of a language that a fit rests on."""
    return _values_of(read("forensics.language", f"models/{language}{SUFFIX}"))


def _values_of(fit: Fitted) -> Source:
    return Source(f"values of {fit.name}", fit.digest)


def package(distribution: str, module: str, paths: Sequence[str]) -> Source:
    """Files inside an installed package.

    Raises
    ------
    MissingDataError
        If it is not installed.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise MissingDataError(f"The package {distribution} is missing: see constraints.txt.")
    digest = hashlib.sha256()
    for path in paths:
        digest.update((Path(spec.origin).parent / path).read_bytes())
    version = importlib.metadata.version(distribution)
    return Source(f"{distribution} {version}: {', '.join(paths)}", digest.hexdigest())
