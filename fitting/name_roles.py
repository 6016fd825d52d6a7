"""Fit what an utterance says of a name, from examples written by hand in both languages.

Examples lie in ``fitting/data/name_roles_<author>_<lang>.jsonl``: ``{"text", "start", "end", "says"}``. The
figures are for each author's examples by a model that saw the others' only; the shipped model sees all.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from fitting.command import log, main
from fitting.record import ROOT, Run, file, shared, write_table
from forensics.profile.naming import name_spans
from forensics.profile.says import BITS, CLASSES, FILE, features, hashed

DATA = ROOT / "fitting" / "data"
TARGET = f"forensics/profile/data/{FILE}"
PENALTY = 20.0
"""Inverse strength of the ridge (chosen on left-out authors)."""
CORPUS_WEIGHT = 0.01
"""Weight of a sentence of the corpora against one written for this (chosen on left-out authors): its class is
only what its domain makes likely."""
BALANCE = 0.8
"""Power of a class's size by which its sentences are divided: 1 makes all classes equal (assumption)."""
MOST = 1500
"""Sentences of the corpora for each class."""
SEED = 7
"""Of the choice among them."""
_BY_DOMAIN = {
    "communication": "calls_or_writes", "social": "calls_or_writes", "calendar": "appointment_with",
    "qa": "quoted_or_media", "news": "quoted_or_media", "music": "quoted_or_media",
    "media": "quoted_or_media",
    "recommendation": "quoted_or_media",
}  # fmt: skip


def examples() -> dict[str, list[dict[str, Any]]]:
    """Examples by author."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(DATA.glob("name_roles_*.jsonl")):
        author = path.stem.split("_")[2]
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                found[author].append(json.loads(line))
    return dict(found)


def from_corpora(paths: list[Path]) -> list[dict[str, Any]]:
    """Sentences of the corpora: names by what their domain makes of them, and words that only look like
    names."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in paths:
        for line in path.open(encoding="utf-8"):
            row = json.loads(line)
            if row["source"] == "xsid":  # share-alike
                continue
            text = row["text"].casefold()
            people = [e for e in row["entities"] if e["label"] == "PERSON" or "artist" in e["slot"]]
            for entity in people:
                says = "quoted_or_media" if "artist" in entity["slot"] else _BY_DOMAIN.get(row["domain"])
                if says and entity["end"] <= len(text):
                    found[says].append(
                        {"text": text, "start": entity["start"], "end": entity["end"], "says": says}
                    )
            spans = [(e["start"], e["end"]) for e in row["entities"] if e["label"] in ("PERSON", "MEDIA")]
            for span in name_spans(text):
                if not any(start < span.end and span.start < end for start, end in spans):
                    found["not_a_person"].append(
                        {"text": text, "start": span.start, "end": span.end, "says": "not_a_person"}
                    )
    rng = random.Random(SEED)
    return [row for says in sorted(found) for row in rng.sample(found[says], min(MOST, len(found[says])))]


def matrix(rows: list[dict[str, Any]]) -> csr_matrix:
    """Hashed features, each row of length one."""
    indices, indptr, data = [], [0], []
    for row in rows:
        found = hashed(features(row["text"].casefold(), row["start"], row["end"]))
        indices += found.tolist()
        data += [1 / np.sqrt(len(found))] * len(found)
        indptr.append(len(indices))
    return csr_matrix((data, indices, indptr), shape=(len(rows), 1 << BITS))


def train(rows: list[dict[str, Any]], corpus: list[dict[str, Any]]) -> LogisticRegression:
    """A ridge logistic regression over all classes."""
    model = LogisticRegression(C=PENALTY, max_iter=400)
    both = [*rows, *corpus]
    weights = [1.0] * len(rows) + [CORPUS_WEIGHT] * len(corpus)
    totals: Counter[str] = Counter()
    for row, weight in zip(both, weights, strict=True):
        totals[row["says"]] += weight
    weights = [w / totals[row["says"]] ** BALANCE for row, w in zip(both, weights, strict=True)]
    scale = len(rows) / sum(weights)
    weights = [w * scale for w in weights]
    model.fit(matrix(both), [row["says"] for row in both], sample_weight=weights)
    return model


def run(how: Run) -> None:
    """Judge each author by the others' examples, and write the weights of all."""
    corpora = shared("corpora", what="the sentences of the corpora")
    paths = [corpora / language / "train.jsonl" for language in ("en", "de")]
    by_author = {author: rows[:: how.every] for author, rows in examples().items()}
    corpus = from_corpora(paths)[:: how.every]
    left_out = {}
    for author, rows in by_author.items():
        others = [row for other, found in by_author.items() if other != author for row in found]
        left_out[author] = _judged(train(others, corpus), rows)
        log.info("author %s: %s", author, left_out[author])
    model = train([row for rows in by_author.values() for row in rows], corpus)
    target = how.out / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, **_by_class(model))
    written = write_table(
        target, script=__file__, what="weights of hashed words around a name, by what is said of it",
        data=[file(path) for path in [*sorted(DATA.glob("name_roles_*.jsonl")), *paths]],
        quality={"left_out_author": left_out}, seed=SEED, how=how,
    )  # fmt: skip
    log.info("written: %s", written)


def _judged(model: LogisticRegression, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many are read right, of all and by class."""
    right: Counter[str] = Counter()
    for row, guess in zip(rows, model.predict(matrix(rows)), strict=True):
        right[row["says"]] += row["says"] == guess
    total = Counter(row["says"] for row in rows)
    by_class = {name: [right[name], total[name]] for name in CLASSES if total[name]}
    return {"right": right.total(), "of": len(rows), "by_class": by_class}


def _by_class(model: LogisticRegression) -> dict[str, np.ndarray]:
    """Weights and intercepts in the order of :data:`CLASSES`; a class without examples is never chosen."""
    weights = np.zeros((1 << BITS, len(CLASSES)), np.float16)
    intercept = np.full(len(CLASSES), -20.0, np.float32)
    for row, name in enumerate(model.classes_):
        weights[:, CLASSES.index(name)] = model.coef_[row].astype(np.float16)
        intercept[CLASSES.index(name)] = model.intercept_[row]
    return {"weights": weights, "intercept": intercept}


if __name__ == "__main__":
    sys.exit(main(run))
