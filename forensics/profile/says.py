"""What an utterance says of a name or a place: calls somebody through the house, quotes a figure, asks for
a shop.

Two logistic regressions over hashed words around it, in whichever of the two languages. Their examples are
names and places of homes written by hand, marked by readers (``fitting/says.py``); the weights are shipped in
half precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from forensics.knowledge.names import is_surname
from forensics.profile.hashed_model import HashedModel, hashed
from forensics.profile.naming import WORD, is_common, name_strength
from forensics.profile.spotting import Spotter
from forensics.profile.word_kinds import kinds

SAYS = (
    "introduces_self", "called_through_house", "reminded", "owns_thing", "delivered_to", "at_home_activity",
    "partner_of_speaker", "child_of_speaker", "relative_of_speaker", "visits", "calls_or_writes",
    "appointment_with", "talked_about", "quoted_or_media", "not_a_person",
)  # fmt: skip
"""What may be said of a name; the last two of nobody whom the household knows."""
USES = (
    "home", "local", "weather", "weather_later", "work", "journey", "trip", "others_home", "media",
    "not_a_place",
)  # fmt: skip
"""What a place, or an employer, may be to the household."""
BITS = 15
"""Features are hashed into this many bits (assumption: collisions cost less than weights)."""
REACH = 4
"""Words before and after a name whose place counts (assumption)."""
FILE = "says.npz"


def features(text: str, start: int, end: int) -> list[str]:
    """What stands around a name, as names of features.

    Parameters
    ----------
    text : str
    start, end : int
        The name's offsets, end exclusive, without a title.
    """
    before = [m[0].casefold() for m in WORD.finditer(text[:start])]
    after = [m[0].casefold() for m in WORD.finditer(text[end:])]
    name = [m[0] for m in WORD.finditer(text[start:end])]
    return list(_features(before, name, after))


def _features(before: list[str], name: list[str], after: list[str]) -> Iterator[str]:
    left, right = before[::-1], after
    for reach in range(REACH):
        yield f"l{reach}={left[reach] if reach < len(left) else '^'}"
        yield f"r{reach}={right[reach] if reach < len(right) else '$'}"
    yield f"l01={' '.join(left[:2][::-1])}"
    yield f"l012={' '.join(left[:3][::-1])}"
    yield f"r01={' '.join(right[:2])}"
    yield f"r012={' '.join(right[:3])}"
    yield f"lr={left[0] if left else '^'}_{right[0] if right else '$'}"
    yield f"l1lr={' '.join(left[:2][::-1])}_{right[0] if right else '$'}"
    for word in set(left):
        yield f"L={word}"
    for word in set(right):
        yield f"R={word}"
    for word in {*left, *right}:
        yield f"W={word}"
        if len(word) > 5:
            yield f"S={word[:5]}"
    yield from _kinds(left, right)
    if left:
        yield f"first={left[-1]}"
        yield f"first2={' '.join(left[-2:][::-1])}"
    first = name[0] if name else ""
    strength = name_strength(first)
    yield f"listed={int(strength * 5)}"
    yield f"common={is_common(first)}"
    yield f"surname={is_surname(name[-1]) if name else False}"
    yield f"n={min(len(name), 4)}"
    yield f"genitive={first.casefold().endswith(('s', 'z'))}_{'’s' in first or chr(39) + 's' in first}"
    where = {(False, False): "only", (False, True): "start", (True, False): "end"}
    yield f"where={where.get((bool(left), bool(right)), 'mid')}"
    yield f"length={min((len(left) + len(right)) // 3, 5)}"
    yield "bias"


def _kinds(left: list[str], right: list[str]) -> Iterator[str]:
    """Kinds of the words around: beside the name, within reach, anywhere, and of how the sentence begins."""
    sides = {"l": [kinds(w) for w in left], "r": [kinds(w) for w in right]}
    for side, found in sides.items():
        for reach, names in enumerate(found[:REACH]):
            for name in names:
                yield f"k{side}{reach}={name}"
                yield f"k{side}near={name}"
        if len(found) > 1:
            for one in found[0]:
                for two in found[1]:
                    yield f"k{side}01={one}_{two}"
        for name in {name for names in found for name in names}:
            yield f"k{side}={name}"
    for one in sides["l"][0] if left else ("^",):
        for two in sides["r"][0] if right else ("$",):
            yield f"klr={one}_{two}"
    everywhere = {name for found in sides.values() for names in found for name in names}
    for name in everywhere:
        yield f"k={name}"
    for name in sides["l"][-1] if left else ():
        yield f"kfirst={name}"


class Classifier(HashedModel):
    """What an utterance says of a name, or what a place is by it."""

    def p(self, text: str, start: int, end: int) -> npt.NDArray[np.float64]:
        """Probability of each class for one stretch of a text."""
        return self.p_of(hashed(features(text, start, end), BITS))


@dataclass(frozen=True)
class Readers:
    """What reads single utterances.

    Parameters
    ----------
    names : Classifier
        Over :data:`SAYS`.
    places : Classifier
        Over :data:`USES`.
    words : Spotter
        Which words name somebody or a place.
    """

    names: Classifier
    places: Classifier
    words: Spotter


@cache
def shipped_readers() -> Readers:
    """The classifiers in the package."""
    with (resources.files("forensics.profile") / "data" / FILE).open("rb") as file:
        data = np.load(file)
        return Readers(
            Classifier(data["names"], data["names_intercept"]),
            Classifier(data["places"], data["places_intercept"]),
            Spotter(data["words"], data["words_intercept"]),
        )
