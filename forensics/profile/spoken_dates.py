"""Days that words mean, seen from the day on which they were said."""

from __future__ import annotations

import re
from datetime import date, timedelta

from forensics.language.clock_words import DAYS, ORDINALS_DE, ORDINALS_EN

_ORDINALS = {name: n for n, name in enumerate(ORDINALS_EN, 1)}
_ORDINALS |= {f"{name}n": n for n, name in enumerate(ORDINALS_DE, 1)}
_ORDINALS |= {
    f"{stem}undzwanzigsten": 20 + n
    for n, stem in enumerate(("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"), 1)
}
_ORDINALS |= {"dreißigsten": 30, "dreissigsten": 30, "einunddreißigsten": 31}
_UNTIL = re.compile(r"\b(?:bis|till?|until|to|through|back)\b\s*((?:\w+\W+){0,4}?\w+)", re.IGNORECASE)
_STEMS = r"(?:\b(?:am|zum|dem|den|the|on|of|next|nächsten|nächste|kommenden|this|wieder|about)\b\s*)*"


def resolve(words: str, said: date) -> tuple[date, date] | None:
    """The days that a spoken or normalised date means, seen from the day on which it was said.

    Parameters
    ----------
    words : str
    said : date

    Returns
    -------
    tuple of date or None
        First and last day; None where no day is meant.

    Examples
    --------
    >>> resolve("am Wochenende", date(2018, 5, 17))
    (datetime.date(2018, 5, 19), datetime.date(2018, 5, 20))
    >>> resolve("on saturday", date(2018, 5, 18)), resolve("soon", date(2018, 5, 18))
    ((datetime.date(2018, 5, 19), datetime.date(2018, 5, 19)), None)
    """
    lower = words.casefold()
    if iso := re.search(r"\b\d{4}-\d\d-\d\d\b", lower):
        try:
            day = date.fromisoformat(iso[0])
        except ValueError:
            return None
        return day, day
    if re.search(r"wochenende|weekend", lower):
        saturday = said + timedelta((5 - said.weekday()) % 7)
        return saturday, saturday + timedelta(1)
    for word, number in DAYS.items():
        if word in lower:
            day = said + timedelta((number - said.weekday() - 1) % 7 + 1)
            return day, day
    for pattern, ahead in ((r"übermorgen|day after tomorrow", 2), (r"morgen|tomorrow", 1)):
        if re.search(pattern, lower) and "jeden" not in lower:
            return said + timedelta(ahead), said + timedelta(ahead)
    return None


def until(text: str, said: date) -> date | None:
    """The last day of a time that is told to last until a day: "till sunday", "bis zum neunzehnten".

    Parameters
    ----------
    text : str
    said : date

    Returns
    -------
    date or None
        The next such day after `said`.

    Examples
    --------
    >>> until("ich bin bis dienstag weg", date(2021, 3, 13)), until("till the fifth", date(2021, 3, 13))
    (datetime.date(2021, 3, 16), datetime.date(2021, 4, 5))
    """
    for match in _UNTIL.finditer(text):
        words = re.sub(rf"^{_STEMS}", "", match[1].casefold()).split()
        for word in words[:3]:
            if word in DAYS:
                return said + timedelta((DAYS[word] - said.weekday() - 1) % 7 + 1)
            if word in _ORDINALS:
                return _next_day(_ORDINALS[word], said)
    return None


def _next_day(number: int, said: date) -> date | None:
    """The next day of a month with this number."""
    day = said + timedelta(1)
    for _ in range(62):
        if day.day == number:
            return day
        day += timedelta(1)
    return None
