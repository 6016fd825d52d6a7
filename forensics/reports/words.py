"""The reports' language: sentences from a catalogue, dates and numbers the way the reader writes them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

Day = date  # :class:`Words` has a method of that name
LANGUAGES = ("en", "de")
_LOCALES = {"en": "en_GB", "de": "de_DE"}


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by key, from ``locale/<language>.json``."""
    source = files("forensics.reports").joinpath("locale", f"{language}.json")
    loaded: dict[str, str] = json.loads(source.read_text("utf-8"))
    return loaded


@cache
def _listed(language: str) -> re.Pattern[str]:
    """Those words of our lists that stand for themselves in a value, the longest first."""
    known = (key.removeprefix("value.") for key in catalogue(language) if key.startswith("value."))
    listed = "|".join(re.escape(word) for word in sorted(known, key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])")


class Words:
    """Speaks one language.

    Parameters
    ----------
    language : {'en', 'de'}
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.locale = _LOCALES[language]
        self._texts = catalogue(language)

    def __call__(self, key: str, **values: Any) -> str:
        """The text under `key` with `values` filled in.

        Raises
        ------
        KeyError
            If the catalogue has no such text.
        """
        return self._texts[key].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def name(self, family: str, code: str) -> str:
        """What a code of a table is called, e.g. ``name('role', 'subject')``; the code itself if unknown."""
        return self._texts.get(f"{family}.{code}", code.replace("_", " "))

    def value(self, text: str) -> str:
        """A claim's value with relations, devices, rooms and times of our lists in this language.

        Examples
        --------
        >>> Words("de").value("thermostat (bathroom)"), Words("de").value("06:20 workdays")
        ('Thermostat (Badezimmer)', '06:20 werktags')
        """
        return _listed(self.language).sub(lambda found: self._texts[f"value.{found.group()}"], text)

    def language_name(self, code: str) -> str:
        """What a language is called, e.g. ``German`` for ``de``."""
        from babel import Locale, UnknownLocaleError

        try:
            return str(Locale.parse(code).get_display_name(self.locale) or code)
        except (ValueError, UnknownLocaleError):
            return code

    def country(self, code: str) -> str:
        """What a country is called, empty if unknown."""
        from babel import Locale

        return str(Locale.parse(self.locale).territories.get(code, ""))

    def count(self, key: str, number: int, **values: Any) -> str:
        """`number` things: the texts ``<key>.one`` and ``<key>.other``, with `values` filled in."""
        form = "one" if number == 1 else "other"
        return self._texts[f"{key}.{form}"].format(n=self.number(number), **values)

    def number(self, value: float | None, digits: int = 0) -> str:
        """`value` with `digits` decimals."""
        if value is None:
            return self("unknown")
        return str(
            format_decimal(
                round(value, digits),
                format=f"#,##0.{'0' * digits}" if digits else "#,##0",
                locale=self.locale,
            )
        )

    def about(self, value: float | None) -> str:
        """`value` to two significant digits: all that an estimate supports."""
        if value is None:
            return self("unknown")
        if value < 10:
            return self.number(value, 0 if abs(value - round(value)) < 0.05 else 1)
        return self.number(round(value, 1 - math.floor(math.log10(value))))

    def percent(self, share: float | None) -> str:
        """`share` in percent; never 0 % or 100 % unless exact, for a model never knows."""
        if share is None:
            return self("unknown")
        if 0 < share < 0.001:
            return "<\u00a0" + str(format_percent(0.001, format="0.0\u00a0%", locale=self.locale))
        if 0.999 < share <= 1:
            return ">\u00a0" + str(format_percent(0.999, format="0.0\u00a0%", locale=self.locale))
        pattern = "0\u00a0%" if 0.1 <= share < 0.99 or share == 0 else "0.0\u00a0%"
        return str(format_percent(share, format=pattern, locale=self.locale))

    def date(self, at: datetime | date | None) -> str:
        """A day."""
        return self("unknown") if at is None else str(format_date(at, "long", locale=self.locale))

    def day(self, at: datetime) -> str:
        """A day of a year that is known."""
        pattern = "d MMM" if self.language == "en" else "d. MMM"
        return str(format_date(at, pattern, locale=self.locale))

    def time(self, at: datetime | None) -> str:
        """A day and a minute in the zone in which the time was given.

        Examples
        --------
        >>> Words().time(datetime.fromisoformat("2026-03-01T09:30+01:00"))
        '1 Mar 2026, 09:30 (UTC+01:00)'
        """
        if at is None:
            return self("unknown")
        pattern = "d MMM y, HH:mm" if self.language == "en" else "d. MMM y, HH:mm"
        zone = f"({at.tzname()})" if at.utcoffset() else "UTC"
        naive = at.replace(tzinfo=None)  # Babel would show it in UTC
        return f"{format_datetime(naive, pattern, locale=self.locale)} {zone}"

    def clock(self, at: datetime) -> str:
        """A minute of a day."""
        return str(format_time(at, "HH:mm", locale=self.locale))

    def duration(self, seconds: float | None) -> str:
        """Seconds, minutes or hours, in the two largest units."""
        if seconds is None:
            return self("unknown")
        if seconds < 60:
            return f"{self.number(seconds, 1 if seconds < 10 else 0)} s"
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            return f"{minutes} min {rest} s"
        hours, minutes = divmod(minutes, 60)
        return f"{hours} h {minutes} min"

    def span(self, first: datetime | None, last: datetime | None) -> str:
        """From day to day."""
        if first is None or last is None:
            return self("unknown")
        if last - first < timedelta(days=1) and first.date() == last.date():
            return self.date(first)
        return self("span", first=self.date(first), last=self.date(last))

    def days(self, first: Day, last: Day) -> str:
        """From day to day, the shortest way that says it all.

        Examples
        --------
        >>> Words().days(Day(2018, 5, 19), Day(2018, 5, 21))
        '19 to 21 May 2018'
        """
        if first == last:
            return self.date(first)
        short = (first.year, first.month) == (last.year, last.month)
        told = (f"{first.day}" if self.language == "en" else f"{first.day}.") if short else self.date(first)
        return self("span", first=told, last=self.date(last))

    def all_of(self, items: Iterable[str]) -> str:
        """A, B and C."""
        listed = list(items)
        return str(format_list(listed, locale=self.locale)) if listed else self("none")

    def any_of(self, items: Iterable[str]) -> str:
        """A, B or C."""
        listed = list(items)
        return str(format_list(listed, style="or", locale=self.locale)) if listed else self("none")

    def zone(self, key: str) -> str:
        """What a time zone is called.

        Examples
        --------
        >>> Words("de").zone("Europe/Berlin")
        'Mitteleuropäische Zeit'
        """
        return str(get_timezone_name(key, locale=self.locale))

    def interval(self, low: str, high: str) -> str:
        """Low to high, or one figure where both read the same."""
        return low if low == high else f"{low}–{high}"
