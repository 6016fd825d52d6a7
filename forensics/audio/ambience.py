"""What else can be heard beside words. Scores with a basis.

A fitted cue is a logistic regression on the few numbers of :mod:`forensics.audio.texture`, so that a reader
can see what a score rests on. Its weights lie in ``ambience.fit.json`` with where they come from and how
often they are wrong on sounds that they were not fitted on; ``make fits-ambience`` fits them anew. A cue
that was never tried on real recordings of its kind is ``unproven``; one that was tried on them and was no
better than chance is ``chance``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE
from forensics.audio.texture import NAMES, texture
from forensics.errors import ModelError
from forensics.knowledge.fitted import fitted

if TYPE_CHECKING:
    from forensics.audio.speech import Speech

CHILD_HZ, ADULT_HZ = 270.0, 230.0
"""Median pitch above which a child is possible, and below which an adult is likelier.
Women speak at about 165 to 255 Hz, children of up to ten years at about 230 to 330 Hz, and the two overlap
(Lee, Potamianos and Narayanan, Acoustics of children's speech, JASA 105(3), 1999). Where in the overlap the
two bounds lie is an assumption."""

_SHORTEST_HEARD_S = 0.3
"""A shorter sound, or less speech, has too few frames for a texture (assumption)."""

_BASES = "bases"
_OUTERMOST = 4.0
"""Standard deviations at which a feature is cut off, as where the cues were fitted: ``fitted`` in
``fitting/ambience.py``."""


@dataclass(frozen=True)
class Basis:
    """What a cue's score rests on.

    Parameters
    ----------
    status : {'measured', 'chance', 'unproven'}
        Measured on real recordings of its kind; measured there and no better than chance, the area under the
        curve not being above .5 by its 95 % interval; or never tried on any.
    on : {'recordings', 'talk', 'rooms', 'music', 'loudspeakers', 'pitch'}
        What it was tried on.
    auc : float or None
        Area under the curve; None where nothing was there to try it on, and so are the others.
    at : float or None
        The threshold of `missed` and `false`.
    missed, false : tuple of (int, int, float, float), or None
        How many of how many, and Wilson's 95 % interval.
    """

    status: str
    on: str
    auc: float | None = None
    at: float | None = None
    missed: tuple[int, int, float, float] | None = None
    false: tuple[int, int, float, float] | None = None


@dataclass(frozen=True)
class Cue:
    """One cue's model and what is known of its error.

    Parameters
    ----------
    weights, means, scales : ndarray of float64, shape (n,)
        Of the standardised texture.
    intercept : float
    basis : Basis
    """

    name: str
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    intercept: float
    basis: Basis

    def score(self, values: NDArray[np.float64]) -> float:
        """0 to 1."""
        standard = np.clip((values - self.means) / self.scales, -_OUTERMOST, _OUTERMOST)
        return float(1 / (1 + np.exp(-(self.intercept + standard @ self.weights))))


def ambience(
    samples: NDArray[np.float32], speech: Speech, *, pitch_hz: float | None = None
) -> list[dict[str, Any]]:
    """The cues of one sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    speech : Speech
        Where somebody speaks.
    pitch_hz : float, optional
        Median pitch of the speech, for the child.

    Returns
    -------
    list of dict
        ``name``, ``score`` from 0 to 1, ``status``: that of :class:`Basis`. A cue about voices is left
        out where nobody speaks, and all are where the sound is shorter than .3 s.
    """
    if len(samples) < _SHORTEST_HEARD_S * RATE:
        return []
    spoken = speech.seconds >= _SHORTEST_HEARD_S
    values = texture(samples, speech)
    found = [
        {"name": cue.name, "score": round(cue.score(values), 3), "status": cue.basis.status}
        for cue in cues()
        if spoken or cue.name == "music"  # the others are about somebody who speaks
    ]
    found.append(
        {"name": "speech", "score": round(speech.probability, 3), "status": bases()["speech"].status}
    )
    if spoken and pitch_hz is not None:
        child = round(child_score(pitch_hz), 3)
        found.append({"name": "child", "score": child, "status": bases()["child"].status})
    return sorted(found, key=lambda cue: str(cue["name"]))


def child_score(pitch_hz: float) -> float:
    """0 at a median pitch that an adult has, 1 at one that hardly any has."""
    return float(np.clip((pitch_hz - ADULT_HZ) / (CHILD_HZ - ADULT_HZ), 0.0, 1.0))


@lru_cache(maxsize=1)
def cues() -> tuple[Cue, ...]:
    """The fitted cues.

    Raises
    ------
    ModelError
        If they were fitted on other features than :data:`~forensics.audio.texture.NAMES`.
    """
    fit = fitted(__name__)
    return tuple(_cue(name, fit.value(name)) for name in sorted(fit.values) if name != _BASES)


def _cue(name: str, found: Mapping[str, Any]) -> Cue:
    if any(set(found[part]) != set(NAMES) for part in ("weights", "means", "scales")):
        raise ModelError(f"The cue '{name}' was fitted on other features.", "Run: make fits-ambience")
    weights, means, scales = (
        np.array([found[part][feature] for feature in NAMES]) for part in ("weights", "means", "scales")
    )
    return Cue(name, weights, means, scales, found["intercept"], bases()[name])


def bases() -> dict[str, Basis]:
    """Every cue's basis by name, the wake word's among them: what is measured, and how wrong it is."""
    return {name: _basis(found) for name, found in fitted(__name__).value(_BASES).items()}


def _basis(found: Mapping[str, Any]) -> Basis:
    pairs = {side: tuple(found[side]) for side in ("missed", "false") if side in found}
    return Basis(**{**found, **pairs})


def cues_digest() -> str:
    """Of the fitted cues: another fit is another result."""
    return fitted(__name__).digest
