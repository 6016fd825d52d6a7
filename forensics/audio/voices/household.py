"""The voices of a household: pieces of speech grouped by who speaks, with "unknown" as an answer.

Clips of one session (the same device within minutes) that sound alike are pooled first: a command and its
correction a few seconds later are nearly always one person, and two seconds of speech tell far more than
one. Groups are then joined while the mean log-likelihood ratio between their clips stays above the
calibrated threshold, and each clip goes to the group whose other clips, pooled, it is most like. What fits
no voice well, or is too short, stays unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forensics.audio.voices.scoring import MOST, Calibration

Floats = NDArray[np.float64]

UNKNOWN = -1
SESSION_S = 180.0
"""Two clips of one device within three minutes are of one session."""

_LEAST_S = 0.4  # below, a voice cannot be told (equal error rate above a quarter)
_LEAST_SHARE, _LEAST_CLIPS = 0.04, 3  # a voice that counts as somebody of the household
_ROUNDS = 2  # of moving each clip to the nearest voice
DRAWS = 24
"""Random parts of the clips on which the household's size is counted again."""


@dataclass(frozen=True)
class Piece:
    """One piece of speech.

    Parameters
    ----------
    vector : ndarray of float32
        From an encoder, of unit length.
    seconds : float
        Of speech.
    started_at : datetime or None
    device : str
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
    pieces : sequence of Piece
    calibration : Calibration
        Of the encoder that made the vectors.
    seed, draws : int
        Of the draws behind the household's size, and their number.
    """
    usable = [i for i, piece in enumerate(pieces) if piece.seconds >= _LEAST_S]
    labels = np.full(len(pieces), UNKNOWN, np.int64)
    scores = np.zeros(len(pieces))
    if not usable:
        return Voices(labels, scores, (0, 0, 0))
    chosen = [pieces[i] for i in usable]
    pooled = _sessions(chosen, calibration)
    vectors, seconds = _pool(chosen, pooled)
    ratios = _ratios(vectors, seconds, calibration)
    sizes = np.bincount(pooled).astype(np.float64)
    found = _join(ratios, sizes, calibration.threshold)
    for _ in range(_ROUNDS):
        found, probability = _nearest(vectors, seconds, found, calibration)
    per_piece = np.where(probability < 0.5, UNKNOWN, found)[pooled]
    labels[usable] = _by_frequency(per_piece)
    scores[usable] = probability[pooled]
    return Voices(labels, scores, _size(ratios, sizes, calibration.threshold, seed, draws))


def _sessions(pieces: Sequence[Piece], calibration: Calibration) -> NDArray[np.int64]:
    """The session group of each piece: same device, within minutes, and alike enough."""
    groups = np.arange(len(pieces))
    dated = [i for i, piece in enumerate(pieces) if piece.started_at is not None]
    dated.sort(key=lambda i: (pieces[i].device, pieces[i].started_at))
    for before, after in pairwise(dated):
        a, b = pieces[before], pieces[after]
        if a.device != b.device or a.started_at is None or b.started_at is None:
            continue
        if (b.started_at - a.started_at).total_seconds() > SESSION_S:
            continue
        cosine = np.array([float(a.vector @ b.vector)])
        if calibration.llr(cosine, np.array([min(a.seconds, b.seconds)]))[0] > 0:
            groups[after] = groups[before]
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)


def _pool(pieces: Sequence[Piece], groups: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean vectors of groups, each piece weighted by the root of its length, and the groups' speech."""
    weights = np.sqrt([piece.seconds for piece in pieces])
    count = int(groups.max()) + 1
    vectors = np.zeros((count, len(pieces[0].vector)))
    np.add.at(vectors, groups, np.stack([p.vector for p in pieces]).astype(np.float64) * weights[:, None])
    seconds = np.bincount(groups, [piece.seconds for piece in pieces], count).astype(np.float64)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), seconds


def _ratios(vectors: Floats, seconds: Floats, calibration: Calibration) -> Floats:
    shorter = np.minimum(seconds[:, None], seconds[None])
    return calibration.llr(vectors @ vectors.T, shorter)


def _join(ratios: Floats, sizes: Floats, threshold: float) -> NDArray[np.int64]:
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


def _nearest(
    vectors: Floats, seconds: Floats, found: NDArray[np.int64], calibration: Calibration
) -> tuple[NDArray[np.int64], Floats]:
    """Each row moved to the voice whose other rows, pooled, it is most like; and the probability of it.

    A voice of one row attracts nobody, and nothing speaks for it but itself: its probability is 0.
    """
    weights = np.sqrt(seconds)
    own = np.eye(int(found.max()) + 1)[found]
    sums = (own * weights[:, None]).T @ vectors
    towards = vectors @ sums.T - own * weights[:, None]  # a row is taken out of its own voice
    square = (sums**2).sum(axis=1) - own * (2 * weights[:, None] * (vectors @ sums.T) - weights[:, None] ** 2)
    cosine = towards / np.sqrt(np.maximum(square, 1e-12))
    others = own.sum(axis=0) - own
    speech = np.minimum(own.T @ seconds - own * seconds[:, None], seconds[:, None])
    ratios = np.where(others > 0, calibration.llr(cosine, speech), -np.inf)
    ratios[(others < 2) & (own == 0)] = -np.inf
    best = np.where(np.isfinite(ratios).any(axis=1), ratios.argmax(axis=1), found)
    rows = np.arange(len(found))
    chosen = ratios[rows, best]
    rivals = ratios.copy()
    rivals[rows, best] = -np.inf
    # "another voice, which is not here" has ratio 1
    probability = 1 / (1 + np.exp(np.maximum(rivals.max(axis=1, initial=0.0), 0.0) - chosen))
    stays = chosen < 0  # no voice is near: the row keeps its group, and its low probability
    moved = np.where(stays, found, best)
    return np.unique(moved, return_inverse=True)[1].astype(np.int64), probability


def _by_frequency(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = Counter(int(label) for label in labels if label != UNKNOWN)
    ranks = {
        label: rank for rank, (label, _) in enumerate(sorted(counts.items(), key=lambda c: (-c[1], c[0])))
    }
    return np.array([ranks.get(int(label), UNKNOWN) for label in labels], np.int64)


def _size(ratios: Floats, sizes: Floats, threshold: float, seed: int, draws: int) -> tuple[int, int, int]:
    """Voices of the household: how many, over random parts of the clips and thresholds that fit as well."""
    middle = _count(_join(ratios, sizes, threshold), sizes)
    rng = np.random.default_rng(seed)
    found = [middle]
    for _ in range(draws):
        part = np.flatnonzero(rng.random(len(sizes)) < 0.7)
        if len(part) >= _LEAST_CLIPS:
            moved = threshold + rng.uniform(-0.5, 0.5)
            found.append(_count(_join(ratios[np.ix_(part, part)], sizes[part], moved), sizes[part]))
    low, high = np.quantile(found, [0.05, 0.95])
    return min(int(low), middle), middle, max(int(np.ceil(high)), middle)


def _count(found: NDArray[np.int64], sizes: Floats) -> int:
    """Voices with at least three clips and 4 % of them; one voice at least if anybody speaks."""
    per_voice = np.bincount(found, sizes)
    least = max(_LEAST_CLIPS, _LEAST_SHARE * sizes.sum())
    return max(1, int((per_voice >= least).sum()))
