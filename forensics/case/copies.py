"""A copy of a case to try something on: the case itself stays as it is."""

from __future__ import annotations

import shutil
from typing import TypeVar

from forensics.case.case import Case

Kind = TypeVar("Kind", bound=Case)
_LEFT_OUT = ("evidence", "work", "reports", "notebooks", ".lock")


def working_copy(case: Kind, name: str) -> Kind:
    """Tables, decisions and log of a case in a folder below its ``work/``, where stages may run.

    Without the evidence: what reads tables runs there, what reads sound does not. The next copy of the same
    name takes its place.

    Parameters
    ----------
    case : Case
        Locked while it is copied.
    name : str
        What it is for; goes into the custody logs of both.
    """
    target = case.folder / "work" / "copies" / name
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with case.lock():
        case.custody.append("working copy made", name=name)
        shutil.copytree(case.folder, target, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for folder in ("evidence", "work", "reports"):
        (target / folder).mkdir(mode=0o700)
    target.chmod(0o700)
    return type(case)(target)
