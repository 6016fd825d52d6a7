"""Numbers that were said in words, in digits as a recogniser writes them."""

from __future__ import annotations

import re

from forensics.language.clock_words import UNITS

_TENS = {
    "en": ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    "de": ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"),
}
_ENGLISH = {
    **{word: number for number, word in enumerate(UNITS["en"])},
    **{word: 10 * number for number, word in enumerate(_TENS["en"], start=2)},
}
_ENGLISH_NUMBER = re.compile(
    r"(?i)\b(?:{0})(?:(?: and)? (?:{0}|hundred|thousand))*\b(?: point ((?:{0})(?: (?:{0}))*)\b)?".format(
        "|".join(sorted(_ENGLISH, key=len, reverse=True))
    )
)
_GERMAN_UNITS = {**{word: number for number, word in enumerate(UNITS["de"])}, "ein": 1}
_GERMAN_TENS = {
    **{word: 10 * number for number, word in enumerate(_TENS["de"], start=2)},
    "dreissig": 30,
}
_GERMAN_NUMBER = re.compile(
    r"(?i)\b(?:(?P<thousands>{0})?tausend(?:und)?)?(?:(?P<hundreds>{0})?hundert(?:und)?)?"
    r"(?:(?:(?P<one>{0})und)?(?P<tens>{1})|(?P<unit>{0}))?\b".format(
        "|".join(sorted(_GERMAN_UNITS, key=len, reverse=True)), "|".join(_GERMAN_TENS)
    )
)


def in_digits(text: str, language: str) -> str:
    """`text` with the numbers that it has in words in digits.

    Examples
    --------
    >>> in_digits("tune to one hundred and seven point four at ten", "en")
    'tune to 107.4 at 10'
    >>> in_digits("neunhundertfünfunddreißig und drei", "de")
    '935 und 3'
    """
    return _ENGLISH_NUMBER.sub(_english, text) if language == "en" else _GERMAN_NUMBER.sub(_german, text)


def _english(match: re.Match[str]) -> str:
    whole, _, point = match.group().lower().partition(" point ")
    total = part = 0
    for word in whole.split():
        if word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word != "and":
            part += _ENGLISH[word]
    number = str(total + part)
    return f"{number}.{''.join(str(_ENGLISH[word]) for word in point.split())}" if point else number


def _german(match: re.Match[str]) -> str:
    found = {name: (part or "").lower() for name, part in match.groupdict().items()}
    word = match.group().lower()
    if not word or word in ("ein", "einund"):  # the article
        return match.group()
    thousands = (_GERMAN_UNITS.get(found["thousands"], 1)) * ("tausend" in word)
    hundreds = (_GERMAN_UNITS.get(found["hundreds"], 1)) * ("hundert" in word)
    rest = _GERMAN_UNITS.get(found["one"] or found["unit"], 0) + _GERMAN_TENS.get(found["tens"], 0)
    return str(1000 * thousands + 100 * hundreds + rest)
