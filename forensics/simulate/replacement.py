"""One thing that a script names, and what stands for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """One thing that a script names, and what stands for it.

    Parameters
    ----------
    old, new : str
        As they are written.
    kind : {'first', 'last', 'place', 'employer', 'school', 'street'}
        What of the person the text is.
    """

    old: str
    new: str
    kind: str
