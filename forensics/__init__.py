"""What a leaked voice-assistant bundle reveals, and how easily its subject can be re-identified.

The public interface is what ``__all__`` lists. Everything is imported on first use: ``import forensics``
loads neither torch nor spaCy, librosa or pandas. The types are in ``__init__.pyi``.

Examples
--------
>>> import forensics
>>> case = forensics.investigate("bundle.zip", case="cases/1")  # doctest: +SKIP
>>> case.table("claims")  # doctest: +SKIP
"""

import importlib as _importlib

from forensics.case.version import VERSION as _VERSION

__version__ = _VERSION

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


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'forensics' has no attribute {name!r}")
    value: object = getattr(_importlib.import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__all__", "__doc__", "__version__"]  # what a person is offered: no rooms, no imports
