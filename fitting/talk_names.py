"""Fit which words of talk are in people's names, one author left out at a time.

Writes how the training sentences use their words to ``forensics/knowledge/data/word_uses.tsv.gz``, and
the fit on all authors beside ``forensics/language/talk.py``, with recall and precision of words for each
author by the fit on the others.

A word is a name's if the script names a person so. Words that are listed as first names and are no person of
the script are left out, unless they are ordinary words that are listed for other countries only: most are
strangers, and some are misheard names, so that they are neither right nor wrong.
"""

from __future__ import annotations

import base64
import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.bench_spans import gold_spans, households, names_of
from benchmarks.command_variants import load
from fitting.command import log, main
from fitting.record import ROOT, Run, Value, file, package, shared, write, write_table
from forensics.knowledge.words import spelling, split
from forensics.language.languages import languages_of
from forensics.language.reader import reader
from forensics.language.talk import Text, features_of
from forensics.language.talk_features import USES_FILE, Elsewhere, Spelling, bare_of

SHARED = Path(__file__).resolve().parents[2] / "shared"
STRENGTH = 1.0
"""scikit-learn's ``C``."""


@dataclass(frozen=True)
class Home:
    """A household's utterances with what its script says of them."""

    name: str
    author: str
    texts: list[Text]
    own: frozenset[str]
    strangers: frozenset[str]


@dataclass(frozen=True)
class Word:
    """One word that may be in a name."""

    home: str
    author: str
    text: int
    at: int
    form: str
    features: Mapping[str, float]
    is_name: bool
    counts: bool


def homes(folder: Path) -> list[Home]:
    """The households as the reader reads them."""
    found = []
    for script in households(folder):
        said = [r["vendor_text"] for r in script["recordings"] if r["vendor_text"]]
        languages = languages_of(said)
        texts = []
        for number, (text, language) in enumerate(zip(said, languages, strict=True)):
            (reading,) = reader(language).read([text])
            texts.append(Text(reading, language, str(number)))
        found.append(Home(script["household"], script["author"], texts, *names_of(script)))
    return found


def words_of(home: Home, seen: Mapping[tuple[str, str], Mapping[int, float]] | None = None) -> list[Word]:
    """Words of a household.

    Parameters
    ----------
    home : Home
    seen : mapping, optional
        By household and form the probability in each text, by a fit that did not see this household.
    """
    found = []
    for number, text in enumerate(home.texts):
        words = split(text.reading.text)
        own, others = gold_spans(text.reading.text, home.own), gold_spans(text.reading.text, home.strangers)
        household = {
            at: _elsewhere((seen or {}).get((home.name, bare_of(form)), {}), number)
            for at, form in enumerate(words.words)
        }
        for at, features in features_of(text, words, household):
            start, end = words.spans[at]
            is_name, stranger = (any(a <= start and end <= b for a, b in spans) for spans in (own, others))
            listed = "new, listed" in features and "listed" in features
            used = features.get("share of names", 0.0) > 0 and "used as a name" in features
            ordinary = "listed elsewhere, written small" in features
            counts = is_name or not (stranger or (listed and not ordinary) or used)
            found.append(Word(home.name, home.author, number, at, words.words[at], features, is_name, counts))
    return found


def _elsewhere(seen: Mapping[int, float], own: int) -> Elsewhere:
    others = [p for number, p in seen.items() if number != own]
    return Elsewhere(sum(others) / len(others), len(others)) if others else Elsewhere()


def weights_without(author: str, every: Sequence[Home]) -> dict[str, dict[str, float]]:
    """The fit on all households but those of one author, as :mod:`forensics.language.talk` reads it."""
    first, second, _ = two_fits([home for home in every if home.author != author], [])
    return {"alone": first.weights(), "household": second.weights()}


class Fit:
    """A logistic regression on named features."""

    def __init__(self, words: Sequence[Word]) -> None:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        counted = [w for w in words if w.counts]
        self._vectors = DictVectorizer(sparse=True)
        columns = self._vectors.fit_transform([dict(w.features) for w in counted])
        self._model = LogisticRegression(C=STRENGTH, max_iter=5000)
        self._model.fit(columns, [w.is_name for w in counted])

    def predict(self, words: Sequence[Word]) -> list[float]:
        """Probabilities."""
        columns = self._vectors.transform([dict(w.features) for w in words])
        return [float(p) for p in self._model.predict_proba(columns)[:, 1]]

    def weights(self) -> dict[str, float]:
        """By feature, the intercept among them."""
        names = self._vectors.get_feature_names_out()
        found = {str(n): round(float(w), 3) for n, w in zip(names, self._model.coef_[0], strict=True)}
        return {"intercept": round(float(self._model.intercept_[0]), 3), **found}


def two_fits(train: Sequence[Home], rest: Sequence[Home]) -> tuple[Fit, Fit, list[Word]]:
    """The fit on sentences alone, the one that knows the household, and the words of `rest` for the latter.

    What the second one learns from are probabilities of fits that left each author out in turn.
    """
    alone = [w for home in train for w in words_of(home)]
    first = Fit(alone)
    seen: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for author in sorted({home.author for home in train}):
        without = [w for w in alone if w.author != author]
        _note(seen, [w for w in alone if w.author == author], Fit(without) if without else first)
    _note(seen, [w for home in rest for w in words_of(home)], first)
    second = Fit([w for home in train for w in words_of(home, seen)])
    return first, second, [w for home in rest for w in words_of(home, seen)]


def _note(seen: dict[tuple[str, str], dict[int, float]], words: Sequence[Word], fit: Fit) -> None:
    if words:
        for word, p in zip(words, fit.predict(words), strict=True):
            texts = seen[word.home, bare_of(word.form)]
            texts[word.text] = max(p, texts.get(word.text, 0.0))


def report(words: Sequence[Word], probabilities: Iterable[float]) -> dict[str, float]:
    """Recall and precision of the words that count, at one half."""
    rows = [(w.is_name, p >= 0.5) for w, p in zip(words, probabilities, strict=True) if w.counts]
    right = sum(is_name and taken for is_name, taken in rows)
    return {
        "recall": round(right / max(sum(is_name for is_name, _ in rows), 1), 3),
        "precision": round(right / max(sum(taken for _, taken in rows), 1), 3),
        "names": sum(is_name for is_name, _ in rows),
    }


def write_uses(corpora: Path, target: Path = USES_FILE) -> None:
    """Write how the training sentences use their words, and how Whisper's vocabulary has them."""
    written = _written()
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for language in ("en", "de"):
        for sentence in load(corpora, language, "train"):
            found = split(sentence["text"])
            labels = [(e["start"], e["end"], e["label"]) for e in sentence["entities"]]
            for word, (start, end) in zip(found.words, found.spans, strict=True):
                label = next((name for a, b, name in labels if a <= start and end <= b), "")
                if label not in ("MEDIA", "PLACE", "ORG"):
                    uses[word]["name" if label == "PERSON" else "otherwise"] += 1
    with target.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for word in sorted(uses.keys() | written.keys()):
            if word[:1].isalpha():
                counts = uses[word]
                row = (word, counts["name"], counts["otherwise"], int(written.get(word, 0)))
                file.write(("\t".join(map(str, row)) + "\n").encode())


def _written() -> dict[str, int]:
    """How the vocabulary has words of two letters or more that begin a piece: see :class:`Spelling`."""
    spec = find_spec("whisper")
    assert spec is not None
    assert spec.submodule_search_locations
    lines = (
        (Path(spec.submodule_search_locations[0]) / "assets/multilingual.tiktoken").read_bytes().splitlines()
    )
    found: dict[str, int] = defaultdict(int)
    for line in lines:
        piece = base64.b64decode(line.split()[0]).decode("utf-8", "ignore")
        if piece[:1] == " " and piece[1:].isalpha() and len(piece) > 2:
            kind = Spelling.CAPITAL if piece[1].isupper() else Spelling.LOWER
            found[spelling(piece[1:])] |= int(kind)
    return found


def run(how: Run) -> None:
    """Count the words, fit on all authors, judge on each left out, and write."""
    folder = shared("households/scripts", what="the households written by hand")
    uses = how.out / USES_FILE.relative_to(ROOT)
    if how.every == 1:
        corpora = shared("corpora", what="the sentences of the corpora")
        uses.parent.mkdir(parents=True, exist_ok=True)
        write_uses(corpora, uses)
        sources = [file(corpora / language / "train.jsonl") for language in ("en", "de")]
        written = write_table(
            uses, script=__file__,
            what="how often words stand in names and elsewhere, how Whisper writes them",
            data=[*sources, package("openai-whisper", "whisper", ["assets/multilingual.tiktoken"])],
            quality={}, how=how,
        )  # fmt: skip
        log.info("written: %s", written)
    every = homes(folder)[:: how.every]
    left_out: dict[str, Any] = {}
    for author in sorted({home.author for home in every}):
        left = [home for home in every if home.author == author]
        _, second, words = two_fits([home for home in every if home.author != author], left)
        left_out[author] = report(words, second.predict(words))
    first, second, _ = two_fits(every, [])
    unit = "log odds that a word is in a person's name, by feature"
    path = write(
        "forensics/language/talk.py",
        script=__file__,
        data=[file(path) for path in sorted(folder.glob("*.json"))],
        seed=None,
        values={
            "alone": Value(first.weights(), f"{unit}; of a sentence by itself"),
            "household": Value(second.weights(), f"{unit}; with what the first made of the word elsewhere"),
        },
        quality={"left_out_author": left_out},
        how=how,
    )
    log.info("written: %s", path)


if __name__ == "__main__":
    sys.exit(main(run))
