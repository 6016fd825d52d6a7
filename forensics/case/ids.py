"""Ids that derive from content, so that they survive a re-run and never depend on order."""

from __future__ import annotations

from typing import Any

from forensics.case.digests import digest

_LENGTH = 16  # 64 bits: for a million rows a collision has probability 3e-8 (birthday bound)


def make_id(prefix: str, *parts: Any) -> str:
    """An id from `parts`.

    Parameters
    ----------
    prefix : str
        What kind of thing it is, e.g. ``"rec"``.
    *parts
        All that makes the thing what it is, as JSON can hold it.

    Examples
    --------
    >>> make_id("rec", "devices-1", "ab12")
    'rec-97ee1f5e5b136a29'
    """
    return f"{prefix}-{digest(list(parts))[:_LENGTH]}"
