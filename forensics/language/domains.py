"""The linear classifier of domains: words, neighbouring words and parts of words, hashed.

A convolution sees a sentence's order; a linear model over its pieces forgets less of what it has seen.
Together they are better than each. The score of a word's pieces depends on the word alone and is
remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc

from forensics.knowledge.fitted import fitted
from forensics.language.hashing import GOLDEN, mixed

_BUCKET_BITS = 17
BUCKETS = 1 << _BUCKET_BITS
_REMEMBERED = 200_000
_LONGEST_PIECE = 5
_A_PART = 1 << 32
"""Keeps letters apart from words."""


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

    Attributes
    ----------
    sharpness : float or None
        Factor from margins to logits; None for the fitted one.
    """

    def __init__(self, name: str, share: float) -> None:
        self.name, self.share = name, share
        self.sharpness: float | None = None
        self.labels: list[str] = []
        self.weights = np.zeros((BUCKETS, 0), dtype="float32")
        self.bias = np.zeros(0, dtype="float32")
        self.rarity = np.ones(BUCKETS, dtype="float32")
        self._table = np.zeros((BUCKETS, 1), dtype="float32")
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
        factor = fitted(__name__).number("sharpness") if self.sharpness is None else self.sharpness
        total = factor * (self._of_phrases(sentences) + self._of_parts(sentences) + self.bias)
        total = np.exp(total - total.max(axis=1, keepdims=True))
        return total / total.sum(axis=1, keepdims=True)

    def _of_phrases(self, sentences: Sequence[list[str]]) -> Any:
        """Scores by words and their neighbours."""
        sums: Any = sum(np.add.reduceat(self._table[ids], starts) for ids, starts in phrase_ids(sentences))
        return sums[:, :-1] / np.sqrt(sums[:, -1:] + 1e-6)

    def _of_parts(self, sentences: Sequence[list[str]]) -> Any:
        """Scores by parts of words."""
        local: dict[str, int] = {}
        numbers: list[int] = []
        starts = []
        for words in sentences:
            starts.append(len(numbers))
            numbers += [local.setdefault(word, len(local)) for word in words]
        sums = np.add.reduceat(self._of_words(list(local))[numbers], starts)
        return sums[:, :-1] / np.sqrt(sums[:, -1:] + 1e-6)

    def _of_words(self, words: list[str]) -> Any:
        """The sums of the scores of each word's parts, and at the end of their squared rarities."""
        memory = self._words
        if len(memory) > _REMEMBERED:
            memory.clear()
        new = [word for word in words if word not in memory]
        if new:
            ids, starts = piece_ids(new)
            memory.update(zip(new, np.add.reduceat(self._table[ids], starts), strict=True))
        return np.stack([memory[word] for word in words])

    def _tabulate(self) -> None:
        """Weights by rarity, and the squared rarities beside them."""
        self._table = np.hstack([self.weights * self.rarity[:, None], self.rarity[:, None] ** 2])
        self._words.clear()

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

        parts = lru_cache(maxsize=None)(lambda word: piece_ids([word])[0])
        rows = [
            (
                np.concatenate([parts(word) for word in words]),
                np.concatenate([ids for ids, _ in phrase_ids([words])]),
            )
            for words in (words or [""] for words in sentences)
        ]
        seen = np.bincount(np.concatenate([np.unique(r) for pair in rows for r in pair]), minlength=BUCKETS)
        self.rarity = (np.log((1 + len(rows)) / (1 + seen)) + 1).astype("float16").astype("float32")
        self.rarity[seen < 2] = 0
        values, columns, starts = [], [], [0]
        for pair in rows:
            for row in pair:
                weights = self.rarity[row]
                values.append(weights / max(float((weights**2).sum()), 1e-6) ** 0.5)
                columns.append(row)
            starts.append(starts[-1] + sum(map(len, pair)))
        matrix = csr_matrix(
            (np.concatenate(values), np.concatenate(columns), starts), shape=(len(rows), BUCKETS)
        )
        matrix.sum_duplicates()
        model = LinearSVC(C=strength, random_state=seed).fit(matrix, labels)
        self.labels = [str(label) for label in model.classes_]
        self.weights = np.ascontiguousarray(model.coef_.T.astype("float16").astype("float32"))
        self.bias = model.intercept_.astype("float32")
        self._tabulate()

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
        self._tabulate()
        return self


def phrase_ids(sentences: Sequence[list[str]]) -> list[tuple[Any, Any]]:
    """Buckets of the words of sentences, of their neighbours by two and by three, edges counted.

    Parameters
    ----------
    sentences : sequence of list of str
        None empty.

    Returns
    -------
    list of (array of int, array of int)
        For each length the buckets, and where each sentence's begin.
    """
    lengths = np.array([len(words) + 2 for words in sentences])
    hashes = np.fromiter(
        (_hash(word) for words in sentences for word in ("^", *words, "$")), "uint64", count=lengths.sum()
    )
    ends = np.cumsum(lengths)
    starts, number = ends - lengths, np.arange(len(lengths))
    inside = np.ones(len(hashes), dtype=bool)
    inside[ends - 1] = False
    pairs = mixed(hashes[:-1], hashes[1:])[inside[:-1]]
    words = inside.copy()
    words[starts] = False
    inside[ends - 2] = False
    triples = mixed(mixed(hashes[:-2], hashes[1:-1]), hashes[2:])[inside[:-2]]
    return [
        (_bucket(hashes[words]), starts - 2 * number),
        (_bucket(pairs), starts - number),
        (_bucket(triples), starts - 2 * number),
    ]


def piece_ids(words: Sequence[str]) -> tuple[Any, Any]:
    """Buckets of the parts of words, of two to five letters, and where each word's begin."""
    edged = [f"<{word}>" for word in words]
    letters = np.frombuffer("".join(edged).encode("utf-32-le"), dtype="uint32").astype("uint64")
    owners = np.repeat(np.arange(len(edged)), [len(word) for word in edged])
    hashes, found, of = letters + np.uint64(_A_PART), [], []
    for length in range(2, _LONGEST_PIECE + 1):
        hashes = mixed(hashes[: len(letters) - length + 1], letters[length - 1 :])
        within = owners[: len(hashes)] == owners[length - 1 :]
        found.append(_bucket(hashes[within]))
        of.append(owners[: len(hashes)][within])
    order = np.argsort(np.concatenate(of), kind="stable")
    counts = np.bincount(np.concatenate(of), minlength=len(edged))
    return np.concatenate(found)[order], np.cumsum(counts) - counts


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return int(hash_string(word))


def _bucket(hashes: Any) -> Any:
    """The numbers under which pieces of a sentence are learned: the upper bits, which are mixed best."""
    return (hashes * GOLDEN >> np.uint64(64 - _BUCKET_BITS)).astype("int64")
