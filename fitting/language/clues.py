"""Trains the linear scorer of tags: a conditional random field on clues, by stochastic gradients.

AdaGrad (Duchi et al. 2011) on batches of varied sentences, and the mean of the weights of the later passes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from forensics.language.chains import forward_backward, pad
from forensics.language.clues import (
    GROUPS,
    PLACES,
    REACH,
    Clues,
    base_key,
    clue_key,
    group_of,
    pair_bases,
    plain_bases,
    reach_of,
    word_clues,
)
from forensics.language.tagger import MentionTagger

_BATCH = 250
_RATE = 0.25
_DECAY = 2e-5
_PASSES = 4
"""How often each variation of the training sentences is read: varying them costs more than learning."""


class _Batch:
    """Clues and allowed taggings of some sentences.

    Parameters
    ----------
    rows : list of list of list of int
        By sentence and word, the columns of its clues.
    allowed : list of array of shape (words, tags)
        0 where the annotation allows a tag, very low where not.
    """

    def __init__(self, rows: list[list[list[int]]], allowed: list[Any]) -> None:
        from scipy.sparse import csr_matrix

        self.lengths = [len(sentence) for sentence in rows]
        flat = [row for sentence in rows for row in sentence]
        bounds = np.cumsum([0, *map(len, flat)])
        columns = np.fromiter((c for row in flat for c in row), dtype="int32", count=bounds[-1])
        self.used, local = np.unique(columns, return_inverse=True)
        ones = np.ones(len(columns), "float32")
        self.matrix = csr_matrix((ones, local, bounds), shape=(len(flat), len(self.used)))
        self.allowed = pad(allowed)[0]

    def scores(self, weights: Any) -> list[Any]:
        """Scores of each tag for each word, by sentence."""
        return np.split(self.matrix @ weights[self.used], np.cumsum(self.lengths)[:-1])


Weights = tuple[Any, Any, Any]
"""Keys of clues, their weights by tag, and the weights of pairs of tags."""


def fit(
    tagger: MentionTagger,
    variations: Iterable[list[Any]],
    known: frozenset[str],
    *,
    seed: int,
    log: Callable[[str], None] | None = None,
) -> Weights:
    """Weights of clues for the tags of `tagger`.

    Parameters
    ----------
    tagger : MentionTagger
        Says which taggings an annotation allows.
    variations : iterable of list of spacy.training.Example
        The training sentences, varied anew each time.
    known : frozenset of str
        Words that the training data hold more than once.
    seed : int
    log : callable, optional
        Is told of each pass.
    """
    index: dict[int, int] = {}
    batches = []
    for examples in variations:
        memory: dict[Any, Any] = {}
        for start in range(0, len(examples), _BATCH):
            rows, allowed = [], []
            for example in examples[start : start + _BATCH]:
                data = example.x.user_data
                rows.append(_rows(data["words"], data["classes"], known, index, memory))
                allowed.append(np.full((len(rows[-1]), len(tagger.tags)), -1e4, dtype="float32"))
                tagger.annotate(example.y, allowed[-1])
            batches.append(_Batch(rows, allowed))
    weights, transitions = _descend(tagger, batches, len(index), seed, log)
    return np.fromiter(index, dtype="uint32", count=len(index)), weights, transitions


def mean(fits: Sequence[Weights], known: frozenset[str], *, share: float, kept: int) -> Clues:
    """The mean of several fits; a clue that one of them did not meet has no weight there.

    Parameters
    ----------
    fits : sequence of (keys, weights, transitions)
    known : frozenset of str
        As given to :func:`fit`.
    share : float
        See :class:`~forensics.language.clues.Clues`.
    kept : int
        Clues that are kept, those with the strongest weights.
    """
    keys, weights, transitions = fits[0] if len(fits) == 1 else _mean(fits)
    strongest = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:kept]
    clues = Clues(weights.shape[1], share)
    clues.set(keys[strongest], weights[strongest], transitions, known)
    return clues


def _mean(fits: Sequence[Weights]) -> Weights:
    keys, places = np.unique(np.concatenate([own for own, _, _ in fits]), return_inverse=True)
    weights = np.zeros((len(keys), fits[0][1].shape[1]), "float32")
    np.add.at(weights, places, np.concatenate([own for _, own, _ in fits]) / np.float32(len(fits)))
    return keys, weights, np.mean([own for _, _, own in fits], axis=0, dtype="float32")


def _descend(
    tagger: MentionTagger,
    batches: list[_Batch],
    count: int,
    seed: int,
    log: Callable[[str], None] | None,
) -> tuple[Any, Any]:
    """Weights and transitions: the mean over the passes but the first."""
    tags = len(tagger.tags)
    weights, squares = np.zeros((count, tags), "float32"), np.full((count, tags), 1e-3, "float32")
    transitions = np.zeros((tags + 1, tags), "float32")
    transition_squares = np.full((tags + 1, tags), 1e-3, "float32")
    sums: tuple[Any, Any] = (np.zeros_like(weights), np.zeros_like(transitions))
    order = np.random.default_rng(seed)
    for number in range(_PASSES):
        loss = words = 0.0
        for chosen in order.permutation(len(batches)):
            batch = batches[chosen]
            emissions, mask = pad(batch.scores(weights))
            current = transitions + tagger.allowed
            total, expected, pairs = forward_backward(emissions, mask, current, pairs=True)
            agreed, observed, gold = forward_backward(emissions + batch.allowed, mask, current, pairs=True)
            loss += float((total - agreed).sum())
            words += float(mask.sum())
            gradient = np.asarray(batch.matrix.T @ (expected - observed)[mask].astype("float32"))
            gradient += _DECAY * _BATCH * weights[batch.used]
            squares[batch.used] += gradient**2
            weights[batch.used] -= _RATE * gradient / np.sqrt(squares[batch.used])
            gradient = (pairs - gold).astype("float32")
            transition_squares += gradient**2
            transitions -= _RATE * gradient / np.sqrt(transition_squares)
        if number:
            sums = sums[0] + weights, sums[1] + transitions
        if log is not None:
            log(f"clues: pass {number + 1}, loss {loss / max(words, 1):.4f}, {count} clues")
    return sums[0] / (_PASSES - 1), sums[1] / (_PASSES - 1)


def _rows(
    words: Sequence[str],
    classes: Sequence[str],
    known: frozenset[str],
    index: dict[int, int],
    memory: dict[Any, Any],
) -> list[list[int]]:
    """Columns of the clues for each word of a sentence."""

    def columns(bases: list[int], place: int) -> list[int]:
        return [index.setdefault(clue_key(base, place), len(index)) for base in bases]

    def of_word(pair: tuple[str, str]) -> Any:
        if pair not in memory:
            names = [base_key(name) for name in word_clues(*pair, known)]
            memory[pair] = (
                [
                    columns(names[: reach_of(offset)], place)
                    for place, offset in enumerate(range(-REACH, REACH + 1))
                ],
                [columns(names[:1], 2 * REACH + 1 + group) for group in range(len(GROUPS))],
                group_of(*pair, known),
                plain_bases(*pair, known)[None],
            )
        return memory[pair]

    def of_pair(left: tuple[str, str], right: tuple[str, str]) -> Any:
        if (left, right) not in memory:
            bases = pair_bases(of_word(left)[3], of_word(right)[3])[0].tolist()
            memory[(left, right)] = [columns(bases, place) for place in range(PLACES)]
        return memory[(left, right)]

    edge = ("", "")
    pairs = list(zip(words, classes, strict=True))
    size = len(pairs)
    found: list[list[int]] = []
    ends = [edge, *pairs, edge]
    between = [of_pair(a, b) for a, b in pairwise(ends)]
    seen = [of_word(pair) for pair in pairs]
    for at in range(size):
        row: list[int] = []
        for offset in range(-REACH, REACH + 1):
            source = at - offset
            around = seen[source][0] if 0 <= source < size else of_word(edge)[0]
            row += around[REACH + offset]
        group = seen[at][2]
        for other in seen:
            row += other[1][group]
        row += between[at][1] + between[at + 1][0]
        if at >= 1:
            row += between[at - 1][2]
        if at <= size - 2:
            row += between[at + 2][3]
        found.append(row)
    return found


def known_words(sentences: Sequence[Sequence[str]], least: int = 2) -> frozenset[str]:
    """Words that occur in at least so many sentences."""
    counts = Counter(word for words in sentences for word in set(words))
    return frozenset(word for word, count in counts.items() if count >= least)
