"""Word errors, paired intervals and reliability: what the hearing benchmark computes on texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitting.confidence import normaliser, outcomes
from fitting.material.hearing import Spoken
from forensics.transcription.confidence import utterance_confidence, word_confidence
from forensics.transcription.engine import Reading
from forensics.transcription.evidence import Judgement


@dataclass(frozen=True)
class Heard:
    """What one recipe made of a clip; None where nothing was read."""

    reading: Reading | None
    judgement: Judgement


def errors(clips: Sequence[Spoken], texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Word errors and reference words per clip."""
    from rapidfuzz.distance import Levenshtein

    words = normaliser()
    wrong, said = [], []
    for clip, text in zip(clips, texts, strict=True):
        reference = words(clip.text, clip.language)
        wrong.append(Levenshtein.distance(reference, words(text, clip.language)))
        said.append(len(reference))
    return np.array(wrong), np.array(said)


def rate(clips: Sequence[Spoken], texts: Sequence[str]) -> float:
    """Word error rate."""
    wrong, said = errors(clips, texts)
    return round(float(wrong.sum() / max(said.sum(), 1)), 4)


def paired(ours: np.ndarray, theirs: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    """Difference of word error rates with its 95 % bootstrap interval over clips.

    Takes of one clip belong together: pass sums over the takes.
    """
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(said), (4000, len(said)))
    differences = (ours - theirs)[draws].sum(axis=1) / said[draws].sum(axis=1)
    low, high = np.percentile(differences, [2.5, 97.5])
    return float((ours - theirs).sum() / said.sum()), float(low), float(high)


def calibration_error(predicted: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal count."""
    order = np.argsort(predicted)
    parts = [p for p in np.array_split(order, bins) if len(p)]
    return float(sum(len(p) * abs(predicted[p].mean() - right[p].mean()) for p in parts) / len(order))


def _luck(predicted: np.ndarray) -> float:
    """The calibration error that so few clips show by chance when every probability is true."""
    rng = np.random.default_rng(0)
    drawn = (rng.random((200, len(predicted))) < predicted).astype(float)
    return float(np.mean([calibration_error(predicted, row) for row in drawn]))


def compare(name: str, mine: np.ndarray, theirs: np.ndarray, said: np.ndarray) -> dict[str, Any]:
    """Both rates and the paired difference of one set of clips; printed as well."""
    difference, low, high = paired(mine, theirs, said)
    row = {
        "ours": round(float(mine.sum() / said.sum()), 4),
        "one_by_one": round(float(theirs.sum() / said.sum()), 4),
        "difference": [round(v, 4) for v in (difference, low, high)],
        "clips": len(said),
        "words": int(said.sum()),
    }
    print(f"  {name:<14} {row['ours']:.3f} against {row['one_by_one']:.3f}: {difference:+.3f} [{low:+.3f}, "
          f"{high:+.3f}], {row['clips']} clips, {row['words']} words", flush=True)  # fmt: skip
    return row


def reliability(clips: Sequence[Spoken], heard: Sequence[Heard]) -> dict[str, float]:
    """Calibration of word and utterance confidence on clips that nothing was fitted on."""
    single: list[tuple[float, bool]] = []
    whole: list[tuple[float, bool]] = []
    for reading, right, everything in outcomes(clips, [h.reading for h in heard]):
        single += [(word_confidence(w, reading), ok) for w, ok in zip(reading.words, right, strict=True)]
        whole.append((utterance_confidence(reading), everything))
    result: dict[str, float] = {}
    for name, pairs in (("word", single), ("utterance", whole)):
        predicted, right = np.array([p for p, _ in pairs]), np.array([float(r) for _, r in pairs])
        result |= {
            f"{name}_n": len(pairs),
            f"{name}_ece": round(calibration_error(predicted, right), 3),
            f"{name}_ece_of_a_perfect_forecast": round(_luck(predicted), 3),
            f"{name}_brier": round(float(((predicted - right) ** 2).mean()), 3),
        }
        for part in np.array_split(np.argsort(predicted), 5):
            print(
                f"  {name:<10} predicted {predicted[part].mean():.2f}"
                f"  right {right[part].mean():.2f}  n {len(part)}"
            )
    return result
