"""Towns that a script names, and those that stand for them: the household moves, and what is around it.

A new home lies in the same state and is about as large, so that dialect, clubs and what is said of the region
still fit; each other town lies about as far from it as before. What is too far away to move (holidays, other
countries) stays. A place that no gazetteer knows becomes an invented one, which none knows either.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from forensics.knowledge.gazetteer import Place, find, near, place_by_id
from forensics.knowledge.names import fold
from forensics.knowledge.place_search import candidates
from forensics.profile.naming import is_common
from forensics.reidentification.population import towns_of
from forensics.simulate.replacement import Replacement
from forensics.simulate.scripts import Script

FAR_KM = 400.0
"""Assumption: what lies farther from the home than this is a journey and moves with nobody."""
AS_FAR, AS_LARGE = 0.2, 2.5
"""Assumption: a new town is within a fifth of the old one's distance, and this many times larger or
smaller."""
LEAST_KM = 3.0
"""Assumption: distances below this are the same place or the next one."""
SOMEWHERE_NEAR_KM = 25.0
"""Assumption: how far the towns that a household names are from a home that no gazetteer knows."""
SMALL = (1000, 20_000)
"""Assumption: inhabitants of such a home."""
TRIES = 25
"""New homes that are tried until all towns around can be moved."""
LEAST_CHOICE = 3
"""Assumption: with fewer towns to choose from in the state, larger and smaller ones are taken, then the whole
country is searched."""
MUCH_LARGER = 4.0
"""How much larger or smaller yet (assumption)."""
REGION_KM = {"GB": 90.0}
"""Assumption: what counts as the same state where the gazetteer's are too large."""
STATE_KM = 90.0
"""Assumption: so far around its middle lies a region of which the gazetteer has no more."""
LEAST_SHORT = 4
"""Assumption: letters of the first word of a town's name that is said alone."""
SUBURB_KM, SUBURB = 5.0, 4.0
"""Assumption: a place that has a town so many times larger so near is a part of it; near a town of 100,000,
and farther with the root of its inhabitants."""
MOST_SUBURB_KM = 25.0
WIDENINGS = 4
"""A distance that no town has is missed by more and more: a fifth, two fifths, and so on to this many."""
_GERMAN = {"Munich": "München", "Nuremberg": "Nürnberg", "Cologne": "Köln", "Vienna": "Wien"}
"""Towns that the gazetteer has by their English names."""
_PARTS = {
    "de": (
        ("Ober", "Unter", "Nieder", "Alten", "Neuen", "Groß", "Klein"),
        ("lohr", "eschen", "mühl", "sass", "wied", "hard", "roll", "zell", "birk", "kall"),
        ("heim", "hausen", "dorf", "bach", "feld", "rode", "stetten"),
    ),
    "en": (
        ("Ash", "Birch", "Cray", "Dun", "Elm", "Fern", "Hol", "Lang", "Mar", "Thorn"),
        ("er", "en", "ing", ""),
        ("field", "wick", "ham", "bury", "combe", "dale", "stead"),
    ),
}
"""Of invented places."""
_CAPITAL = re.compile(
    r"[A-ZÄÖÜ][\w'’-]*[\wß](?: (?:am|an der|unter|im|in|on|upon|the)? ?[A-ZÄÖÜ][\wß'’-]+){0,2}"
)
_PLAIN = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")
_TO_A_TOWN = re.compile(
    r"\b(?:in|nach|aus|von|bis|bei|ab|über|Richtung|from|to|at|near|for|around)\s+"
    r"([A-ZÄÖÜ][\wß-]+(?: [A-ZÄÖÜ][\wß-]+)?)"
)


def moved_places(script: Script, rng: np.random.Generator, taken: Collection[str]) -> Iterator[Replacement]:
    """What stands for the home and for the places around it.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of this copy of the household.
    taken : collection of str
        Folded words that are in the script already: no new place is called like that.
    """
    written = str(script.home.get("place") or "")
    others = (place for form, place in _named_towns(script, None).items() if not written.startswith(form))
    old_home = _town(written, script, *others)
    people = {str(p.get(n) or "").casefold() for p in script.people for n in ("first_name", "surname")}
    towns = _named_towns(script, old_home)
    like = old_home or _small_town(script, towns, rng)
    unknown = sorted(_unknown_places(script, towns, old_home) - {p for p in towns if p.casefold() in people})
    apart: dict[str, tuple[Place, float]] = {}
    for form, place in sorted(towns.items()):
        km = near(old_home, place) if old_home is not None else SOMEWHERE_NEAR_KM
        at_home = old_home is not None and place.geonameid == old_home.geonameid
        if form.casefold() not in people and km is not None and km <= FAR_KM and not at_home:
            apart[form] = (place, km)
    new_home, moved = (
        _moved(like, apart, rng, taken, with_state="," in written) if like is not None else (None, {})
    )
    if new_home is not None:
        yield from _forms(written, old_home, new_home, script.language)
    anchor = new_home or old_home
    for form, (place, km) in apart.items():
        known = {fold(other.name) for other in (*moved.values(), anchor) if other is not None}
        new = moved.get(form) or (
            anchor and _like(place, [(anchor, km)], rng, {*taken, *known}, farther=True)
        )
        if new:
            yield from _forms(form, place, new, script.language)
        else:
            yield Replacement(form, invented(script.language, rng), "place")
    for form in unknown:
        yield Replacement(form, invented(script.language, rng), "place")


def town_of(name: str, script: Script) -> Place | None:
    """The town that a household means by a name: in its country, the one near its home.

    Parameters
    ----------
    name : str
        As its script has it.
    """
    home = _town(str(script.home.get("place") or ""), script)
    return _town(name, script, home) if name[:1].isupper() else None


def spoken_name(place: Place, language: str) -> str:
    """A town's name as those say it who live in the country."""
    return _GERMAN.get(place.name, place.name) if language == "de" else place.name


def invented(language: str, rng: np.random.Generator) -> str:
    """A name that no gazetteer has."""
    while True:
        name = "".join(part[int(rng.integers(len(part)))] for part in _PARTS[language])
        if not candidates(name, limit=1) or candidates(name, limit=1)[0].how != "name":
            return name


def _moved(
    home: Place,
    apart: Mapping[str, tuple[Place, float]],
    rng: np.random.Generator,
    taken: Collection[str],
    *,
    with_state: bool,
) -> tuple[Place | None, dict[str, Place]]:
    """A new home, and new towns around it; of several homes the first around which most towns can be had.

    Parameters
    ----------
    with_state : bool
        The home is told with its state ("Newark, Ohio"): then namesakes elsewhere do not matter.
    """
    best: tuple[Place | None, dict[str, Place]] = None, {}
    for _ in range(TRIES):
        new_home = _like(home, [], rng, taken, same_state=True, namesakes=with_state)
        if new_home is None:
            break
        found: dict[str, Place] = {}
        for form, (place, km) in apart.items():
            used = {fold(other.name) for other in (new_home, *found.values())}
            new = _like(place, [(new_home, km)], rng, {*taken, *used})
            if new is not None:
                found[form] = new
        if best[0] is None or len(found) > len(best[1]):
            best = new_home, found
        if len(found) == len(apart):
            break
    return best


def _small_town(script: Script, towns: Mapping[str, Place], rng: np.random.Generator) -> Place | None:
    """Stands for a home that no gazetteer knows: near the town that is named most."""
    texts = " ".join(line.text for line in script.lines)
    most = max(sorted(towns), key=texts.count, default=None)
    written = str(script.home.get("place") or "")
    pool = [place for place, _ in _nameable(script.country, "," in written)]
    small = [place for place in pool if SMALL[0] <= place.population <= SMALL[1]]
    if (state := _state(written.partition(",")[2], script)) is not None:
        small = [place for place in small if _lies_in(place, state)] or small
    if most is not None:
        around = [p for p in small if (near(p, towns[most]) or 0.0) <= 2 * SOMEWHERE_NEAR_KM]
        small = around or small
    return small[int(rng.integers(len(small)))] if small else None


def _unknown_places(script: Script, towns: Mapping[str, Place], home: Place | None) -> set[str]:
    """Places that no gazetteer knows: districts, and homes by themselves or behind a town's name."""
    values = {str(script.home.get("district") or "")}
    texts = " ".join(line.text for line in script.lines)
    said_as_places = set(_TO_A_TOWN.findall(texts))
    for claim in script.truth:
        if claim["attribute"] in ("home_place", "work_place"):
            value = _bare(str(claim["value"]))
            first, dash, rest = value.partition("-")
            if dash and _town(first, script, home) is not None:
                values.add(rest)
            elif claim["attribute"] == "home_place" or value in said_as_places:
                values.add(value)
    return {
        v
        for v in values
        if v
        and v[0].isupper()
        and v not in towns
        and not any(c.how == "name" for c in candidates(v, limit=1))
        if len(v.split()) == 1 or v == script.home.get("district")
    }


def _bare(value: str) -> str:
    """Of "Heike: Hannover (Messe)" what is the place."""
    return re.split(r"[,(/]", value.rpartition(":")[2])[0].strip()


def _forms(written: str, old: Place | None, new: Place, language: str) -> Iterator[Replacement]:
    """A town's name as written, as the gazetteer has it, and its first word where that is long enough."""
    name = spoken_name(new, language)
    short = name.split()[0].split("/")[0].split("-")[0]
    plain = re.split(r"[,(/]", written)[0].strip()
    if written != plain and "," not in written:
        yield Replacement(written, name, "place")
    if old is not None:
        yield Replacement(old.name, name, "place")
        yield Replacement(spoken_name(old, language), name, "place")
    yield Replacement(plain, name, "place")
    if len(plain.split()) > 1 and len(plain.split()[0]) >= LEAST_SHORT and not is_common(plain.split()[0]):
        yield Replacement(plain.split()[0], short, "place")


def _named_towns(script: Script, home: Place | None) -> dict[str, Place]:
    """Towns that truth, profile and talk name, by the words."""
    values = [str(t["value"]).rpartition(":")[2] for t in script.truth if t["attribute"].endswith("_place")]
    values += [str(script.profile.get("place") or ""), str(script.home.get("district") or "")]
    words = {word for value in values for word in _CAPITAL.findall(re.split(r"[(,]", value)[0])}
    words |= {part for word in words for part in word.split("-") if len(part) > 3}
    words |= {match for line in script.lines for match in _TO_A_TOWN.findall(line.text)}
    words -= {re.split(r"[,(]", value)[0].strip() for value in values if _is_abroad(value, script)}
    found = {word: _town(word, script, home) for word in words}
    return {word: place for word, place in found.items() if place is not None}


def _state(name: str, script: Script) -> Place | None:
    """A state of the script's country by its name; None where it is none."""
    found = candidates(name, language=script.language, limit=1) if name.strip() else []
    known = bool(found) and found[0].how == "name" and found[0].place.kind == "region"
    return found[0].place if known and found[0].place.country == script.country else None


def _lies_in(place: Place, state: Place) -> bool:
    """Whether a town lies in a state; of one without borders, near its middle."""
    if state.admin1:
        return (place.country, place.admin1) == (state.country, state.admin1)
    km = near(place, state)
    return place.country == state.country and km is not None and km <= STATE_KM


def _is_abroad(value: str, script: Script) -> bool:
    """Whether a town is told with a region of another country: "Perth, Western Australia"."""
    town, comma, region = value.strip().partition(",")
    found = candidates(f"{town}{comma}{region}", language=script.language, limit=1) if comma else []
    elsewhere = candidates(region, language=script.language, limit=1) if comma and not found else found
    return bool(elsewhere) and elsewhere[0].place.country not in ("", script.country)


def _town(name: str, script: Script, *around: Place | None) -> Place | None:
    """The town of the script's country that is meant: as written with its state, else near these places."""
    household = [place for place in around if place is not None]
    state = _state(name.partition(",")[2], script)
    if state is not None:
        exact = candidates(name, language=script.language, limit=1)
        there = [c.place for c in exact if c.how == "parts" and _lies_in(c.place, state)]
        return there[0] if there else None
    for form in (name, re.split(r"[,(/]", name)[0].strip()):
        if not form:
            continue
        found = candidates(form, language=script.language, household=household, limit=12)
        fitting = [c for c in found if c.place.kind == "city" and c.place.country == script.country]
        if fitting and fitting[0].how in ("name", "parts") and fitting[0].place.latitude is not None:
            return fitting[0].place
    same = find(name)
    return same if same is not None and same.kind == "city" and same.country == script.country else None


def _like(
    old: Place,
    around: Sequence[tuple[Place, float]],
    rng: np.random.Generator,
    taken: Collection[str],
    *,
    same_state: bool = False,
    namesakes: bool = False,
    farther: bool = False,
) -> Place | None:
    """A town about as large as `old`, about as far from each of these places as is said beside it.

    Parameters
    ----------
    same_state : bool
        One of the same state, if there are enough.
    namesakes : bool
        Other towns may be called the same.
    farther : bool
        Where there is none, a larger or smaller one, and one nearer or farther.
    """
    if same_state:
        for times_larger, least in ((1.0, LEAST_CHOICE), (MUCH_LARGER, 1)):
            inside = [
                p for p in _as_large(old, AS_LARGE * times_larger, taken, namesakes) if _same_state(p, old)
            ]
            if len(inside) >= least:
                return inside[int(rng.integers(len(inside)))]
    fitting = large_enough = _as_large(old, AS_LARGE * (MUCH_LARGER if farther else 1.0), taken)
    for times in range(1, (WIDENINGS if farther else 1) + 1) if around else ():
        fitting = [p for p in large_enough if all(_as_far(p, other, km, times) for other, km in around)]
        if fitting:
            break
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


def _as_large(old: Place, times: float, taken: Collection[str], namesakes: bool = False) -> list[Place]:
    people = max(old.population, 500)
    return [
        place
        for place, words in _nameable(old.country, namesakes)
        if people / times <= place.population <= people * times
        and place.geonameid != old.geonameid
        and words.isdisjoint(taken)
    ]


def _same_state(one: Place, other: Place) -> bool:
    if (most := REGION_KM.get(one.country)) is not None:
        km = near(one, other)
        return km is not None and km <= most
    return one.admin1 == other.admin1


@cache
def _nameable(country: str, namesakes: bool = False) -> tuple[tuple[Place, frozenset[str]], ...]:
    """Towns with the folded words of their names, but for parts of larger towns, and for names that others
    bear (unless `namesakes`) or that nobody says so."""
    places = [place for n, _ in towns_of(country) if (place := place_by_id(n)) and place.latitude is not None]
    cells: dict[tuple[int, int], list[Place]] = {}
    for place in places:
        cells.setdefault(_cell(place), []).append(place)

    largest = [place for place in places if place.population >= 1_000_000]

    def reach(place: Place) -> float:
        return min(max(SUBURB_KM, SUBURB_KM * math.sqrt(place.population / 100_000)), MOST_SUBURB_KM)

    def is_part(place: Place) -> bool:
        row, column = _cell(place)
        return any(
            other.population >= SUBURB * place.population and (near(place, other) or 0.0) <= reach(other)
            for dr in (-1, 0, 1)
            for dc in (-1, 0, 1)
            for other in cells.get((row + dr, column + dc), ())
        ) or any(
            other.population >= SUBURB * place.population and (near(place, other) or 0.0) <= reach(other)
            for other in largest
        )

    return tuple(
        (place, frozenset(fold(word) for word in re.split(r"[ -]", place.name)))
        for place in places
        if (namesakes or place.key == place.name) and _PLAIN.fullmatch(place.name) and not is_part(place)
    )


def _cell(place: Place) -> tuple[int, int]:
    """About 11 km from north to south, 7 from west to east."""
    return round((place.latitude or 0.0) * 10), round((place.longitude or 0.0) * 10)


def _as_far(place: Place, other: Place, km: float, times: int = 1) -> bool:
    now = near(place, other)
    return now is not None and abs(now - km) <= max(AS_FAR * times * km, LEAST_KM * times)
