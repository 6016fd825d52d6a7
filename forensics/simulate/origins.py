"""Where names come from: sex and language of a first name, of a surname its language, and others like them.

Whoever is renamed keeps both: a Gülay becomes a Sevgi, not a Sabine, for people around her speak as they do.
First names are told by the list behind ``gender-guesser`` (48,528 names of 55 countries). Surnames have no
such list: ``origins.csv`` holds a dozen or two of each language, common knowledge and not counted, and
otherwise a surname is taken to come from where its bearer's first name does.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import is_surname, us_shares

HOME = {"de": "german", "en": "english"}
FOREIGN = 5
"""Assumption: a name that is so many classes (factors of two) commoner elsewhere than at home comes from
there."""
CLOSE = 3
"""Assumption: a name that is not so many classes commoner elsewhere is English."""
KNOWN = 2
"""Assumption: the least class of a name that is drawn."""
_FEMALE = (
    r"[Ff]rau|\w*[Mm]utter|Mama|Oma|[Tt]ochter|\w*[Ss]chwester|Tante|Nichte|\w*[Ee]nkelin|Ehefrau|Chefin|"
    r"[A-ZÄÖÜ]\w+(?:[eo]rin|istin|undin|eugin|ntin|arin|ärztin|ollegin)|[Ww]ife|\w*-?mother|[Mm]um|[Mm]om|"
    r"[Mm]am|Granny|Nan|Babcia|Mamaw|\w*daughter|\w*sister|[Aa]unt|niece|girl\w*|woman"
)
_MALE = (
    r"\w*[Mm]ann|\w*[Vv]ater|Papa|Opa|\w*[Ss]ohn|\w*[Bb]ruder|Onkel|Neffe|\w*[Ff]reund|Enkel|Geselle|Lehrling|"
    r"[Hh]usband|\w*-?father|[Dd]ad|(?:grand|step)?son|brother|[Uu]ncle|nephew|boy\w*|man"
)
_WORDS = re.compile(rf"\b(?:(?P<f>{_FEMALE})|(?P<m>{_MALE}))\b")


def sex_of(first: str, relation: str, language: str) -> str:
    """``f`` or ``m``: by the relation, else by the lists of names, else by how names mostly end.

    Parameters
    ----------
    relation : str
        What the person is to the subject. The first word of it that tells decides: "Freund der Tochter".

    Examples
    --------
    >>> sex_of("Kai", "mein Sohn (Kai)", "de"), sex_of("Beat", "", "de"), sex_of("Kim", "my daughter", "en")
    ('m', 'm', 'f')
    """
    if found := _WORDS.search(relation):
        return "f" if found["f"] else "m"
    if known := sexes(language).get(first.casefold()):
        return known
    for sex in ("f", "m"):
        if any(first in names[sex] for names in _own_lists().values()):
            return sex
    classes = _classes(first.split()[0])
    if classes["f"] or classes["m"]:
        best = {sex: max(found.values(), default=0) for sex, found in classes.items()}
        return "f" if best["f"] > best["m"] else "m"
    return "f" if first[-1] in "ae" else "m"


def origin_of(first: str, language: str) -> str:
    """The language a first name comes from; the household's own if nothing tells.

    Examples
    --------
    >>> origin_of("Gülay", "de"), origin_of("Steffen", "de"), origin_of("Krystyna", "en")
    ('turkish', 'german', 'polish')
    """
    home = HOME[language]
    for origin, names in _own_lists().items():
        if origin != home and (first in names["f"] or first in names["m"]):
            return origin
    found = _classes(first.split()[0])
    by_country = {country: max(found[sex].get(country, 0) for sex in "fm") for country in _all_countries()}
    groups = {
        origin: max(by_country.get(country, 0) for country in countries)
        for origin, countries in _countries().items()
    }

    def likely(origin: str) -> int:
        return groups[origin] + (CLOSE if origin in ("english", home) and groups[origin] else 0)

    best = max(groups, key=lambda origin: (likely(origin), origin == home))
    at_home = groups.get(home, 0)
    return best if groups[best] and (not at_home or groups[best] >= at_home + FOREIGN) else home


def origin_of_surname(last: str, first: str | None, language: str) -> str:
    """The language a surname comes from: by the list, else by the bearer's first name.

    Examples
    --------
    >>> origin_of_surname("Özdemir", None, "de"), origin_of_surname("Penhaligon", "Harriet", "de")
    ('turkish', 'english')
    """
    home = HOME[language]
    for origin, names in _surnames().items():
        if last.casefold() in names and origin != home:
            return origin
    listed = is_surname(last) if language == "de" else last.casefold() in us_shares("all.last")
    return home if listed or first is None else origin_of(first, language)


@cache
def first_names(origin: str, sex: str, language: str) -> Mapping[str, float]:
    """First names with their weights: at home those that the simulated population bears.

    Parameters
    ----------
    origin : str
        As :func:`origin_of` has it.
    """
    for own, tables in (("german", "de"), ("english", "en")):
        if origin in (own, "irish") and (origin == own or own == "english"):
            shares, known = home_names(tables), sexes(tables)
            return {name: share for name, share in shares.items() if known.get(name.casefold()) == sex}
    if own_list := _own_lists().get(origin, {}).get(sex):
        return dict.fromkeys(sorted(own_list), 1.0)
    found = {}
    for name in sorted(_names()):
        if not name.isalpha():
            continue
        classes = _classes(name)
        best = max((classes[sex].get(country, 0) for country in _countries()[origin]), default=0)
        other = max(classes["m" if sex == "f" else "f"].values(), default=0)
        if best >= KNOWN and not other:
            found[name] = 2.0**best
    return found


def surnames(origin: str) -> list[str]:
    """Surnames of a language; none for the household's own, whose population has tables."""
    return sorted(_listed().get(origin, {}).get("last", ()))


@cache
def home_names(language: str) -> dict[str, float]:
    """First names of the simulated population with their shares."""
    if language == "de":
        return {row["value"]: float(row["p"]) for row in read_forms("first_names_de")}
    both = {**us_shares("male.first"), **us_shares("female.first")}
    return {name.capitalize(): share for name, share in both.items() if share > 5e-4}


@cache
def sexes(language: str) -> dict[str, str]:
    """``f`` or ``m`` by first name in lower case, of the simulated population."""
    if language == "de":
        notes = ((row["value"], row["note"]) for row in read_forms("first_names_de"))
        return {name.casefold(): note.partition("sex ")[2][:1] for name, note in notes}
    male, female = us_shares("male.first"), us_shares("female.first")
    return {n.casefold(): "m" if male.get(n, 0.0) >= female.get(n, 0.0) else "f" for n in {*male, *female}}


@cache
def _listed() -> dict[str, dict[str, tuple[str, ...]]]:
    text = (resources.files("forensics.simulate") / "origins.csv").read_text("utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in csv.DictReader(text.splitlines()):
        kinds = found.setdefault(row["origin"], {})
        kinds[row["kind"]] = (*kinds.get(row["kind"], ()), row["value"])
    return found


@cache
def _own_lists() -> dict[str, dict[str, frozenset[str]]]:
    return {
        origin: {sex: frozenset(kinds.get(sex, ())) for sex in "fm"} for origin, kinds in _listed().items()
    }


@cache
def _surnames() -> dict[str, frozenset[str]]:
    return {
        origin: frozenset(v.casefold() for v in kinds.get("last", ())) for origin, kinds in _listed().items()
    }


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    return {origin: kinds["country"] for origin, kinds in _listed().items() if "country" in kinds}


@cache
def _all_countries() -> frozenset[str]:
    return frozenset(country for countries in _countries().values() for country in countries)


def _classes(name: str) -> dict[str, dict[str, int]]:
    """How common a first name is by sex and country, from 1 (rare) to 13."""
    countries = _detector_countries()
    found: dict[str, dict[str, int]] = {"f": {}, "m": {}}
    for gender, digits in _names().get(name, {}).items():
        sexes_of = {"f": ("f",), "m": ("m",)}.get(gender.removeprefix("mostly_")[0], ("f", "m"))
        for country, digit in zip(countries, digits, strict=False):
            if digit != " ":
                for sex in sexes_of:
                    found[sex][country] = max(found[sex].get(country, 0), int(digit, 16))
    return found


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    from gender_guesser.detector import Detector

    names: Mapping[str, Mapping[str, str]] = Detector().names
    return names


@cache
def _detector_countries() -> tuple[str, ...]:
    from gender_guesser.detector import Detector

    return tuple(Detector.COUNTRIES)
