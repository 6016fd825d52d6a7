"""Whom and what a script names, and by what each is replaced: draws from the population, the same everywhere.

A first name is replaced by one of the same sex, and by one with a nickname where a nickname is said; people
who share a surname share the new one. Towns move together: each new town lies about as far from the new home
as the old one from the old home, and is about as large. What is too far away to move (holidays, other
countries) stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from forensics.knowledge.gazetteer import Place, find, near, place_by_id
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import fold, is_first_name, is_surname, us_shares
from forensics.knowledge.place_search import candidates
from forensics.reidentification.population import towns_of
from forensics.simulate.households import name_tables
from forensics.simulate.register import nickname_pairs
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
UNMOVED = ""
"""Stands for what cannot be replaced: utterances that name it are left out."""
LEAST_LETTERS = 3
"""Assumption: letters in which a name and its short form agree."""
WAKE_WORDS = frozenset({"alexa", "echo", "computer", "amazon", "ziggy"})
"""Names that devices listen to: never replaced, whoever else bears them."""
_FEMALE = re.compile(
    r"frau|mutter|mama|oma|tochter|schwester|tante|nichte|freundin|enkelin|\w+in\b|"
    r"\b(?:wife|mother|mum|mom|gran\w*mother|daughter|sister|aunt|niece|girl|woman|she|her)\b",
    re.IGNORECASE,
)
_MALE = re.compile(
    r"\bmann\b|vater|papa|\bopa\b|sohn|bruder|onkel|neffe|\bfreund\b|enkel\b|geselle|lehrling|"
    r"\b(?:husband|father|dad|grand(?:fa|so)\w+|son|brother|uncle|nephew|boy|man|he|his)\b",
    re.IGNORECASE,
)
STREETS = {
    "de": ("Gartenstraße", "Bahnhofstraße", "Lindenweg", "Schulstraße", "Bergstraße", "Mühlenweg"),
    "en": ("Church Street", "Mill Lane", "Station Road", "Park Avenue", "Maple Street", "King Street"),
}
EMPLOYERS = {
    "de": ("Brandt Logistik", "Nordmetall", "Hellweg Klinik", "Kreissparkasse", "Stadtwerke", "Optik Seidel"),
    "en": (
        "Harlow Logistics",
        "Northgate Clinic",
        "Bexley Foods",
        "Mercer Tools",
        "Fairview Bank",
        "Oakley Print",
    ),
}
SCHOOLS = {
    "de": ("Lindenschule", "Humboldtschule", "Waldschule", "Brückenschule"),
    "en": ("Oakfield School", "Hillcrest School", "Riverside School", "Northfield School"),
}
"""Invented, as all streets and schools here."""
_SCHOOL = re.compile(
    r"\b[A-ZÄÖÜ][\w.-]*(?:-|(?=schule))(?:[Ss]chule|Grundschule|Gymnasium)\b"
    r"|\b(?:St\.? )?[A-Z]\w+(?: [A-Z]\w+)? (?:School|Primary|Academy)\b"
)
_CAPITAL = re.compile(
    r"[A-ZÄÖÜ][\w'’-]*[\wß](?: (?:am|an der|unter|im|in|on|upon|the)? ?[A-ZÄÖÜ][\wß'’-]+){0,2}"
)
_PLAIN = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")
_TO_A_TOWN = re.compile(
    r"\b(?:in|nach|aus|von|bis|bei|from|to|at|near|for)\s+([A-ZÄÖÜ][\wß-]+(?: [A-ZÄÖÜ][\wß-]+)?)"
)


@dataclass(frozen=True)
class Replacement:
    """One thing that a script names, and what stands for it.

    Parameters
    ----------
    old, new : str
        As they are written.
    kind : {'first', 'last', 'place', 'employer', 'school', 'street'}
        What of the person the text is.
    """

    old: str
    new: str
    kind: str


def replacements(script: Script, rng: np.random.Generator) -> list[Replacement]:
    """What to replace in a script, the longest first; each old form once.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of this copy of the household.

    Returns
    -------
    list of Replacement
        With :data:`UNMOVED` for what cannot be replaced.
    """
    found: dict[str, Replacement] = {}
    for one in (*_people(script, rng), *_places(script, rng), *_others(script, rng)):
        if fold(one.old) and one.old.casefold() not in found:
            found[one.old.casefold()] = one
    return sorted(found.values(), key=lambda r: (-len(r.old.split()), -len(r.old), r.old))


def _people(script: Script, rng: np.random.Generator) -> Iterator[Replacement]:
    draw = _Names(script, rng)
    texts = " ".join(line.text for line in script.lines)
    for person in (*script.people, {**script.profile, "role": "profile"}):
        first, last = person.get("first_name"), person.get("surname")
        if last:
            yield from draw.last(str(last))
        if first:
            relation = str(person.get("relation") or "")
            own = person.get("role") == "subject" or first == script.profile.get("first_name")
            nicknames = {str(n) for n in (script.profile.get("nicknames") or () if own else ())}
            short = _short_forms(str(first), relation, texts) | nicknames
            yield from draw.first(str(first), relation, short)
    for friend in script.profile.get("friends") or ():
        parts = str(friend).split()
        yield from draw.first(parts[0], "", set())
        if len(parts) > 1:
            yield from draw.last(parts[-1])


class _Names:
    """Draws of names, no new one twice and none that the script has already."""

    def __init__(self, script: Script, rng: np.random.Generator) -> None:
        self._language, self._rng = script.language, rng
        self._tables = name_tables(script.language)
        names = [p.get(part) for p in script.people for part in ("first_name", "surname")]
        self._taken = {str(name).casefold() for name in names if name}
        self._given: set[str] = set()

    def last(self, old: str) -> Iterator[Replacement]:
        if old in self._given:
            return
        self._given.add(old)
        new = str(self._tables.called(self._tables.surnames(self._rng, 1))[0])
        while new.casefold() in self._taken:
            new = str(self._tables.called(self._tables.surnames(self._rng, 1))[0])
        self._taken.add(new.casefold())
        yield Replacement(old, new, "last")

    def first(self, old: str, relation: str, short: set[str]) -> Iterator[Replacement]:
        """The name and its short forms, which all become one short form of the new name."""
        if old in self._given or old.casefold() in WAKE_WORDS:
            return
        self._given.add(old)
        sex, sexes = _sex(old, relation, self._language), _sexes(self._language)
        shares = _by_sex(self._language)
        names = [n for n in shares if n.casefold() not in self._taken and sexes[n.casefold()] == sex]
        if short:
            names = [n for n in names if _nicknames(n, self._language)] or names
        weights = np.array([shares[n] for n in names])
        new = names[int(self._rng.choice(len(names), p=weights / weights.sum()))]
        self._taken.add(new.casefold())
        yield Replacement(old, new, "first")
        nicknames = _nicknames(new, self._language) or [new]
        nickname = nicknames[int(self._rng.integers(len(nicknames)))]
        yield from (Replacement(form, nickname, "first") for form in sorted(short - {old}))


def _short_forms(first: str, relation: str, texts: str) -> set[str]:
    """Nicknames of a name that are said: listed, its beginning, or named beside the relation."""
    everyday = set(re.findall(r"(?<![\w'’])[a-zäöü][\wß]+", texts))
    within = set(re.findall(r"(?<=[\w,] )[A-ZÄÖÜ][\wß]+", texts))  # at the start every word has a capital
    words = {
        word
        for word in re.findall(r"[A-ZÄÖÜ][\wß]+", texts)
        if word.casefold() not in everyday and (word in within or is_first_name(word)) and word != first
    }
    listed = {nickname.casefold() for nickname in nickname_pairs().get(first, ())}
    beside = set(re.findall(r"[A-ZÄÖÜ][\wß]+", relation))
    name = first.casefold()
    return {
        word
        for word in words
        if word.casefold() in listed
        or (len(word) >= LEAST_LETTERS and name.startswith(word.casefold()))
        or (
            LEAST_LETTERS < len(word) <= len(first) + 1
            and word[-1] in "iy"
            and word[:LEAST_LETTERS].casefold() == name[:LEAST_LETTERS]
        )
        or (word in beside and word[0] == first[0] and is_first_name(word))
    }


def _nicknames(name: str, language: str) -> list[str]:
    """Short forms that somebody of this language would use."""
    found = [nickname.capitalize() for nickname in sorted(nickname_pairs().get(name, ()))]
    return found if language == "de" else [n for n in found if n.casefold() in _sexes("en")]


def _sex(name: str, relation: str, language: str) -> str:
    """By the lists, else by the relation, else by how names of either sex mostly end (assumption)."""
    if known := _sexes(language).get(name.casefold()):
        return known
    if _FEMALE.search(relation):
        return "f"
    if _MALE.search(relation):
        return "m"
    return "f" if name[-1] in "ae" else "m"


@cache
def _by_sex(language: str) -> dict[str, float]:
    if language == "de":
        return {row["value"]: float(row["p"]) for row in read_forms("first_names_de")}
    both = {**us_shares("male.first"), **us_shares("female.first")}
    return {name.capitalize(): share for name, share in both.items() if share > 5e-4}


@cache
def _sexes(language: str) -> dict[str, str]:
    if language == "de":
        notes = ((row["value"], row["note"]) for row in read_forms("first_names_de"))
        return {name.casefold(): note.partition("sex ")[2][:1] for name, note in notes}
    male, female = us_shares("male.first"), us_shares("female.first")
    return {n.casefold(): "m" if male.get(n, 0.0) >= female.get(n, 0.0) else "f" for n in {*male, *female}}


def _places(script: Script, rng: np.random.Generator) -> Iterator[Replacement]:
    written = str(script.home.get("place") or "")
    old_home = _town(written)
    like = old_home or _small_town(script.country, rng)
    if like is None:
        return
    people = {str(p.get(n) or "").casefold() for p in script.people for n in ("first_name", "surname")}
    towns = _named_towns(script)
    apart: dict[str, tuple[Place, float]] = {}
    for form, place in sorted(towns.items()):
        km = near(old_home, place) if old_home is not None else SOMEWHERE_NEAR_KM
        at_home = old_home is not None and place.geonameid == old_home.geonameid
        if form.casefold() not in people and km is not None and km <= FAR_KM and not at_home:
            apart[form] = (place, km)
    new_home, moved = _moved(like, apart, rng)
    if new_home is None:
        return
    yield from _forms(written, old_home, new_home)
    for form, (place, _) in apart.items():
        new = moved.get(form)
        yield from (Replacement(form, UNMOVED, "place"),) if new is None else _forms(form, place, new)
    for form in sorted(_unknown_places(script, towns, written)):
        yield Replacement(form, UNMOVED, "place")


def _moved(
    home: Place, apart: Mapping[str, tuple[Place, float]], rng: np.random.Generator
) -> tuple[Place | None, dict[str, Place]]:
    """A new home, and new towns around it; of several homes the first around which most towns can be had."""
    best: tuple[Place | None, dict[str, Place]] = None, {}
    for _ in range(TRIES):
        new_home = _like(home, [], rng)
        if new_home is None:
            break
        found = {form: _like(place, [(new_home, km)], rng) for form, (place, km) in apart.items()}
        moved = {form: place for form, place in found.items() if place is not None}
        if best[0] is None or len(moved) > len(best[1]):
            best = new_home, moved
        if len(moved) == len(apart):
            break
    return best


def _small_town(country: str, rng: np.random.Generator) -> Place | None:
    """Stands for a home that no gazetteer knows."""
    small = [n for n, people in towns_of(country) if SMALL[0] <= people <= SMALL[1]]
    return place_by_id(small[int(rng.integers(len(small)))]) if small else None


def _unknown_places(script: Script, towns: Mapping[str, Place], home: str) -> set[str]:
    """Places of the truth that no gazetteer knows: what names them cannot be moved."""
    values = {re.split(r"[,(/:]", str(t["value"]))[0].strip() for t in script.truth
              if t["attribute"] in ("home_place", "work_place")}  # fmt: skip
    values |= {str(script.home.get("district") or "")}
    return {v for v in values if v and v[0].isupper() and len(v.split()) < 4 and v not in towns
            and _town(v) is None and not home.startswith(v)}  # fmt: skip


def _forms(written: str, old: Place | None, new: Place) -> Iterator[Replacement]:
    """A town's name as written, as the gazetteer has it, and its first word where that is long enough."""
    short = new.name.split()[0].split("/")[0].split("-")[0]
    yield Replacement(written, new.name, "place")
    if old is not None:
        yield Replacement(old.name, new.name, "place")
    plain = re.split(r"[,(/]", written)[0].strip()
    yield Replacement(plain, new.name, "place")
    if len(plain.split()) > 1 and len(plain.split()[0]) >= 6:
        yield Replacement(plain.split()[0], short, "place")


def _named_towns(script: Script) -> dict[str, Place]:
    """Towns that truth, profile and talk name, by the words."""
    values = [str(t["value"]) for t in script.truth if t["attribute"].endswith("_place")]
    values += [str(script.profile.get("place") or ""), str(script.home.get("district") or "")]
    words = {word for value in values for word in _CAPITAL.findall(re.split(r"[(]", value)[0])}
    words |= {match for line in script.lines for match in _TO_A_TOWN.findall(line.text)}
    found = {word: _town(word) for word in words}
    return {
        word: place
        for word, place in found.items()
        if place is not None and place.kind == "city" and place.country == script.country
    }


def _town(name: str) -> Place | None:
    for form in (name, re.split(r"[,(/]", name)[0].strip()):
        if form and (place := find(form)) is not None and place.latitude is not None:
            return place
    found = candidates(re.split(r"[,(/]", name)[0], limit=1) if name else []
    return found[0].place if found and found[0].how == "name" and found[0].place.kind == "city" else None


def _like(old: Place, around: Sequence[tuple[Place, float]], rng: np.random.Generator) -> Place | None:
    """A town about as large as `old`, about as far from each of these places as is said beside it."""
    low, high = max(old.population, 500) / AS_LARGE, max(old.population, 500) * AS_LARGE
    fitting = []
    for place_id, inhabitants in towns_of(old.country):
        if low <= inhabitants <= high and place_id != old.geonameid:
            place = place_by_id(place_id)
            if place is None or place.key != place.name or not _PLAIN.fullmatch(place.name):
                continue  # a name that other towns bear too, or that nobody says like this
            if all(_as_far(place, other, km) for other, km in around):
                fitting.append(place)
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


def _as_far(place: Place, other: Place, km: float) -> bool:
    now = near(place, other)
    return now is not None and abs(now - km) <= max(AS_FAR * km, LEAST_KM)


def _others(script: Script, rng: np.random.Generator) -> Iterator[Replacement]:
    def drawn(values: Sequence[str]) -> str:
        return values[int(rng.integers(len(values)))]

    if street := script.home.get("street"):
        yield Replacement(str(street), drawn(STREETS[script.language]), "street")
    texts = " ".join(line.text for line in script.lines)
    employers = [str(t["value"]) for t in script.truth if t["attribute"] == "employer"]
    for value in (*employers, str(script.profile.get("employer") or "")):
        name = re.split(r"[(,]", value)[0].strip()
        said = re.search(rf"\b{re.escape(name)}\b", texts) if name[:1].isupper() else None
        if said and not is_surname(name) and name.casefold() not in WAKE_WORDS:
            yield Replacement(name, drawn(EMPLOYERS[script.language]), "employer")
    for school in sorted(set(_SCHOOL.findall(texts))):
        yield Replacement(school, drawn(SCHOOLS[script.language]), "school")


def as_mapping(found: Sequence[Replacement]) -> Mapping[str, Replacement]:
    """By the old form, in lower case."""
    return {one.old.casefold(): one for one in found}
