"""A linear scorer of tags beside the network: words, their neighbours and their classes, each with a weight.

A convolution generalises and a linear model remembers; the sum of their scores in one conditional random
field is better than either, as with :mod:`~forensics.language.domains`. What a word contributes to
itself and to its neighbours depends on the word alone and is remembered, so a sentence costs a few sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from spacy.strings import hash_string  # type: ignore[attr-defined]

from forensics.language.sounds import sound

REACH = 3
"""Words to either side that a word is a clue for."""
_OFFSETS = range(-REACH, REACH + 1)
_KINDS = "FSPRDVH"
GROUPS = ("known", "unknown", "F", "S", "P", "FS", "FP", "SP", "FSP", "other")
"""Coarse kinds of words; every word of a sentence is a clue for all words of such a kind."""
_EDGE = ("", "")
_REMEMBERED = 200_000


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
        self._rows: dict[int, int] = {}
        self._word_memory: dict[tuple[str, str], tuple[Any, Any, int]] = {}
        self._pair_memory: dict[tuple[tuple[str, str], tuple[str, str]], Any] = {}

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
        seen = [self._of_word(word) for word in words]
        numbers = np.array(sequence)
        own = np.stack([row[0] for row in seen])  # (different words, 2 * REACH + 1, tags)
        total = own[numbers, REACH]
        for offset in range(1, REACH + 1):
            total[offset:] += own[numbers[:-offset], REACH + offset]
            total[:-offset] += own[numbers[offset:], REACH - offset]
        pairs = {(0, 0): 0}
        where = np.array([pairs.setdefault(pair, len(pairs)) for pair in pairwise(sequence)])
        nothing = np.zeros((PLACES, self.tags), dtype="float32")
        said = [self._of_pair(words[one], words[two]) if one or two else nothing for one, two in pairs]
        between = np.stack(said)
        total[:-1] += between[where, 0]
        total[1:] += between[where, 1]
        total[2:] += between[where[:-1], 2]
        total[:-2] += between[where[1:], 3]
        common = np.stack([row[1] for row in seen])
        common[0] = 0
        inside = np.flatnonzero(numbers)
        if len(inside):
            firsts = inside[np.flatnonzero(np.diff(inside, prepend=-2) > 1)]
            sums = np.add.reduceat(common[numbers], firsts)  # (sentences, groups, tags)
            sentence = np.searchsorted(firsts, inside, side="right") - 1
            total[inside] += sums[sentence, np.array([row[2] for row in seen])[numbers[inside]]]
        return total

    def _of_word(self, pair: tuple[str, str]) -> tuple[Any, Any, int]:
        """What a word says of the words around it, of each group, and its own group."""
        found = self._word_memory.get(pair)
        if found is None:
            if len(self._word_memory) > _REMEMBERED // 8:
                self._word_memory.clear()
            bases = [base_key(name) for name in word_clues(*pair, self.known)]
            around = self._sums([bases[: reach_of(offset)] for offset in _OFFSETS], 0)
            common = self._sums([bases[:1]] * len(GROUPS), len(_OFFSETS))
            found = around, common, group_of(*pair, self.known)
            self._word_memory[pair] = found
        return found

    def _of_pair(self, left: tuple[str, str], right: tuple[str, str]) -> Any:
        """What two neighbours say of the left one, the right one, the word after and the word before them."""
        found = self._pair_memory.get((left, right))
        if found is None:
            if len(self._pair_memory) > _REMEMBERED:
                self._pair_memory.clear()
            bases = [base_key(name) for name in pair_clues(left, right, self.known)]
            found = self._sums([bases] * PLACES, 0)
            self._pair_memory[(left, right)] = found
        return found

    def _sums(self, bases: Sequence[Sequence[int]], first: int) -> Any:
        """For each place, counted from `first`, the sum of the weights of some clues there."""
        rows = self._rows
        total = np.zeros((len(bases), self.tags), dtype="float32")
        for place, some in enumerate(bases):
            for base in some:
                row = rows.get(clue_key(base, first + place))
                if row is not None:
                    total[place] += self.weights[row]
        return total

    def set(self, keys: Any, weights: Any, transitions: Any, known: Iterable[str]) -> None:
        """Take over trained weights."""
        self.keys = np.asarray(keys, dtype="uint32")
        self.weights = np.asarray(weights, dtype="float32")
        self.transitions = np.asarray(transitions, dtype="float32")
        self.known = frozenset(known)
        self.tags = self.transitions.shape[1]
        self._rows = {int(key): row for row, key in enumerate(self.keys)}
        self._word_memory.clear()
        self._pair_memory.clear()

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


PLACES = 4
"""A pair of neighbours is a clue for its left word, its right one, the one after it and the one before it."""


def base_key(name: str) -> int:
    """The hash of a clue, before it is known where it is a clue for."""
    return int(hash_string(name))


def clue_key(base: int, place: int) -> int:
    """The key of a clue for one place relative to it, in 32 bits (multiplicative hashing, Knuth 1973)."""
    return (base + place * 0x9E3779B97F4A7C15 >> 16) & 0xFFFFFFFF


def reach_of(offset: int) -> int:
    """How many of a word's clues concern the word this far from it."""
    return {0: 99, 1: 4, 2: 2}.get(abs(offset), 1)


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


def pair_clues(left: tuple[str, str], right: tuple[str, str], known: frozenset[str]) -> list[str]:
    """Clues in two neighbouring words."""
    one, two = (plain_clues(word, marks, known) for word, marks in (left, right))
    return [f"{one[0]} {two[0]}", f"{one[0]} {two[1]}", f"{one[1]} {two[0]}", f"{one[1]} {two[1]}"]


def group_of(word: str, marks: str, known: frozenset[str]) -> int:
    """The number of a word's kind in :data:`GROUPS`."""
    names = "".join(m for m in "FSP" if m in marks)
    if names:
        return GROUPS.index(names)
    if marks:
        return GROUPS.index("other")
    return GROUPS.index("known" if word in known else "unknown")
