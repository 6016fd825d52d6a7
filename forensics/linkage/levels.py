"""How well two names agree, and what that is worth: Fellegi and Sunter's m and u, level by level.

A name was heard, not read. So the weight of a level is the probability that the name said is in it (the
value posterior of the claim, with what recognition was measured to do to names) over the share of profiles
whose name is in it. Levels: exact, same sound and spelling alike (Jaro-Winkler .85), same sound, spelling
alike (.92), nickname, one part of a surname of several (a double name, a former name beside it), else. Sound
is Cologne phonetics for German and our rough key for English.

Fellegi & Sunter (1969), JASA 64:1183; Winkler (1990) for the string metric.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import fold, nicknames_of
from forensics.knowledge.sounds import sound as english_sound

Array = npt.NDArray[np.float64]
LEVELS = ("exact", "sound_alike", "sound", "alike", "nickname", "part", "other")
"""Keys of the levels, from the best; the numbers below are their places."""
EXACT, SOUND_ALIKE, SOUND, ALIKE, NICKNAME, PART, OTHER = range(7)
ALIKE_WITH_SOUND, ALIKE_ALONE = 0.85, 0.92
"""Assumption: Jaro-Winkler similarities from which names of one sound, and of any, are spelled alike; .85 to
.92 are usual in record linkage (Winkler 1990)."""
SPELLED_OTHERWISE = 0.08
"""Assumption: share of names heard rightly that the profile spells otherwise (Meyer, Maier)."""
SHOWN_AS_NICKNAME = 0.05
"""Assumption: share of first names that a profile shows as a nickname, or the household says as one."""
SHOWN_IN_PART = 0.05
"""Assumption: share of surnames that a profile shows with another one, or of double names said in part; only
where a register has such names."""
NO_PART = frozenset(
    {
        "von",
        "van",
        "vom",
        "zum",
        "zur",
        "den",
        "der",
        "della",
        "del",
        "das",
        "dos",
        "geb",
        "geborene",
        "geborener",
        "née",
        "nee",
        "formerly",
        "born",
        "verh",
        "dit",
    }
)
"""Words of a surname that are no name: particles, and what announces a former name."""
SHORTEST_PART = 3
"""Assumption: letters of a part that stands for a name."""
LETTERS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "oe", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that no decomposition splits, as they are written where a keyboard lacks them."""
LEAST_DOUBT = 0.03
"""Assumption: no reading of a name is surer than this leaves it; models err in ways they cannot know."""
PSEUDO = 2000.0
"""Assumption: profiles that the reference tables count for when a register's own frequencies are smoothed
with theirs."""

EMPTY_LEVEL = 1e-4
"""Assumption: a level that no profile is in still has this share of the country's people."""
HALF_A_PAIR = 0.5
"""Added to each level's count of measured pairs (Krichevsky & Trofimov 1981), so that none is impossible."""
RAREST, COMMONEST = 1e-8, 0.05
"""Assumption: shares of a name outside these are errors of a table."""


class NameTable:
    """The distinct names of a register's column, with their frequencies and sounds.

    Parameters
    ----------
    counts : ndarray of int
        Profiles that show each.
    keys : sequence of (str, str, str), optional
        :func:`keys_of` of each word, if it is known already.
    country : str
        For the reference tables.
    """

    def __init__(
        self,
        words: Sequence[str],
        counts: npt.NDArray[np.int64],
        kind: str,
        country: str = "DE",
        keys: Sequence[Sequence[str]] | None = None,
    ) -> None:
        self.kind, self._country = kind, country
        known = [keys_of(word) for word in words] if keys is None else keys
        self._folded = [key[0] for key in known]
        self._numbers = {folded: i for i, folded in enumerate(self._folded)}
        self._codes = np.array([key[1:] for key in known], dtype=object).reshape(-1, 2)
        self._parts: dict[str, list[int]] = {}
        for number, word in enumerate(words) if kind == "surname" else ():
            for part in parts_of(word):
                self._parts.setdefault(part, []).append(number)
        self._counts = counts[: len(words)].astype(np.float64)
        self._shown = float(self._counts.sum())
        self._known: dict[str, tuple[npt.NDArray[np.int8], Array]] = {}

    def level(self, name: str) -> npt.NDArray[np.int8]:
        """The level at which each distinct name agrees with `name`, shape (names,)."""
        return self._compare(name)[0]

    def u(self, name: str) -> Array:
        """Share of people whose name is in each level, shape (levels,), smoothed."""
        return self._compare(name)[1]

    def ratio(self, values: Mapping[str, float]) -> Array:
        """Likelihood ratio of each distinct name given what was heard, shape (names + 1,).

        Parameters
        ----------
        values : mapping
            What may have been said, with probabilities that sum to at most 1; the first is what was heard.

        Returns
        -------
        ndarray
            P(the name said is this one | heard) over its share; the last entry, for a profile that shows
            none, is 1.
        """
        found = np.zeros(len(self._folded) + 1)
        doubt = max(LEAST_DOUBT, 1.0 - sum(values.values()))
        scale = (1.0 - doubt) / max(sum(values.values()), 1e-9)
        errors = error_levels()
        for number, (name, p) in enumerate(values.items()):
            level, u = self._compare(name)
            mass = np.zeros(len(LEVELS))
            said = p * scale
            same_sound = u[[SOUND_ALIKE, SOUND]]
            mass[[SOUND_ALIKE, SOUND]] = said * SPELLED_OTHERWISE * same_sound / same_sound.sum()
            mass[NICKNAME] = said * (SHOWN_AS_NICKNAME if self.kind == "first" else 0.0)
            mass[PART] = said * SHOWN_IN_PART if (level == PART).any() else 0.0
            mass[EXACT] = said - mass.sum()
            if number == 0:
                mass += doubt * errors
            found[:-1] += (mass / u)[level]
        found[-1] = 1.0
        return found

    def _compare(self, name: str) -> tuple[npt.NDArray[np.int8], Array]:
        key = plain(name)
        if key not in self._known:
            from rapidfuzz import process
            from rapidfuzz.distance import JaroWinkler

            level = np.full(len(self._folded), OTHER, dtype=np.int8)
            if self._folded:
                alike = process.cdist([key], self._folded, scorer=JaroWinkler.similarity, dtype=np.float32)[0]
                cologne, english = _codes(key)
                same = np.zeros(len(level), dtype=bool)
                if cologne:
                    same |= self._codes[:, 0] == cologne
                if english:
                    same |= self._codes[:, 1] == english
                if self.kind == "surname":
                    of_several = [self._numbers[p] for p in parts_of(name) if p in self._numbers]
                    level[[*self._parts.get(key, ()), *of_several]] = PART
                if self.kind == "first":
                    level[[self._numbers[n] for n in nicknames_of(key) if n in self._numbers]] = NICKNAME
                level[alike >= ALIKE_ALONE] = ALIKE
                level[same] = SOUND
                level[same & (alike >= ALIKE_WITH_SOUND)] = SOUND_ALIKE
                if key in self._numbers:
                    level[self._numbers[key]] = EXACT
            self._known[key] = level, self._shares(name, level)
        return self._known[key]

    def _shares(self, name: str, level: npt.NDArray[np.int8]) -> Array:
        """Additive smoothing, u = (count + a p) / (n + a), with p from the reference tables."""
        counted = np.bincount(level, weights=self._counts, minlength=len(LEVELS))
        reference = np.full(len(LEVELS), EMPTY_LEVEL)
        if not counted[PART]:
            reference[PART] = RAREST
        reference[EXACT] = _reference_share(self.kind, name, self._country)
        reference[OTHER] = 1.0 - reference[:OTHER].sum()
        return np.asarray((counted + PSEUDO * reference) / (self._shown + PSEUDO))


def plain(name: str) -> str:
    """A name folded, letters of other alphabets that are Latin ones written out.

    Examples
    --------
    >>> plain("Yıldız"), plain("Łukasz"), plain("Jørgensen")
    ('yildiz', 'lukasz', 'joergensen')
    """
    return fold(name.casefold().translate(LETTERS))


def parts_of(surname: str) -> list[str]:
    """The names that a surname of several is made of, folded; none of a single one.

    Examples
    --------
    >>> parts_of("Müller-Lüdenscheidt"), parts_of("Bohl (geb. Schmidt)"), parts_of("von der Heide")
    (['mueller', 'luedenscheidt'], ['bohl', 'schmidt'], ['heide'])
    """
    words = [w for w in re.split(r"[^\w\u2019']+", surname.casefold()) if w and w not in NO_PART]
    parts = [plain(word) for word in words if len(word) >= SHORTEST_PART]
    return parts if parts != [plain(surname)] else []


def keys_of(word: str) -> tuple[str, str, str]:
    """A name folded, its Cologne code and its English key; an index keeps them."""
    folded = plain(word)
    return (folded, *_codes(folded))


@cache
def error_levels() -> Array:
    """Where the name said lies when what was heard is not it, shape (levels,), from measured pairs.

    ``reference/name_confusion.csv`` holds pairs said → heard through our own engine, of which those count
    that would have been taken for a name: one word with a capital. A half is added to each level
    (Krichevsky and Trofimov), so that none is impossible.
    """
    counts = np.full(len(LEVELS), HALF_A_PAIR)
    counts[EXACT] = counts[NICKNAME] = counts[PART] = 0.0
    for row in _confusion():
        one, other = fold(row["said"]), fold(row["heard"])
        if one != other and row["heard"].isalpha() and row["heard"].istitle():
            counts[_level_of(one, other)] += 1
    return np.asarray(counts / counts.sum())


def _level_of(one: str, other: str) -> int:
    from rapidfuzz.distance import JaroWinkler

    alike = JaroWinkler.similarity(one, other)
    same = any(a and a == b for a, b in zip(_codes(one), _codes(other), strict=True))
    if same:
        return SOUND_ALIKE if alike >= ALIKE_WITH_SOUND else SOUND
    return ALIKE if alike >= ALIKE_ALONE else OTHER


def _codes(folded: str) -> tuple[str, str]:
    """The Cologne code and the English key of a folded name."""
    import cologne_phonetics

    cologne = "".join(code for _, code in cologne_phonetics.encode(folded)) if folded.isalpha() else ""
    return cologne, english_sound(folded)


@cache
def _confusion() -> tuple[Mapping[str, str], ...]:
    return read_forms("name_confusion")


@cache
def _reference_share(kind: str, name: str, country: str) -> float:
    from forensics.reidentification.name_rates import first_name_rate, surname_rate

    rate = first_name_rate(name, country) if kind == "first" else surname_rate(name, country, spelled=True)
    return min(max(rate.p, RAREST), COMMONEST)
