"""Fit the profile's models on households written by hand, around the weights that were assumed.

Each weight is the most probable one given the households and a normal prior around the assumption
(:data:`PRIORS`), so that a feature that they hardly show keeps the assumption. Writes
``forensics/profile/data/reading.json`` with the script, the data's hash and the date.

Run: ``python fitting/fit_reading.py [--cache DIR]``; the benchmark ``bench_reading`` calls :func:`fit` without
one author at a time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from forensics.profile.fitted import FILE, Fitted
from forensics.profile.places import named_places
from forensics.profile.records import Evidence

PRIORS: Mapping[str, Mapping[str, float]] = {
    "home": {
        "intercept": -2.5, "days": 0.5, "near": 1.0, "size": 0.1, "off_the_map": -1.5, "unsure": -2.0, "in_messages_only": -1.0,
        "place_home": 2.0, "place_local_business": 1.2, "place_weather": 0.8, "place_weather_planned": -1.0,
        "place_travel": -1.5, "place_work": -0.5, "place_origin": 0.6, "place_goal": -1.2,
        "place_morning_goal": -0.5, "place_qualified": 1.2, "place_corrected": 0.8, "place_rejected": -2.0,
        "place_not_the_other": 0.8, "place_others_home": -1.2, "place_account": 2.0, "place_far": -1.0,
        "place_no_town": -3.0, "place_overheard": -1.5, "place_general_only": -1.5,
    },
    "work": {
        "intercept": -4.0, "days": 0.3, "near": 0.5, "place_work": 2.5, "place_morning_goal": 2.0,
        "place_goal": 0.3, "place_home": -0.7, "place_travel": -0.7, "place_no_town": -2.0, "place_overheard": -1.5,
        "place_general_only": -1.5, "place_far": -1.0, "off_the_map": -0.3, "place_rejected": -1.0,
    },
}  # fmt: skip
"""Weights before any household: assumptions, in nats."""
SPREAD = 1.0
"""Standard deviation of the prior around each weight, in nats (assumption)."""


def fit(homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> Fitted:
    """All models, from evidence and truth of each household.

    Parameters
    ----------
    homes : sequence of (Evidence, mapping)
        The mapping holds ``home_names`` (folded names that are the home's) and ``work`` (folded words of it).
    """
    return Fitted({"home": _choice("home", homes), "work": dict(PRIORS["work"])})


def _choice(model: str, homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> dict[str, float]:
    """A choice among the places of each home, none of them included."""
    prior = PRIORS[model]
    names = sorted(prior)
    sets = []
    for evidence, truth in homes:
        found = named_places(evidence)
        x = np.array([[one.features.get(n, 0.0) for n in names] for one in found]).reshape(
            len(found), len(names)
        )
        right = [i for i, one in enumerate(found) if truth["is_home"](one.value)]
        sets.append((x, right))
    centre = np.array([prior[n] for n in names])

    def loss(w: np.ndarray) -> float:
        total = 0.5 * float(((w - centre) ** 2).sum()) / SPREAD**2
        for x, right in sets:
            scores = np.concatenate([[0.0], x @ w])
            top = scores.max()
            norm = top + np.log(np.exp(scores - top).sum())
            picked = scores[[i + 1 for i in right]] if right else scores[:1]
            total -= float(picked.max() + np.log(np.exp(picked - picked.max()).sum()) - norm)
        return total

    best = minimize(loss, centre, method="L-BFGS-B")
    return {name: round(float(w), 4) for name, w in zip(names, best.x, strict=True)}


def write(fitted: Fitted, digest: str, folder: Path) -> None:
    """The weights as the package holds them."""
    content = {
        "script": "fitting/fit_reading.py", "data_sha256": digest,
        "date": datetime.now(UTC).date().isoformat(), "models": fitted.models,
    }  # fmt: skip
    (folder / FILE).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", "utf-8")


def main(argv: list[str] | None = None) -> int:
    """Fit on all authors and write the file."""
    root = Path(__file__).resolve().parents[1]
    sys.path.insert(0, str(root / "benchmarks"))
    import bench_reading

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="a folder that keeps what the language room read")
    options = parser.parse_args(argv)
    scripts = bench_reading.scripts(set())
    digest = hashlib.sha256("".join(json.dumps(s, sort_keys=True) for s in scripts).encode()).hexdigest()
    homes = [bench_reading.home_of(s, options.cache) for s in scripts]
    write(fit([(h.evidence, h.truth) for h in homes]), digest, root / "forensics" / "profile" / "data")
    return 0


if __name__ == "__main__":
    sys.exit(main())
