"""Fit the calibration of ``forensics.audio.voices.scoring`` on real speakers, all of them.

How good it is on speakers that it was not fitted on is cross-validated by ``make bench-speakers``.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from fitting.command import log, main
from fitting.material.hearing import recordings
from fitting.material.speakers import Cut, cuts, trials, vectors
from fitting.record import MissingDataError, Run, Source, Value, table_files, write
from forensics.audio.voices.encoder import DVector, Resemblyzer, default
from forensics.audio.voices.scoring import Calibration, fit
from forensics.errors import ModelError

SEED = 1
THRESHOLD = 0.0
"""Mean log-likelihood ratio down to which groups are joined: where both answers are equally likely. Not
fitted: thresholds chosen on the households of other speakers came out between -1 and .25 and cost .05 of
the Rand index. With some twenty speakers they fit noise."""
WEIGHTS = (DVector.weights, Resemblyzer.weights)


def sources() -> list[Source]:
    """The encoders' weights, as data of a fit."""
    return [Source(f"weights of the package {one.package}: {one.file}", one.sha256) for one in WEIGHTS]


def run(how: Run) -> None:
    """Fit and write."""
    pieces = cuts(seed=SEED)[:: how.every]
    encoder = default()
    try:
        found = vectors(encoder, pieces, weights="".join(one.sha256 for one in WEIGHTS))
    except ModelError as error:
        raise MissingDataError(str(error)) from error
    fitted = calibrate(pieces, found, np.arange(len(pieces)), encoder.name)
    speakers = len({p.speaker for p in pieces})
    path = write(
        "forensics/audio/voices/scoring.py",
        script=__file__,
        data=[
            table_files(recordings(), "file"),
            *sources(),
        ],
        seed=SEED,
        values={
            fitted.encoder: Value(
                {
                    "intercept": round(fitted.intercept, 4),
                    "cosine": round(fitted.cosine, 4),
                    "log_seconds": round(fitted.log_seconds, 4),
                    "threshold": THRESHOLD,
                },
                "natural log odds of one voice at even priors: per cosine, per logarithm of the seconds of "
                "the shorter piece; the threshold is where both answers are equally likely",
            )
        },
        quality={"pieces": len(pieces), "speakers": speakers},
        how=how,
    )
    log.info("written: %s", path)


def calibrate(
    pieces: list[Cut], found: npt.NDArray[np.float32], rows: npt.NDArray[np.int64], name: str
) -> Calibration:
    """A calibration from the pieces in `rows`: half of the different pairs' weight is on one source."""
    t = trials(pieces, rows)
    cosine = (found[t.first].astype(np.float64) * found[t.second]).sum(axis=1)
    length = np.array([p.seconds for p in pieces])
    speaker = np.array([p.speaker for p in pieces])
    many = {s: (speaker[t.first[t.same]] == s).sum() for s in set(speaker)}
    weight = np.ones(len(cosine))
    weight[t.same] = [1 / many[s] ** 0.5 for s in speaker[t.first[t.same]]]  # nobody's voice decides alone
    for chosen in (~t.same & t.close, ~t.same & ~t.close):
        if chosen.any():
            weight[chosen] = 1 / chosen.sum()
    return fit(cosine, np.minimum(length[t.first], length[t.second]), t.same, weight, encoder=name)


if __name__ == "__main__":
    sys.exit(main(run))
