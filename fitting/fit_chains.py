"""Fit the weights of ``forensics.profile.chain_steps`` and ``chain_meaning`` on the tuning half.

Steps of planted chains against all other utterances of simulated households; then chains that nobody meant
against messages that somebody did send. Prints the constants to put there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from fit_likeness import fit
from household_talk import Said, household
from loose_bundles import hearing_of

from forensics.language.accidental import accidental_score
from forensics.language.reader import reader
from forensics.profile import chain_meaning, chain_steps
from forensics.profile.records import Utterance

SEEDS = range(40, 50)
_LETTERS = {"send": "s", "contact": "c", "confirmation": "y"}
_PARTS = {"w": "wake", "s": "send", "c": "contact", "y": "confirmation"}


@dataclass(frozen=True)
class Home:
    """A simulated household as the finder sees it, with the truth beside it.

    Parameters
    ----------
    said : list of Said
    utterances : list of Utterance
    named : dict
        Probability that somebody is named, by utterance.
    """

    said: list[Said]
    utterances: list[Utterance]
    named: dict[str, float]


def home(half: str, language: str, seed: int) -> Home:
    """One household, read."""
    said = household(half, language, hearing_of(half, language), seed=seed)
    readings = list(reader(language).read([one.text for one in said]))
    utterances, named = [], {}
    for n, (one, reading) in enumerate(zip(said, readings, strict=True)):
        name = f"rec-{n:05d}"
        texts = (one.text,) if one.text else ()
        score = accidental_score(reading) if one.text else None
        utterances.append(
            Utterance(
                name,
                one.at,
                "echo",
                domain=reading.domain,
                intent=reading.intent,
                accidental=score,
                texts=texts,
            )
        )
        people = [m.score for m in reading.mentions if m.label == "PERSON"]
        if people:
            named[name] = max(people)
    return Home(said, utterances, named)


def steps(homes: list[Home]) -> None:
    """Print the weights of each step."""
    print("WEIGHTS: dict[str, tuple[float, ...]] = {")
    for step, letter in _LETTERS.items():
        x, y = [], []
        for one in homes:
            for truth, utterance in zip(one.said, one.utterances, strict=True):
                for text in utterance.texts:
                    p = one.named.get(utterance.utterance_id, 0.0)
                    x.append(chain_steps.features(step, text, utterance.intent, p))
                    y.append(float(letter in truth.steps))
        beta = fit(np.array(x), np.array(y), np.ones(len(y)), ridge=3.0)
        value = np.array(x) @ beta[:-1] + beta[-1]
        print(f'    "{step}": {tuple(round(float(b), 2) for b in beta)},')
        print(
            f"    # {int(sum(y))} steps, {len(y)} texts; quantiles of steps "
            f"{np.quantile(value[np.array(y) == 1], [0.05, 0.25, 0.5])}, of others "
            f"{np.quantile(value[np.array(y) == 0], [0.5, 0.9, 0.99])}"
        )
    print("}")


def meaning(homes: list[Home]) -> None:
    """Print the weights of what was meant."""
    x, y = [], []
    for one in homes:
        for chain in sorted({s.chain for s in one.said if s.chain.startswith(("accidental", "meant"))}):
            parts: dict[str, Utterance] = {}
            for truth, utterance in zip(one.said, one.utterances, strict=True):
                if truth.chain == chain:
                    for letter in truth.steps.replace("-", ""):
                        parts.setdefault(_PARTS[letter], utterance)
            x.append(chain_meaning.features(parts))
            y.append(float(chain.startswith("accidental")))
    beta = fit(np.array(x), np.array(y), np.ones(len(y)), ridge=3.0)
    value = np.array(x) @ beta[:-1] + beta[-1]
    right = np.mean((value > 0) == (np.array(y) == 1))
    print(f"chains {len(y)}, unmeant {int(sum(y))}, told apart {right:.2f} (tuning half)")
    print(f"WEIGHTS = {tuple(round(float(b), 2) for b in beta[:-1])}")
    print(f"INTERCEPT = {beta[-1]:.2f}")


def main() -> int:
    """Print the constants."""
    homes = [home("tune", language, seed) for language in ("en", "de") for seed in SEEDS]
    steps(homes)
    meaning(homes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
