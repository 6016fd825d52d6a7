"""Spoken times of day and days, in English and German, as clock times and dates.

``halb sieben`` is 06:30 and ``half past seven`` 07:30; dateparser reads neither. Commands use few forms, so
a small grammar covers them. Hours below 7 without a part of day stay as spoken, marked ``?``, unless the
sentence or the hour of the recording settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forensics.knowledge.numerals import ARTICLES, ZEROS, leading, one_word
from forensics.knowledge.words import split
from forensics.language.clock_words import (
    DAYS,
    EVENING,
    HALVES,
    MONTHS,
    MORNING,
    NAMED,
    ORDINALS_DE,
    ORDINALS_EN,
    RELATIVE,
    UNIT_MINUTES,
)

_NUMBERS = {
    language: {**one_word(language), **ARTICLES[language], **dict.fromkeys(ZEROS[language], 0)}
    for language in ("en", "de")
}
_NOBODY_MEETS = 6 * 60
"""Appointments before six, without a word for the morning, are taken for the afternoon: an assumption."""


@dataclass(frozen=True)
class Spoken:
    """A time as understood.

    Parameters
    ----------
    minutes : int or None
        Minutes after midnight.
    sure : bool
        Whether morning and evening are settled.
    delta_minutes : float or None
        A span of time from now, or a timer's length.
    day : datetime.date or None
    """

    minutes: int | None = None
    sure: bool = False
    delta_minutes: float | None = None
    day: date | None = None

    def __str__(self) -> str:
        parts = []
        if self.day is not None:
            parts.append(self.day.isoformat())
        if self.minutes is not None:
            parts.append(f"{self.minutes // 60:02d}:{self.minutes % 60:02d}")
        if self.delta_minutes is not None:
            parts.append(
                f"PT{_plain(self.delta_minutes)}M"
                if self.delta_minutes >= 1
                else f"PT{round(self.delta_minutes * 60)}S"
            )
        return " ".join(parts)


def parse(
    text: str, language: str, *, said_at: datetime | None = None, context: str = "", wakes: bool = False
) -> Spoken | None:
    """The time that `text` names.

    Parameters
    ----------
    text : str
        A TIME or DATE mention.
    language : {'en', 'de'}
    said_at : datetime, optional
        Local time of the recording: settles days, and hours without morning or evening.
    context : str
        The whole sentence; its "in the morning" counts.
    wakes : bool
        Whether it is an alarm: people wake in the morning.

    Examples
    --------
    >>> str(parse("halb sieben", "de")), str(parse("half past seven", "en")), str(parse("7:30 p.m.", "en"))
    ('06:30', '07:30', '19:30')
    """
    raw = _raw_words(text)
    around = set(_raw_words(context)) | set(raw)
    delta = _delta(raw, language)
    minutes, explicit = (None, False) if delta is not None else _clock(raw, language)
    sure = explicit
    if minutes is not None and not explicit:
        minutes, sure = _settle(minutes, around, None if wakes else said_at)
    day = _day(raw, language, said_at, minutes)
    if minutes is None and delta is None and day is None:
        return None
    return Spoken(minutes, sure, delta, day)


def _raw_words(text: str) -> list[str]:
    """Words with their digits, "7:30" and "7.30" as one."""
    found = split(text)
    words = []
    for word, (start, end) in zip(found.words, found.spans, strict=True):
        words.append(text[start:end] if word[:1] == "d" and text[start].isdigit() else word)
    return words


def number(word: str, language: str) -> int | None:
    """The number that a word is, in digits or letters, below a hundred."""
    return int(word) if word.isdecimal() else _NUMBERS[language].get(word)


def _delta(words: list[str], language: str) -> float | None:
    """Minutes of a span of time: "in anderthalb Stunden", "for ten minutes"."""
    total, found = 0.0, False
    for position, word in enumerate(words):
        if word in ("viertelstunde", "dreiviertelstunde"):
            total, found = total + HALVES[word] * 60, True
            continue
        unit = UNIT_MINUTES.get(word)
        if unit is None or position == 0:
            continue
        before = words[position - 1]
        if before in HALVES:
            amount = HALVES[before]
        elif before in ("a", "an", "the") and position >= 2 and words[position - 2] == "half":
            amount = 0.5
        elif (spoken := _amount(words[:position], language)) is not None:
            amount = float(spoken)
        else:
            continue
        total, found = total + amount * unit, True
        if words[position + 1 : position + 4] == ["and", "a", "half"]:
            total += unit / 2
    return total if found else None


def _amount(words: list[str], language: str) -> int | None:
    """The number with which the words end, however many it takes: "two hundred ninety six"."""
    for start in range(len(words)):
        found = leading(words[start:], language)
        if found is not None and found[1] == len(words) - start:
            return found[0]
    return number(words[-1], language)


def _clock(words: list[str], language: str) -> tuple[int | None, bool]:
    """Minutes after midnight, and whether the words leave no doubt about the half of the day."""
    for word in words:
        if match := re.fullmatch(r"(\d{1,2})[:.](\d{2})", word):
            hour, minute = int(match[1]), int(match[2])
            if hour < 24 and minute < 60:
                return hour * 60 + minute, hour > 12 or hour == 0 or language == "de"
    for word in words:
        if word in NAMED:
            return NAMED[word], True
    numbers = [(p, n) for p, w in enumerate(words) if (n := number(w, language)) is not None]
    if not numbers:
        return None, False
    return _german(words, numbers) if language == "de" else _english(words, numbers)


def _german(words: list[str], numbers: list[tuple[int, int]]) -> tuple[int | None, bool]:
    position, value = numbers[0]
    before = words[position - 1] if position else ""
    if (
        before in ("halb", "viertel", "dreiviertel")
        and value <= 12
        and "vor" not in words
        and "nach" not in words
    ):
        return (value * 60 - {"halb": 30, "viertel": 45, "dreiviertel": 15}[before]) % 1440, False
    for sign, word in ((-1, "vor"), (1, "nach")):
        if word in words:
            at = words.index(word)
            left = [n for p, n in numbers if p < at]
            right = [(p, n) for p, n in numbers if p > at]
            amount = 15 if "viertel" in words[:at] else left[-1] if left else None
            if amount is not None and right and right[0][1] <= 24:
                base = right[0][1] * 60
                if words[right[0][0] - 1] == "halb":
                    base -= 30
                return (base + sign * amount) % 1440, right[0][1] > 12
    if "uhr" in words:
        at = words.index("uhr")
        hours = [n for p, n in numbers if p == at - 1]
        if hours and hours[0] <= 24:
            after = [n for p, n in numbers if p == at + 1 and n < 60]
            return (hours[0] * 60 + (after[0] if after else 0)) % 1440, hours[0] > 12 or hours[0] == 0
    if (
        len(numbers) <= 2
        and value <= 24
        and (before in ("um", "auf", "gegen", "ab", "bis") or len(words) <= 3)
        and not _dates(words)
    ):
        minute = (
            numbers[1][1] if len(numbers) == 2 and numbers[1][0] == position + 1 and numbers[1][1] < 60 else 0
        )
        return (value * 60 + minute) % 1440, value > 12
    return None, False


def _english(words: list[str], numbers: list[tuple[int, int]]) -> tuple[int | None, bool]:
    for sign, names in ((1, ("past", "after")), (-1, ("to", "before", "till"))):
        at = next((p for p, w in enumerate(words) if w in names), None)
        if at is not None:
            right = [n for p, n in numbers if p > at and n <= 12]
            left = [n for p, n in numbers if p < at and n < 60]
            amount = (
                15
                if "quarter" in words[:at]
                else 30
                if "half" in words[:at]
                else sum(left[-2:])
                if left
                else None
            )
            if amount is not None and right:
                return (right[0] * 60 + sign * amount) % 1440, False
    if "half" in words and numbers and words.index("half") == numbers[0][0] - 1:  # British: "half seven"
        return numbers[0][1] * 60 + 30, False
    if _dates(words) and not {"oclock", "o'clock", "am", "pm", "at"} & set(words):
        return None, False
    if "at" in words:
        at = words.index("at")
        numbers = [(p, n) for p, n in numbers if p > at] or numbers
    position, hour = numbers[0]
    if hour > 24:
        return None, False
    if hour == 20 and len(numbers) > 1 and numbers[1][0] == position + 1 and numbers[1][1] < 4:
        hour, numbers = hour + numbers[1][1], numbers[1:]
        position = numbers[0][0]
    minute, expected = 0, position + 1
    for at, n in numbers[1:]:
        if at == expected and minute + n < 60:
            minute, expected = minute + n, at + 1
    return (hour * 60 + minute) % 1440, hour > 12


def _dates(words: list[str]) -> bool:
    return any(w in MONTHS for w in words)


def _settle(minutes: int, around: set[str], said_at: datetime | None) -> tuple[int, bool]:
    """Morning or evening, by the words around, else the next time after the recording."""
    if minutes >= 13 * 60:
        return minutes, True
    if around & EVENING and not (around & {"night", "tonight", "nachts"} and minutes < 5 * 60):
        return (minutes + 720 if minutes < 720 else minutes), True
    if around & MORNING or (around & {"morgen"} and around & {"früh"}):
        return minutes % 720 if minutes >= 720 and around & {"am", "morning"} else minutes, True
    if said_at is not None and minutes < _NOBODY_MEETS:
        return minutes + 720, False
    if (
        said_at is not None
        and minutes < 720
        and not around & {"tomorrow", "morgen"}
        and not around & set(DAYS)
    ):
        now = said_at.hour * 60 + said_at.minute
        if minutes < now < minutes + 720 and minutes + 720 < 22 * 60:
            return minutes + 720, False
    return minutes, False


def _day(words: list[str], language: str, said_at: datetime | None, minutes: int | None) -> date | None:
    if said_at is None:
        return None
    today = said_at.date()
    for word in words:
        if word in RELATIVE:
            return today + timedelta(days=RELATIVE[word])
    if "morgen" in words and "guten" not in words and not {"heute", "jeden"} & set(words):
        return today + timedelta(days=1)
    if date_ := _calendar_date(words, language, today):
        return date_
    named = [DAYS[w] for w in words if w in DAYS]
    if len(named) == 1 and not {"every", "each", "jeden", "jede"} & set(words):
        return today + timedelta(days=(named[0] - today.weekday() - 1) % 7 + 1)
    return None


def _calendar_date(words: list[str], language: str, today: date) -> date | None:
    """ "june second", "2. Mai": the next such day."""
    at = next((p for p, w in enumerate(words) if w in MONTHS), None)
    if at is None:
        return None
    near = [*words[max(0, at - 2) : at], *words[at + 1 : at + 3]]
    day = next((d for w in _ordered(near) if (d := _ordinal(w, language)) is not None), None)
    if day is None:
        return None
    for year in (today.year, today.year + 1):
        try:
            found = date(year, MONTHS[words[at]], day)
        except ValueError:
            return None
        if found >= today:
            return found
    return None


def _ordered(words: Iterable[str]) -> list[str]:
    return [w for w in words if w not in ("the", "of", "den", "am")]


def _ordinal(word: str, language: str) -> int | None:
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|\.)?", word):
        value = int(match[1])
        return value if 1 <= value <= 31 else None
    if word in ORDINALS_EN:
        return ORDINALS_EN.index(word) + 1
    stem = re.sub(r"[nrms]$", "", word)
    if stem in ORDINALS_DE:
        return ORDINALS_DE.index(stem) + 1
    if language == "de" and (match := re.fullmatch(r"(\w+)ste", stem)):
        return _NUMBERS["de"].get(match[1])
    return None


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(round(value, 2))
