"""First names of 55 countries with how common they are: the list behind ``gender-guesser``.

The list is Jörg Michael's ``nam_dict.txt`` (1.2, 2008-11-30, GNU Free Documentation License 1.2), 48,528
names. It comes with the package, which stays a dependency: nothing of it is copied here.
"""

from __future__ import annotations

from functools import cache

from forensics.knowledge.words import spelling

_SPOKEN_IN = {
    "en": ("great_britain", "ireland", "usa"),
    "de": ("germany", "austria", "swiss", "east_frisia"),
}
MOST = 13
"""The class of the most common names."""


def name_class(word: str, language: str | None = None) -> int:
    """How common a first name is, from 1 (rare) to :data:`MOST`; 0 if it is not listed.

    Parameters
    ----------
    word : str
        In one spelling, see :func:`forensics.knowledge.words.spelling`.
    language : {'en', 'de'}, optional
        Count the countries where it is spoken; by default all.

    Notes
    -----
    A class is a step of a factor of two: class c stands for about 2 % · 2^(c - 10) of the people of one sex
    (head of ``nam_dict.txt``).

    Examples
    --------
    >>> name_class("anna", "de") > name_class("wiebke", "de") > 0, name_class("wiebke", "en"),
    name_class("akku") (True, 0, 0)
    """
    classes = _names().get(word)
    if classes is None:
        return 0
    if language is None:
        return max(classes)
    return max(classes[n] for n in _columns(language))


@cache
def _columns(language: str) -> tuple[int, ...]:
    from gender_guesser.detector import Detector

    return tuple(Detector.COUNTRIES.index(country) for country in _SPOKEN_IN[language])


@cache
def _names() -> dict[str, bytes]:
    """Classes by country of each name, one byte each."""
    from gender_guesser.detector import Detector

    found: dict[str, bytes] = {}
    for name, by_gender in Detector(case_sensitive=False).names.items():
        form = spelling(name) if name.isalpha() else ""
        if form:
            classes = [found[form]] if form in found else []
            classes += [_digits(values, len(Detector.COUNTRIES)) for values in by_gender.values()]
            found[form] = bytes(map(max, zip(*classes, strict=True)))
    return found


_HEX = bytes(int(chr(n), 16) if chr(n) in "0123456789abcdefABCDEF" else 0 for n in range(256))


def _digits(values: str, countries: int) -> bytes:
    """One hexadecimal digit or a blank for each country."""
    return values.ljust(countries)[:countries].encode("latin-1").translate(_HEX)
