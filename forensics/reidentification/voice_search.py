"""Somebody with recordings of N named people looks for a voice: how often the right one comes first.

Each comparison of a voice with a person of the gallery is a cosine of the speaker encoders; the calibrated
likelihood ratio rises with it, so that both order a gallery alike. What decides is the *margin*: how far the
right person's cosine lies above the mean of the wrong ones for the same recording, in their standard
deviations. With survival function S of the wrong ones' standardised cosines,

    P(right first | margin m) = (1 - S(m)) ** (N - 1),   expected rank = 1 + (N - 1) S(m)

and both are averaged over the margins of people. That is the binomial model of Grother and Phillips (Models
of large population recognition performance, CVPR 2004) conditioned on the recording: without that they
found it to promise too little. The mean margin rises with the logarithm of the seconds of speech and of the
number of recordings; it differs between people and between recordings of one person.

The numbers come from ``fitting/voice_search.py``, on real speakers: a draw each time the speakers are
resampled. Far beyond the number of those speakers everything hangs on the tail of S, which they cannot show.
Draws take turns between a normal tail and a generalised Pareto tail (Pickands 1975) fitted to the largest
tenth. A million is an extrapolation over four orders of magnitude; the interval says what the two tails
and the resampled speakers leave open, not that either tail is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from forensics.errors import ModelError
from forensics.knowledge.fitted import fitted

Floats = NDArray[np.float64]

PLAIN, IGNORANT, INFORMED = "plain", "ignorant", "informed"
"""The sound as it is; masked, against a gallery that is not; masked, against a gallery masked alike."""
KINDS = (PLAIN, IGNORANT, INFORMED)
COLUMNS = (
    "margin", "log_seconds", "log_recordings", "between", "within", "pareto", "threshold", "shape", "scale",
)  # fmt: skip
"""Of a draw: margin at one second and one recording, its slopes, standard deviations between people and
between recordings of one, whether the tail is Pareto's, where it begins, its shape and scale."""
TAIL = 0.1
"""Share of the wrong ones' cosines to which Pareto's tail is fitted: the usual tenth (assumption)."""
KEPT = 0.05
"""How often the right person may be lost by an attacker who keeps all who sound alike (assumption)."""
_STEPS = 201
"""Margins over which is averaged, within :data:`_REACH` standard deviations."""
_REACH = 5.0


@dataclass(frozen=True)
class Found:
    """How a search for one voice goes, by draw.

    Parameters
    ----------
    first : ndarray, shape (draws,)
        Probability that the right person comes first, if the gallery holds them.
    rank : ndarray, shape (draws,)
        Expected place of the right person.
    alike : ndarray, shape (draws,)
        People who sound alike: whom one has to keep so that the right one is among them in 95 of 100 cases.
    """

    first: Floats
    rank: Floats
    alike: Floats


@dataclass(frozen=True)
class Search:
    """The fitted margins of one kind.

    Parameters
    ----------
    draws : ndarray, shape (draws, 9)
        In the order of :data:`COLUMNS`.
    seconds, recordings : (float, float)
        Least and most of what was measured; beyond, the margin stays as it is there.
    """

    draws: Floats
    seconds: tuple[float, float]
    recordings: tuple[float, float]

    def margin(self, seconds: float, recordings: float) -> tuple[Floats, Floats]:
        """Mean and standard deviation of the margin by draw.

        Parameters
        ----------
        seconds : float
            Of speech by the person, all recordings together.
        recordings : float
            That it is spread over.
        """
        base, per_second, per_recording, between, within = self.draws[:, :5].T
        length = float(np.log(np.clip(seconds, *self.seconds)))
        number = float(np.log(np.clip(recordings, *self.recordings)))
        return base + per_second * length + per_recording * number, np.hypot(between, within)

    def survival(self, margins: Floats) -> Floats:
        """Share of wrong people with a larger cosine, shape (draws, n) as `margins`."""
        from scipy.special import ndtr

        pareto, threshold, shape, scale = (column[:, None] for column in self.draws[:, 5:].T)
        normal = ndtr(-margins)
        beyond = np.maximum(margins - threshold, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            base = np.maximum(1 + shape * beyond / scale, 0.0)
            tail = np.where(np.abs(shape) < 1e-6, np.exp(-beyond / scale), base ** (-1 / shape))
        tail = np.where(base <= 0, 0.0, tail)
        body = TAIL + (normal - ndtr(-threshold)) * (1 - TAIL) / (1 - ndtr(-threshold))
        heavy = np.where(margins > threshold, TAIL * tail, body)
        return np.clip(np.where(pareto > 0.5, heavy, normal), 0.0, 1.0)

    def find(self, seconds: float, recordings: float, others: float) -> Found:
        """How the search goes.

        Parameters
        ----------
        others : float
            Wrong people in the gallery; less than are in it where something else has ruled some out.
        """
        mean, spread = self.margin(seconds, recordings)
        steps = np.linspace(-_REACH, _REACH, _STEPS)
        weight = np.exp(-(steps**2) / 2)
        weight /= weight.sum()
        wrong = self.survival(mean[:, None] + spread[:, None] * steps)
        with np.errstate(divide="ignore"):
            none = np.exp(others * np.log1p(-np.minimum(wrong, 1.0)))
        lowest = mean[:, None] + spread[:, None] * steps[np.searchsorted(np.cumsum(weight), KEPT)]
        return Found(
            np.clip(none @ weight, 0.0, 1.0),
            1.0 + others * (wrong @ weight),
            1.0 + others * self.survival(lowest)[:, 0],
        )


@cache
def search(kind: str = PLAIN) -> Search:
    """The fitted search of a kind of sound.

    Raises
    ------
    ModelError
        If the fit was made for other columns.
    """
    found = fitted(__name__)
    draws = np.array(found.value(kind), np.float64)
    if draws.ndim != 2 or draws.shape[1] != len(COLUMNS):
        raise ModelError(f"The search by voice was fitted for other columns ('{kind}').", "Run: make fits")
    seconds, recordings = found.value("seconds"), found.value("recordings")
    return Search(draws, (seconds[0], seconds[1]), (recordings[0], recordings[1]))


def speakers() -> int:
    """On how many speakers the search was fitted."""
    return int(fitted(__name__).number("speakers"))


def equal_error_rates() -> dict[str, float]:
    """How well the encoders verify a person by kind of sound; ``known`` is an attacker who has the mask."""
    return {kind: float(rate) for kind, rate in fitted(__name__).value("eer").items()}
