"""Whom and what a script names, and by what each is replaced: draws from the population, the same everywhere.

A first name is replaced by one of the same sex and of the same language, and by one with a nickname where a
nickname is said; people who share a surname share the new one, also as a part of a double name. What is
drawn is no word that the script says already, so that nothing new can be mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from forensics.knowledge.gazetteer import find
from forensics.knowledge.names import fold, is_first_name, is_surname
from forensics.profile.naming import is_common
from forensics.simulate.households import name_tables
from forensics.simulate.moving import invented, moved_places
from forensics.simulate.origins import (
    HOME,
    first_names,
    origin_of,
    origin_of_surname,
    sex_of,
    sexes,
    surnames,
)
from forensics.simulate.register import nickname_pairs
from forensics.simulate.replacement import Replacement
from forensics.simulate.scripts import Script
from forensics.simulate.surroundings import TITLES

LEAST_LETTERS = 3
"""Assumption: letters in which a name and its short form agree."""
LARGE_TOWN = 100_000
"""Assumption: a first name that is a town of so many inhabitants too (Paris, Dallas) is kept: people play
with it."""
WAKE_WORDS = frozenset({"alexa", "echo", "computer", "amazon", "ziggy"})
"""Names that devices listen to: never replaced, whoever else bears them."""
STREETS = {
    "de": ("Gartenstraße", "Bahnhofstraße", "Schulstraße", "Bergstraße", "Lindengasse", "Mühlenallee"),
    "de der": ("Lindenweg", "Mühlenweg", "Marktplatz", "Kirchplatz", "Eichenring", "Birkenhof"),
    "en": ("Church Street", "Mill Lane", "Station Road", "Park Avenue", "Maple Street", "King Street"),
}
"""In German by the article that stands before them."""
_DER = re.compile(r"(?:platz|weg|hof|ring|damm|steig|graben|markt)$")
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
_BEGUN = re.compile(r"[^\W\daeiouyäöü]*[aeiouyäöü]+[^\W\daeiouyäöü]", re.IGNORECASE)
"""The first syllable with the consonant that follows: most nicknames begin so (Wolf-i, Dan, Mon-i)."""
_GENERIC = re.compile(r"salon|ferienwohnung|heizung|sanitär|office|company|group|theat", re.IGNORECASE)
_NO_EMPLOYER = re.compile(
    r"bücherei|schule|krankenhaus|praxis|klinik|uni\b|universität|bäckerei|geschäft|betrieb|hospital|"
    r"teacher|nurse|trucker|driver|retired",
    re.IGNORECASE,
)


def replacements(script: Script, rng: np.random.Generator) -> list[Replacement]:
    """What to replace in a script, the longest first; each old form once.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of this copy of the household.
    """
    found: dict[str, Replacement] = {}
    taken = words_of(script)
    people = [*_people(script, rng, taken)]
    towns = [*moved_places(script, rng, taken | {fold(one.new) for one in people})]
    for one in (*people, *towns, *_others(script, rng, towns)):
        if fold(one.old) and one.old.casefold() not in found and one.old.casefold() not in WAKE_WORDS:
            found[one.old.casefold()] = one
    return sorted(found.values(), key=lambda r: (-len(r.old.split()), -len(r.old), r.old))


def words_of(script: Script) -> set[str]:
    """The folded words of all that is said and understood."""
    texts = (f"{line.text} {line.heard or ''}" for line in script.lines)
    return {fold(word) for text in texts for word in re.findall(r"[^\W\d_]+", text)}


def _people(script: Script, rng: np.random.Generator, taken: set[str]) -> Iterator[Replacement]:
    draw = _Names(script, rng, taken)
    texts = " ".join(line.text for line in script.lines)
    subject = next((p for p in script.people if p.get("role") == "subject"), {})
    nicknames = {str(n) for n in script.profile.get("nicknames") or ()}
    own = {str(script.profile.get("first_name")), str(subject.get("first_name"))}
    firsts = {str(p["first_name"]) for p in script.people if p.get("first_name")}
    profile = {**script.profile, "relation": subject.get("relation")}
    both = sorted((profile, subject), key=lambda p: -len(str(p.get("first_name") or "")))
    for person in (*both, *script.people):  # "Kenneth" before "Ken", whose nickname follows from it
        first, last = person.get("first_name"), person.get("surname")
        if last:
            yield from draw.last(str(last), str(first) if first else None)
        if first:
            relation = str(person.get("relation") or "")
            short = _short_forms(str(first), relation, texts, firsts) | _told(str(first), script, firsts)
            short |= (nicknames | own) - {"None"} if first in own else set()
            yield from draw.first(str(first), relation, short)
    for friend in script.profile.get("friends") or ():
        parts = str(friend).split()
        yield from draw.first(parts[0], "", set())
        if len(parts) > 1:
            yield from draw.last(parts[-1], parts[0])


class _Names:
    """Draws of names, no new one twice and none that the script has already."""

    def __init__(self, script: Script, rng: np.random.Generator, taken: set[str]) -> None:
        self._language, self._rng = script.language, rng
        self._tables = name_tables(script.language)
        names = [p.get(part) for p in script.people for part in ("first_name", "surname")]
        self._taken = taken | {fold(str(name)) for name in names if name}
        self._given: dict[str, str] = {}

    def last(self, old: str, first: str | None) -> Iterator[Replacement]:
        """The surname, part by part where it is a double one."""
        parts = old.split("-")
        for part in parts:
            if part not in self._given:
                self._given[part] = self._surname(origin_of_surname(part, first, self._language))
                yield Replacement(part, self._given[part], "last")
        if len(parts) > 1:
            yield Replacement(old, "-".join(self._given[part] for part in parts), "last")

    def _surname(self, origin: str) -> str:
        there = [n for n in surnames(origin) if fold(n) not in self._taken]
        home = HOME[self._language]
        tables = self._tables if origin == home or not there else None
        if origin in ("german", "english") and origin != home:
            tables = name_tables("de" if origin == "german" else "en")
        while True:
            if tables is None:
                new = there[int(self._rng.integers(len(there)))]
            else:
                new = str(tables.called(tables.surnames(self._rng, 1))[0])
            if fold(new) not in self._taken:
                self._taken.add(fold(new))
                return new

    def first(self, old: str, relation: str, short: set[str]) -> Iterator[Replacement]:
        """The name and its short forms, which all become one short form of the new name."""
        if old in self._given or old.casefold() in WAKE_WORDS or _is_large_town(old):
            return
        sex, origin = sex_of(old, relation, self._language), origin_of(old, self._language)
        shares = first_names(origin, sex, self._language) or first_names(
            HOME[self._language], sex, self._language
        )
        names = [n for n in shares if fold(n) not in self._taken]
        if short:
            names = [n for n in names if self._nicknames(n)] or names
        weights = np.array([shares[n] for n in names])
        new = names[int(self._rng.choice(len(names), p=weights / weights.sum()))]
        self._taken.add(fold(new))
        self._given[old] = new
        yield Replacement(old, new, "first")
        nicknames = self._nicknames(new) or [new]
        nickname = nicknames[int(self._rng.integers(len(nicknames)))]
        self._taken.add(fold(nickname))
        for form in sorted(short - {old}):
            self._given[form] = nickname
            yield Replacement(form, nickname, "first")

    def _nicknames(self, name: str) -> list[str]:
        """Short forms that somebody of this language would use, and that nothing else is called."""
        found = [nickname.capitalize() for nickname in sorted(nickname_pairs().get(name, ()))]
        begun = _BEGUN.match(name)
        if begun and len(begun[0]) < len(name):
            found.append(begun[0] + ("i" if self._language == "de" else ""))
        if self._language == "en":
            found = [n for n in found if n.casefold() in sexes("en")]
        return [n for n in found if fold(n) not in self._taken and not is_common(n)]


def _is_large_town(name: str) -> bool:
    place = find(name)
    return place is not None and place.kind == "city" and place.population >= LARGE_TOWN


def _short_forms(first: str, relation: str, texts: str, others: set[str]) -> set[str]:
    """Nicknames of a name that are said: listed, its beginning, or named beside the relation.

    Parameters
    ----------
    others : set of str
        First names of the household's people, which are nobody else's short forms.
    """
    everyday = set(re.findall(r"(?<![\w'’])[a-zäöü][\wß]+", texts))
    within = set(re.findall(r"(?<=[\w,] )[A-ZÄÖÜ][\wß]+", texts))  # at the start every word has a capital
    words = {
        word
        for word in re.findall(r"[A-ZÄÖÜ][\wß]+", texts)
        if word.casefold() not in everyday and (word in within or is_first_name(word)) and word not in others
    }
    listed = {nickname.casefold() for nickname in nickname_pairs().get(first, ())}
    beside = set(re.findall(r"[A-ZÄÖÜ][\wß]+", relation))
    name = first.casefold()
    return {
        word
        for word in words
        if word.casefold() in listed
        or (word in beside and word[0] == first[0] and is_first_name(word))
        or (
            not is_common(word)
            and not _is_large_town(word)
            and (
                (len(word) >= LEAST_LETTERS and name.startswith(word.casefold()))
                or (
                    LEAST_LETTERS < len(word) <= len(first) + 1
                    and word[-1] in "iy"
                    and word[: LEAST_LETTERS - is_first_name(word)].casefold()
                    == name[: LEAST_LETTERS - is_first_name(word)]
                )
            )
        )
    }


def _told(first: str, script: Script, others: set[str]) -> set[str]:
    """Short forms of which the truth knows: "Olli" beside an Oliver."""
    values = (str(t["value"]) for t in script.truth if t["attribute"] in ("first_name", "child", "contact"))
    words = {word for value in values for word in re.findall(r"[A-ZÄÖÜ][\wß]+", value)} - others
    words = {word for word in words if word.casefold() not in TITLES and not is_common(word)}
    return {w for w in words if w[:2] == first[:2] and w[-1] in "iey" and len(w) <= len(first) + 1}


def _others(script: Script, rng: np.random.Generator, towns: Sequence[Replacement]) -> Iterator[Replacement]:
    def drawn(values: Sequence[str]) -> str:
        return values[int(rng.integers(len(values)))]

    if street := re.split(r"[(,]", str(script.home.get("street") or ""))[0].strip():
        masculine = script.language == "de" and _DER.search(street)
        yield Replacement(street, drawn(STREETS["de der" if masculine else script.language]), "street")
    texts = " ".join(line.text for line in script.lines)
    employers = [str(t["value"]) for t in script.truth if t["attribute"] == "employer"]
    moved = {word for one in towns for word in one.old.casefold().split()}
    for value in (*employers, str(script.profile.get("employer") or "")):
        name = re.split(r"[(,]", value)[0].strip()
        said = re.search(rf"\b{re.escape(name)}\b", texts) if name[:1].isupper() else None
        if not said or is_surname(name) or _NO_EMPLOYER.search(name):
            continue
        if not moved & set(name.casefold().split()):  # else the town in its name is replaced
            yield from _employer(name, drawn(EMPLOYERS[script.language]), script.language, rng)
    for school in sorted(set(_SCHOOL.findall(texts))):
        yield Replacement(school, drawn(SCHOOLS[script.language]), "school")


def _employer(name: str, new: str, language: str, rng: np.random.Generator) -> Iterator[Replacement]:
    """A firm's name; where it says what the firm does ("Salon Kammerton") only the rest of it is replaced."""
    words = name.split()
    own = [w for w in words if w[:1].isupper() and not is_common(w) and not is_surname(w)]
    own = [w for w in own if not is_first_name(w) and not _GENERIC.search(w)]
    if len(words) > 1 and any(_GENERIC.search(w) for w in words):
        yield from (Replacement(word, invented(language, rng), "employer") for word in own)
        return
    yield Replacement(name, new, "employer")
    if len(words) > 1:
        yield from (Replacement(word, new.split()[0], "employer") for word in own)


def as_mapping(found: Sequence[Replacement]) -> Mapping[str, Replacement]:
    """By the old form, in lower case."""
    return {one.old.casefold(): one for one in found}
