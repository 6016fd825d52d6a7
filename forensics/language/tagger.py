"""The mention tagger: a linear-chain conditional random field over BIO tags on top of spaCy's Tok2Vec.

spaCy's own entity recogniser gives no probabilities and cannot be told that a source does not annotate
a label. A conditional random field does both: marginals for every mention, and for such sentences the
likelihood of all taggings that agree with what *is* annotated (Täckström et al. 2013, "Token and type
constraints for cross-lingual part-of-speech tagging").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Config, Linear, Maxout, Model, Optimizer, chain, with_array

from forensics.language.chains import FORBIDDEN, forward_backward, pad, viterbi
from forensics.language.clues import Clues

_CLUES = "clues.npz"

_DEFAULT = """
[model]
@architectures = "forensics.MentionScorer.v1"
nO = null
hidden = 96
[model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
"""


@registry.architectures("forensics.MentionScorer.v1")  # type: ignore[untyped-decorator]
def mention_scorer(
    tok2vec: Model[list[Doc], list[Any]],
    hidden: int,
    nO: int | None = None,  # noqa: N803
) -> Model[list[Doc], list[Any]]:
    """Scores of each tag for each word; the tags' transitions are a parameter of the whole.

    A word is scored from its own vector and from the mean of the sentence: "Jordan" is somebody in a
    message, somewhere in a forecast and a song in a request for music, however far the word that says so.
    """
    width = tok2vec.get_dim("nO")
    joint: Model[Any, Any] = Maxout(hidden, 2 * width, nP=2, normalize=True, dropout=0.0)
    output: Model[Any, Any] = Linear(nO=nO, nI=hidden)
    head: Model[Any, Any] = with_array(chain(joint, output))
    inner: Model[Any, Any] = chain(tok2vec, with_sentence(width), head)
    return Model(
        "mention_scorer",
        lambda model, docs, is_train: model.layers[0](docs, is_train),
        init=_init_scorer,
        layers=[inner],
        refs={"output": output, "tok2vec": tok2vec},
        params={"T": None},
        dims={"nO": nO},
    )


def with_sentence(width: int) -> Model[list[Any], list[Any]]:
    """Append the mean of a sentence's vectors to each of them."""

    def forward(
        model: Model[Any, Any], rows: list[Any], is_train: bool
    ) -> tuple[list[Any], Callable[[Any], Any]]:
        lengths = np.array([len(x) for x in rows], dtype=int)
        flat = np.concatenate([*rows, np.zeros((0, width), "f")])
        starts = (np.cumsum(lengths) - lengths)[lengths > 0]
        means = np.add.reduceat(flat, starts) if len(starts) else flat
        means /= np.maximum(lengths[lengths > 0], 1)[:, None]
        whole = np.hstack([flat, np.repeat(means, lengths[lengths > 0], axis=0)]).astype("f")
        joined = np.split(whole, np.cumsum(lengths)[:-1]) if len(rows) else []

        def backprop(gradients: list[Any]) -> list[Any]:
            return [
                g[:, :width] + g[:, width:].sum(axis=0) / len(g) if len(g) else g[:, :width]
                for g in gradients
            ]

        return joined, backprop

    return Model("with_sentence", forward, dims={"nI": width, "nO": 2 * width})


def _init_scorer(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: N803
    tags = model.get_dim("nO")
    model.get_ref("output").set_dim("nO", tags, force=True)
    model.layers[0].initialize(X=X)
    model.set_param("T", model.ops.alloc2f(tags + 1, tags))  # the last row is the start of the sentence


@Language.factory("mentions", default_config={"model": Config().from_str(_DEFAULT)["model"], "labels": []})
def make_tagger(nlp: Language, name: str, model: Model[Any, Any], labels: list[str]) -> MentionTagger:
    """The pipe, as spaCy's configuration names it."""
    return MentionTagger(nlp.vocab, model, name, labels=labels)


class MentionTagger(TrainablePipe):  # type: ignore[misc]
    """Finds mentions and sets ``doc.ents``; scores are in ``doc.user_data["mention_scores"]``.

    Parameters
    ----------
    vocab, model, name
        As for every spaCy pipe.
    labels : list of str
        Labels of mentions, fixed.
    """

    def __init__(self, vocab: Vocab, model: Model[Any, Any], name: str, *, labels: list[str]) -> None:
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg = {"labels": list(labels)}
        self.tags = ["O", *(f"{kind}-{label}" for label in labels for kind in "BI")]
        self._index = {tag: number for number, tag in enumerate(self.tags)}
        self.allowed = _allowed_transitions(self.tags)
        self.clues: Clues | None = None
        if self.model.has_dim("nO") is None:
            self.model.set_dim("nO", len(self.tags))
            self.model.get_ref("output").set_dim("nO", len(self.tags))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of mentions."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """The labels, as spaCy stores them."""
        return list(self.cfg["labels"])

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Any = None,
    ) -> None:
        """Make the weights."""
        sample = [example.x for example in islice(get_examples(), 10)]
        self.model.initialize(X=sample)

    def predict(self, docs: Iterable[Doc]) -> Any:
        """By word of each doc its tag, the tag's marginal probability, and that of a PERSON."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [(np.zeros(len(doc), dtype=int), np.zeros(len(doc)), np.zeros(len(doc))) for doc in docs]
        person = [n for n, tag in enumerate(self.tags) if tag.endswith("-PERSON")]
        scores = self.model.predict(docs)
        transitions = self.model.get_param("T") + self.allowed
        if self.clues is not None:
            share = self.clues.share
            linear = self.clues.scores([(d.user_data["words"], d.user_data["classes"]) for d in docs])
            scores = [(1 - share) * one + share * other for one, other in zip(scores, linear, strict=True)]
            transitions = (
                (1 - share) * self.model.get_param("T") + share * self.clues.transitions + self.allowed
            )
        found: list[Any] = [None] * len(docs)
        order = sorted(range(len(docs)), key=lambda i: len(docs[i]))
        for start in range(0, len(order), 128):  # of about the same length
            chunk = order[start : start + 128]
            emissions, mask = pad([scores[i] for i in chunk])
            tags = viterbi(emissions, mask, transitions)
            marginals = forward_backward(emissions, mask, transitions)[1]
            for row, i in enumerate(chunk):
                length = len(docs[i])
                best = tags[row, :length]
                people = marginals[row, :length][:, person].sum(axis=1)
                found[i] = (best, marginals[row, np.arange(length), best], people)
        return found

    def set_annotations(self, docs: Iterable[Doc], scores: Any) -> None:
        """Write the mentions into the docs."""
        for doc, found in zip(docs, self.mentions(scores), strict=True):
            doc.ents = [Span(doc, start, end, label=label) for start, end, label, _ in found]
            doc.user_data["mention_scores"] = [score for *_, score in found]

    def mentions(self, scores: Any) -> list[list[tuple[int, int, str, float]]]:
        """First word, word after the last, label and probability of each mention, by sentence."""
        return [
            [
                (start, end, label, float(certain[start:end].min()))
                for start, end, label in (self._spans(tags) if tags.any() else ())
            ]
            for tags, certain, _ in scores
        ]

    def get_loss(self, examples: Iterable[Example], scores: list[Any]) -> tuple[float, list[Any]]:
        """Negative log-likelihood per word of all taggings that agree with the annotation."""
        raise NotImplementedError("use update()")

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """One step of training."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = [example for example in examples if len(example.x)]
        if not examples:
            return losses
        for node in self.model.walk():
            if node.has_dim("nO") is not None and "dropout_rate" in node.attrs:
                node.attrs["dropout_rate"] = drop
        docs = [example.x for example in examples]
        scores, backprop = self.model.begin_update(docs)
        emissions, mask = pad(scores)
        transitions = self.model.get_param("T") + self.allowed
        total, expected, pairs = forward_backward(emissions, mask, transitions, pairs=True)
        annotated = np.full(emissions.shape, FORBIDDEN, dtype="float32")
        for row, example in enumerate(examples):
            self.annotate(example.y, annotated[row])
        agreed, observed, gold_pairs = forward_backward(emissions + annotated, mask, transitions, pairs=True)
        words = float(mask.sum())
        gradient = (expected - observed) * mask[:, :, None]
        self.model.inc_grad("T", (pairs - gold_pairs).astype("float32"))
        backprop([gradient[row, : len(doc)].astype("float32") for row, doc in enumerate(docs)])
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += float((total - agreed).sum()) / words
        return losses

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Overlap F1 over all labels but OTHER, and per label."""
        counts = overlap_counts(examples)
        total = [sum(row[i] for label, row in counts.items() if label != "OTHER") for i in range(3)]
        return {
            "ents_f": f1(*total),
            "ents_per_type": {label: f1(*row) for label, row in sorted(counts.items())},
        }

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the pipe, and its clues if it has any."""
        super().to_disk(path, exclude=exclude)
        if self.clues is not None:
            self.clues.to_disk(Path(path) / _CLUES)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> MentionTagger:
        """Read the pipe, and its clues if there are any."""
        super().from_disk(path, exclude=exclude)
        if (Path(path) / _CLUES).is_file():
            self.clues = Clues(len(self.tags)).from_disk(Path(path) / _CLUES)
        return self

    def annotate(self, reference: Doc, row: Any) -> None:
        """Allow in `row` what the annotation of a sentence allows."""
        open_labels = reference.user_data.get("unlabelled", ())
        free = [
            self._index[f"{kind}-{label}"] for label in open_labels for kind in "BI" if label in self.labels
        ]
        for position, token in enumerate(reference):
            if token.ent_iob_ in "BI" and f"B-{token.ent_type_}" in self._index:
                row[position, self._index[f"{token.ent_iob_}-{token.ent_type_}"]] = 0
            else:
                row[position, 0] = 0
                row[position, free] = 0

    def _spans(self, tags: Any) -> Iterator[tuple[int, int, str]]:
        start, label = -1, ""
        for position, number in enumerate(tags.tolist()):
            if number and number % 2 == 0:  # "I": the Viterbi path leaves it inside its mention
                continue
            if start >= 0:
                yield start, position, label
                start = -1
            if number:
                start, label = position, self.tags[number][2:]
        if start >= 0:
            yield start, len(tags), label


def _allowed_transitions(tags: list[str]) -> Any:
    """0 where a tag may follow another, a large negative number where not; the last row is the start."""
    allowed = np.zeros((len(tags) + 1, len(tags)), dtype="float32")
    for column, tag in enumerate(tags):
        if tag[0] == "I":
            for row, before in enumerate([*tags, "start"]):
                if before[2:] != tag[2:] or before[0] not in "BI":
                    allowed[row, column] = FORBIDDEN
    return allowed


def overlap_counts(examples: Iterable[Example]) -> dict[str, list[int]]:
    """True positives, predictions and gold mentions per label, by overlap.

    A prediction is true if it overlaps a gold mention of its label that no earlier one took; predictions
    of labels that the sentence's source does not annotate are not counted.
    """
    counts: dict[str, list[int]] = {}
    for example in examples:
        closed = set(example.y.user_data.get("unlabelled", ()))
        gold = [(s.start, s.end, s.label_) for s in example.y.ents]
        for span in example.x.ents:
            hit = next(
                (g for g in gold if g[2] == span.label_ and g[0] < span.end and span.start < g[1]), None
            )
            if hit is not None:
                gold.remove(hit)
            elif span.label_ in closed:
                continue
            row = counts.setdefault(span.label_, [0, 0, 0])
            row[0] += hit is not None
            row[1] += 1
        for s in example.y.ents:
            counts.setdefault(s.label_, [0, 0, 0])[2] += 1
    return counts


def f1(true: int, predicted: int, gold: int) -> float:
    """F1 from counts."""
    return 2 * true / (predicted + gold) if predicted + gold else 0.0
