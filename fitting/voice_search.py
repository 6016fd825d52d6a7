"""Fit the margins of ``forensics.reidentification.voice_search`` on real speakers, resampled.

A margin is how far the right person's cosine lies above the mean of the wrong ones for the same recording, in
their standard deviations. Whether the gallery was recorded by the microphone of the household is not known:
wrong people of one source are more alike than those of two, so that each draw moves the mean of the wrong
ones by a share, from none to all, of that difference.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from fitting.command import log, main
from fitting.material.hearing import recordings
from fitting.material.speakers import cuts
from fitting.material.voice_trials import Probes, kinds, probes
from fitting.record import MissingDataError, Run, Value, table_files, write
from fitting.voices import WEIGHTS, sources
from forensics.audio.voices.encoder import default
from forensics.audio.voices.scoring import equal_error_rate
from forensics.errors import ModelError
from forensics.reidentification.voice_search import COLUMNS, KINDS, TAIL, Search

SEED = 4
DRAWS = 200
Floats = npt.NDArray[np.float64]


def run(how: Run) -> None:
    """Fit and write."""
    pieces = cuts()[:: how.every]
    weights = "".join(one.sha256 for one in WEIGHTS)
    try:
        made = kinds(default(), pieces, weights=weights)
    except ModelError as error:
        raise MissingDataError(str(error)) from error
    trials = {kind: probes(pieces, released, gallery) for kind, (released, gallery) in made.items()}
    fitted = {kind: fit(trials[kind], seed=SEED) for kind in KINDS}
    plain = trials["plain"]
    unit = f"{DRAWS} draws of {', '.join(COLUMNS)}; margins in standard deviations of the wrong cosines"
    path = write(
        "forensics/reidentification/voice_search.py",
        script=__file__,
        data=[
            table_files(recordings(), "file"),
            *sources(),
        ],
        seed=SEED,
        values={
            **{kind: Value(np.round(one.draws, 4).tolist(), unit) for kind, one in fitted.items()},
            "seconds": Value(list(fitted["plain"].seconds), "seconds of speech in a probe: least, most"),
            "recordings": Value(list(fitted["plain"].recordings), "recordings in a probe: least, most"),
            "speakers": Value(len(plain.names), "real speakers"),
            "eer": Value(
                {kind: round(error_rate(one), 4) for kind, one in trials.items()},
                "equal error rate of a probe against a speaker's enrolment; each speaker's probes together "
                "weigh once. known: masked, against a gallery masked with the very same numbers",
            ),
        },
        quality={
            "probes": len(plain.own),
            "speakers_with_probes": len(set(plain.own.tolist())),
            "rank1_of_all_speakers": {
                kind: round(float((one.cosine.argmax(axis=1) == one.own).mean()), 3)
                for kind, one in trials.items()
            },
        },
        note="draws whose column 'pareto' is 1 have Pareto's tail, the others a normal one",
        how=how,
    )
    log.info("written: %s", path)


def fit(one: Probes, *, seed: int, draws: int = DRAWS, alike: bool = True) -> Search:
    """The margins, once for each time that the speakers are resampled.

    Parameters
    ----------
    one : Probes
        Of all speakers that may be looked at.
    alike : bool
        Allow for a gallery that was recorded as the household was; without, the wrong people are as far
        away as they are here, which is what the check against these very galleries needs.
    """
    rng = np.random.default_rng(seed)
    apart = _apart(one) if alike else 0.0
    found = []
    while len(found) < draws:
        times = np.bincount(rng.integers(0, len(one.names), len(one.names)), minlength=len(one.names)).astype(
            float
        )
        if len(set(one.own.tolist()) & set(np.flatnonzero(times).tolist())) >= _LEAST:
            found.append(_draw(one, times, apart * rng.uniform(0, 1), pareto=len(found) % 2 == 1))
    return Search(
        np.array(found),
        (float(one.seconds.min()), round(float(np.quantile(one.seconds, 0.98)), 1)),
        (1.0, float(one.recordings.max())),
    )


_LEAST = 5
"""Speakers with probes without whom a resample says nothing of how people differ (assumption)."""


def error_rate(one: Probes) -> float:
    """Equal error rate of probes against enrolments, the right one's and the wrong ones'."""
    even = _even(one, np.ones(len(one.names)))
    own = np.arange(len(one.names))[None] == one.own[:, None]
    weight = np.broadcast_to(even[:, None], own.shape)
    pair = (weight[own], weight[~own])
    return equal_error_rate(one.cosine[own], one.cosine[~own], pair)


def _apart(one: Probes) -> float:
    """How much more alike wrong people of one source are than those of two, in cosine."""
    wrong = np.arange(len(one.names))[None] != one.own[:, None]
    close = one.close[one.own] & wrong
    far = ~one.close[one.own] & wrong
    both = close.any(axis=1)
    means = [np.nanmean(np.where(of, one.cosine, np.nan)[both], axis=1).mean() for of in (close, far)]
    return float(max(means[0] - means[1], 0.0))


def _draw(one: Probes, times: Floats, shift: float, *, pareto: bool) -> list[float]:
    rows = times[one.own] > 0
    wrong = (np.arange(len(times))[None] != one.own[:, None]) * times[None]
    mean = (wrong * one.cosine).sum(axis=1) / wrong.sum(axis=1)
    weight = wrong * _even(one, times)[:, None]  # each speaker's probes together weigh once
    away = one.cosine - mean[:, None]
    spread = float(np.sqrt((weight * away**2).sum() / weight.sum()))
    own = one.cosine[np.arange(len(one.own)), one.own]
    margin = (own - mean - shift) / spread
    threshold, shape, scale = _tail(away[weight > 0] / spread, weight[weight > 0])
    columns = [np.ones(len(margin)), np.log(one.seconds), np.log(one.recordings)]
    x, w = np.column_stack(columns)[rows], _even(one, times)[rows]
    beta = np.linalg.lstsq(x * np.sqrt(w)[:, None], margin[rows] * np.sqrt(w), rcond=None)[0]
    left = margin[rows] - x @ beta
    between, within = _parts(left, one.own[rows], w)
    return [*map(float, beta), between, within, float(pareto), threshold, shape, scale]


def _even(one: Probes, times: Floats) -> Floats:
    """Weights of the probes: each speaker's together as often as the speaker was drawn."""
    many = np.bincount(one.own, minlength=len(times))
    return times[one.own] / np.maximum(many[one.own], 1)


def _parts(left: Floats, own: npt.NDArray[np.int64], w: Floats) -> tuple[float, float]:
    """Standard deviations between people and within one, from the residuals."""
    people = np.unique(own)
    means = np.array([np.average(left[own == p], weights=w[own == p]) for p in people])
    weights = np.array([w[own == p].sum() for p in people])
    inside = np.array([np.average((left[own == p] - m) ** 2) for p, m in zip(people, means, strict=True)])
    between = np.average((means - np.average(means, weights=weights)) ** 2, weights=weights)
    return float(np.sqrt(between)), float(np.sqrt(np.average(inside, weights=weights)))


def _tail(values: Floats, weights: Floats) -> tuple[float, float, float]:
    """Threshold, shape and scale of Pareto's tail, by weighted moments (Hosking and Wallis 1987).

    The shape is kept from -.5 to .1: a cosine ends at 1, so that a heavy tail is ruled out, and moments
    are steady there.
    """
    order = np.argsort(values)
    ordered, share = values[order], np.cumsum(weights[order]) / weights.sum()
    threshold = float(ordered[np.searchsorted(share, 1 - TAIL)])
    over = values > threshold
    excess, w = values[over] - threshold, weights[over]
    mean = float(np.average(excess, weights=w))
    variance = float(np.average((excess - mean) ** 2, weights=w))
    shape = float(np.clip(0.5 * (1 - mean**2 / max(variance, 1e-9)), -0.5, 0.1))
    return threshold, shape, mean * (1 - shape)


if __name__ == "__main__":
    sys.exit(main(run))
