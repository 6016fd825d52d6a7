"""Sealing a case for others: a time-stamp request for its head, and a BagIt bag of the whole.

A time stamp proves that the head existed by a date, not that it is true. The request is a file: it is carried
to a time-stamp authority by hand, since nothing here reaches a network.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.case.verification import verify_case
from forensics.errors import CaseError, CustodyError

if TYPE_CHECKING:
    from forensics.case.case import Case

_SHA256_OID = bytes.fromhex("0609608648016503040201")  # 2.16.840.1.101.3.4.2.1, RFC 8017 appendix B.1


def timestamp_request(digest_hex: str, *, nonce: int | None = None) -> bytes:
    """A ``TimeStampReq`` in DER, RFC 3161 section 2.4.1, asking for the authority's certificate.

    Parameters
    ----------
    digest_hex : str
        The head of the custody log: the SHA-256 to be stamped.
    nonce : int, optional
        Ties the answer to this request; 64 random bits by default.
    """
    chosen = int.from_bytes(os.urandom(8), "big") if nonce is None else nonce
    algorithm = _der(0x30, _SHA256_OID + _der(0x05, b""))
    imprint = _der(0x30, algorithm + _der(0x04, bytes.fromhex(digest_hex)))
    return _der(0x30, _integer(1) + imprint + _integer(chosen) + _der(0x01, b"\xff"))


def write_timestamp_request(case: Case, target: Path) -> None:
    """Write the request for the log's head, as ``openssl ts`` and every authority read it."""
    target.write_bytes(timestamp_request(case.custody.head()))


def export_bag(case: Case, target: Path) -> None:
    """Copy the case as a BagIt bag, RFC 8493, with SHA-256 manifests.

    Parameters
    ----------
    case : Case
        Verified first.
    target : pathlib.Path
        A new folder, outside the case.

    Raises
    ------
    CustodyError
        If the case does not verify: a bag would lend it an order that it has not.
    CaseError
        If the target exists or lies inside the case.
    """
    import bagit

    if target.exists() or target.resolve().is_relative_to(case.folder.resolve()):
        raise CaseError(f"{target} exists or lies inside the case.", "Name a new folder elsewhere.")
    if problems := verify_case(case).problems:
        raise CustodyError(f"The case does not verify: {problems[0]}", "Run 'forensics verify' on it.")
    with case.lock():
        target.mkdir(mode=0o700, parents=True)
        for source in sorted(case.folder.iterdir()):
            if source.name == "work" or source.name.startswith("."):
                continue
            if source.is_dir():
                shutil.copytree(source, target / source.name, ignore=shutil.ignore_patterns(".*"))
            else:
                shutil.copy2(source, target / source.name)
        state = case.state
        info = {
            "External-Identifier": state["id"],
            "External-Description": "Case folder of the incident-forensics toolkit",
            "Custody-Head": case.custody.head(),
            "Bagging-Date": state["created_at"][:10],
        }
        bagit.make_bag(str(target), info, checksums=["sha256"])
        for path in target.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        case.custody.append("bag exported", target=str(target), head=info["Custody-Head"])


def _der(tag: int, content: bytes) -> bytes:
    """Tag, length, content; lengths up to 65,535 (X.690 section 8.1.3)."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    long = size.to_bytes(2 if size > 255 else 1, "big")
    return bytes([tag, 0x80 | len(long)]) + long + content


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))
