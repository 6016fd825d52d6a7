"""Weights of ``forensics.transcription.second_hearing``: a judgement that spoken names moved.

Few candidates come up, nearly all of them right, and their names have two words; a single short name is
easily put in the place of "an" or "on". So the data alone would believe everything. The weights begin at a
judgement and go no further from it than the data can carry them; the intercept, which holds the cost of a
false name, stays.
"""

from __future__ import annotations

import sys

import numpy as np

from fitting.command import log, main
from fitting.logistic import rounded
from fitting.material.household import as_heard
from fitting.material.names import hear_all, training
from fitting.material.talk import FOLDER
from fitting.record import Run, Value, file, write
from forensics.transcription.second_hearing import FEATURES

JUDGED = (0.17, 0.25, 1.5, 3.0)
"""Weights by feature before anything is heard: a judgement."""
INTERCEPT = -4.0
"""A judgement: a false name costs about seven found ones, and short names are likelier to be false than
these."""
SURE = 0.15
"""Standard deviation of the judgement as a share of each weight: an assumption."""


def run(how: Run) -> None:
    """Hear, fit, write."""
    heard = hear_all("tune")[:: how.every]
    x, y = training(heard)
    weights = maximum_a_posteriori(x, y)
    path = write(
        "forensics/transcription/second_hearing.py",
        script=__file__,
        data=[file(FOLDER / "names.csv"), as_heard("tune")],
        seed=None,
        values={
            "weights": Value(
                dict(zip(FEATURES, rounded(weights), strict=True)), "log odds that the name was said"
            ),
            "intercept": Value(INTERCEPT, "log odds; a judgement, not fitted"),
        },
        quality={
            "candidates": len(y),
            "said": int(y.sum()),
        },
        note="a judgement that the data moved",
        how=how,
    )
    log.info("written: %s", path)


def maximum_a_posteriori(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression whose prior is normal around the judgement, the intercept given."""
    judged = np.array(JUDGED)
    precision, beta = 1 / (SURE * judged) ** 2, judged.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ beta + INTERCEPT, -40, 40)))
        gradient = x.T @ (y - p) - precision * (beta - judged)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(precision), gradient)
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return beta


if __name__ == "__main__":
    sys.exit(main(run))
