"""How much likelier are two texts if they are two hearings of one utterance than if they are not?

The weight of evidence is a log likelihood ratio: a logistic regression over features of the two texts,
fitted on pairs of what was said and what Whisper heard (see ``docs/household.md``), with its own prior taken
out. What a household says often is weak evidence, what it says once is strong: words are weighed by
how many texts of this bundle hold them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.knowledge.fitted import fitted
from forensics.knowledge.numerals import one_word
from forensics.knowledge.wake_words import opening
from forensics.transcription.vendor import vendor_text

Readings = Sequence[tuple[str, float]]
"""Texts with their share of the decoder's beam."""

FEATURES = (
    "letters", "sorted words", "sound", "numbers", "length", "shared words", "other words", "shared sounds",
    "other sounds",
)  # fmt: skip
"""Their weights are fitted: ``make fits-likeness``."""

_ROWS = 512  # lines compared at a time: bounds the memory
_LEAST_EVIDENCE = -2.0  # pairs below are no alternative to "neither"
_SURE = 7.0  # from this on the first reading is enough
_LEAST_LETTERS = 0.25  # below this similarity of letters nothing was ever the same utterance


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """A text as any engine may write it: lower case, no punctuation or leading wake word, digits for numbers.

    Examples
    --------
    >>> plain("Alexa, set a timer for twenty-five minutes!"), plain("Stell den Wecker auf fünfundzwanzig")
    ('set a timer for 25 minutes', 'stell den wecker auf 25')
    >>> plain("Annexer, spiel Musik."), plain("Alex, come here")
    ('spiel musik', 'alex come here')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("o'clock", "").replace("ß", "ss")
    words = re.sub(r"[^\w]|_", " ", re.sub(r"(?<=\w)['’](?=\w)", "", folded)).split()
    woken = opening(words)
    words = words[woken:] if woken < len(words) else words
    written: list[str] = []
    tens = False
    for word in words:
        number = _numbers().get(word)
        if number is None:
            written.append(word)
        elif tens and 0 < number < 10:  # twenty five
            written[-1] = str(int(written[-1]) + number)
        else:
            written.append(str(number))
        tens = number is not None and number >= 20 and number % 10 == 0
    return " ".join(written)


def weights_of_evidence(
    lines: Sequence[str], heard: Sequence[str], others: Mapping[int, Readings] | None = None
) -> list[tuple[int, int, float]]:
    """Log likelihood ratios of the pairs that could be one utterance.

    Parameters
    ----------
    lines : sequence of str
        What the vendor wrote; placeholders and empty texts are in no pair.
    heard : sequence of str
        What we heard.
    others : mapping, optional
        By index of `heard` the decoder's other hypotheses; looked at where no line is near to the first.

    Returns
    -------
    list of (int, int, float)
        Index of the line, index of the text, natural logarithm of the ratio.

    Notes
    -----
    Where a recording has several readings k with shares s, the ratio is the sum of s_k LR_k: one of them is
    what was heard.
    """
    rows = _places([plain(vendor_text(line) or "") for line in lines])
    columns = _places([plain(text) for text in heard])
    theirs, ours = list(rows), list(columns)
    counts = Counter({text: len(places) for text, places in columns.items()})
    counts.update({text: len(places) for text, places in rows.items()})
    values = _values(theirs, ours, counts)
    best: dict[str, float] = {}
    for (_, text), value in values.items():
        best[text] = max(value, best.get(text, value))
    doubtful = {j: _shares(heard[j], own) for j, own in (others or {}).items() if heard[j]}
    doubtful = {j: own for j, own in doubtful.items() if best.get(plain(heard[j]), -math.inf) < _SURE}
    further = sorted({text for own in doubtful.values() for text in own} - set(ours))
    values |= _values(theirs, further, counts + Counter(further))
    near: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (line, text), value in values.items():
        near[text].append((line, value))
    found = []
    for text, places in columns.items():
        for column in places:
            readings = doubtful.get(column, {text: 1.0})
            ratios: dict[str, float] = defaultdict(float)
            for reading, share in readings.items():
                for line, value in near[reading]:
                    ratios[line] += share * math.exp(value)
            kept = [(line, math.log(ratio)) for line, ratio in ratios.items()]
            found += [
                (row, column, value) for line, value in kept if value >= _LEAST_EVIDENCE for row in rows[line]
            ]
    return found


def _values(
    theirs: Sequence[str], ours: Sequence[str], counts: Mapping[str, int]
) -> dict[tuple[str, str], float]:
    """Log likelihood ratios of texts that could be one utterance."""
    found = {}
    fit = fitted(__name__)
    weights, intercept = np.array(fit.numbers("weights", FEATURES)), fit.number("intercept")
    for at, to, features in compare(theirs, ours, counts):
        values = features @ weights + intercept
        kept = np.flatnonzero(values >= _LEAST_EVIDENCE)
        for a, b, value in zip(at[kept].tolist(), to[kept].tolist(), values[kept].tolist(), strict=True):
            found[theirs[a], ours[b]] = value
    return found


def _shares(first: str, others: Readings) -> dict[str, float]:
    """Readings as :func:`plain` writes them, with shares that sum to 1; none has more than the first."""
    shares: dict[str, float] = defaultdict(float)
    for text, share in others:
        if plain(text):
            shares[plain(text)] += share
    shares[plain(first)] = max([shares[plain(first)], *shares.values(), 1e-3])
    total = sum(shares.values())
    return {text: share / total for text, share in shares.items()}


def compare(
    theirs: Sequence[str], ours: Sequence[str], counts: Mapping[str, int]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """Features of the pairs that share enough letters, a block of rows at a time.

    Parameters
    ----------
    theirs, ours : sequence of str
        Texts as :func:`plain` writes them, each once.
    counts : mapping
        How often each text occurs, in both lists together.

    Yields
    ------
    tuple of ndarray
        Row, column, and features of shape (pairs, ``len(FEATURES)``): three similarities from 0 to 1, then
        ``numbers`` (-1 others, 0 none, 1 the same), ``length`` (log of the letters of the shorter text), and
        the weight in nats of what both and of what only one of the texts holds, by words and by their sounds.
    """
    from rapidfuzz import fuzz, process

    their_sound, our_sound = [sounds(text) for text in theirs], [sounds(text) for text in ours]
    by_sound: Counter[str] = Counter()
    for text, count in counts.items():
        by_sound[sounds(text)] += count
    rare, rare_sounds = _RareWords(counts), _RareWords(by_sound)
    their_numbers, our_numbers = _digits(theirs), _digits(ours)
    their_length, our_length = _lengths(theirs), _lengths(ours)
    for start in range(0, len(theirs), _ROWS):
        block = slice(start, start + _ROWS)
        letters = process.cdist(theirs[block], ours, scorer=fuzz.ratio, dtype=np.float32) / 100
        at, to = np.nonzero(letters >= _LEAST_LETTERS)
        if not at.size:
            continue
        rows = at + start
        at_rows, at_columns = rows.tolist(), to.tolist()
        pair = [theirs[r] for r in at_rows], [ours[c] for c in at_columns]
        ordered = process.cpdist(*pair, scorer=fuzz.token_sort_ratio, dtype=np.float32) / 100
        pair = [their_sound[r] for r in at_rows], [our_sound[c] for c in at_columns]
        sound = process.cpdist(*pair, scorer=fuzz.ratio, dtype=np.float32) / 100
        words = rare.weigh(theirs[block], ours, at, to)
        parts = rare_sounds.weigh(their_sound[block], our_sound, at, to)
        same = [
            _same_numbers(their_numbers[r], our_numbers[c]) for r, c in zip(at_rows, at_columns, strict=True)
        ]
        shortest = np.minimum(their_length[rows], our_length[to])
        near = letters[at, to].astype(np.float64)
        yield rows, to, np.column_stack([near, ordered, sound, same, shortest, *words, *parts])


@lru_cache(maxsize=65_536)
def sounds(text: str) -> str:
    """A text by its sounds (Cologne phonetics by word): what recognisers confuse mostly agrees in it."""
    return " ".join(_sound(word) for word in text.split())


@lru_cache(maxsize=65_536)
def _sound(word: str) -> str:
    import cologne_phonetics

    return "".join(code for _, code in cologne_phonetics.encode(word)) or word


class _RareWords:
    """Overlap of words weighed by inverse document frequency (Spärck Jones 1972)."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        held: Counter[str] = Counter()
        for text, count in counts.items():
            for word in set(text.split()):
                held[word] += count
        total = sum(counts.values())
        self._column = {word: n for n, word in enumerate(sorted(held))}
        self._weight = np.array([math.log(total / held[word] + 1) for word in self._column])

    def weigh(
        self, theirs: Sequence[str], ours: Sequence[str], at: NDArray[np.intp], to: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weight of the words that both texts of each pair hold, and of those that one of them holds."""
        one, other = self._matrix(theirs), self._matrix(ours)
        both = np.asarray((one.multiply(self._weight) @ other.T).todense())[at, to]
        return both, (one @ self._weight)[at] + (other @ self._weight)[to] - 2 * both

    def _matrix(self, texts: Sequence[str]) -> Any:
        from scipy.sparse import csr_matrix

        cells = [(row, self._column[word]) for row, text in enumerate(texts) for word in set(text.split())]
        rows, columns = zip(*cells, strict=True) if cells else ((), ())
        return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(texts), len(self._column)))


def _places(texts: Sequence[str]) -> dict[str, list[int]]:
    """Where each text stands, without the empty ones."""
    found: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        if text:
            found.setdefault(text, []).append(place)
    return found


def _lengths(texts: Sequence[str]) -> NDArray[np.float64]:
    return np.array([math.log(1 + len(text)) for text in texts])


def _digits(texts: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(re.findall(r"\d+", text)) for text in texts]


def _same_numbers(one: frozenset[str], other: frozenset[str]) -> float:
    if not one and not other:
        return 0.0
    return 1.0 if one == other else -1.0


@cache
def _numbers() -> dict[str, int]:
    """The words of 0 to 99 in English and German, without those that are articles as well."""
    return {**one_word("en"), **one_word("de")}
