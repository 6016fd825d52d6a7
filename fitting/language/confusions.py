"""What our recogniser mishears, learned from sentences that were said and heard.

Whisper writes words, not sounds: "Costa Mesa" becomes "costumessa", "in Arkansas" "in our cancers", "zug
preise" "Zugpreise". From pairs of what was said and what was heard (:mod:`.heard`) three things are
counted: what common words were heard as, which groups of letters became which others (blanks among them,
so words split and join), and how often a word goes wrong. Sentences are then misheard in the same way.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from forensics.knowledge.sounds import sound
from forensics.knowledge.words import split

_LONGEST_GROUP = 4
_LEAST_ALIKE = 0.5
"""Regions that are less alike were not misheard but lost."""
_RARE = 20
"""Words that the training sentences hold less often are misheard more often."""
_MOST = 3
"""Regions misheard in one sentence, at most."""
_PRIOR = 0.5
"""Added to what was counted of a group of letters: most groups were met once or twice."""
_VOWELS, _KINDS = frozenset("aeiouyäöü"), ("bpfvw", "dt", "gkqcx", "sz", "mn", "lr", "hj")
_GAP, _OTHER, _NEVER = 0.8, 1.4, 9.0


class Confusions:
    """Mishears words as the recogniser did.

    Parameters
    ----------
    pairs : iterable of (str, str)
        What was said and what was heard.
    vocabulary : mapping of str to int
        How often the training sentences hold each word.
    generator : random.Random
    """

    def __init__(
        self, pairs: Iterable[tuple[str, str]], vocabulary: Mapping[str, int], generator: random.Random
    ) -> None:
        self._random, self._vocabulary = generator, vocabulary
        self._whole: dict[str, Counter[str]] = defaultdict(Counter)
        self._groups: Counter[tuple[str, str]] = Counter()
        self._sizes: list[int] = []
        wrong, met, words_heard, real = Counter[bool](), Counter[bool](), 0, 0
        letters = edits = pairs_joined = regions = 0
        seen: Counter[str] = Counter()
        for said, heard in pairs:
            count = 0
            met.update(self._is_rare(word) for word in split(said).words)
            for one, other in _regions(split(said).words, split(heard).words):
                wrong.update(self._is_rare(word) for word in one)
                if len(one) == 1 and not self._is_rare(one[0]):
                    self._whole[one[0]][" ".join(other)] += 1
                groups = list(_groups(" ".join(one), " ".join(other)))
                self._groups.update(groups)
                seen[" ".join(one)] += 1
                letters, edits = letters + len(" ".join(one)), edits + len(groups)
                words_heard, real = words_heard + len(other), real + sum(w in vocabulary for w in other)
                regions, pairs_joined, count = regions + 1, pairs_joined + (len(one) > 1), count + 1
            if count:
                self._sizes.append(min(count, _MOST))
        self._rate = {kind: (wrong[kind] + 1) / (met[kind] + 2) for kind in (True, False)}
        self._edits = edits / max(letters, 1)
        self._two = pairs_joined / max(regions, 1)
        self._real = real / max(words_heard, 1)
        self._by_source: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for (source, target), number in self._groups.items():
            chance = number / (sum(region.count(source) * n for region, n in seen.items()) + _PRIOR)
            self._by_source[source].append((target, chance))
        self._sounds: dict[str, list[str]] = defaultdict(list)
        for word, number in vocabulary.items():
            if number > 1 and len(word) > 2:
                self._sounds[sound(word)].append(word)

    def __bool__(self) -> bool:
        """Whether anything was learned."""
        return bool(self._groups)

    def __call__(self, words: Sequence[str]) -> list[tuple[int, int, list[str]]]:
        """Which words of a sentence are misheard, and as what.

        Parameters
        ----------
        words : sequence of str
            In one spelling, see :func:`~forensics.knowledge.words.split`.

        Returns
        -------
        list of (int, int, list of str)
            Start and end of the words, and the words heard in their place; in order, apart.
        """
        weights = [self._weight(word) for word in words]
        if not any(weights):
            return []
        starts = {
            self._random.choices(range(len(words)), weights)[0]
            for _ in range(self._random.choice(self._sizes))
        }
        found: list[tuple[int, int, list[str]]] = []
        for start in sorted(starts):
            if found and start < found[-1][1]:
                continue
            end = start + 1
            together = end < len(words) and weights[end] and end not in starts
            if together and self._random.random() < self._two:
                end += 1
            heard = self._misheard(" ".join(words[start:end]))
            if heard != words[start:end]:
                found.append((start, end, heard))
        return found

    def _weight(self, word: str) -> float:
        if ("d" in word and not word.strip("d:.,")) or "@" in word or word == "'s":  # digits, addresses
            return 0.0
        return self._rate[self._is_rare(word)] * (1.0 if word in self._whole or len(word) > 2 else 0.3)

    def _is_rare(self, word: str) -> bool:
        return self._vocabulary.get(word, 0) < _RARE

    def _misheard(self, region: str) -> list[str]:
        whole = self._whole.get(region)
        if whole and self._random.random() < 0.7:
            return self._random.choices(list(whole), list(whole.values()))[0].split()
        expected = self._edits * len(region)
        for _ in range(min(max(1, round(self._random.expovariate(1 / expected))), _MOST)):
            region = self._edited(region)
        return [self._as_a_word(word) for word in region.split()]

    def _edited(self, region: str) -> str:
        options: list[tuple[int, int, str]] = []
        chances: list[float] = []
        for length in range(1, _LONGEST_GROUP + 1):
            for start in range(len(region) - length + 1):
                for target, chance in self._by_source.get(region[start : start + length], ()):
                    options.append((start, start + length, target))
                    chances.append(chance)
        if not options:
            return region
        start, end, target = self._random.choices(options, cum_weights=list(accumulate(chances)))[0]
        return region[:start] + target + region[end:]

    def _as_a_word(self, word: str) -> str:
        """A word of the training sentences that sounds the same, as often as the recogniser wrote one."""
        if word in self._vocabulary or self._random.random() > self._real:
            return word
        alike = [other for other in self._sounds.get(sound(word), ()) if _alike(word, other)]
        if not alike:
            return word
        return self._random.choices(alike, [self._vocabulary[other] ** 0.5 for other in alike])[0]


def _regions(said: list[str], heard: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Words said that were heard as others; numbers are no slips of hearing."""
    for kind, i, j, k, m in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
        one, other = said[i:j], heard[k:m]
        if kind != "replace" or any(word[:1] == "d" and not word.strip("d:.,") for word in [*one, *other]):
            continue
        if _alike(" ".join(one), " ".join(other)):
            yield one, other


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LEAST_ALIKE


def _groups(said: str, heard: str) -> Iterator[tuple[str, str]]:
    """Groups of letters that were heard as others, by the cheapest alignment (Wagner and Fischer 1974)."""
    size, other = len(said), len(heard)
    cost = [[0.0] * (other + 1) for _ in range(size + 1)]
    for i in range(size + 1):
        for j in range(other + 1):
            if i or j:
                cost[i][j] = min(
                    cost[i - 1][j] + _GAP if i else _NEVER * (size + other),
                    cost[i][j - 1] + _GAP if j else _NEVER * (size + other),
                    cost[i - 1][j - 1] + _differ(said[i - 1], heard[j - 1])
                    if i and j
                    else _NEVER * (size + other),
                )
    i, j, steps = size, other, []
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + _differ(said[i - 1], heard[j - 1]):
            i, j = i - 1, j - 1
            steps.append((i, i + 1, j, j + 1))
        elif i and cost[i][j] == cost[i - 1][j] + _GAP:
            i -= 1
            steps.append((i, i + 1, j, j))
        else:
            j -= 1
            steps.append((i, i, j, j + 1))
    changed: list[tuple[int, int, int, int]] = []
    for a, b, c, d in reversed(steps):
        if said[a:b] != heard[c:d]:
            if changed and changed[-1][1] == a and changed[-1][3] == c:
                changed[-1] = (changed[-1][0], b, changed[-1][2], d)
            else:
                changed.append((a, b, c, d))
    for a, b, c, d in changed:
        if a == b:  # nothing said: with the letter before it, or after it
            a, c, b, d = (a - 1, c - 1, b, d) if a and c else (a, c, b + 1, d + 1)
        if b - a <= _LONGEST_GROUP and d - c <= _LONGEST_GROUP:
            yield said[a:b], heard[c:d]


def _differ(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if " " in (one, other):
        return _NEVER
    if one in _VOWELS and other in _VOWELS:
        return 0.5
    return 0.6 if any(one in kind and other in kind for kind in _KINDS) else _OTHER
