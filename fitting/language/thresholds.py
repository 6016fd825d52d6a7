"""Choose, on the dev sets, below which probability a name is left out, and how sharp domains are told.

The dev sets have no other part: what is chosen here makes their figures optimistic (docs/language.md).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from fitting.command import log, main
from fitting.language.corpus import read as read_corpus
from fitting.record import Run, Source, Value, file, pipeline, shared, write
from forensics.language.reader import LANGUAGES, NAMES, Reader

LEVELS = tuple(round(0.05 * n, 2) for n in range(13))
SHARPNESS = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0)
GAIN = 0.002
"""Least gain of F1 for which names are left out: less is chance (a dev set has 130 to 240 of them)."""


def run(how: Run) -> None:
    """Choose and write ``reader`` and ``domains``."""
    sentences = {language: _dev(language)[:: how.every] for language in LANGUAGES}
    data = [
        *(file(_path(language)) for language in LANGUAGES),
        *(pipeline(language) for language in LANGUAGES),
    ]
    factor = sharpness(sentences, data, how)
    names(sentences, data, factor, how)


def names(
    sentences: dict[str, list[dict[str, Any]]], data: Sequence[Source], factor: float, how: Run
) -> None:
    """For each language and kind of name the level with the best overlap F1."""
    values, quality = {}, {}
    for language, own in sentences.items():
        chosen, figures = {}, {}
        for label in NAMES:
            f1 = {}
            for level in LEVELS:
                reader = Reader(language, least={label: level})
                reader.domains.sharpness = factor
                f1[level] = f1_of(label, own, reader)
            best = max(f1, key=lambda level: (f1[level], -level))
            chosen[label] = best if f1[best] >= f1[0.0] + GAIN else 0.0
            figures[label] = {"f1_with_all": round(f1[0.0], 4), "f1": round(f1[chosen[label]], 4)}
        values[language] = Value(chosen, "probability below which a name of this kind is left out")
        quality[language] = figures
    path = write(
        "forensics/language/reader.py", script=__file__, data=data, seed=None, values=values,
        quality=quality, how=how,
    )  # fmt: skip
    log.info("written: %s", path)


def f1_of(label: str, sentences: Sequence[dict[str, Any]], reader: Reader) -> float:
    """Overlap F1 of one label: a prediction is right if it overlaps a mention that no other took."""
    right = predicted = gold = 0
    readings = reader.read([sentence["text"] for sentence in sentences])
    for sentence, reading in zip(sentences, readings, strict=True):
        left = [(e["start"], e["end"]) for e in sentence["entities"] if e["label"] == label]
        gold += len(left)
        for mention in reading.mentions:
            if mention.label != label or mention.found_by.startswith("list:sensitive"):
                continue
            hit = next((one for one in left if one[0] < mention.end and mention.start < one[1]), None)
            if hit is not None:
                left.remove(hit)
            right += hit is not None
            predicted += hit is not None or label not in sentence.get("unlabelled", ())
    return 2 * right / max(predicted + gold, 1)


def sharpness(sentences: dict[str, list[dict[str, Any]]], data: Sequence[Source], how: Run) -> float:
    """The factor with the best mean accuracy of domains over both languages."""
    readers = {language: Reader(language, least={}) for language in LANGUAGES}
    accuracy = {}
    for factor in SHARPNESS:
        shares = []
        for language, own in sentences.items():
            readers[language].domains.sharpness = factor
            found = readers[language].read([sentence["text"] for sentence in own])
            shares.append(np.mean([r.domain == s["domain"] for r, s in zip(found, own, strict=True)]))
        accuracy[factor] = round(float(np.mean(shares)), 4)
    chosen = max(SHARPNESS, key=lambda factor: accuracy[factor])
    path = write(
        "forensics/language/domains.py", script=__file__, data=data, seed=None,
        values={"sharpness": Value(chosen, "factor from the classifier's margins to logits")},
        quality={"mean_accuracy_by_factor": {str(k): v for k, v in accuracy.items()}}, how=how,
    )  # fmt: skip
    log.info("written: %s", path)
    return chosen


def _path(language: str) -> Any:
    return shared(f"corpora/{language}/dev.jsonl", what="sentences that people say to voice assistants")


def _dev(language: str) -> list[dict[str, Any]]:
    return read_corpus(_path(language))


if __name__ == "__main__":
    sys.exit(main(run))
