"""Fit the weights of ``forensics.transcription.second_hearing`` on the tuning half of the spoken names.

Prints the constants to put there.
"""

from __future__ import annotations

import sys

import numpy as np
from fit_likeness import fit
from household_names import figures, hear_all, training

FALSE_NAME = 2.0
"""Log of what a name that nobody said costs in names that stay unheard: seven."""


def main() -> int:
    """Print the constants."""
    heard = hear_all("tune")
    x, y = training(heard)
    beta = fit(x, y, np.ones(len(y)), ridge=0.05)
    beta[-1] += np.log(y.mean() / (1 - y.mean()))  # the fit gives both classes the same weight
    beta[-1] -= FALSE_NAME
    print(f"candidates {len(y)}, said {int(y.sum())}")
    print(f"WEIGHTS = {tuple(round(float(b), 2) for b in beta[:-1])}")
    print(f"INTERCEPT = {beta[-1]:.2f}")
    print("with the weights as shipped, tuning half:", {k: v for k, v in figures(heard).items() if k != "by"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
