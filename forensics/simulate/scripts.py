"""Households written by hand: the format of their scripts, and reading them.

A script is a JSON object: ``household``, ``lang``, ``country``, ``people`` (``id``, ``role``, ``first_name``,
``surname``, ``relation``), ``home`` (``place``, ``district``, ``street``), ``profile``, ``truth``
(``attribute``, ``subject_role``, ``value``, ``evidence``: numbers of recordings), ``traps``, ``author`` and
``recordings`` (``at``, ``device``, ``speaker``, ``text``: what was said, ``vendor_text``: what was understood
or null, ``intended``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.errors import ForensicsError

_NEEDED = ("household", "lang", "country", "people", "home", "truth", "recordings")
_REMEDY = "Write it as forensics/simulate/scripts.py says, or leave the file out."


@dataclass(frozen=True)
class Line:
    """One utterance of a script.

    Parameters
    ----------
    at : datetime
        The household's own clock, given as UTC.
    device : str
        As the household calls it.
    text : str
        What was said.
    heard : str or None
        What the vendor understood; None where it understood nothing.
    """

    at: datetime
    device: str
    text: str
    heard: str | None
    speaker: str
    intended: bool


@dataclass(frozen=True)
class Script:
    """One household as its author wrote it.

    Parameters
    ----------
    language : {'de', 'en'}
        In which everybody in the household speaks.
    country : str
        ISO 3166 code.
    people, truth : sequence of mapping
        As in the file; `evidence` counts the lines from 0.
    home, profile : mapping
        As in the file.
    author : str
        Who wrote it; empty if the file does not say.
    """

    name: str
    language: str
    country: str
    people: Sequence[Mapping[str, Any]]
    home: Mapping[str, Any]
    truth: Sequence[Mapping[str, Any]]
    lines: Sequence[Line]
    profile: Mapping[str, Any] = field(default_factory=dict)
    traps: Sequence[Mapping[str, Any]] = ()
    author: str = ""

    @property
    def says_surname(self) -> bool:
        """Whether a recording says the subject's own surname."""
        return any(t["attribute"] == "surname" and t["subject_role"] == "subject" for t in self.truth)


def read_scripts(folder: Path) -> Iterator[Script]:
    """The scripts of a folder, in the order of their names.

    Raises
    ------
    ForensicsError
        Naming the file that is no script, or the folder that holds none.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise ForensicsError(f"{folder} holds no scripts.", "Name a folder of .json files with --scripts.")
    for path in paths:
        yield read_script(path)


def read_script(path: Path) -> Script:
    """One script.

    Raises
    ------
    ForensicsError
        Naming what the file lacks.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
        missing = [name for name in _NEEDED if name not in raw]
        if missing:
            raise ForensicsError(f"{path} lacks '{missing[0]}'.", _REMEDY)
        lines = [
            Line(
                datetime.fromisoformat(row["at"]).replace(tzinfo=UTC),
                str(row["device"]),
                str(row["text"]),
                row["vendor_text"],
                str(row.get("speaker", "")),
                bool(row.get("intended", True)),
            )
            for row in raw["recordings"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ForensicsError(f"{path} is no script: {error!r}.", _REMEDY) from error
    return Script(
        name=str(raw["household"]),
        language=_language(str(raw["lang"]), str(raw["country"])),
        country=str(raw["country"]),
        people=raw["people"],
        home=raw["home"],
        truth=raw["truth"],
        lines=lines,
        profile=raw.get("profile") or {},
        traps=raw.get("traps") or (),
        author=str(raw.get("author") or ""),
    )


def _language(stated: str, country: str) -> str:
    """The language whose names and towns are drawn: as stated, or the country's where two are spoken."""
    if stated in ("de", "en"):
        return stated
    return "de" if country in ("DE", "AT", "CH") else "en"
