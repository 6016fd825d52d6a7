"""Fit what a chain of commands is told by: its steps, whether anybody meant it, how rare chains are.

Steps of planted chains against all other recordings of simulated households, the tuning half; chains that
nobody meant against messages that somebody did send; then the prior, by the chains found.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from fitting.command import log, main
from fitting.logistic import fit, rounded, scores
from fitting.material.homes import Home, home
from fitting.material.household import as_heard, corpus
from fitting.material.talk import FOLDER
from fitting.record import Run, Source, Value, file, fit_of, pipeline, write
from forensics.profile import chain_meaning, chain_steps
from forensics.profile.chains import find_chains
from forensics.profile.records import Utterance

SEEDS = range(40, 50)
JUDGED = {"send": {"reads": -2.0}}
"""Not fitted: few of the dialogues are about messages that came in. A judgement."""
PRIORS = (-6.5, -6.0, -5.5, -5.0, -4.5, -4.0, -3.5, -3.0)
ALIKE = 0.02
"""Difference of F1 that is chance: its standard error with 140 chains, of which nine in ten are found."""
RIDGE = 3.0
_LETTERS = {"send": "s", "contact": "c", "confirmation": "y"}
_PARTS = {"w": "wake", "s": "send", "c": "contact", "y": "confirmation"}


def run(how: Run) -> None:
    """Fit and write ``chain_steps``, ``chain_meaning`` and ``chains``."""
    seeds = SEEDS[:: how.every]
    homes = [home("tune", language, seed) for language in ("en", "de") for seed in seeds]
    data = sources()
    steps(homes, data, how)
    meaning(homes, data, how)
    prior(homes, data, how)


def sources() -> list[Source]:
    """What the simulated households are made of."""
    return [
        *(file(corpus(language, "train")) for language in ("en", "de")),
        *(file(FOLDER / name) for name in ("chains.csv", "overheard.csv", "talk.csv", "names.csv")),
        as_heard("tune"),
        *(pipeline(language) for language in ("en", "de")),
        fit_of("forensics.language.accidental"),
    ]


def steps(homes: Sequence[Home], data: Sequence[Source], how: Run) -> None:
    """Weights of each step."""
    values, quality = {}, {}
    for step, letter in _LETTERS.items():
        names = chain_steps.FEATURES[step]
        x, y = _texts_of(homes, step, letter)
        held = {names.index(name): value for name, value in JUDGED.get(step, {}).items()}
        beta = fit(x, y, ridge=RIDGE, held=held)
        value = scores(x, beta)
        values[step] = Value(
            dict(zip((*names, "intercept"), rounded(beta), strict=True)),
            "log likelihood ratio of this step against any other recording, by feature"
            + ("; 'reads' is a judgement" if held else ""),
        )
        quality[step] = {
            "steps": int(y.sum()),
            "texts": len(y),
            "quantiles_05_25_50_of_steps": rounded(np.quantile(value[y == 1], [0.05, 0.25, 0.5])),
            "quantiles_50_90_99_of_others": rounded(np.quantile(value[y == 0], [0.5, 0.9, 0.99])),
        }
    _write("forensics/profile/chain_steps.py", data, values, quality, how)


def _texts_of(homes: Sequence[Home], step: str, letter: str) -> tuple[np.ndarray, np.ndarray]:
    x, y = [], []
    for one in homes:
        for truth, utterance in zip(one.said, one.utterances, strict=True):
            for text in utterance.texts:
                p = one.named.get(utterance.utterance_id, 0.0)
                x.append(chain_steps.features(step, text, utterance.intent, p))
                y.append(float(letter in truth.steps))
    return np.array(x), np.array(y)


def meaning(homes: Sequence[Home], data: Sequence[Source], how: Run) -> None:
    """Weights of what was meant."""
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
    truth, beta = np.array(y), fit(np.array(x), np.array(y), ridge=RIDGE)
    right = float(np.mean((scores(np.array(x), beta) > 0) == (truth == 1)))
    values = {
        "weights": Value(
            dict(zip(chain_meaning.FEATURES, rounded(beta[:-1]), strict=True)),
            "log odds that nobody meant the chain, by feature",
        ),
        "intercept": Value(round(float(beta[-1]), 2), "log odds, at even prior odds"),
    }
    quality = {"chains": len(y), "unmeant": int(truth.sum()), "told_apart": round(right, 4)}
    _write("forensics/profile/chain_meaning.py", data, values, quality, how)


def prior(homes: Sequence[Home], data: Sequence[Source], how: Run) -> None:
    """The prior by F1 of the chains found: the middle of those that chance does not tell from the best."""
    found = [round(f1_of_chains(homes, value), 4) for value in PRIORS]
    alike = [value for value, score in zip(PRIORS, found, strict=True) if score >= max(found) - ALIKE]
    chosen = alike[len(alike) // 2]
    values = {"prior": Value(chosen, "log odds that a recording begins a chain, before anything is heard")}
    quality = {"f1_by_prior": dict(zip(map(str, PRIORS), found, strict=True))}
    _write("forensics/profile/chains.py", data, values, quality, how)


def f1_of_chains(homes: Sequence[Home], value: float) -> float:
    """F1 of the planted chains that end in a message, found among all recordings."""
    hit = found = true = 0
    for one in homes:
        of = {u.utterance_id: s.chain for u, s in zip(one.utterances, one.said, strict=True)}
        planted = {s.chain for s in one.said if s.chain.startswith(("accidental", "meant"))}
        chains = find_chains(one.utterances, one.named, prior=value)
        hit += len({mostly([of[r] for r in chain.utterances]) for chain in chains} & planted)
        found, true = found + len(chains), true + len(planted)
    return 2 * hit / max(found + true, 1)


def mostly(chains: Sequence[str]) -> str:
    """The planted chain that at least half of the recordings belong to, or nothing."""
    best = max(sorted(set(chains)), key=list(chains).count)
    return best if list(chains).count(best) * 2 >= len(chains) else ""


def _write(target: str, data: Sequence[Source], values: dict, quality: dict, how: Run) -> None:
    path = write(
        target, script=__file__, data=data, seed=SEEDS[0], values=values, quality=quality, how=how,
        note=f"households of the seeds {SEEDS[0]} to {SEEDS[-1]}, ridge {RIDGE:g}",
    )  # fmt: skip
    log.info("written: %s", path)


if __name__ == "__main__":
    sys.exit(main(run))
