"""A postal address as an account's field holds it, in parts: who gets the mail, the address, its town.

Parts stand between commas, semicolons or line ends, or follow a postcode. The town is the last part but for
states, countries and postcodes that the gazetteer knows as one; the state, the country and the form of the
postcode say which of its namesakes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from forensics.knowledge.names import first_name_strength, is_surname
from forensics.knowledge.place_search import Candidate, candidates

_PART = re.compile(r"[^,;\n|]+")
_POSTCODE = re.compile(
    r"\b(?P<gb>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b|\b(?P<nl>\d{4} ?[A-Z]{2})\b"
    r"|\b(?P<ca>[A-Z]\d[A-Z] ?\d[A-Z]\d)\b|\b(?:[A-Z]{1,3}-)?\d{4,6}(?:-\d{3,4})?\b"
)
_CODE = re.compile(r"[A-Z]{2}")
_UNIT = re.compile(
    r"\b(?:apt|apartment|unit|floor|suite|etage|stock|wohnung|hinterhaus|whg|piso|c/o)\b", re.I
)
_CARE = re.compile(r"\bc/o\s+", re.I)
_SAME_REGION = 50.0
"""How much more a town counts among its namesakes in the state or country that the address names: an
assumption."""


@dataclass(frozen=True)
class Postal:
    """A postal address in parts, as offsets into its text.

    Parameters
    ----------
    person : (int, int) or None
        Whose name stands before the street.
    address : (int, int)
        All but the name.
    town : (int, int) or None
        Its name alone, without the postcode.
    places : tuple of Candidate
        What the town may be, most probable first.
    """

    person: tuple[int, int] | None
    address: tuple[int, int]
    town: tuple[int, int] | None
    places: tuple[Candidate, ...]


def read_postal(text: str, language: str = "de") -> Postal | None:
    """The parts of an address; None if the text has neither street nor town.

    Examples
    --------
    >>> found = read_postal("Ida Moll, Teichweg 1, 91207 Lauf")
    >>> [found.places[0].place.country, "Ida Moll, Teichweg 1, 91207 Lauf"[slice(*found.person)]]
    ['DE', 'Ida Moll']
    """
    parts = [_trimmed(text, m.start(), m.end()) for m in _PART.finditer(text)]
    parts = [(a, b) for a, b in parts if a < b]
    if not parts or not any(c.isalpha() for c in text):
        return None
    person = None
    if len(parts) > 1 and _is_person(text[slice(*parts[0])]):
        person, parts = parts[0], parts[1:]
    town, places = _town(text, parts, language)
    if town is None and not any(c.isdigit() for c in text):
        return None
    return Postal(person, (parts[0][0], parts[-1][1]), town, places)


def _is_person(part: str) -> bool:
    """Whether a part has the form of a name and is no town."""
    words = [w for w in re.split(r"[ .]+", _CARE.sub("", part)) if w]
    if not 1 < len(words) <= 5 or any(c.isdigit() for c in part) or _UNIT.search(part):
        return False
    known = first_name_strength(words[0]) > 0 or is_surname(words[-1])
    listed = [c for c in candidates(part, language="de", limit=1) if c.how == "name"]
    return known and not listed and all(w[:1].isupper() or len(w) < 4 for w in words)


def _town(
    text: str, parts: Sequence[tuple[int, int]], language: str
) -> tuple[tuple[int, int] | None, tuple[Candidate, ...]]:
    codes: list[str] = []
    regions: list[Candidate] = []
    for start, end in reversed(parts):
        for a, b in _pieces(text, start, end, codes):
            word = text[a:b]
            if _CODE.fullmatch(word):
                codes.append(word)
                continue
            if any(c.isdigit() for c in word) or _UNIT.search(word):
                continue
            found = [c for c in candidates(word, language=language, limit=12) if c.how == "name"]
            towns = [c for c in found if c.place.kind == "city"]
            whole = found[0].place.kind in ("country", "region", "state") if found else False
            if whole and not regions and (a, b) != _trimmed(text, *parts[0]):
                regions.append(found[0])
            elif towns:
                return (a, b), _weighed(towns, codes, regions)
    return None, ()


def _pieces(text: str, start: int, end: int, codes: list[str]) -> list[tuple[int, int]]:
    """What is left of a part besides its postcode, from the end; the postcode's form may tell the country."""
    match = _POSTCODE.search(text, start, end)
    if match is None:
        return [(start, end)]
    codes += [country for name, country in (("gb", "GB"), ("nl", "NL"), ("ca", "CA")) if match[name]]
    around = (_trimmed(text, match.end(), end), _trimmed(text, start, match.start()))
    return [(a, b) for a, b in around if a < b]


def _weighed(
    towns: Sequence[Candidate], codes: Sequence[str], regions: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    countries = {*codes, *(c.place.country for c in regions)}
    states = {*codes, *(c.place.admin1 for c in regions if c.place.kind == "region")} - {None, ""}
    weights = []
    for one in towns:
        weight = one.probability
        weight *= _SAME_REGION if one.place.country in countries else 1.0
        weight *= _SAME_REGION if one.place.admin1 in states else 1.0
        weights.append((weight, one))
    total = sum(weight for weight, _ in weights)
    ranked = sorted(weights, key=lambda item: (-item[0], item[1].place.geonameid))[:5]
    return tuple(replace(one, probability=weight / total) for weight, one in ranked)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ".)"):
        end -= 1
    return start, end
