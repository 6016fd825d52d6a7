"""Fit what an utterance says of a name or a place, from households in which readers marked both.

The marks lie in ``fitting/data/homes_marked.csv``: household, recording, offsets in the vendor's text, kind
and class. What the package would take for a name or a place and no reader marked is a class of its own. The
figures are for each part of the authors by a model that saw the homes of the others only; the shipped model
sees all.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from fitting.command import log, main
from fitting.material.written_homes import HOMES, HOUSEHOLDS, read, scripts
from fitting.record import ROOT, Run, file, write_table
from forensics.profile.hashed_model import hashed
from forensics.profile.naming import WORD, name_spans
from forensics.profile.says import BITS, FILE, SAYS, USES, Classifier, Readers, features
from forensics.profile.spotting import BITS as SPOTTER_BITS
from forensics.profile.spotting import PARTS, Spotter, hashed_word

MARKS = ROOT / "fitting" / "data" / "homes_marked.csv"
TARGET = f"forensics/profile/data/{FILE}"
PENALTY = 20.0
"""Inverse strength of the ridge (chosen on left-out authors)."""
SPOTTER_PENALTY = 3.0
"""The same for the classifier of words (assumption: no other was compared to the end)."""
FOLDS = 3
NOTHING = {"name": "not_a_person", "place": "not_a_place"}
CLASSES = {"name": SAYS, "place": USES}


@dataclass(frozen=True)
class Marked:
    """A stretch of a text and what is said of it.

    Parameters
    ----------
    text : str
        Lower case.
    start, end : int
        End exclusive.
    kind : str
        ``name`` or ``place``.
    says : str
    author : str
    """

    text: str
    start: int
    end: int
    kind: str
    says: str
    author: str


def fold_of(author: str) -> int:
    """Which part of the authors somebody belongs to: each part is read by models of the others."""
    return sorted(_authors()).index(author) % FOLDS if author in _authors() else FOLDS


@cache
def readers_without(fold: int) -> Readers:
    """The models that never saw the authors of one fold; of no fold: those of all authors."""
    seen = [one for one in marked() if fold_of(one.author) != fold]
    return Readers(
        trained([m for m in seen if m.kind == "name"], SAYS),
        trained([m for m in seen if m.kind == "place"], USES),
        spotter([text for text in texts() if fold_of(text.author) != fold]),
    )


@cache
def marked() -> tuple[Marked, ...]:
    """All marks of the homes that are here, and what the package takes for a name or a place without one."""
    found: list[Marked] = []
    for script in _all_scripts():
        rows_of = _marks().get(script["household"], ())
        if rows_of:
            found += _of_home(script, rows_of)
    return tuple(found)


@dataclass(frozen=True)
class Text:
    """An utterance of a marked home, word by word.

    Parameters
    ----------
    words : tuple of str
        Folded.
    parts : tuple of int
        Of which of :data:`forensics.profile.spotting.PARTS` each word is a part.
    author : str
    """

    words: tuple[str, ...]
    parts: tuple[int, ...]
    author: str


@cache
def texts() -> tuple[Text, ...]:
    """All utterances of the marked homes."""
    found = []
    for script in _all_scripts():
        marks: dict[int, list[Mapping[str, str]]] = defaultdict(list)
        for row in _marks().get(script["household"], ()):
            if row["says"] != NOTHING[row["kind"]]:
                marks[int(row["recording"])].append(row)
        for number, recording in enumerate(script["recordings"]):
            text = (recording["vendor_text"] or "").lower()
            if not text or not marks:
                continue
            words = [(m.start(), m.end(), m[0].casefold()) for m in WORD.finditer(text)]
            parts = [0] * len(words)
            for row in marks[number]:
                for at, (start, end, _) in enumerate(words):
                    if int(row["start"]) < end and start < int(row["end"]):
                        parts[at] = PARTS.index(row["kind"])
            found.append(Text(tuple(w for _, _, w in words), tuple(parts), script["author"]))
    return tuple(found)


def spotter(seen: Sequence[Text]) -> Spotter:
    """The classifier of words, from utterances."""
    rows = [row for text in seen for row in _word_rows(text)]
    model = LogisticRegression(C=SPOTTER_PENALTY, max_iter=150)
    model.fit(sparse(rows, 1 << SPOTTER_BITS), [part for text in seen for part in text.parts])
    return Spotter(model.coef_.T.astype(np.float16), model.intercept_.astype(np.float32))


@cache
def _word_rows(text: Text) -> list[np.ndarray]:
    return [hashed_word(text.words, at) for at in range(len(text.words))]


def trained(rows: Sequence[Marked], classes: Sequence[str]) -> Classifier:
    """A ridge logistic regression over all classes; a class without examples is never chosen."""
    model = LogisticRegression(C=PENALTY, max_iter=400)
    model.fit(matrix(rows), [row.says for row in rows])
    weights = np.zeros((1 << BITS, len(classes)), np.float16)
    intercept = np.full(len(classes), -20.0, np.float32)
    for row, name in enumerate(model.classes_):
        weights[:, classes.index(name)] = model.coef_[row].astype(np.float16)
        intercept[classes.index(name)] = model.intercept_[row]
    return Classifier(weights, intercept)


def matrix(rows: Sequence[Marked]) -> csr_matrix:
    """Hashed features of what stands around each mark."""
    return sparse([hashed(features(row.text, row.start, row.end), BITS) for row in rows], 1 << BITS)


def sparse(rows: Sequence[np.ndarray], columns: int) -> csr_matrix:
    """Rows of hashed features as a matrix, each of length one."""
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    data = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row)), np.float32) for row in rows])
    return csr_matrix((data, np.concatenate(rows), indptr), shape=(len(rows), columns))


def _authors() -> Collection[str]:
    return {script["author"] for script in _all_scripts()}


@cache
def _all_scripts() -> tuple[dict[str, Any], ...]:
    return (*scripts(HOUSEHOLDS / "scripts"), *scripts(HOMES))


@cache
def _marks() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The marks, by household."""
    by_home: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    with MARKS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            by_home[row["household"]].append(row)
    return by_home


def _of_home(script: dict[str, Any], marks: Sequence[Mapping[str, str]]) -> list[Marked]:
    author, texts = script["author"], [r["vendor_text"] for r in script["recordings"]]
    found, taken = [], defaultdict(list)
    for row in marks:
        number, start, end = int(row["recording"]), int(row["start"]), int(row["end"])
        text = texts[number].lower()
        if len(text) == len(texts[number]):
            found.append(Marked(text, start, end, row["kind"], row["says"], author))
            taken[number, row["kind"]].append((start, end))

    def unmarked(number: int, start: int, end: int, kind: str) -> None:
        text = texts[number].lower()
        free = not any(start < z and a < end for a, z in taken[number, kind])
        if free and len(text) == len(texts[number]):
            found.append(Marked(text, start, end, kind, NOTHING[kind], author))

    for number, text in enumerate(texts):
        for span in name_spans(text or ""):
            unmarked(number, span.start, span.end, "name")
    for mention in read(script)[0]["mentions"]:
        if mention["label"] == "PLACE":
            unmarked(
                int(mention["utterance_id"].rsplit("-", 1)[1]), mention["start"], mention["end"], "place"
            )
    return found


def run(how: Run) -> None:
    """Judge each part of the authors by models of the others, and write the weights of all."""
    rows = marked()[:: how.every]
    quality: dict[str, Any] = {}
    for fold in range(FOLDS):
        readers = readers_without(fold)
        for kind, classes in CLASSES.items():
            own = [m for m in rows if m.kind == kind and fold_of(m.author) == fold]
            model: Classifier = getattr(readers, f"{kind}s")
            guesses = [classes[int(model.p(m.text, m.start, m.end).argmax())] for m in own]
            right = Counter(m.says for m, guess in zip(own, guesses, strict=True) if m.says == guess)
            total = Counter(m.says for m in own)
            quality[f"{kind}s_of_part_{fold}"] = {
                "right": right.total(), "of": total.total(),
                "by_class": {c: [right[c], total[c]] for c in total},
            }  # fmt: skip
            log.info("%s of part %d: %d of %d right", kind, fold, right.total(), total.total())
    every = readers_without(FOLDS)
    target = how.out / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        target,
        names=every.names.weights, names_intercept=every.names.intercept,
        places=every.places.weights, places_intercept=every.places.intercept,
        words=every.words.weights, words_intercept=every.words.intercept,
    )  # fmt: skip
    homes = [path for folder in (HOUSEHOLDS / "scripts", HOMES) for path in sorted(folder.glob("*.json"))]
    written = write_table(
        target, script=__file__, what="weights of hashed words around a name or place, by what is said of it",
        data=[file(MARKS), *(file(path) for path in homes)],
        quality=quality, seed=None, how=how,
    )  # fmt: skip
    log.info("written: %s", written)


if __name__ == "__main__":
    sys.exit(main(run))
