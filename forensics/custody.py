"""The chain of custody: an append-only log in which every act holds the hash of the one before.

A changed, removed or reordered act breaks the chain at a place that :func:`verify_chain` names. A torn
last line, left by a process that died while writing, is set aside and recorded, never hidden.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics import __version__

GENESIS = "0" * 64


@dataclass(frozen=True)
class Broken:
    """One place where the chain does not hold.

    Parameters
    ----------
    line : int
        Counted from 1.
    reason : str
    """

    line: int
    reason: str


class CustodyLog:
    """``custody.jsonl`` of one case.

    Parameters
    ----------
    path : pathlib.Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, act: str, details: Mapping[str, Any] | None = None, **facts: Any) -> str:
        """Append one act and return the chain's new head.

        Parameters
        ----------
        act : str
            What was done, e.g. ``"stage finished"``.
        details : mapping, optional
            Further facts.
        **facts
            Facts by keyword, e.g. ``inputs`` and ``outputs`` as mappings from name to SHA-256.

        Returns
        -------
        str
            SHA-256 of the new line's content, the head of the chain.
        """
        torn = self._set_torn_line_aside()
        if torn is not None:
            self._write("torn line recorded", {"bytes_hex": torn.hex()})
        return self._write(act, {**(details or {}), **facts})

    def head(self) -> str:
        """Hash of the last act, or 64 zeros for an empty log."""
        last = GENESIS
        for line in self._lines():
            try:
                last = json.loads(line)["hash"]
            except (ValueError, KeyError):
                break
        return str(last)

    def acts(self) -> list[dict[str, Any]]:
        """All readable acts in order."""
        found = []
        for line in self._lines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def _write(self, act: str, facts: Mapping[str, Any]) -> str:
        body = {
            "seq": sum(1 for _ in self._lines()),
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": f"{_user()}@{platform.node()}",
            "tool": f"forensics {__version__}",
            "act": act,
            **facts,
            "previous": self.head(),
        }
        body["hash"] = act_hash(body)
        line = (json.dumps(body, ensure_ascii=False, sort_keys=True) + "\n").encode()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return str(body["hash"])

    def _lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        return [line for line in self.path.read_bytes().split(b"\n") if line]

    def _set_torn_line_aside(self) -> bytes | None:
        """Cut a last line without line end off the file, so that the chain can go on, and return it."""
        if not self.path.exists():
            return None
        content = self.path.read_bytes()
        if not content or content.endswith(b"\n"):
            return None
        keep, _, torn = content.rpartition(b"\n")
        with self.path.open("r+b") as file:
            file.truncate(len(keep) + 1 if keep else 0)
        return torn


def act_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an act without its own hash."""
    content = {key: value for key, value in body.items() if key != "hash"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def verify_chain(path: Path) -> list[Broken]:
    """Every place where the log at `path` does not hold together.

    Returns
    -------
    list of Broken
        Empty if the chain holds. A cut tail cannot be seen from the log alone: compare the head with one
        written down elsewhere.
    """
    broken = []
    previous = GENESIS
    content = path.read_bytes() if path.exists() else b""
    if content and not content.endswith(b"\n"):
        broken.append(Broken(content.count(b"\n") + 1, "torn line: the writer died here"))
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            body = json.loads(line)
            claimed, stated = body["hash"], body["previous"]
        except (ValueError, KeyError, TypeError):
            broken.append(Broken(number, "not an act"))
            continue
        if act_hash(body) != claimed:
            broken.append(Broken(number, "act changed: its content does not match its hash"))
        if stated != previous:
            broken.append(Broken(number, "act removed, added or moved before this one"))
        previous = claimed
    return broken


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password database, as in some containers
        return f"uid-{os.getuid()}"
