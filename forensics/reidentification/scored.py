"""A part of ENISA's score with its reason."""

from __future__ import annotations

from dataclasses import dataclass

Three = tuple[float, float, float]
"""Lower, middle and upper end."""


@dataclass(frozen=True)
class Scored:
    """A part of the score at its lower, middle and upper end, and why."""

    values: Three
    reason: str
