"""Findings and notes: what intake says about a bundle, before it is known whose data it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One deviation (finding) or piece of ordinary variety (note).

    Parameters
    ----------
    code : str
        Stable, for scripts.
    message : str
        What is the case, with figures.
    remedy : str
        What somebody can do about it.
    level : {'finding', 'note'}
    """

    code: str
    message: str
    remedy: str = "None needed: the member is kept as it is."
    level: Literal["finding", "note"] = "finding"


class MemberRefusedError(Exception):
    """A member whose content cannot or must not be read; carries the finding.

    Parameters
    ----------
    problem : Problem
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
