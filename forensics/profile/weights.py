"""Weights of the profile's models as shipped: fitted by ``fitting/reading.py``, see docs/reading.md."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from forensics.knowledge.fitted import fitted


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

    def realised(self, p: float, model: str) -> float:
        """How often what is stated with `p` comes true: by a logistic recalibration where one is fitted.

        Parameters
        ----------
        p : float
        model : str
            ``calibration`` for a name in a role, ``known`` for a name that the household knows in any role,
            ``home_calibration`` for the likeliest home.
        """
        if model not in self.models or not 0.0 < p < 1.0:
            return p
        score = self.score(model, {"intercept": 1.0, "logit": math.log(p / (1.0 - p))})
        return 1.0 / (1.0 + math.exp(-score))


@cache
def shipped() -> Fitted:
    """The weights in the package."""
    return Fitted(fitted(__name__).value("models"))
