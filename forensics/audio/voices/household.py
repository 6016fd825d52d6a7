"""The voices of a household: pieces of speech grouped by who speaks, with "unknown" as an answer.

Groups are joined while the mean log-likelihood ratio between their clips stays above the threshold. That two
clips are of one session (the same device within minutes) is evidence too: a command and its correction a few
seconds later are mostly one person. How well a clip fits its group is then asked of the group's other
clips, pooled. What fits its voice badly, stands alone, or is too short, stays unknown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from forensics.audio.voices.scoring import MOST, Calibration

Floats = NDArray[np.float64]

UNKNOWN = -1
SESSION_S = 180.0
"""Two clips of one device within three minutes are of one session (assumption)."""
SAME_SESSION = float(np.log(4.0))
"""Prior log odds that one person speaks in two clips of a session: four in five are an assumption. Joining
such clips outright where a single ratio favours it takes two people of a session for one too often."""

_LEAST_SPEECH_S = 0.4
"""Below, a voice cannot be told: the equal error rate was above a quarter. No script was kept, and ``make
bench-speakers`` prints pieces of less than 1 s together: an assumption until it is measured again."""

_LEAST_SHARE, _LEAST_CLIPS = 0.04, 3
"""Share of the clips, and clips, of a voice that counts as somebody of the household (assumptions)."""

_LEAST_PROBABILITY = 0.5
"""Of its voice: a clip that is less likely than not to be of it is unknown."""

DRAWS, _DRAWN, _MOVED = 24, 0.7, 0.5
"""How often the household's size is counted again, on which share of the clips, and by how much at most the
threshold is moved, as a natural logarithm (assumptions)."""


@dataclass(frozen=True)
class Piece:
    """One piece of speech.

    Parameters
    ----------
    vector : ndarray of float32
        From an encoder, of unit length.
    seconds : float
        Of speech.
    started_at, device
        When and by what it was recorded: clips of one session are likelier to be of one voice.
    """

    vector: NDArray[np.float32]
    seconds: float
    started_at: datetime | None = None
    device: str = ""


@dataclass(frozen=True)
class Voices:
    """Who speaks where.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Per piece the number of its voice, the most frequent voice 0; -1 is unknown.
    scores : ndarray of float, shape (n,)
        Probability that the piece is of this voice, from the calibrated ratios at even odds.
    size : tuple of int
        Number of voices of the household: low, middle, high.
    """

    labels: NDArray[np.int64]
    scores: Floats
    size: tuple[int, int, int]


def group(pieces: Sequence[Piece], calibration: Calibration, *, seed: int = 0, draws: int = DRAWS) -> Voices:
    """Group pieces by voice.

    Parameters
    ----------
    calibration : Calibration
        Of the encoder that made the vectors.
    seed, draws : int
        Of the draws behind the household's size, and their number.
    """
    usable = [i for i, piece in enumerate(pieces) if piece.seconds >= _LEAST_SPEECH_S]
    labels = np.full(len(pieces), UNKNOWN, np.int64)
    scores = np.zeros(len(pieces))
    if not usable:
        return Voices(labels, scores, (0, 0, 0))
    chosen = [pieces[i] for i in usable]
    vectors = np.stack([piece.vector for piece in chosen]).astype(np.float64)
    seconds = np.array([piece.seconds for piece in chosen])
    ratios = _ratios(vectors, seconds, calibration)
    near = _one_session(chosen)
    together = np.minimum(ratios + SAME_SESSION * near, MOST)
    found = _join(together, calibration.threshold)
    probability = _probability(vectors, seconds, found, near, calibration)
    labels[usable] = _by_frequency(np.where(probability < _LEAST_PROBABILITY, UNKNOWN, found))
    scores[usable] = probability
    return Voices(labels, scores, _size(together, calibration.threshold, seed, draws))


def _one_session(pieces: Sequence[Piece]) -> NDArray[np.bool_]:
    """Which pairs of different clips are of one device and within minutes."""
    times = np.array([math.nan if p.started_at is None else p.started_at.timestamp() for p in pieces])
    devices = np.array([piece.device for piece in pieces])
    near = np.abs(times[:, None] - times[None]) <= SESSION_S  # never for a clip without a time
    return np.asarray(near & (devices[:, None] == devices[None]) & ~np.eye(len(pieces), dtype=bool), bool)


def _ratios(vectors: Floats, seconds: Floats, calibration: Calibration) -> Floats:
    shorter = np.minimum(seconds[:, None], seconds[None])
    return calibration.llr(vectors @ vectors.T, shorter)


def _join(ratios: Floats, threshold: float) -> NDArray[np.int64]:
    """Average linkage down to `threshold`: a number per row."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(ratios) == 1:
        return np.zeros(1, np.int64)
    distance = MOST - ratios
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    found: NDArray[np.int64] = fcluster(tree, MOST - threshold, "distance").astype(np.int64) - 1
    return found


def _probability(
    vectors: Floats,
    seconds: Floats,
    found: NDArray[np.int64],
    near: NDArray[np.bool_],
    calibration: Calibration,
) -> Floats:
    """Probability that each row is of its voice, from the voice's other rows, pooled; 0 for a row alone.

    Notes
    -----
    Against the likeliest other voice, or a voice that is not here, whose ratio is 1. Rows are pooled with the
    root of their length as weight; clips of one session have their prior odds.
    """
    weights = np.sqrt(seconds)[:, None]
    own = np.eye(int(found.max()) + 1)[found]
    sums = (own * weights).T @ vectors
    along = vectors @ sums.T
    towards = along - own * weights  # a row is taken out of its own voice
    square = (sums**2).sum(axis=1) - own * (2 * weights * along - weights**2)
    cosine = towards / np.sqrt(np.maximum(square, 1e-12))
    others = own.sum(axis=0) - own
    speech = np.minimum(own.T @ seconds - own * seconds[:, None], seconds[:, None])
    in_session = near.astype(np.float64) @ own > 0
    ratios = np.where(others > 0, calibration.llr(cosine, speech) + SAME_SESSION * in_session, -np.inf)
    ratios[(others < 2) & (own == 0)] = -np.inf  # a voice of one row speaks for nobody else
    rows = np.arange(len(found))
    chosen = ratios[rows, found]
    ratios[rows, found] = -np.inf
    rival = np.maximum(ratios.max(axis=1, initial=0.0), 0.0)
    return np.asarray(1 / (1 + np.exp(rival - chosen)), np.float64)


def _by_frequency(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = Counter(int(label) for label in labels if label != UNKNOWN)
    ranks = {
        label: rank for rank, (label, _) in enumerate(sorted(counts.items(), key=lambda c: (-c[1], c[0])))
    }
    return np.array([ranks.get(int(label), UNKNOWN) for label in labels], np.int64)


def _size(ratios: Floats, threshold: float, seed: int, draws: int) -> tuple[int, int, int]:
    """Voices of the household, with a 90 % interval over random parts of the clips and near thresholds."""
    middle = _count(_join(ratios, threshold))
    rng = np.random.default_rng(seed)
    found = [middle]
    for _ in range(draws):
        part = np.flatnonzero(rng.random(len(ratios)) < _DRAWN)
        if len(part) >= _LEAST_CLIPS:
            moved = threshold + rng.uniform(-_MOVED, _MOVED)
            found.append(_count(_join(ratios[np.ix_(part, part)], moved)))
    low, high = np.quantile(found, [0.05, 0.95])
    return min(int(low), middle), middle, max(int(np.ceil(high)), middle)


def _count(found: NDArray[np.int64]) -> int:
    """Voices with at least three clips and 4 % of them; one voice at least if anybody speaks."""
    least = max(_LEAST_CLIPS, _LEAST_SHARE * len(found))
    return max(1, int((np.bincount(found) >= least).sum()))
