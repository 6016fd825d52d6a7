"""The linear classifier of domains: words, neighbouring words and parts of words, hashed.

A convolution sees a sentence's order; a linear model over its pieces forgets less of what it has seen.
Together they are better than each. The score of a word's pieces depends on the word alone and is
remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
        self._words: dict[str, Any] = {}
        self._intents: list[str] = []
        self._names: list[str] = []
        self._member = np.zeros((0, 0), dtype="float32")

    def __call__(self, doc: Doc) -> Doc:
        """Classify one doc."""
        self.prepare(list(doc.cats))
        scores = np.array([list(doc.cats.values())])
        doc.user_data["domain"] = self.judge([doc.user_data["words"]], scores)[0]
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

    def judge(self, sentences: Sequence[list[str]], intents: Any) -> list[tuple[str, str, float]]:
        """Domain, intent, and the domain's probability for each sentence.

        Parameters
        ----------
        sentences : sequence of list of str
            Words.
        intents : array of shape (sentences, intents)
            Probabilities by the network, in the order given to :meth:`prepare`.
        """
        neural = np.maximum(intents @ self._member, 1e-6)
        linear = np.maximum(self.probabilities(sentences), 1e-6)
        joint = np.exp(self.share * np.log(linear) + (1 - self.share) * np.log(neural))
        joint /= joint.sum(axis=1, keepdims=True)
        winners = joint.argmax(axis=1)
        best = (intents * self._member[:, winners].T).argmax(axis=1)
        return [
            (self.labels[winner], self._names[intent], float(row[winner]))
            for winner, intent, row in zip(winners, best, joint, strict=True)
        ]

    def probabilities(self, sentences: Sequence[list[str]]) -> Any:
        """Probability of each label for sentences of words, shape (sentences, labels)."""
        sentences = [words or [""] for words in sentences]
        total = SHARPNESS * (self._of_phrases(sentences) + self._of_parts(sentences) + self.bias)
        total = np.exp(total - total.max(axis=1, keepdims=True))
        return total / total.sum(axis=1, keepdims=True)

    def _of_phrases(self, sentences: Sequence[list[str]]) -> Any:
        """Scores by words and their neighbours."""
        buckets: list[int] = []
        starts = []
        for words in sentences:
            starts.append(len(buckets))
            buckets += [bucket(phrase) for phrase in phrases(words)]
        rarity = self.rarity[buckets]
        sums = np.add.reduceat(self.weights[buckets] * rarity[:, None], starts)
        return sums / np.sqrt(np.add.reduceat(rarity**2, starts) + 1e-6)[:, None]

    def _of_parts(self, sentences: Sequence[list[str]]) -> Any:
        """Scores by parts of words."""
        local: dict[str, int] = {}
        numbers: list[int] = []
        starts = []
        for words in sentences:
            starts.append(len(numbers))
            numbers += [local.setdefault(word, len(local)) for word in words]
        sums = np.add.reduceat(np.stack([self._of_word(word) for word in local])[numbers], starts)
        return sums[:, :-1] / np.sqrt(sums[:, -1:] + 1e-6)

    def _of_word(self, word: str) -> Any:
        """The sum of the scores of a word's parts, and at the end that of their squared rarities."""
        found = self._words.get(word)
        if found is None:
            if len(self._words) > _REMEMBERED:
                self._words.clear()
            ids = piece_ids(word)
            rarity = self.rarity[ids]
            found = np.append(rarity @ self.weights[ids], rarity @ rarity)
            self._words[word] = found
        return found

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
                [bucket(phrase) for phrase in phrases(words)],
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


def bucket(piece: str) -> int:
    """The number under which a piece of a sentence is learned."""
    return int(hash_string(piece) % BUCKETS)


def piece_ids(word: str) -> list[int]:
    """Buckets of the parts of a word, of two to five letters."""
    edged = f"<{word}>"
    return [
        bucket("#" + edged[start : start + length])
        for length in range(_LEAST_PIECE, _LONGEST_PIECE + 1)
        for start in range(len(edged) - length + 1)
    ]
