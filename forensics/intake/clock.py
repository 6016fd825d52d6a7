"""Times in tables and pages: the zone's source kept, doubt said, nothing shifted in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from forensics.intake import calendar_words as words
from forensics.intake.number_times import EPOCH, NUMBER, at_number
from forensics.intake.times import Basis
from forensics.intake.zones import LONGEST, offset_of, place_of, take_iana, take_offset, zone_in

_NEAR_ZERO = timedelta(days=2)  # epoch 0 shown in any zone

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?"
    r"(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?", re.IGNORECASE,
)  # fmt: skip
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}),? (\d\d):(\d\d)(?::(\d\d))?(?: ([A-Za-z]{2,5}))?")
_DAY = "(?<![0-9])"
_DATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?:\.(?!\d))?(?!\d)"), "ymd"),
    (re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]?"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?!\d)(?!:)"), "numeric"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=t?\d{4}|\D|$)"), "ymd"),
)
_NUMERIC = _DATES[2][0]
_CLOCKS = (
    re.compile(r"(?<!\d)(\d{1,2})\s?(?::|h|시|時|时|点)\s?(\d\d)(?:\s?(?::|min|m|분|分)\s?(\d\d)(?:\s?s\b|초|秒)?(?:[.,:](\d{1,9}))?)?[分분]?(?!\d)"),
    re.compile(r"(?<!\d)(\d{1,2})\.(\d\d)(?:\.(\d\d)(?:,(\d{1,9}))?)?(?!\d)"),
    re.compile(r"(?<![\d])t?(\d\d)(\d\d)(\d\d)(?:[.,]?(\d{3}))?(?!\d)"),
    re.compile(r"(?<!\d)(\d{1,2})()()()(?=\s*(?:uhr|am\b|pm\b|a\.m\.|p\.m\.|h\b))"),
)  # fmt: skip
_FIGURES = re.compile(r"(?<![:\d.])\d+(?![:\d]|\.\d|\s?h\b|h\d)")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Read:
    """One time as read.

    Parameters
    ----------
    at : datetime or None
        UTC.
    basis : str
        ``export`` if the zone is stated, ``derived`` if UTC was assumed, ``unknown``.
    utc_offset_min : int or None
        A stated local offset.
    doubt : str or None
        ``epoch-zero``, ``ambiguous-time``, ``impossible-time``, ``time-without-zone``, ``time-unreadable``,
        ``day-month-order``, ``date-without-time``, ``epoch-guessed`` or ``offset-of-export``.
    other : datetime or None
        The second candidate of an ambiguous local time.
    """

    at: datetime | None
    basis: Basis = "unknown"
    utc_offset_min: int | None = None
    doubt: str | None = None
    other: datetime | None = None


@dataclass(frozen=True)
class Parts:
    """What a text says of a time: each part may be missing.

    Parameters
    ----------
    day : date or None
    clock : time or None
    zone : str or None
        An offset, an abbreviation or an IANA name, as written.
    unordered : bool
        Day and month cannot be told apart.
    """

    day: date | None = None
    clock: time | None = None
    zone: str | None = None
    unordered: bool = False


def read_time(
    text: str,
    *,
    column: str = "",
    day_first: bool | None = None,
    zone: str | None = None,
    unit: str | None = None,
    languages: frozenset[str] | None = None,
) -> Read:
    """A time from a cell.

    Parameters
    ----------
    text : str
        A date and a time of day, or a number. A zone in it goes before all others.
    column : str
        The header, which may name the zone: ``(GMT)``, ``InUTC``, ``(UTC+2)``, ``(Europe/Berlin)``.
    day_first : bool, optional
        Order of day and month in numeric dates, from :func:`day_first_in`.
    zone : str, optional
        An IANA zone, an abbreviation or ``UTC+2`` that the export names for this row.
    unit : str, optional
        What a number counts, from :func:`unit_in`; by default what its size says.
    languages : frozenset of str, optional
        The languages of the month names, from :func:`forensics.intake.calendar_words.languages_of`.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return Read(None, doubt="time-unreadable")
    if NUMBER.fullmatch(text) and not _looks_compact(text):
        return _of_number(float(text.replace(",", ".")), unit)
    parts = parse(text, day_first, languages)
    if parts is None:
        return Read(None, doubt="time-unreadable")
    if parts.unordered:
        return Read(None, doubt="day-month-order")
    if parts.day is None:
        return Read(None, doubt="time-unreadable")
    if parts.clock is None:
        return Read(None, doubt="date-without-time")
    naive = datetime.combine(parts.day, parts.clock)
    if abs(naive.replace(tzinfo=UTC) - EPOCH) <= _NEAR_ZERO:
        return Read(None, doubt="epoch-zero")
    return _placed(naive, parts.zone, zone or zone_in(column))


def parse(text: str, day_first: bool | None = None, languages: frozenset[str] | None = None) -> Parts | None:
    """The parts of a written time, in any language that the calendar words know; None if it is none.

    Every word and every figure must be part of it: ``"call me at 9:00"`` is no time.

    Examples
    --------
    >>> parse("10. Jän. 2021, 20:08:12 MEZ")
    Parts(day=datetime.date(2021, 1, 10), clock=datetime.time(20, 8, 12), zone='mez', unordered=False)
    >>> parse("9:00 PM").clock, parse("call me at 9:00")
    (datetime.time(21, 0), None)
    """
    if match := _ISO.fullmatch(text):
        return _from_iso(match)
    if match := _DOTTED.fullmatch(text):
        return _from_dotted(match)
    left = words.plain(text)
    if not any(c.isdigit() for c in left):
        return None
    zone, left = take_iana(left)
    day, found, left = _wordy_day(left, languages, sure=True)
    unordered = False
    for pattern, order in () if found else _DATES:
        if match := pattern.search(left):
            day, unordered = _numeric_day(match, order, day_first)
            if day is None and not unordered:
                return None
            found = True
            left = f"{left[: match.start()]} {left[match.end() :]}"
            break
    if not found:
        day, found, left = _wordy_day(left, languages)
    half, left = words.take_half(left)
    clock_found, left, figures = _take_clock(left, found or half is not None)
    clock = _clock(figures, half) if clock_found else None
    if (found and day is None and not unordered) or (clock_found and clock is None):
        return None
    if not found and not clock_found:
        return None
    offset, left = take_offset(left)
    zone = zone or offset
    if (rest := _rest(left)) is None:
        return None
    return Parts(day, clock, zone or rest or None, unordered)


def day_first_in(values: Iterable[str]) -> bool | None:
    """Whether numeric dates of a column put the day first: from values above 12, or not at all.

    Dots mean day first. Where both places exceed 12 the column contradicts itself and nothing is decided.
    """
    first = second = dots = False
    for value in values:
        match = _NUMERIC.match(value.strip()) or _NUMERIC.search(value[:LONGEST])
        if match:
            dots |= match[2] == "."
            first |= int(match[1]) > 12
            second |= int(match[3]) > 12
    if first and second:
        return None
    return True if first or (dots and not second) else False if second else None


def _of_number(number: float, unit: str | None) -> Read:
    if abs(number) < 86_400 * 2 and unit != "days":
        return Read(None, doubt="epoch-zero")
    if unit is None:
        sizes = ((1e17, "ns"), (1e14, "us"), (1e11, "ms"), (9.3e8, "s"), (2.8e8, "apple_s"))
        unit = next((name for least, name in sizes if number > least), "s")
    at = at_number(number, unit)
    if at is None or not 1990 <= at.year <= 2100:
        return Read(None, doubt="time-unreadable")
    if unit == "days":  # a spreadsheet's time of day is local
        return Read(at, "derived", None, "time-without-zone")
    return (
        Read(at, "export") if unit in ("s", "ms", "us", "ns") else Read(at, "derived", None, "epoch-guessed")
    )


def _looks_compact(text: str) -> bool:
    """Whether figures alone are a date and a time of day: 20210713210012."""
    return bool(
        re.fullmatch(r"20[0-4]\d(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])[0-5]\d([0-5]\d)?", text)
    )


def _from_iso(match: re.Match[str]) -> Parts | None:
    fraction = (match[7] or "0")[:6].ljust(6, "0")
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        clock = time(int(match[4]), int(match[5]), min(int(match[6] or 0), 59), int(fraction))
    except ValueError:
        return None
    return Parts(day, clock, match[8])


def _from_dotted(match: re.Match[str]) -> Parts | None:
    """The commonest form of Central Europe, without the detour through words."""
    day = _date(int(match[3]), int(match[2]), int(match[1]))
    clock = _clock((int(match[4]), int(match[5]), int(match[6] or 0), 0), None)
    zone = match[7]
    if day is None or clock is None or (zone and words.abbreviation(zone.lower()) is None):
        return None
    return Parts(day, clock, zone.lower() if zone else None)


def _numeric_day(match: re.Match[str], order: str, day_first: bool | None) -> tuple[date | None, bool]:
    if order == "ymd":
        return _date(int(match[1]), int(match[2]), int(match[3])), False
    one, two = int(match[1]), int(match[3])
    chosen = True if match[2] == "." else day_first
    if chosen is None and one <= 12 and two <= 12:
        return None, one != two or _date(_year(match[4]), one, two) is None
    day, month = (one, two) if chosen or (chosen is None and one > 12) else (two, one)
    return _date(_year(match[4]), month, day), False


def _wordy_day(
    text: str, languages: frozenset[str] | None, *, sure: bool = False
) -> tuple[date | None, bool, str]:
    """A date with the name of its month; the figures beside it are day and year.

    With `sure`, words that may also be a weekday ("mar. 13/07/2021") do not count.
    """
    found = [(m, words.month(m[0], languages)) for m in _WORD.finditer(text)]
    named = [(m, month) for m, month in found if month is not None]
    if sure:
        named = [(m, month) for m, month in named if not words.is_filler(m[0])]
    for match, month in named[:1]:
        before, after = text[: match.start()], text[match.end() :]
        numbers = [(m, False) for m in _FIGURES.finditer(before)]
        numbers += [(m, True) for m in _FIGURES.finditer(after)]
        years = [(m, late) for m, late in numbers if re.fullmatch(r"(?:19|20)\d\d", m[0])]
        days = [(m, late) for m, late in numbers if len(m[0]) <= 2]
        if not years and len(days) == 2:
            years, days = [days[1]], days[:1]
        if len(years) != 1 or not days:
            return None, True, text
        day, late = next((d for d in reversed(days) if not d[1]), days[0])
        cut = [(years[0][0], years[0][1]), (day, late)]
        for one, behind in sorted(cut, key=lambda c: -c[0].start()):
            if behind:
                after = f"{after[: one.start()]} {after[one.end() :]}"
            else:
                before = f"{before[: one.start()]} {before[one.end() :]}"
        return _date(_year(years[0][0][0]), month, int(day[0])), True, f"{before} {after}"
    return None, False, text


def _year(figures: str) -> int:
    return int(figures) + (2000 if len(figures) == 2 else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _take_clock(text: str, dated: bool) -> tuple[bool, str, tuple[int, int, int, int]]:
    for number, pattern in enumerate(_CLOCKS):
        if number in (1, 2) and not dated:  # 21.05 is a price, 2105 a house, unless a date stands before it
            continue
        if match := pattern.search(text):
            fraction = (match[4] or "0")[:6].ljust(6, "0")
            figures = (int(match[1]), int(match[2] or 0), int(match[3] or 0), int(fraction))
            return True, f"{text[: match.start()]} {text[match.end() :]}", figures
    return False, text, (0, 0, 0, 0)


def _clock(figures: tuple[int, int, int, int], half: str | None) -> time | None:
    hour, minute, second, micro = figures
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, min(second, 59) if second == 60 else second, micro)
    except ValueError:
        return None


def _rest(text: str) -> str | None:
    """The zone's abbreviation or name among the words left; None if other words or figures are left."""
    left = re.sub(r"[^\w.]+", " ", text).strip()
    if re.search(r"\d", left):
        return None
    said = [word for word in left.split() if not words.is_filler(word)]
    named = words.long_zone(" ".join(said))
    if named is not None:
        return named
    zone = ""
    for word in said:
        if not zone and words.abbreviation(word.strip(".")) is not None:
            zone = word.strip(".")
        else:
            return None
    return zone


def _placed(naive: datetime, stated: str | None, zone: str | None) -> Read:
    """A local time in UTC, by the zone that stands beside it, or else by the one for its column."""
    for name in (stated, zone):
        if not name:
            continue
        offset = offset_of(name)
        if offset is not None:
            at = _at(naive, offset)
            if at is None:
                return Read(None, doubt="time-unreadable")
            doubt = None if words.in_season(name, naive) else "offset-of-export"
            return Read(at, "export", offset or None, doubt)
        place = place_of(name)
        if place is not None:
            return _local(naive, place)
    return Read(naive.replace(tzinfo=UTC), "derived", None, "time-without-zone")


def _at(naive: datetime, offset: int) -> datetime | None:
    try:
        return naive.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)
    except OverflowError:
        return None


def _local(naive: datetime, place: ZoneInfo) -> Read:
    """A local time: two candidates where clocks go back, none where they skip it."""
    try:
        early, late = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
        if early.astimezone(place).replace(tzinfo=None) != naive:
            return Read(None, doubt="impossible-time")
    except OverflowError:
        return Read(None, doubt="time-unreadable")
    minutes = int((naive - early.replace(tzinfo=None)).total_seconds() // 60)
    if early != late:
        return Read(early, "derived", None, "ambiguous-time", late)
    return Read(early, "export", minutes)
