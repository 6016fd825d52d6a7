"""Weights of the profile's models as shipped: fitted by ``fitting/fit_reading.py``, see docs/reading.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

FILE = "reading.json"


@dataclass(frozen=True)
class Fitted:
    """Weights by model and feature; a feature that a model has no weight for counts nothing.

    Parameters
    ----------
    models : mapping
        From model to feature to weight, in nats.
    """

    models: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def score(self, model: str, features: Mapping[str, float]) -> float:
        """Sum of weight times value."""
        weights = self.models.get(model, {})
        return sum(weights.get(name, 0.0) * value for name, value in features.items())


@cache
def shipped() -> Fitted:
    """The weights in the package."""
    text = (resources.files("forensics.profile") / "data" / FILE).read_text("utf-8")
    return Fitted(json.loads(text)["models"])
