"""What a leaked voice-assistant bundle reveals, and how easily its subject can be re-identified.

The public interface is what ``__all__`` lists. Everything is imported on first use: ``import forensics``
loads neither torch nor spaCy, librosa or pandas.

Examples
--------
>>> import forensics
>>> case = forensics.investigate("bundle.zip", case="cases/1")  # doctest: +SKIP
>>> case.frame("claims")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from forensics.case.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from forensics.api import Case, investigate, resume
    from forensics.case.options import Options
    from forensics.errors import (
        AudioError,
        BundleError,
        CaseError,
        ConsentError,
        CustodyError,
        ForensicsError,
        ModelError,
        TableError,
    )
    from forensics.intake import open_bundle

_WHERE = {
    "investigate": "forensics.api",
    "resume": "forensics.api",
    "open_bundle": "forensics.intake",
    "Case": "forensics.api",
    "Options": "forensics.case.options",
    "AudioError": "forensics.errors",
    "BundleError": "forensics.errors",
    "CaseError": "forensics.errors",
    "ConsentError": "forensics.errors",
    "CustodyError": "forensics.errors",
    "ForensicsError": "forensics.errors",
    "ModelError": "forensics.errors",
    "TableError": "forensics.errors",
}

__all__ = [  # noqa: RUF022 (by importance)
    "investigate",
    "resume",
    "open_bundle",
    "Case",
    "Options",
    "ForensicsError",
    "AudioError",
    "BundleError",
    "CaseError",
    "ConsentError",
    "CustodyError",
    "ModelError",
    "TableError",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'forensics' has no attribute {name!r}")
    value = getattr(importlib.import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
