"""A part of ENISA's score with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Three = tuple[float, float, float]
"""Lower, middle and upper end."""


class Why(NamedTuple):
    """One reason as a code with its figures, for reports to put into words of their language."""

    code: str
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Scored:
    """A part of the score at its lower, middle and upper end, and why: in English, and as codes."""

    values: Three
    reason: str
    why: tuple[Why, ...] = ()
