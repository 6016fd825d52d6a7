"""The owner's voice against the voices of a bundle: only with a reference that its owner consented to."""

from __future__ import annotations

from pathlib import Path

from forensics.delivery.ratios import Fit


def voice_fit(case: Path, group: str, reference: Path) -> Fit:
    """How well any voice of a data subject's recordings fits the reference.

    Parameters
    ----------
    case : pathlib.Path
        The throwaway case.
    group : str
    reference : pathlib.Path
        A recording, or a folder of them.
    """
    return Fit("voice", None, "no comparison of voices is installed")
