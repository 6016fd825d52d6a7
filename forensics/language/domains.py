"""The linear classifier of domains: words, neighbouring words and parts of words, hashed.

A convolution sees a sentence's order; a linear model over its pieces forgets less of what it has seen.
Together they are better than each. The score of a word's pieces depends on the word alone and is
remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc

BUCKETS = 1 << 17
SHARPNESS = 6.0
"""Factor from margins to logits, and the classifier's share below: chosen on the dev sets."""
_REMEMBERED = 200_000
_LEAST_PIECE, _LONGEST_PIECE = 2, 5


@Language.factory("domains", default_config={"share": 0.65})
def make_domains(nlp: Language, name: str, share: float) -> Domains:
    """The pipe, as spaCy's configuration names it."""
    return Domains(name, share)


class Domains:
    """Sets ``doc.user_data["domain"]`` and ``["intent"]`` from ``doc.cats`` and its own linear model.

    Parameters
    ----------
    name : str
    share : float
        Weight of the linear model in the mean of logarithms.
    """

    def __init__(self, name: str, share: float) -> None:
        self.name, self.share = name, share
        self.labels: list[str] = []
        self.weights = np.zeros((BUCKETS, 0), dtype="float32")
        self.bias = np.zeros(0, dtype="float32")
        self.rarity = np.ones(BUCKETS, dtype="float32")
        self._words: dict[str, tuple[Any, float]] = {}
        self._phrases: dict[str, tuple[Any, float]] = {}
        self._intents: list[str] = []
        self._names: list[str] = []
        self._member = np.zeros((0, 0), dtype="float32")

    def __call__(self, doc: Doc) -> Doc:
        """Classify one doc."""
        self.prepare(list(doc.cats))
        doc.user_data["domain"] = self.judge(doc.user_data["words"], np.array(list(doc.cats.values())))
        return doc

    def prepare(self, intents: list[str]) -> None:
        """Say which intents, as ``domain/intent``, the scores given to :meth:`judge` are of."""
        if intents != self._intents:
            self._intents = list(intents)
            split = [name.split("/", 1) for name in intents]
            self._names = [intent for _, intent in split]
            self._member = np.array(
                [[domain == label for label in self.labels] for domain, _ in split], dtype="float32"
            )

    def judge(self, words: list[str], intents: Any) -> tuple[str, str, float]:
        """Domain, intent, and the domain's probability for a sentence.

        Parameters
        ----------
        words : list of str
        intents : array of shape (intents,)
            Probabilities by the network, in the order given to :meth:`prepare`.
        """
        neural = np.maximum(intents @ self._member, 1e-6)
        linear = np.maximum(self.probabilities(words), 1e-6)
        joint = np.exp(self.share * np.log(linear) + (1 - self.share) * np.log(neural))
        joint /= joint.sum()
        winner = int(joint.argmax())
        intent = int((intents * self._member[:, winner]).argmax())
        return self.labels[winner], self._names[intent], float(joint[winner])

    def probabilities(self, words: list[str]) -> Any:
        """Probability of each label for a sentence of `words`."""
        whole, parts = (
            np.zeros(len(self.labels), dtype="float32"),
            np.zeros(len(self.labels), dtype="float32"),
        )
        size, part_size = 1e-6, 1e-6
        for word in words:
            scores = self._known(self._words, word, piece_ids)
            parts += scores[0]
            part_size += scores[1]
        for phrase in phrases(words):
            scores = self._known(self._phrases, phrase, phrase_ids)
            whole += scores[0]
            size += scores[1]
        total = SHARPNESS * (whole / size**0.5 + parts / part_size**0.5 + self.bias)
        total = np.exp(total - total.max())
        return total / total.sum()

    def _known(
        self, memory: dict[str, tuple[Any, float]], key: str, ids_of: Callable[[str], list[int]]
    ) -> tuple[Any, float]:
        if key not in memory:
            if len(memory) > _REMEMBERED:
                memory.clear()
            ids = ids_of(key)
            rarity = self.rarity[ids]
            memory[key] = (rarity[:, None] * self.weights[ids]).sum(axis=0), float((rarity**2).sum())
        return memory[key]

    def train(
        self, sentences: Iterable[list[str]], labels: list[str], *, seed: int, strength: float = 0.5
    ) -> None:
        """Fit the linear model: linear support vector machines on pieces weighted by rarity.

        Parameters
        ----------
        sentences : iterable of list of str
            Words of each sentence.
        labels : list of str
        seed : int
        strength : float
            Inverse of the regularisation, scikit-learn's ``C``.
        """
        from scipy.sparse import csr_matrix
        from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

        rows = [
            (
                [i for word in words for i in piece_ids(word)],
                [i for phrase in phrases(words) for i in phrase_ids(phrase)],
            )
            for words in sentences
        ]
        seen = np.bincount(
            np.concatenate([np.unique(r) for pair in rows for r in pair if r]), minlength=BUCKETS
        )
        self.rarity = (np.log((1 + len(rows)) / (1 + seen)) + 1).astype("float16").astype("float32")
        self.rarity[seen < 2] = 0
        values, columns, starts = [], [], [0]
        for pair in rows:
            for row in pair:
                weights = self.rarity[row]
                values.append(weights / max(float((weights**2).sum()), 1e-6) ** 0.5)
                columns.append(np.array(row, dtype=int))
            starts.append(starts[-1] + sum(map(len, pair)))
        matrix = csr_matrix(
            (np.concatenate(values), np.concatenate(columns), starts), shape=(len(rows), BUCKETS)
        )
        matrix.sum_duplicates()
        model = LinearSVC(C=strength, random_state=seed).fit(matrix, labels)
        self.labels = [str(label) for label in model.classes_]
        self.weights = np.ascontiguousarray(model.coef_.T.astype("float16").astype("float32"))
        self.bias = model.intercept_.astype("float32")
        self._words.clear()
        self._phrases.clear()

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Write the weights as float16."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / "weights.npz",
            weights=self.weights.astype("float16"),
            bias=self.bias,
            rarity=self.rarity.astype("float16"),
            labels=np.array(self.labels),
        )

    def from_disk(self, path: str | Path, **kwargs: Any) -> Domains:
        """Read the weights."""
        with np.load(Path(path) / "weights.npz", allow_pickle=False) as stored:
            self.weights = stored["weights"].astype("float32")
            self.rarity = stored["rarity"].astype("float32")
            self.bias = stored["bias"]
            self.labels = [str(label) for label in stored["labels"]]
        return self


def phrases(words: list[str]) -> Iterator[str]:
    """The words, and their neighbours by two and three."""
    yield from words
    ends = ["^", *words, "$"]
    for length in (2, 3):
        for start in range(len(ends) - length + 1):
            yield " ".join(ends[start : start + length])


def phrase_ids(phrase: str) -> list[int]:
    """The bucket of a phrase."""
    return [hash_string(phrase) % BUCKETS]


def piece_ids(word: str) -> list[int]:
    """Buckets of the parts of a word, of two to five letters."""
    edged = f"<{word}>"
    return [
        hash_string("#" + edged[start : start + length]) % BUCKETS
        for length in range(_LEAST_PIECE, _LONGEST_PIECE + 1)
        for start in range(len(edged) - length + 1)
    ]
