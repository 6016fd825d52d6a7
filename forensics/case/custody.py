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
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.case.signing import current_signer, signature_holds
from forensics.case.version import VERSION

GENESIS = "0" * 64
_UNHASHED = ("hash", "signature")
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Broken:
    """One place where the chain does not hold.

    Parameters
    ----------
    line : int
        Counted from 1.
    reason : str
        Names the act.
    """

    line: int
    reason: str


class CustodyLog:
    """``custody.jsonl`` of one case.

    Parameters
    ----------
    path : pathlib.Path
        Need not exist yet.
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
            SHA-256 of the new line's content, the head of the chain. Inside a
            :func:`forensics.case.signing.signing` block it is signed.
        """
        torn = self._set_torn_line_aside()
        if torn is not None:
            self._write("torn line recorded", {"bytes_hex": torn.hex()})
        return self._write(act, {**(details or {}), **facts})

    def head(self) -> str:
        """Hash of the last act, or 64 zeros for an empty log."""
        return str(self._last().get("hash", GENESIS))

    def acts(self) -> list[dict[str, Any]]:
        """All readable acts in order."""
        found = []
        for line in _lines(self.path):
            try:
                act = json.loads(line)
            except ValueError:
                continue
            if isinstance(act, dict):
                found.append(act)
        return found

    def _write(self, act: str, facts: Mapping[str, Any]) -> str:
        last = self._last()
        body = {
            "seq": int(last.get("seq", -1)) + 1,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": f"{_user()}@{platform.node()}",
            "tool": f"forensics {VERSION}",
            "act": act,
            **facts,
            "previous": str(last.get("hash", GENESIS)),
        }
        signer = current_signer()
        if signer is not None:
            body["key"] = signer.public_hex
        body["hash"] = act_hash(body)
        if signer is not None:
            body["signature"] = signer.sign(body["hash"])
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            line = canonical(body) + b"\n"
            while line:
                line = line[os.write(descriptor, line) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if signer is not None:
            _write_signed_head(self.path.parent, body)
        return str(body["hash"])

    def _last(self) -> dict[str, Any]:
        """The last readable act; only the end of the file is read."""
        if not self.path.exists():
            return {}
        with self.path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            tail = b""
            while end > 0:
                start = max(0, end - max(_BLOCK, len(tail)))
                file.seek(start)
                tail = file.read(end - start) + tail
                end = start
                lines = tail.split(b"\n")
                for line in reversed(lines if start == 0 else lines[1:]):
                    try:
                        act = json.loads(line)
                    except ValueError:
                        continue
                    if isinstance(act, dict) and "hash" in act:
                        return act
        return {}

    def _set_torn_line_aside(self) -> bytes | None:
        """Cut a last line without line end off the file, so that the chain can go on, and return it."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return None
            file.seek(-1, os.SEEK_END)
            if file.read(1) == b"\n":
                return None
        keep, _, torn = self.path.read_bytes().rpartition(b"\n")
        with self.path.open("r+b") as file:
            file.truncate(len(keep) + 1 if keep else 0)
        return torn


SIGNED_HEAD = "custody.head.json"


def _write_signed_head(folder: Path, act: Mapping[str, Any]) -> None:
    """Keep the head's signature beside the log; a copy of this file elsewhere reveals a cut tail.

    It is written after the act: a writer that dies between the two leaves an older head, which still holds.
    """
    content = {name: act[name] for name in ("seq", "at", "hash", "key", "signature")}
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".writing-")
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(content, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(folder / SIGNED_HEAD)


def canonical(body: Mapping[str, Any]) -> bytes:
    """The one way to write an act: any other bytes are a change."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def act_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an act without its own hash and signature."""
    content = {key: value for key, value in body.items() if key not in _UNHASHED}
    return hashlib.sha256(canonical(content)).hexdigest()


def verify_chain(path: Path, *, public_key: str | None = None) -> list[Broken]:
    """Every place where the log at `path` does not hold together.

    Parameters
    ----------
    path : pathlib.Path
        A ``custody.jsonl``, of a case or carried away from one.
    public_key : str, optional
        The key that must have signed every act. By default the key that the log names first is taken, and
        acts without a signature pass.

    Returns
    -------
    list of Broken
        Empty if the chain holds. A cut tail cannot be seen from the log alone: compare the head with one
        written down elsewhere.
    """
    broken: list[Broken] = []
    acts: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(_lines(path), start=1):
        act = _act(line)
        if act is None:
            broken.append(Broken(number, "not an act"))
            continue
        if canonical(act) != line:
            broken.append(Broken(number, f"{_name(act)}: bytes changed, it is not written as acts are"))
        if act_hash(act) != act["hash"]:
            broken.append(Broken(number, f"{_name(act)} changed: its content does not match its hash"))
        acts.append((number, act))
    broken += _order(acts)
    broken += _signatures(acts, public_key)
    if path.exists() and not _ends_with_line(path):
        broken.append(Broken(sum(1 for _ in _lines(path)) + 1, "torn line: the writer died here"))
    return sorted(broken, key=lambda b: b.line)


def _order(acts: list[tuple[int, dict[str, Any]]]) -> Iterator[Broken]:
    """What was removed, added, moved or replaced, from the numbers and the links."""
    numbers = [act["seq"] for _, act in acts]
    seen: Counter[int] = Counter()
    known = set(numbers)
    previous, expected = GENESIS, 0
    for line, act in acts:
        number = act["seq"]
        linked = act["previous"] == previous
        if seen[number]:
            yield Broken(line, f"{_name(act)} added: there is another act with this number before it")
        elif number > expected:
            missing = [n for n in range(expected, min(number, expected + 1000)) if n not in known]
            if missing:
                span = f"act {missing[0]}" if len(missing) == 1 else f"acts {missing[0]} to {missing[-1]}"
                yield Broken(line, f"{span} removed before {_name(act)}")
            else:
                yield Broken(line, f"{_name(act)} moved: it stands where act {expected} should be")
        elif number < expected:
            yield Broken(line, f"{_name(act)} moved: it stands where act {expected} should be")
        elif not linked:
            text = f"{_name(act)} does not follow from the act before it: act {number - 1} was replaced"
            yield Broken(line, text if number else f"{_name(act)} is not the log's first act")
        seen[number] += 1
        previous, expected = act["hash"], number + 1


def _signatures(acts: list[tuple[int, dict[str, Any]]], public_key: str | None) -> Iterator[Broken]:
    key = public_key
    for line, act in acts:
        if "signature" not in act and "key" not in act:
            if public_key is not None:
                yield Broken(line, f"{_name(act)} is not signed")
            continue
        key = key or str(act.get("key"))
        if act.get("key") != key:
            yield Broken(line, f"{_name(act)} is signed with another key")
        elif not signature_holds(key, act["hash"], str(act.get("signature", ""))):
            yield Broken(line, f"{_name(act)}: its signature does not hold")


def _act(line: bytes) -> dict[str, Any] | None:
    try:
        act = json.loads(line)
    except (ValueError, RecursionError):
        return None
    wanted = {"seq": int, "hash": str, "previous": str, "act": str}
    if not isinstance(act, dict) or any(not isinstance(act.get(k), t) for k, t in wanted.items()):
        return None
    return act


def _name(act: Mapping[str, Any]) -> str:
    return f"act {act['seq']} ('{str(act['act'])[:60]}')"


def _lines(path: Path) -> Iterator[bytes]:
    """Whole lines, without their ends."""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield line[:-1]


def _ends_with_line(path: Path) -> bool:
    content = path.read_bytes()
    return not content or content.endswith(b"\n")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password database, as in some containers
        return f"uid-{os.getuid()}"
