"""A linear scorer of tags beside the network: words, their neighbours and their classes, each with a weight.

A convolution generalises and a linear model remembers; the sum of their scores in one conditional random
field is better than either, as with :mod:`~forensics.language.domains`. What a word contributes to
itself and to its neighbours depends on the word alone and is remembered, so a sentence costs a few sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from spacy.strings import hash_string  # type: ignore[attr-defined]

from forensics.knowledge.sounds import sound
from forensics.language.hashing import mixed

REACH = 3
"""Words to either side that a word is a clue for."""
_OFFSETS = range(-REACH, REACH + 1)
_KINDS = "FSPRDVH"
GROUPS = ("known", "unknown", "F", "S", "P", "FS", "FP", "SP", "FSP", "other")
"""Coarse kinds of words; every word of a sentence is a clue for all words of such a kind."""
_EDGE = ("", "")
_REMEMBERED_WORDS = 25_000
_TOGETHER = 2048
"""So many new words are looked up at once."""
_UNMET_BITS = 12
"""Keys that share their other bits with no key that has a weight need not be looked up: most of them."""


class Clues:
    """Scores of tags for each word as sums of weights of what is seen around it.

    Parameters
    ----------
    tags : int
        Number of tags.
    share : float
        Weight of these log potentials in the sum with the network's, which has the rest.
    """

    def __init__(self, tags: int, share: float = 0.5) -> None:
        self.tags = tags
        self.share = share
        self.keys = np.zeros(0, dtype="uint32")
        self.weights = np.zeros((0, tags), dtype="float32")
        self.transitions = np.zeros((tags + 1, tags), dtype="float32")
        self.known: frozenset[str] = frozenset()
        self._sorted, self._order = self.keys, np.zeros(0, dtype="int64")
        self._table = np.zeros((1, tags), dtype="float32")
        self._met = np.zeros(1 << 32 - _UNMET_BITS, dtype=bool)
        self._word_memory: dict[tuple[str, str], _Word] = {}

    def scores(self, sentences: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Any]:
        """Scores of each tag for each word.

        Parameters
        ----------
        sentences : sequence of (words, classes)

        Returns
        -------
        list of array of shape (words, tags)
        """
        local = {_EDGE: 0}
        sequence, starts = [0] * REACH, []
        for words, classes in sentences:
            starts.append(len(sequence))
            sequence += [local.setdefault(pair, len(local)) for pair in zip(words, classes, strict=True)]
            sequence += [0] * REACH  # so that no window reaches the next sentence
        total = self._around(sequence, list(local))
        counts = [len(words) for words, _ in sentences]
        return [total[start : start + count] for start, count in zip(starts, counts, strict=True)]

    def _around(self, sequence: list[int], words: list[tuple[str, str]]) -> Any:
        """Scores of each position of a sequence of sentences with edges between them."""
        seen = self._of_words(words)
        numbers = np.array(sequence)
        own = np.stack([word.around for word in seen])  # (different words, 2 * REACH + 1, tags)
        total = own[numbers, REACH]
        for offset in range(1, REACH + 1):
            total[offset:] += own[numbers[:-offset], REACH + offset]
            total[:-offset] += own[numbers[offset:], REACH - offset]
        codes, where = np.unique(numbers[:-1] * len(words) + numbers[1:], return_inverse=True)
        between = self._of_pairs(np.stack([word.plain for word in seen]), *np.divmod(codes, len(words)))
        total[:-1] += between[where, 0]
        total[1:] += between[where, 1]
        total[2:] += between[where[:-1], 2]
        total[:-2] += between[where[1:], 3]
        common = np.stack([word.common for word in seen])
        common[0] = 0
        inside = np.flatnonzero(numbers)
        if len(inside):
            firsts = inside[np.flatnonzero(np.diff(inside, prepend=-2) > 1)]
            sums = np.add.reduceat(common[numbers], firsts)  # (sentences, groups, tags)
            sentence = np.searchsorted(firsts, inside, side="right") - 1
            total[inside] += sums[sentence, np.array([word.group for word in seen])[numbers[inside]]]
        return total

    def _of_words(self, words: list[tuple[str, str]]) -> list[_Word]:
        """What each word says of the words around it and of each group."""
        memory = self._word_memory
        if len(memory) > _REMEMBERED_WORDS:
            memory.clear()
        new = [word for word in words if word not in memory]
        for start in range(0, len(new), _TOGETHER):
            some = new[start : start + _TOGETHER]
            bases = np.zeros((len(some), _MOST), dtype="uint64")
            for row, pair in enumerate(some):
                names = word_clues(*pair, self.known)
                bases[row, : len(names)] = [base_key(name) for name in names]
            around = self._sums(bases, _AROUND)
            common = self._sums(bases[:, :1], np.ones((len(GROUPS), 1), dtype=bool), first=len(_AROUND))
            for pair, one, two in zip(some, around, common, strict=True):
                plain = plain_bases(*pair, self.known)
                memory[pair] = _Word(plain, one, two, group_of(*pair, self.known))
        return [memory[word] for word in words]

    def _of_pairs(self, plain: Any, left: Any, right: Any) -> Any:
        """What neighbours say of the left one, the right one, the word after and the word before them.

        Parameters
        ----------
        plain : array of uint64, shape (words, 2)
            Hashes of each word's :func:`plain_clues`; the first word is the edge.
        left, right : array of int, shape (pairs,)
            Numbers of words.
        """
        bases = pair_bases(plain[left], plain[right])
        bases[(left == 0) & (right == 0)] = 0
        return self._sums(bases, np.ones((PLACES, bases.shape[1]), dtype=bool))

    def _sums(self, bases: Any, counted: Any, first: int = 0) -> Any:
        """For each place, counted from `first`, the sum of the weights of some clues there.

        Parameters
        ----------
        bases : array of uint64, shape (n, clues)
            0 for no clue.
        counted : array of bool, shape (places, clues)
            Which clues count at which place.

        Returns
        -------
        array of shape (n, places, tags)
        """
        found = np.empty((len(bases), len(counted), self.tags), dtype="float32")
        for place, some in enumerate(counted):
            keys = clue_key(bases[:, some], first + place)
            rows = np.full(keys.shape, len(self.keys))
            maybe = np.nonzero(self._met[keys >> np.uint32(_UNMET_BITS)] & (bases[:, some] != 0))
            if len(maybe[0]):
                some_keys = keys[maybe]
                at = np.minimum(np.searchsorted(self._sorted, some_keys), len(self._sorted) - 1)
                rows[maybe] = np.where(self._sorted[at] == some_keys, self._order[at], len(self.keys))
            found[:, place] = self._table[rows].sum(axis=1)
        return found

    def set(self, keys: Any, weights: Any, transitions: Any, known: Iterable[str]) -> None:
        """Take over trained weights."""
        self.keys = np.asarray(keys, dtype="uint32")
        self.weights = np.asarray(weights, dtype="float32")
        self.transitions = np.asarray(transitions, dtype="float32")
        self.known = frozenset(known)
        self.tags = self.transitions.shape[1]
        self._order = np.argsort(self.keys)
        self._sorted = self.keys[self._order]
        self._met = np.zeros(1 << 32 - _UNMET_BITS, dtype=bool)
        self._met[self.keys >> np.uint32(_UNMET_BITS)] = True
        self._table = np.vstack([self.weights, np.zeros((1, self.tags), dtype="float32")])
        self._word_memory.clear()

    def to_disk(self, path: Path) -> None:
        """Write the weights in eight bits: each row has a scale."""
        scale = np.maximum(np.abs(self.weights).max(axis=1, initial=1e-6), 1e-6).astype("float16")
        small = np.round(self.weights / scale.astype("float32")[:, None] * 127).astype("int8")
        np.savez_compressed(
            path,
            keys=self.keys,
            scale=scale,
            weights=small,
            transitions=self.transitions,
            share=self.share,
            known=np.array("\n".join(sorted(self.known))),
        )

    def from_disk(self, path: Path) -> Clues:
        """Read the weights."""
        with np.load(path, allow_pickle=False) as stored:
            self.share = float(stored["share"])
            weights = stored["weights"].astype("float32") * (stored["scale"].astype("float32")[:, None] / 127)
            self.set(stored["keys"], weights, stored["transitions"], str(stored["known"]).split("\n"))
        return self


@dataclass(frozen=True)
class _Word:
    """What is known of a word in one spelling and its class.

    Parameters
    ----------
    plain : array of uint64, shape (2,)
        Hashes of its :func:`plain_clues`.
    around : array of shape (2 * REACH + 1, tags)
        What it says of the words around it.
    common : array of shape (groups, tags)
        What it says of all words of a group in its sentence.
    group : int
        Its own.
    """

    plain: Any
    around: Any
    common: Any
    group: int


PLACES = 4
"""A pair of neighbours is a clue for its left word, its right one, the one after it and the one before it."""


def base_key(name: str) -> int:
    """The hash of a clue, before it is known where it is a clue for."""
    return int(hash_string(name))


def clue_key(base: Any, place: int) -> Any:
    """The key of a clue for one place relative to it, in 32 bits (multiplicative hashing, Knuth 1973).

    For an integer or an array of uint64, whose overflow does not touch the bits that are kept.
    """
    step = place * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    if isinstance(base, int):
        return (base + step >> 16) & 0xFFFFFFFF
    return (base + np.uint64(step) >> np.uint64(16)).astype("uint32")


def reach_of(offset: int) -> int:
    """How many of a word's clues concern the word this far from it."""
    return {0: 99, 1: 4, 2: 2}.get(abs(offset), 1)


_MOST = 12
"""Clues in one word, at most."""
_AROUND = np.array([[clue < reach_of(offset) for clue in range(_MOST)] for offset in _OFFSETS])
"""Which of them count at which offset."""


def word_clues(word: str, marks: str, known: frozenset[str]) -> list[str]:
    """Clues in a word, the plainest first."""
    plain = plain_clues(word, marks, known)
    if not word:
        return plain
    return [
        *plain,
        f"s{word[-3:]}",
        f"k{''.join(m for m in marks if m in _KINDS)}",
        f"p{word[:3]}",
        f"P{word[:4]}",
        f"t{word[-2:]}",
        f"T{word[-4:]}",
        f"U{word[-5:]}",
        f"d{sound(word)}",
        f"n{min(len(word), 9)}",
        f"W{word}",
    ]


def plain_clues(word: str, marks: str, known: frozenset[str]) -> list[str]:
    """The word itself and its class; the edge of a sentence is a word, too."""
    if not word:
        return ["w^", "c^"]
    seen = word in known
    return [f"w{word if seen else '?'}", f"c{marks}" if marks else f"c{'' if seen else '?'}"]


def plain_bases(word: str, marks: str, known: frozenset[str]) -> Any:
    """The hashes of the :func:`plain_clues`, array of uint64 of shape (2,)."""
    return np.array([base_key(name) for name in plain_clues(word, marks, known)], dtype="uint64")


def pair_bases(left: Any, right: Any) -> Any:
    """Hashes of clues in two neighbouring words: each plain clue of the left one with each of the right one.

    Parameters
    ----------
    left, right : array of uint64, shape (n, 2)

    Returns
    -------
    array of uint64, shape (n, 4)
    """
    return mixed(left[:, :, None], right[:, None, :]).reshape(len(left), -1)


def group_of(word: str, marks: str, known: frozenset[str]) -> int:
    """The number of a word's kind in :data:`GROUPS`."""
    names = "".join(m for m in "FSP" if m in marks)
    if names:
        return GROUPS.index(names)
    if marks:
        return GROUPS.index("other")
    return GROUPS.index("known" if word in known else "unknown")
