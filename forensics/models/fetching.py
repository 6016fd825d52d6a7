"""Fetching weights from their publisher: only when asked for by name, and kept only if the hash fits.

This is the one place of the package that opens a connection to elsewhere. No other module imports it but the
command ``forensics models fetch``; no case is open while it runs, and nothing is sent but the request itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from forensics.errors import ModelError
from forensics.models.catalogue import KNOWN
from forensics.models.weights import import_path, store

PUBLISHED = "https://openaipublic.azureedge.net/main/whisper/models/{sha256}/{name}.pt"
"""Where openai-whisper 20250625 fetches its checkpoints from (``whisper/__init__.py``)."""
_PIECE = 1 << 20
_WAIT_S = 60.0
"""Seconds without a byte after which a connection counts as lost: an assumption."""


@dataclass(frozen=True)
class Offer:
    """What will be fetched.

    Parameters
    ----------
    name, publisher, licence, sha256, url : str
        ``sha256`` is the published one; ``url`` may be a mirror, which the hash makes as good.
    size : int or None
        Bytes, as the server says; None if it does not.
    here : int
        Bytes that an interrupted attempt left.
    """

    name: str
    publisher: str
    licence: str
    sha256: str
    url: str
    size: int | None
    here: int

    @property
    def line(self) -> str:
        """For people, before anything is fetched."""
        size = "of unknown size" if self.size is None else f"{self.size / 1e6:,.0f} MB"
        rest = f"; {self.here / 1e6:,.0f} MB are here from an earlier attempt" if self.here else ""
        host = urlsplit(self.url).hostname
        return f"{self.name}: {size} from {host}, published by {self.publisher} ({self.licence}){rest}"


def fetch(
    name: str,
    *,
    source: str = "",
    told: Callable[[Offer], None] = lambda offer: None,
    advance: Callable[[int], None] = lambda count: None,
) -> dict[str, Any]:
    """Fetch weights into the store, where ``--model`` finds them by name.

    What an interruption leaves is kept, and the next call goes on from there.

    Parameters
    ----------
    name : str
        A key of :data:`forensics.models.catalogue.KNOWN`.
    source : str
        A web address that holds the same file, such as a mirror; the publisher's by default.
    told : callable
        Gets the offer before the first byte is fetched.
    advance : callable
        Gets the number of bytes, as they arrive.

    Returns
    -------
    dict
        ``name``, ``sha256``, ``where``.

    Raises
    ------
    ModelError
        If nothing is known of such weights, they are here already, the connection fails, or what came has
        another hash: then it is deleted.
    """
    known = KNOWN.get(name)
    if known is None or known.checkpoint_sha256 is None:
        names = ", ".join(k.name for k in KNOWN.values() if k.checkpoint_sha256)
        raise ModelError(f"No publisher of '{name}' is known.", f"Known: {names}.")
    if (store() / name).exists():
        raise ModelError(f"{store() / name} exists already.", "Remove it first.")
    url = source or PUBLISHED.format(sha256=known.checkpoint_sha256, name=name)
    if urlsplit(url).scheme not in ("http", "https"):
        raise ModelError(f"{url} is no web address.", "Name one that begins with https://.")
    store().mkdir(parents=True, mode=0o700, exist_ok=True)
    part = store() / f".fetching-{known.checkpoint_sha256}" / f"{name}.pt"
    part.parent.mkdir(mode=0o700, exist_ok=True)
    here = part.stat().st_size if part.is_file() else 0
    with _connected(url, here) as answer:
        begins = here if answer.status == 206 else 0  # 200: the server sends it from the beginning
        length = answer.headers.get("Content-Length")
        size = None if length is None else begins + int(length)
        told(Offer(name, known.origin, known.licence, known.checkpoint_sha256, url, size, begins))
        advance(begins)
        _receive(answer, part, begins, size, advance)
    _require(part, known.checkpoint_sha256, url)
    found = import_path(part, name=name)
    part.unlink()
    part.parent.rmdir()
    return found


@contextmanager
def _connected(url: str, here: int) -> Iterator[HTTPResponse]:
    """The server's answer; of a file that is here in part, the rest."""
    headers = {"User-Agent": "forensics"} | ({"Range": f"bytes={here}-"} if here else {})
    try:
        with urlopen(Request(url, headers=headers), timeout=_WAIT_S) as answer:  # noqa: S310 (checked above)
            yield answer
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
        raise ModelError(
            f"{url} cannot be fetched: {reason}.",
            "Run the command again: it goes on where it stopped. Without a network, fetch the file elsewhere "
            "and run 'forensics models import FILE'.",
        ) from error


def _receive(
    answer: HTTPResponse, part: Path, begins: int, size: int | None, advance: Callable[[int], None]
) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if begins else os.O_TRUNC), 0o600)
    with os.fdopen(descriptor, "ab" if begins else "wb") as file:
        while piece := answer.read(_PIECE):
            file.write(piece)
            advance(len(piece))
    if size is not None and part.stat().st_size < size:
        raise ConnectionError("the connection ended early")


def _require(part: Path, sha256: str, url: str) -> None:
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        part.unlink()
        part.parent.rmdir()
        raise ModelError(
            f"What came from {url} has SHA-256 {found}, published is {sha256}. It was deleted.",
            "Do not use that source; try the publisher's own, or import a copy that you trust.",
        )
