"""Fitted numbers: read from what a script of ``fitting/`` wrote, never pasted into a module.

Beside a module ``accidental.py`` whose numbers come from data lies ``accidental.fit.json``, beside a shipped
table or model the same under its name. Such a file has five keys, and may have two more:

``script``
    The script that wrote it, from the repository's root; ``make fits`` runs it.
``data``
    What the numbers were made from: ``name`` and ``sha256`` of each source.
``seed``
    Of everything that is drawn, or null if nothing is.
``date``
    Day of the fit, ISO 8601.
``values``
    By name, ``value`` (a number, a list of them, or an object) and ``unit``, which says what it is.
``quality``, ``note``
    Figures of the fit on its own data; what a reader has to know.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from forensics.errors import ModelError

SUFFIX = ".fit.json"
_KEYS = {"script", "data", "seed", "date", "values"}
_MORE = {"quality", "note"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fitted:
    """The numbers of one fit, and where they come from.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    script : str
        From the repository's root.
    data : tuple of (str, str)
        Name and SHA-256 of each source.
    seed : int or None
        None where nothing is drawn.
    date : datetime.date
        Of the fit.
    values : mapping
        By name, ``value`` and ``unit``.
    """

    name: str
    script: str
    data: tuple[tuple[str, str], ...]
    seed: int | None
    date: date
    values: Mapping[str, Mapping[str, Any]]

    @property
    def digest(self) -> str:
        """SHA-256 of the values alone: the same numbers from a later run are no other result."""
        numbers = {name: entry["value"] for name, entry in self.values.items()}
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()

    def value(self, name: str) -> Any:
        """A value as it stands in the file.

        Raises
        ------
        ModelError
            If there is none of that name.
        """
        if name not in self.values:
            raise _refused(self.name, f"has no '{name}'")
        return self.values[name]["value"]

    def number(self, name: str) -> float:
        """One number.

        Raises
        ------
        ModelError
            If it is none.
        """
        found = self.value(name)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise _refused(self.name, f"holds something else than a number as '{name}'")
        return float(found)

    def numbers(self, name: str, keys: Sequence[str]) -> tuple[float, ...]:
        """The numbers of an object, in the order of `keys`.

        Raises
        ------
        ModelError
            If the object has other keys: it was fitted on other features.
        """
        found = self.value(name)
        if not isinstance(found, dict) or set(found) != set(keys):
            raise _refused(self.name, f"was fitted on other features: '{name}'")
        return tuple(float(found[key]) for key in keys)


@cache
def fitted(module: str) -> Fitted:
    """The fit of a module, from the file beside it.

    Parameters
    ----------
    module : str
        Its ``__name__``, such as ``forensics.language.accidental``.

    Raises
    ------
    ModelError
        If the file is missing or not what it should be.
    """
    package, _, stem = module.rpartition(".")
    return read(package, stem + SUFFIX)


def read(package: str, path: str) -> Fitted:
    """The fit in a file of a package.

    Parameters
    ----------
    package : str
        That holds the file, such as ``forensics.language``.
    path : str
        Below the package, such as ``models/de.fit.json``.

    Raises
    ------
    ModelError
        If the file is missing or not what it should be.
    """
    name = f"{package.replace('.', '/')}/{path}"
    file = files(package) / path
    if not file.is_file():
        raise _refused(name, "is missing")
    return parse(file.read_bytes(), name)


def parse(content: bytes, name: str) -> Fitted:
    """Check a fit and take it as a record.

    Parameters
    ----------
    content : bytes
        Of a ``*.fit.json``.
    name : str
        For messages.

    Raises
    ------
    ModelError
        If a key is missing or unknown, a hash or the date is none, or a number is not finite.
    """
    try:
        found = json.loads(content)
    except ValueError as error:
        raise _refused(name, "is no JSON") from error
    if not isinstance(found, dict) or not _KEYS <= set(found) <= _KEYS | _MORE:
        raise _refused(name, f"needs the keys {', '.join(sorted(_KEYS))} and no others")
    if not isinstance(found["script"], str) or not _is_seed(found["seed"]):
        raise _refused(name, "has no script or no seed")
    return Fitted(
        name,
        found["script"],
        _sources(found["data"], name),
        found["seed"],
        _day(found["date"], name),
        _values(found["values"], name),
    )


def _sources(found: Any, name: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, list) or not found:
        raise _refused(name, "names no data")
    for one in found:
        named = isinstance(one, dict) and set(one) == {"name", "sha256"} and isinstance(one["name"], str)
        if not named or not _SHA256.fullmatch(str(one["sha256"])):
            raise _refused(name, "names data without a SHA-256")
    return tuple((one["name"], one["sha256"]) for one in found)


def _values(found: Any, name: str) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(found, dict) or not found:
        raise _refused(name, "holds no values")
    for key, entry in found.items():
        if not isinstance(entry, dict) or set(entry) != {"unit", "value"} or not entry["unit"]:
            raise _refused(name, f"says not in which unit '{key}' is")
        if not _is_finite(entry["value"]):
            raise _refused(name, f"holds no finite number as '{key}'")
    return found


def _day(found: Any, name: str) -> date:
    try:
        return date.fromisoformat(found)
    except (TypeError, ValueError) as error:
        raise _refused(name, "has no date") from error


def _is_seed(found: Any) -> bool:
    return found is None or (isinstance(found, int) and not isinstance(found, bool))


def _is_finite(found: Any) -> bool:
    if isinstance(found, dict):
        return all(map(_is_finite, found.values()))
    if isinstance(found, list):
        return all(map(_is_finite, found))
    return isinstance(found, str | int) or (isinstance(found, float) and math.isfinite(found))


def _refused(name: str, why: str) -> ModelError:
    return ModelError(
        f"{name} {why}.", "Install the package anew, or make the fit again: see docs/fitting.md."
    )
