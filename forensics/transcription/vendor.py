"""What the export itself says of a recording: a reading by somebody else, with no evidence of its own."""

from __future__ import annotations

import re

NAME = "vendor"

_UNAVAILABLE = re.compile(
    r"(transcript )?(not available|unavailable)|unknown|audio could not be understood"
    r"|(transkript )?nicht verfügbar|unbekannt",
    re.IGNORECASE,
)
"""What exports write where they have no transcript (CIFT, Amazon's voice history)."""


def vendor_text(text: str | None) -> str | None:
    """The vendor's transcript, or None where the export has none.

    Examples
    --------
    >>> vendor_text("TRANSCRIPT NOT AVAILABLE") is None
    True
    """
    if text is None or not text.strip():
        return None
    stripped = text.strip()
    return None if _UNAVAILABLE.fullmatch(stripped.strip("()[]<>.* ")) else stripped
