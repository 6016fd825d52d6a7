"""Choose the probability below which ``forensics.transcription.matching`` leaves a line unmatched.

On simulated bundles of the tuning half, other ones than ``fitting.likeness`` fits on: the least value at
which precision reaches the bar, so that no more lines than needed stay loose.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from fitting.command import log, main
from fitting.material.household import as_heard, corpus
from fitting.material.loose_bundles import Bundle, bundle, hearing_of, score
from fitting.record import Run, Value, file, fit_of, write
from forensics.transcription.matching import match

RECORDINGS, SEEDS = 1200, (11, 12)
VALUES = tuple(round(0.05 * n, 2) for n in range(16))
BAR = 0.96
"""Precision that is asked for: at most four wrong lines in a hundred (a choice). More costs as much recall as
it gains."""
MISSING = (0.05,)
"""Shares of lines without a recording, and of recordings without a line."""


def run(how: Run) -> None:
    """Match, choose, write."""
    scored: list[dict[float, tuple[float, float]]] = []
    for language in ("en", "de"):
        hearing = hearing_of("tune", language)
        for seed in SEEDS:
            for missing in MISSING:
                made = bundle(
                    RECORDINGS // how.every, language, hearing, half="tune", missing=missing, seed=seed
                )
                scored.append(by_threshold(made))
    means = {
        value: tuple(float(np.mean([one[value][k] for one in scored])) for k in (0, 1)) for value in VALUES
    }
    enough = [value for value in VALUES if means[value][0] >= BAR]
    chosen = enough[0] if enough else VALUES[-1]
    path = write(
        "forensics/transcription/matching.py",
        script=__file__,
        data=[
            *(file(corpus(language, "train")) for language in ("en", "de")),
            as_heard("tune"),
            fit_of("forensics.transcription.likeness"),
        ],
        seed=SEEDS[0],
        values={"least": Value(chosen, "probability of its class below which a line stays unmatched")},
        quality={
            "precision_and_recall_by_value": {
                str(value): [round(v, 4) for v in means[value]] for value in VALUES
            }
        },
        note=f"bundles of {RECORDINGS // how.every} recordings, seeds {SEEDS}, shares missing {MISSING}",
        how=how,
    )
    log.info("written: %s", path)


def by_threshold(made: Bundle) -> dict[float, tuple[float, float]]:
    """Precision and recall of a bundle's lines at each value."""
    lines = [
        {"passage_id": f"{k:06d}", "member_id": "pdf", "page": 1, "line": k, "text": text,
         "data_subject_group": "one"}
        for k, (_, text) in enumerate(made.lines)
    ]  # fmt: skip
    heard = [(f"{k:06d}", text) for k, (_, text) in enumerate(made.heard)]
    rows = match(lines, heard, least=0.0)
    return {value: _judged(made, rows, value) for value in VALUES}


def _judged(made: Bundle, rows: Sequence[dict], value: float) -> tuple[float, float]:
    chosen = [
        int(row["recording_id"]) if row["recording_id"] is not None and row["score"] >= value else -1
        for row in rows
    ]
    found = score(made, chosen)
    return found["precision"], found["recall"]


if __name__ == "__main__":
    sys.exit(main(run))
