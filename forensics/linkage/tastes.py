"""Tastes and employers that profiles show: weak evidence, and not independent."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.knowledge.names import fold
from forensics.linkage.index import Register
from forensics.linkage.wanted import Query

Array = npt.NDArray[Any]
TASTE_SHOWN, EMPLOYER_SHOWN = 0.4, 0.6
"""Assumptions: probability that a profile that shows tastes shows this one; that it names this employer."""
TASTES_TOGETHER = 0.5
"""Assumption: tastes come in bundles, so their bits count half."""
MOST_BITS = 4.0
"""Assumption: tastes together tell no more than this: what many like is common knowledge, and profiles copy
it."""

PSEUDO = 1000.0
"""Assumption: profiles that show none of these, added to a register's own, so that no taste is impossible."""
COMMONEST = 0.9
"""Assumption: no taste tells less than this."""


class Tastes:
    """The bits of interests and employers."""

    def __init__(self, register: Register, query: Query) -> None:
        self._register, self._query = register, query
        self._arrays = {name: register.array(name) for name in ("employer", "interests", "interests_offsets")}

    def bits(self, rows: slice) -> Array:
        """Both together, shape (profiles,)."""
        return self.interests(rows) + self.employers(rows)

    def interests(self, rows: slice) -> Array:
        """Bits of the tastes that profiles show, damped and bounded; 0 where a profile shows none."""
        offsets = np.asarray(self._arrays["interests_offsets"][rows.start : rows.stop + 1])
        told = np.zeros(len(offsets) - 1, dtype=np.float32)
        wanted = [(self._shares[fold(v)], p) for v, p in self._query.tastes if fold(v) in self._shares]
        if not wanted:
            return told
        listed = np.diff(offsets) > 0
        values = np.asarray(self._arrays["interests"][offsets[0] : offsets[-1]])
        owner = np.repeat(np.arange(len(listed)), np.diff(offsets))
        for (number, u), p in wanted:
            m = TASTE_SHOWN * p + (1 - p) * u
            ratio = np.where(listed, (1 - m) / (1 - u), 1.0)
            ratio[owner[values == number]] = m / u
            told += np.log2(ratio)
        return np.asarray(np.clip(TASTES_TOGETHER * told, -MOST_BITS, MOST_BITS))

    def employers(self, rows: slice) -> Array:
        """Bits of the employers that profiles name; 0 where a profile names none."""
        told = np.zeros(rows.stop - rows.start, dtype=np.float32)
        for ratio in self._employers:
            told += np.log2(ratio[self._arrays["employer"][rows]])
        return told

    @cached_property
    def _employers(self) -> list[Array]:
        found: list[Array] = []
        if not self._query.employers:
            return found
        counts = np.bincount(np.asarray(self._arrays["employer"]) + 1, minlength=1)
        shown = max(float(counts[1:].sum()), 1.0)
        numbers = self._numbers("employer")
        for value, p in self._query.employers:
            ratio = np.ones(len(numbers) + 1)
            number = numbers.get(fold(value))
            u = ((float(counts[number + 1]) if number is not None else 0.0) + 1.0) / (shown + PSEUDO)
            m = EMPLOYER_SHOWN * p + (1 - p) * u
            ratio[:-1] = (1 - m) / (1 - u)
            if number is not None:
                ratio[number] = m / u
            found.append(ratio)
        return found

    @cached_property
    def _shares(self) -> dict[str, tuple[int, float]]:
        """Number and share of each interest, among the profiles that show any."""
        counts = np.bincount(np.asarray(self._arrays["interests"]), minlength=1)
        shown = int((np.diff(self._arrays["interests_offsets"]) > 0).sum())
        return {
            key: (number, min((float(counts[number]) + 1.0) / (shown + PSEUDO), COMMONEST))
            for key, number in self._numbers("interest").items()
            if number < len(counts)
        }

    def _numbers(self, table: str) -> dict[str, int]:
        return {fold(word): i for i, word in enumerate(self._register.words(table))}
