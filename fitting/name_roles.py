"""Fit what an utterance says of a name, from examples written by hand in both languages.

Examples lie in ``fitting/data/name_roles_<author>_<lang>.jsonl``: ``{"text", "start", "end", "says"}``. The
figures printed are for each author's examples by a model that saw the others' only; the shipped model
sees all.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from forensics.profile.naming import name_spans
from forensics.profile.says import BITS, CLASSES, FILE, features, hashed

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "fitting" / "data"
PENALTY = 20.0
"""Inverse strength of the ridge (chosen on left-out authors)."""
CORPORA = Path(os.environ.get("FORENSICS_CORPORA", "/work/shared/corpora"))
CORPUS_WEIGHT = 0.01
"""Weight of a sentence of the corpora against one written for this (chosen on left-out authors): its class is
only what its domain makes likely."""
BALANCE = 0.8
"""Power of a class's size by which its sentences are divided: 1 makes all classes equal (assumption)."""
MOST = 1500
"""Sentences of the corpora for each class."""
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


def from_corpora() -> list[dict[str, Any]]:
    """Sentences of the corpora: names by what their domain makes of them, and words that only look like
    names."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in (CORPORA / "en" / "train.jsonl", CORPORA / "de" / "train.jsonl"):
        for line in path.open(encoding="utf-8") if path.exists() else ():
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
    rng = random.Random(7)
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


def main() -> int:
    """Print how well left-out authors are read, and write the weights of all."""
    by_author, corpus = examples(), from_corpora()
    for author, rows in by_author.items():
        others = [row for other, found in by_author.items() if other != author for row in found]
        if not others:
            continue
        predicted = train(others, corpus).predict(matrix(rows))
        right = Counter(
            row["says"] for row, guess in zip(rows, predicted, strict=True) if row["says"] == guess
        )
        total = Counter(row["says"] for row in rows)
        print(f"author {author}: {sum(right.values())} of {len(rows)} right by the others' examples")
        for name in CLASSES:
            print(f"  {name:22} {right[name]:4} of {total[name]}")
    everything = [row for rows in by_author.values() for row in rows]
    model = train(everything, corpus)
    order = [list(model.classes_).index(name) if name in model.classes_ else None for name in CLASSES]
    weights = np.zeros((1 << BITS, len(CLASSES)), np.float16)
    intercept = np.full(len(CLASSES), -20.0, np.float32)
    for column, source in enumerate(order):
        if source is not None:
            weights[:, column] = model.coef_[source].astype(np.float16)
            intercept[column] = model.intercept_[source]
    np.savez_compressed(ROOT / "forensics" / "profile" / "data" / FILE, weights=weights, intercept=intercept)
    print(f"{len(everything)} examples and {len(corpus)} sentences of the corpora")
    return 0


if __name__ == "__main__":
    sys.exit(main())
