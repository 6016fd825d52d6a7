"""Which words of an utterance name somebody or a place: a classifier of words, for talk as it is misheard.

The language room reads commands. Talk is in lower case, without punctuation, and its names are often other
words misheard: "lefke", "sank tingbert". Here each word has a probability of being part of a name, from the
word itself, its letters, the lists that know it, and the words around it. The examples are the marked homes
(``fitting/says.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from forensics.knowledge.gazetteer import place_index, place_keys
from forensics.knowledge.names import is_surname
from forensics.profile.hashed_model import HashedModel, hashed
from forensics.profile.naming import WORD, is_common, name_strength
from forensics.profile.word_kinds import kinds

PARTS = ("other", "name", "place")
"""What a word may be part of."""
BITS = 16
"""Features are hashed into this many bits (assumption: collisions cost less than weights)."""
LEAST = 0.25
"""Probability from which a word is taken for part of a name or a place (chosen on left-out authors)."""
LEAST_NEXT = 0.6
"""The same for the second word of a name and later ones: what follows a name is often a verb (assumption)."""
LONGEST = 3
"""Words of a spotted span at most (assumption)."""


@dataclass(frozen=True)
class Spot:
    """Words that may name somebody or a place.

    Parameters
    ----------
    start, end : int
        Offsets into the text, end exclusive.
    part : str
        ``name`` or ``place``.
    p : float
        Mean over its words.
    """

    start: int
    end: int
    part: str
    p: float


class Spotter(HashedModel):
    """Which of :data:`PARTS` each word of an utterance is."""

    def p(self, words: Sequence[str]) -> npt.NDArray[np.float64]:
        """Probability of each part, one row per word, shape (n_words, 3)."""
        rows = [self.p_of(hashed_word(words, at)) for at in range(len(words))]
        return np.array(rows).reshape(len(rows), len(PARTS))

    def spots(self, text: str) -> tuple[Spot, ...]:
        """Stretches of words that are part of a name, or of a place, more probably than :data:`LEAST`."""
        tokens = [(m.start(), m.end(), m[0].casefold()) for m in WORD.finditer(text)]
        p = self.p([word for _, _, word in tokens])
        found: list[Spot] = []
        for column, part in enumerate(PARTS[1:], start=1):
            at = 0
            while at < len(tokens):
                last = at
                while (
                    last < len(tokens)
                    and last - at < LONGEST
                    and p[last, column] >= (LEAST if last == at or part == "place" else LEAST_NEXT)
                ):
                    last += 1
                if last > at:
                    found.append(
                        Spot(tokens[at][0], tokens[last - 1][1], part, float(p[at:last, column].mean()))
                    )
                at = max(last, at + 1)
        return tuple(found)


def hashed_word(words: Sequence[str], at: int) -> npt.NDArray[np.int64]:
    """Features of one word as rows of the weights.

    Parameters
    ----------
    words : sequence of str
        Of one utterance, folded.
    at : int
        Which of them.
    """
    return hashed(_features(words, at), BITS)


def _features(words: Sequence[str], at: int) -> Iterator[str]:
    word = words[at]
    yield "bias"
    yield f"w={word}"
    for n in (2, 3, 4):
        yield f"p{n}={word[:n]}"
        yield f"s{n}={word[-n:]}"
    yield f"len={min(len(word), 10)}"
    own = _traits(word)
    yield from (f"0{trait}" for trait in own)
    yield f"0all={'_'.join(own)}"
    for side, step in (("l", -1), ("r", 1)):
        for reach in (1, 2, 3):
            i = at + step * reach
            near = words[i] if 0 <= i < len(words) else "^"
            yield f"{side}{reach}={near}"
            if near != "^" and reach < 3:
                for trait in _traits(near):
                    yield f"{side}{reach}{trait}"
                    if reach == 1:
                        yield f"{side}{trait}_{own[0]}"
    left = words[at - 1] if at else "^"
    right = words[at + 1] if at + 1 < len(words) else "$"
    yield f"lr={left}_{right}"
    yield f"ll={words[at - 2] if at > 1 else '^'}_{left}"
    yield f"rr={right}_{words[at + 2] if at + 2 < len(words) else '$'}"
    yield f"first={words[0]}_{min(at, 4)}"
    yield f"first2={' '.join(words[:2])}_{min(at, 4)}"
    yield f"n={min(len(words), 12)}_{min(at, 3)}"
    yield f"last={at == len(words) - 1}"


@lru_cache(maxsize=1 << 16)
def _traits(word: str) -> tuple[str, ...]:
    """What lists know of a word: common, first name, surname, town, kinds."""
    strength = int(name_strength(word) * 5)
    index = place_index()
    towns = [row for key in place_keys(word) for row in index.names.get(key, ())] if len(word) > 3 else []
    people = max((index.place(row).population for row in towns[:5]), default=0)
    town = 0 if not towns else 1 if people < 20_000 else 2 if people < 200_000 else 3
    listed = f"c{int(is_common(word))}f{strength}s{int(is_surname(word))}t{town}"
    return (listed, f"c{int(is_common(word))}", f"f{strength}", f"t{town}", *(f"k{k}" for k in kinds(word)))
