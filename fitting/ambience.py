"""Fit the sound cues of ``forensics.audio.ambience`` on one half of the sources, and judge them on the other.

What was only tried on simulated rooms says "unproven". Speech, several people and the wake word are tried on
real recordings.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from fitting.command import log, main
from fitting.material.hearing import recordings
from fitting.material.rooms import (
    Rng,
    Row,
    Sound,
    conversations,
    living,
    manifest,
    material,
    noisy,
    within,
)
from fitting.record import MissingDataError, Run, Value, table_files, write
from forensics.audio.speech import speech_activity
from forensics.audio.texture import NAMES, texture
from forensics.audio.wake_word import wake_word_score

SEED = 11


def described(sounds: list[tuple[Sound, bool]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Textures and truths."""
    rows = [texture(sound, speech_activity(sound)) for sound, _ in sounds]
    return np.stack(rows), np.array([truth for _, truth in sounds])


def fitted(values: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """A logistic regression on standardised features, both answers weighing alike."""
    from sklearn.linear_model import LogisticRegression

    means, scales = values.mean(axis=0), values.std(axis=0) + 1e-6
    standard = np.clip((values - means) / scales, -4, 4)
    model = LogisticRegression(C=0.1, class_weight="balanced", max_iter=2000).fit(standard, truth)
    return {
        "weights": _named(model.coef_[0]),
        "means": _named(means),
        "scales": _named(scales),
        "intercept": round(float(model.intercept_[0]), 4),
    }


def _named(values: npt.NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(NAMES, values, strict=True)}


def scores(cue: dict[str, Any], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The cue's scores."""
    means, scales, weights = (np.array([cue[k][n] for n in NAMES]) for k in ("means", "scales", "weights"))
    standard = np.clip((values - means) / scales, -4, 4)
    return np.asarray(1 / (1 + np.exp(-(cue["intercept"] + standard @ weights))))


def judged(
    score: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_], *, at: float = 0.5
) -> dict[str, Any]:
    """Area under the curve, and misses and false alarms at a threshold with Wilson's 95 % intervals."""
    from sklearn.metrics import roc_auc_score

    if truth.all() or not truth.any():
        raise MissingDataError(
            "So few recordings hold only one kind of sound: ask for more, --every 4 or less."
        )
    missed, false = int((score[truth] < at).sum()), int((score[~truth] >= at).sum())
    return {
        "auc": round(float(roc_auc_score(truth, score)), 3),
        "missed": [missed, int(truth.sum()), *wilson(missed, int(truth.sum()))],
        "false": [false, int((~truth).sum()), *wilson(false, int((~truth).sum()))],
        "at": at,
    }


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's score interval (1927), 95 %."""
    z, p = 1.96, hits / of
    centre, half_width = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return round((centre - half_width) / (1 + z * z / of), 3), round(
        (centre + half_width) / (1 + z * z / of), 3
    )


def said(figure: dict[str, Any]) -> str:
    """A figure in words."""
    m, f = figure["missed"], figure["false"]
    return (
        f"AUC {figure['auc']:.2f}; at {figure['at']:g} missed {m[0]} of {m[1]} "
        f"(95 %: {m[2]:.2f} to {m[3]:.2f}), false {f[0]} of {f[1]} ({f[2]:.2f} to {f[3]:.2f})"
    )


def real_cues(clips: list[tuple[Row, Sound]]) -> dict[str, dict[str, Any]]:
    """The wake word and speech on real recordings; the wake word also in simulated rooms."""
    rng = np.random.default_rng(4)
    heard = [(r, s, speech_activity(s)) for r, s in clips]
    known = [(r, s, v) for r, s, v in heard if r["has_wake_word"] in ("yes", "no")]
    says = np.array([r["has_wake_word"] == "yes" for r, _, _ in known])
    plain = np.array([wake_word_score(s, v) for _, s, v in known])
    hard = np.array([_far_wake_word(s, rng) for _, s, _ in known])
    talks = np.array([r["kind"] != "nonspeech" for r, _, _ in heard])
    return {
        "wake_word": judged(plain, says, at=0.7),
        "wake_word_far": judged(hard, says, at=0.7),
        "speech": judged(np.array([v.probability for *_, v in heard]), talks),
    }


def _far_wake_word(sound: Sound, rng: Rng) -> float:
    distant = noisy(within(sound, living(rng, False)), rng, 10.0)
    return wake_word_score(distant, speech_activity(distant))


def run(how: Run) -> None:
    """Fit, judge and write."""
    clips = manifest()[:: how.every]
    cues = {}
    for name, sounds in material(clips, "fit", seed=SEED).items():
        cues[name] = fitted(*described(sounds))
    figure = figures(clips, cues)
    values = {
        name: Value(cue, "log odds of the cue, by standardised feature; means and scales of the features")
        for name, cue in cues.items()
    }
    values["bases"] = Value(bases(figure), "how often each cue is wrong, and on what it was tried")
    path = write(
        "forensics/audio/ambience.py",
        script=__file__,
        data=[table_files(recordings(), "file")],
        seed=SEED,
        values=values,
        quality=figure,
        note="rooms, loudspeakers and music are simulated; the README of the recordings names their licences",
        how=how,
    )
    log.info("written: %s", path)


def figures(clips: list[tuple[Row, Sound]], cues: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Errors of every cue on the half that is reported, and on real recordings."""
    found: dict[str, Any] = {}
    for name, sounds in material(clips, "report", seed=SEED).items():
        values, truth = described(sounds)
        found[name] = judged(scores(cues[name], values), truth)
    found |= real_cues(clips)
    values, truth = described(conversations(clips))
    found["several_people_real"] = judged(scores(cues["several_people"], values), truth)
    return found


def bases(figure: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What each cue rests on, as the report tells it."""
    return {
        "bathroom": {"status": "unproven", "on": "rooms", **figure["bathroom"]},
        "far": {"status": "unproven", "on": "rooms", **figure["far"]},
        "music": {"status": "unproven", "on": "music", **figure["music"]},
        "television": {"status": "unproven", "on": "loudspeakers", **figure["television"]},
        "several_people": _on_real("talk", figure["several_people_real"]),
        "wake_word": _on_real("recordings", figure["wake_word"]),
        "speech": _on_real("recordings", figure["speech"]),
        "child": {"status": "unproven", "on": "pitch"},
    }


def _on_real(on: str, figure: dict[str, Any]) -> dict[str, Any]:
    return {"status": status(figure["auc"], figure["missed"][1], figure["false"][1]), "on": on, **figure}


def status(auc: float, positive: int, negative: int) -> str:
    """Whether a cue that was tried on real recordings tells them apart at all.

    The standard error of the area under the curve is Hanley and McNeil's (Radiology 143:29, 1982).
    """
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    spread = (positive - 1) * (q1 - auc * auc) + (negative - 1) * (q2 - auc * auc)
    error = math.sqrt((auc * (1 - auc) + spread) / (positive * negative))
    return "measured" if auc - 1.96 * error > 0.5 else "chance"


if __name__ == "__main__":
    sys.exit(main(run))
