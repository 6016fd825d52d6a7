"""Figures of the report and of the notebooks, each with a title, a sentence and the table behind it."""

from forensics.reports.figures.activity import hours, places, timeline
from forensics.reports.figures.clock import beats, clock, curve, playable
from forensics.reports.figures.exposure import bits, risk, sensitivity, severity, severity_of_others
from forensics.reports.figures.household import household
from forensics.reports.figures.style import CONFIG, keep_local
from forensics.reports.figures.voice import voice_curve, voice_risk

__all__ = [
    "CONFIG", "beats", "bits", "clock", "curve", "hours", "household", "keep_local", "places", "playable",
    "risk", "sensitivity", "severity", "severity_of_others", "timeline",
    "voice_curve", "voice_risk",
]  # fmt: skip
