"""Whose a device, a room or a network is, by the name that the household gave it.

"Biancas Echo", "Mia's room", "Wohnzimmer Familie Brandstätter", "Echo de Lucía", "The Millers". What is left
of such a name besides words for things, rooms, makers and places in the house, and stands where an owner
stands, is a person's name. All probabilities here are assumptions: how often such a word is somebody's name,
and is the owner's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from forensics.knowledge.names import first_name_strength, fold, is_surname, nicknames_of
from forensics.knowledge.things import is_generic, is_word, words_of
from forensics.profile.naming import is_common

_TOKEN = re.compile(r"[^\W_]+(?:[.'’´`-][^\W_]+)*['’´`]?")
_APOSTROPHE = re.compile(r"['’´`]s?$", re.IGNORECASE)
_PARTICLES = frozenset(
    ("von", "van", "de", "der", "den", "di", "da", "del", "la", "le", "el", "zu", "ten", "ter")
)
_LISTED = 0.2
"""Strength from which a first name of the lists is one wherever it stands (assumption)."""
P_POSSESSIVE, P_UNLISTED = 0.93, 0.6
P_GENITIVE, P_UNLISTED_GENITIVE, P_EITHER = 0.9, 0.4, 0.6
P_FAMILY, P_HOUSE, P_PLURAL = 0.95, 0.6, 0.75
P_OF, P_ALONE, P_NETWORK = 0.88, 0.55, 0.5
"""By the words that make an owner: "Mia's", "Xyla's"; "Biancas", "Xylas"; "Familie X", "Haus X", "the Xs";
"of X"; a first name, or in a network's name a surname, that simply stands there. ``P_EITHER``: "Jonas Zimmer"
may be Jona's."""
_BOTH = 0.25
"""How much commoner a name without its "s" must be than the one with it, to be the one that is meant."""


@dataclass(frozen=True)
class Owner:
    """A person or a family that the name of a thing or a room names.

    Parameters
    ----------
    first, last : str or None
        At least one; only a surname where a family is named.
    of : {'device', 'room', 'family'}
        What is theirs; ``family`` where the name is a family's.
    p : float
        Probability that this is somebody's name.
    alternatives : dict
        Other readings of the name, with probabilities.
    """

    first: str | None
    last: str | None
    of: str
    p: float
    alternatives: Mapping[str, float] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """Both parts."""
        return " ".join(part for part in (self.first, self.last) if part)


@lru_cache(maxsize=1 << 12)
def owners(label: str, of: str = "device") -> tuple[Owner, ...]:
    """Whom the name of a device, a room or a network names.

    Parameters
    ----------
    label : str
        As the household wrote it.
    of : {'device', 'room', 'network'}
        What it names.

    Examples
    --------
    >>> [(o.full, o.of) for o in owners("Rasmus Hufnagels Fire TV")]
    [('Rasmus Hufnagel', 'device')]
    >>> [(o.full, o.of) for o in owners("Wohnzimmer Familie Brandstätter")]
    [('Brandstätter', 'family')]
    >>> owners("Living Room Echo Dot"), owners("Wohnzimmerlampe 2")
    ((), ())
    """
    tokens = _tokens(label[:120])
    if not tokens:
        return ()
    if family := _family(tokens):
        return (family,)
    room = of == "room" or any(is_word(token, "room") for token in tokens)
    found = _people(tokens, "room" if room else "device", label)
    rest = [t for t in tokens if not is_generic(t)]
    if of != "network" or found or len(rest) != 1 or len(tokens) == 1 or not is_surname(rest[0]):
        return tuple(found)
    return (Owner(None, rest[0], "family", P_NETWORK),) if _surname(rest) and not is_common(rest[0]) else ()


def _tokens(label: str) -> list[str]:
    found: list[str] = []
    for token in _TOKEN.findall(re.sub(r"[&+]", " and ", label.replace("_", " "))):
        parts = token.split("-")
        whole = len(parts) == 1 or not any(is_generic(part) for part in parts)
        found += [token] if whole else [part for part in parts if part]
    return found


def _family(tokens: list[str]) -> Owner | None:
    """A family's name: "Familie X", "the X family", "the Xs", "Haus X"."""
    for at, token in enumerate(tokens):
        if is_word(token, "family") and (name := _surname(tokens[at + 1 :])):
            return Owner(None, name, "family", P_FAMILY)
        if is_word(token, "family_after") and at and (name := _surname(tokens[at - 1 : at])):
            return Owner(None, name, "family", P_FAMILY)
    for at, token in enumerate(tokens[:-1]):
        name = _surname(tokens[at + 1 :])
        if name is None or (is_word(token, "house") and _listed(name.split()[-1]) >= _LISTED):
            continue  # "Casa de Nuria" is hers
        bare = name.rstrip("'’´`")
        if (
            is_word(token, "plural")
            and bare.endswith("s")
            and is_surname(bare[:-1])
            and not is_common(bare[:-1])
        ):
            return Owner(None, bare[:-1], "family", P_PLURAL)
        if is_word(token, "house") and _listed(name) < _LISTED:
            p = P_HOUSE + 0.2 if is_surname(name) else P_HOUSE - 0.2
            return Owner(None, name, "family", p)
    return None


def _surname(tokens: list[str]) -> str | None:
    """The surname at the front of some words, with its particles."""
    taken: list[str] = []
    for token in tokens:
        word = _APOSTROPHE.sub("", token)
        if word.casefold() in _PARTICLES and not taken:
            taken.append(word.casefold())
            continue
        if not word[:1].isupper() or len(word) < 3 or is_generic(word) or is_word(word, "nobody"):
            return None
        if is_common(word) and not is_surname(word):
            return None
        return " ".join([*taken, token if token != word and not _APOSTROPHE.search(token) else word])
    return None


def _people(tokens: list[str], of: str, label: str) -> list[Owner]:
    for at, token in enumerate(tokens):
        if _APOSTROPHE.search(token) and (found := _possessive(tokens, at, of)):
            return found
    for at, token in enumerate(tokens[:-1]):
        if token[-1:].lower() == "s" and _followed(tokens, at) and (found := _genitive(tokens, at, of)):
            return found
    for at, token in enumerate(tokens):
        thing = at and (is_generic(tokens[at - 1]) or is_word(tokens[at - 1], "house"))
        if thing and is_word(token, "of") and (one := _whole(tokens[at + 1 :], of, P_OF)):
            return [one]
    for mark in words_of("of_before"):
        before, _, after = label.partition(mark)
        if before and after and any(word in after for word in words_of("room") | words_of("thing")):
            return [Owner(before.strip(), None, of, P_UNLISTED)]
    rest = [t for t in tokens if not is_generic(t)]
    if any(is_word(t, "colour") for t in rest):
        return []  # "Hue Rosa"
    if len(rest) == 3 and is_word(rest[1], "and"):
        both = [_whole([rest[0]], of, P_ALONE), _whole([rest[2]], of, P_ALONE)]
        return [one for one in both if one]
    if rest and len(rest) < 3 and not any(is_word(t, "of") or is_word(t, "plural") for t in tokens):
        one = _whole(rest, of, P_ALONE)
        return [one] if one and len(one.full.split()) == len(rest) else []
    return []


def _possessive(tokens: list[str], at: int, of: str) -> list[Owner]:
    """ "Mia's", "Jonas'", "Marta Köhler's", "Anna and Ben's"."""
    word = _APOSTROPHE.sub("", tokens[at])
    if not _nameable(word):
        return []
    before = tokens[at - 1] if at else ""
    if before and _listed(before) >= _LISTED and _nameable(before) and not is_common(before):
        return [Owner(before, word, of, P_POSSESSIVE)]
    p = P_POSSESSIVE if _listed(word) > 0 else P_UNLISTED
    return [*_and(tokens, at, of, p), Owner(_upper(word), None, of, p)]


def _genitive(tokens: list[str], at: int, of: str) -> list[Owner]:
    """ "Biancas Echo", "Rasmus Hufnagels Fire TV", "Jonas Zimmer"."""
    token, before = tokens[at], tokens[at - 1] if at else ""
    bare = token[:-1]
    own, without = _listed(token), _listed(bare)
    if is_generic(token) or is_common(token) or not _nameable(bare) or len(bare) < 3:
        return []
    named = before and _nameable(before) and _listed(before) >= _LISTED
    if named and not is_word(before, "and") and (without == 0 or is_surname(bare)):
        last, other = (token, bare) if is_surname(token) and not is_surname(bare) else (bare, token)
        p = P_EITHER if is_surname(token) else P_GENITIVE
        return [Owner(before, _upper(last), of, p, {f"{before} {_upper(other)}": P_GENITIVE - p + 0.05})]
    if own >= _LISTED and without < own + _BOTH:  # "Jonas Zimmer", "Lukas Echo"
        either = without >= _LISTED
        others = {_upper(bare): P_GENITIVE - P_EITHER} if either else {}
        return [Owner(_upper(token), None, of, P_EITHER if either else P_GENITIVE, others)]
    if without > 0:
        p = P_GENITIVE if without >= _LISTED else P_UNLISTED
        return [*_and(tokens, at, of, p), Owner(_upper(bare), None, of, p)]
    unknown = bare[:1].isupper() and not is_surname(token)
    return [Owner(bare, None, of, P_UNLISTED_GENITIVE)] if unknown and at == 0 else []


def _and(tokens: list[str], at: int, of: str, p: float) -> list[Owner]:
    """The first of two owners."""
    if at > 1 and is_word(tokens[at - 1], "and") and _listed(tokens[at - 2]) >= _LISTED:
        return [Owner(_upper(tokens[at - 2]), None, of, p)]
    return []


def _whole(tokens: list[str], of: str, p: float) -> Owner | None:
    """A listed first name, with a surname if one follows."""
    if not tokens or not _nameable(tokens[0]) or _listed(tokens[0]) < _LISTED or is_common(tokens[0]):
        return None
    first, rest = _upper(tokens[0]), tokens[1:]
    if rest and rest[0][:1].isupper() and _nameable(rest[0]) and not is_common(rest[0]):
        return Owner(first, rest[0], of, p)
    return Owner(first, None, of, p)


def _followed(tokens: list[str], at: int) -> bool:
    """Whether a word for a thing or a room follows, perhaps after "second", "new" and the like."""
    for token in tokens[at + 1 :]:
        if is_word(token, "filler") or token[0].isdigit():
            continue
        return is_generic(token)
    return False


def _nameable(word: str) -> bool:
    """Whether a word may be a name at all."""
    if len(word) < 2 or not all(c.isalpha() or c in "-'’." for c in word):
        return False
    if is_generic(word) or is_word(word, "nobody") or is_word(word, "family"):
        return False
    return not is_common(word) or _listed(word) >= _LISTED


def _listed(word: str) -> float:
    """How common a first name or a pet form a word is."""
    return max(first_name_strength(word), _LISTED if nicknames_of(fold(word)) else 0.0)


def _upper(word: str) -> str:
    return word if word[:1].isupper() else word[:1].upper() + word[1:]
