"""Does a case still hold? Acts, evidence, tables, decisions and state against the custody log.

The log is the only witness: ``case.json`` and the files are compared with what it says, never with each
other. What it cannot tell is said, too.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.custody import SIGNED_HEAD, verify_chain
from forensics.case.digests import digest
from forensics.case.folder import FOLDERS, state_bytes
from forensics.case.signing import signature_holds
from forensics.errors import CustodyError

if TYPE_CHECKING:
    from forensics.case.case import Case

_EXPECTED = {"case.json", "custody.jsonl", "review.jsonl", SIGNED_HEAD, ".lock"}
_FOLDERS = FOLDERS | {"notebooks"}


@dataclass(frozen=True)
class Verification:
    """What a check of a case found.

    Parameters
    ----------
    problems : list of str
        What does not hold, naming the act or the file.
    unknown : list of str
        What this check could not know.
    head : str
        The log's head.
    acts, files : int
        How many were checked.
    """

    problems: list[str]
    unknown: list[str]
    head: str
    acts: int
    files: int


def verify_case(case: Case, *, head: str | None = None, public_key: str | None = None) -> Verification:
    """Check a case.

    Parameters
    ----------
    case : Case
        Only read, never changed.
    head : str, optional
        A head written down elsewhere: 64 hexadecimal digits, or the path of a signed head.
    public_key : str, optional
        The signer's public key in hexadecimal, from :func:`forensics.case.signing.load_public_key`.

    Raises
    ------
    CustodyError
        If `head` is neither a hash nor a signed head.
    """
    acts = case.custody.acts()
    problems = [
        f"custody.jsonl line {b.line}: {b.reason}"
        for b in verify_chain(case.custody.path, public_key=public_key)
    ]
    signed = any("signature" in act for act in acts)
    unknown: list[str] = []
    problems += _heads(case, acts, head, public_key, signed, unknown)
    present = {p.name for p in (case.folder / "evidence").iterdir() if not p.name.startswith(".taking-")}
    problems += _evidence(case, acts, present)
    problems += _tables(case, acts)
    problems += _reports(case, acts)
    problems += _decisions(case, acts)
    problems += _state(case, acts)
    problems += _strangers(case)
    unknown.append("work/ and notebooks/ are not checked: rows under way, and the analyst's own pages.")
    return Verification(problems, unknown, case.custody.head(), len(acts), len(present))


def _heads(
    case: Case,
    acts: list[dict[str, Any]],
    head: str | None,
    public_key: str | None,
    signed: bool,
    unknown: list[str],
) -> Iterator[str]:
    hashes = [str(act.get("hash")) for act in acts]
    own = case.folder / SIGNED_HEAD
    if head is not None:
        wanted = _head_of(head, public_key)
        if wanted not in hashes:
            last = f"after act {acts[-1].get('seq')}" if acts else "entirely"
            yield f"custody.jsonl: the head {wanted} is not in the log: its tail was cut {last}, or rewritten"
        elif hashes[-1] != wanted:
            unknown.append(
                f"{len(hashes) - 1 - hashes.index(wanted)} acts follow the head given; that they are genuine "
                "rests on the log itself."
            )
    if own.exists():
        try:
            kept = _head_of(str(own), public_key)
            if kept not in hashes:
                yield f"custody.jsonl: the signed head in {SIGNED_HEAD} is not in the log: its tail was cut"
        except CustodyError as error:
            yield f"{SIGNED_HEAD}: {error.message}"
    elif signed:
        yield f"{SIGNED_HEAD}: missing, although acts are signed"
    if head is None:
        beside = " but the signed head beside it, which can be put back with it" if signed else ""
        unknown.append(f"No head was given with --head: nothing{beside} could show a cut tail.")
    if not signed:
        unknown.append("The log is not signed: one who can rewrite all of it can make another that holds.")
    elif public_key is None:
        bare = sum("signature" not in act for act in acts)
        if bare:
            unknown.append(f"{bare} of {len(acts)} acts are not signed.")
        unknown.append("No public key was given: the signatures were checked with the key in the log itself.")


def _head_of(head: str, public_key: str | None) -> str:
    """The hash in `head`, which is one or the path of a signed head."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", head):
        return head.lower()
    remedy = "Give 64 hexadecimal digits, or the path of a signed head."
    try:
        content = json.loads(Path(head).read_text("utf-8"))
        digest, key, signature = content["hash"], content["key"], content["signature"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CustodyError(f"{head} is no head: {type(error).__name__}.", remedy) from error
    if public_key is not None and key != public_key:
        raise CustodyError(f"{head} is signed with another key.", remedy)
    if not signature_holds(str(key), str(digest), str(signature)):
        raise CustodyError(f"{head}: its signature does not hold.", remedy)
    return str(digest)


def _evidence(case: Case, acts: list[dict[str, Any]], present: set[str]) -> Iterator[str]:
    from forensics.case.digests import file_sha256

    known: set[str] = set()
    for act in acts:
        if act.get("act") == "evidence taken in":
            known.add(str(act["sha256"]))
        known |= {str(h) for h in act.get("evidence", [])}
        if "evidence_list" in act:
            name = str(act["evidence_list"])
            known.add(name)
            path = case.evidence_path(name) if re.fullmatch(r"[0-9a-f]{64}", name) else None
            if path is not None and path.is_file():
                known |= set(path.read_text("ascii", "replace").split())
    yield from (f"evidence/{name}: missing" for name in sorted(known - present))
    yield from (f"evidence/{name}: not in the custody log" for name in sorted(present - known))
    for name in sorted(present):
        path = case.folder / "evidence" / name
        if path.is_symlink() or not path.is_file():
            yield f"evidence/{name}: not a regular file"
        elif file_sha256(path) != name:
            yield f"evidence/{name}: content changed"


def _tables(case: Case, acts: list[dict[str, Any]]) -> Iterator[str]:
    from forensics.case.digests import file_sha256

    written: dict[str, tuple[str, str]] = {}
    running: set[str] = set()
    for act in acts:
        stage = str(act.get("stage"))
        if act.get("act") == "stage started":
            running.add(stage)
        elif act.get("act") == "stage finished":
            running.discard(stage)
            written |= {str(t): (str(h), stage) for t, h in dict(act.get("outputs", {})).items()}
    for table, (sha256, stage) in sorted(written.items()):
        path = case.table_path(table)
        if not path.is_file():
            yield f"tables/{table}.parquet: missing (written by {stage})"
        elif stage not in running and file_sha256(path) != sha256:
            yield f"tables/{table}.parquet: content changed since {stage} wrote it"
    for path in sorted((case.folder / "tables").iterdir()):
        if path.stem not in written and not path.name.startswith(".writing-") and not running:
            yield f"tables/{path.name}: not in the custody log"


def _reports(case: Case, acts: list[dict[str, Any]]) -> Iterator[str]:
    """Reports that lie in the case; those written elsewhere are out of reach."""
    from forensics.case.digests import file_sha256

    written: dict[str, set[str]] = {}
    for act in acts:
        if act.get("act") == "report written":
            written.setdefault(str(act.get("name")), set()).add(str(act.get("sha256")))
    for name, hashes in sorted(written.items()):  # one of that name may also have been written elsewhere
        path = case.folder / "reports" / name
        if "/" not in name and path.is_file() and file_sha256(path) not in hashes:
            yield f"reports/{name}: content changed since it was written"


def _decisions(case: Case, acts: list[dict[str, Any]]) -> Iterator[str]:
    path = case.folder / "review.jsonl"
    logged = [str(a["line_sha256"]) for a in acts if a.get("act") == "decision" and "line_sha256" in a]
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    found = [hashlib.sha256(line).hexdigest() for line in lines]
    yield from (
        f"review.jsonl line {n}: changed or not in the custody log"
        for n, digest in enumerate(found, start=1)
        if digest not in logged
    )
    missing = [n for n, digest in enumerate(logged, start=1) if digest not in found]
    yield from (f"review.jsonl: decision {n} of the custody log is missing" for n in missing)
    if not missing and [d for d in found if d in logged] != logged:
        yield "review.jsonl: decisions stand in another order than in the custody log"


def _state(case: Case, acts: list[dict[str, Any]]) -> Iterator[str]:
    """``case.json``, key by key, against the acts that set it."""
    state = case.state
    created = next((a for a in acts if a.get("act") == "case created"), None)
    if created is None:
        yield "custody.jsonl: no act says that the case was created"
        return
    if (case.folder / "case.json").read_bytes() != state_bytes(state):
        yield "case.json: bytes changed, it is not written as it should be"
    bundles: dict[str, dict[str, Any]] = {}
    facts: dict[str, Any] = {}
    for act in acts:
        if act.get("act") == "evidence taken in":
            entry = {"name": act.get("name"), "sha256": act.get("sha256"), "kind": act.get("kind")}
            bundles.setdefault(str(act.get("sha256")), entry)
        elif act.get("act") == "passwords given":
            bundles = {k: {**b, "unlocked": b.get("unlocked", 0) + 1} for k, b in bundles.items()}
        elif act.get("act") == "incident facts set":
            facts = {k: v for k, v in {**facts, **act.get("facts", {})}.items() if v}
    expected = {
        "format": created.get("format"), "id": created.get("case_id"),
        "created_at": created.get("created_at"),
        "purpose": created.get("purpose"), "version": str(created.get("tool")).removeprefix("forensics "),
        "options": next(a["options"] for a in reversed(acts) if "options" in a),
        "bundles": list(bundles.values()), "incident": facts,
    }  # fmt: skip
    # an act is written before the state: the last one may be ahead of it after a kill
    for name, value in expected.items():
        if state.get(name) != value and not _ahead(name, acts[-1]):
            yield f"case.json: '{name}' is not what the custody log says"
    for name in sorted(state.keys() - expected.keys() - {"stages"}):
        yield f"case.json: '{name}' is set by no act"
    yield from _stages(state, acts)


def _ahead(name: str, last: dict[str, Any]) -> bool:
    sets = {"bundles": ("evidence taken in", "passwords given"), "incident": ("incident facts set",),
            "options": ("options changed",)}  # fmt: skip
    return last.get("act") in sets.get(name, ())


def _stages(state: dict[str, Any], acts: list[dict[str, Any]]) -> Iterator[str]:
    finished = {str(a["stage"]): a for a in acts if a.get("act") == "stage finished" and "record" in a}
    recorded = state.get("stages", {})
    for stage, act in sorted(finished.items()):
        if stage not in recorded:
            if act is not acts[-1]:
                yield f"case.json: stage '{stage}' of the custody log is missing"
        elif digest(recorded[stage]) != act["record"] and act is not acts[-1]:
            yield f"case.json: the record of stage '{stage}' is not that of the custody log"
    for stage in sorted(recorded.keys() - finished.keys()):
        yield f"case.json: stage '{stage}' is not in the custody log"


def _strangers(case: Case) -> Iterator[str]:
    """Files that no command of ours puts there."""
    for path in sorted(case.folder.iterdir()):
        expected = _FOLDERS if path.is_dir() and not path.is_symlink() else _EXPECTED
        if path.name not in expected and not path.name.startswith(".writing-"):
            yield f"{path.name}: not part of a case"
