"""The organisation and the logo at the head of a document."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import ForensicsError

LARGEST = 1_000_000
"""Bytes of a logo: an assumption, since it stands in every report."""
_BEGINS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


class LogoError(ForensicsError):
    """The logo begins like a picture and is none."""

    def __init__(self) -> None:
        super().__init__("The logo cannot be read.", "Save it anew as PNG or JPEG.")


@dataclass(frozen=True)
class Letterhead:
    """Who writes a document.

    Parameters
    ----------
    organisation : str
        Empty if none is named.
    logo : bytes
        A PNG or JPEG picture; empty if there is none.
    """

    organisation: str = ""
    logo: bytes = b""

    @property
    def kind(self) -> str:
        """``png`` or ``jpg``."""
        return next((kind for start, kind in _BEGINS.items() if self.logo.startswith(start)), "")

    @property
    def address(self) -> str:
        """The logo as a ``data:`` address; empty if there is none."""
        if not self.logo:
            return ""
        kind = {"jpg": "jpeg"}.get(self.kind, self.kind)
        return f"data:image/{kind};base64,{base64.b64encode(self.logo).decode()}"


def letterhead(organisation: str | None = None, logo: str | Path | None = None) -> Letterhead:
    """Read what stands at the head of a document.

    Parameters
    ----------
    logo : path, optional
        A PNG or JPEG file.

    Raises
    ------
    ForensicsError
        If the logo is no such picture, or too large.
    """
    if logo is None:
        return Letterhead(organisation or "")
    content = Path(logo).read_bytes()
    made = Letterhead(organisation or "", content)
    if not made.kind:
        raise ForensicsError(f"{logo} is no PNG or JPEG picture.", "Convert the logo to one of them.")
    if len(content) > LARGEST:
        raise ForensicsError(f"{logo} has more than {LARGEST / 1e6:g} MB.", "Make the logo smaller.")
    return made
