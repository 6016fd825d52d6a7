"""Comparing voices needs a stated purpose, and the custody log says that it was asked for."""

from __future__ import annotations

from pathlib import Path

from forensics.case.case import Case
from forensics.errors import ConsentError

ACT = "biometric processing asked for"


def record(case: Case, purpose: str) -> None:
    """Note in the custody log that voices are compared in this case, and why."""
    case.custody.append(ACT, purpose=purpose.strip(), what="speaker embeddings of every recording")


def require(case: Case) -> None:
    """Raise unless the custody log of `case` says that comparing voices was asked for.

    Raises
    ------
    ConsentError
        If nobody asked.
    """
    if not any(act.get("act") == ACT for act in case.custody.acts()):
        raise ConsentError(
            "Voices are compared for a stated purpose only: it is biometric processing (Article 9 GDPR).",
            "Say why with --purpose, or leave --voices out; the purpose goes into the custody log.",
        )


def check(folder: Path, purpose: str) -> None:
    """Raise unless there is a purpose, or a case in `folder` whose log names one.

    Raises
    ------
    ConsentError
        Before anything is written.
    """
    if not purpose.strip():
        require(Case(folder))
