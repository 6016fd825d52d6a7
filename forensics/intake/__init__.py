"""Intake: from any bundle, hostile or broken, to hashed members, recordings and data subjects.

No model is loaded here. :func:`take_in` copies a bundle into a case's evidence; the stage
:mod:`forensics.intake.stage` reads it; :func:`open_bundle` looks into a bundle without a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forensics.intake.bundle import open_bundle
    from forensics.intake.taking import finish_taking_in, take_in

__all__ = ["finish_taking_in", "open_bundle", "take_in"]


def __getattr__(name: str) -> object:
    if name == "open_bundle":
        from forensics.intake.bundle import open_bundle

        return open_bundle
    if name in ("take_in", "finish_taking_in"):
        from forensics.intake import taking

        return getattr(taking, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
