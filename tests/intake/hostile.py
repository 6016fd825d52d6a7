"""The whole hostile corpus: importing the parts registers their cases."""

from __future__ import annotations

from tests.intake import hostile_others, hostile_zips
from tests.intake.making import CASES, Hostile

__all__ = ["CASES", "Hostile", "hostile_others", "hostile_zips"]
