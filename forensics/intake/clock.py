"""Times in tables and pages: the zone's source kept, doubt said, nothing shifted in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forensics.intake.times import Basis

_NEAR_ZERO = timedelta(days=2)  # epoch 0 shown in any zone
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH_NAMES = "jan/feb/mar mär mrz/apr/may mai/jun/jul/aug/sep/oct okt/nov/dec dez"
_MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES.split("/"), start=1) for name in names.split()}
# Abbreviations with one meaning in the exports that are known; all others stay unread.
_OFFSETS = {
    "utc": 0, "gmt": 0, "z": 0, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "bst": 60, "wet": 0,
    "west": 60, "eet": 120, "eest": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d)?", re.IGNORECASE,
)  # fmt: skip
_NUMERIC = re.compile(
    r"(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d\d),?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AP]M)?\s*([A-Za-z]{1,5})?",
    re.IGNORECASE,
)
_WORDY = re.compile(
    r"(?:[A-Za-zä]{2,3}\.?,?\s+)?"
    r"(?:(\d{1,2})\.?\s+([A-Za-zä]{3})[a-zä]*\.?|([A-Za-zä]{3})[a-zä]*\.?\s+(\d{1,2})),?\s+(?:(\d{4}),?\s+)?"
    r"(\d{1,2}):(\d\d):(\d\d)\s*([AP]M)?\s*([A-Za-z]{1,5})?(?:\s+(\d{4}))?",
    re.IGNORECASE,
)


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
        ``epoch-zero``, ``ambiguous-time``, ``impossible-time``, ``time-without-zone`` or ``time-unreadable``.
    other : datetime or None
        The second candidate of an ambiguous local time.
    """

    at: datetime | None
    basis: Basis = "unknown"
    utc_offset_min: int | None = None
    doubt: str | None = None
    other: datetime | None = None


def read_time(text: str, *, column: str = "", day_first: bool | None = None, zone: str | None = None) -> Read:
    """A time from a cell.

    Parameters
    ----------
    text : str
    column : str
        The header, which may name the zone: ``(GMT)``, ``InUTC``.
    day_first : bool, optional
        Order of day and month in numeric dates, from :func:`day_first_in`.
    zone : str, optional
        An IANA zone, or ``UTC+2``, that the export names for this row.
    """
    text = text[:80].replace("\u202f", " ").replace("\u00a0", " ").strip()
    if re.fullmatch(r"-?\d{1,17}(\.\d+)?", text):
        return _epoch(float(text))
    parsed = _parse(text, day_first)
    if parsed is None:
        return Read(None, doubt="time-unreadable")
    naive, stated = parsed
    if abs(naive.replace(tzinfo=UTC) - _EPOCH) <= _NEAR_ZERO:
        return Read(None, doubt="epoch-zero")
    offset = _offset(stated) if stated else None
    if offset is None and re.search(r"gmt|utc", column, re.IGNORECASE):
        offset = 0
    if offset is not None:
        at = _at(naive, offset)
        return Read(at, "export", offset or None) if at else Read(None, doubt="time-unreadable")
    return _local(naive, zone)


def day_first_in(values: Iterable[str]) -> bool | None:
    """Whether numeric dates of a column put the day first: from values above 12, or not at all.

    Dots mean day first. Where both places exceed 12 the column contradicts itself and nothing is decided.
    """
    first = second = dots = False
    for value in values:
        match = _NUMERIC.match(value.strip())
        if match:
            dots |= match[2] == "."
            first |= int(match[1]) > 12
            second |= int(match[3]) > 12
    if first and second:
        return None
    return True if first or (dots and not second) else False if second else None


def _epoch(number: float) -> Read:
    if abs(number) < 86_400 * 2:
        return Read(None, doubt="epoch-zero")
    seconds = (
        number / 1e9
        if number > 1e17
        else number / 1e6
        if number > 1e14
        else number / 1e3
        if number > 1e11
        else number
    )
    try:
        at = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return Read(None, doubt="time-unreadable")
    if not 1990 <= at.year <= 2100:
        return Read(None, doubt="time-unreadable")
    return Read(at, "export")


def _parse(text: str, day_first: bool | None) -> tuple[datetime, str | None] | None:
    if match := _ISO.fullmatch(text):
        fraction = (match[7] or "0")[:6].ljust(6, "0")
        parts = (*(int(match[n]) for n in range(1, 6)), int(match[6] or 0), int(fraction))
        return _build(parts, match[8])
    if match := _NUMERIC.fullmatch(text):
        one, two = int(match[1]), int(match[3])
        order = True if match[2] == "." else day_first
        if order is None and one <= 12 and two <= 12:
            return None
        day, month = (one, two) if order or (order is None and one > 12) else (two, one)
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        hour = _hour(int(match[5]), match[8])
        return _build((year, month, day, hour, int(match[6]), int(match[7] or 0), 0), match[9])
    if match := _WORDY.fullmatch(text):
        month = _MONTHS.get((match[2] or match[3]).lower(), 0)
        year = int(match[5] or match[11] or 0)
        hour = _hour(int(match[6]), match[9])
        return _build(
            (year, month, int(match[1] or match[4]), hour, int(match[7]), int(match[8]), 0), match[10]
        )
    return None


def _build(parts: tuple[int, ...], zone: str | None) -> tuple[datetime, str | None] | None:
    year, month, day, hour, minute, second, micro = parts
    try:
        return datetime(year, month, day, hour, minute, second, micro), zone
    except ValueError:
        return None


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _offset(zone: str) -> int | None:
    """Minutes east of UTC."""
    if match := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?", zone.strip(), re.IGNORECASE):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 else None
    return _OFFSETS.get(zone.lower())


def _at(naive: datetime, offset: int) -> datetime | None:
    try:
        return naive.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)
    except OverflowError:
        return None


def _local(naive: datetime, zone: str | None) -> Read:
    """A local time: two candidates where clocks go back, none where they skip it."""
    if zone:
        offset = _offset(zone)
        if offset is not None:
            at = _at(naive, offset)
            return Read(at, "export" if at else "unknown", offset or None)
        try:
            place = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            place = None
        if place is not None:
            early, late = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
            if early.astimezone(place).replace(tzinfo=None) != naive:
                return Read(None, doubt="impossible-time")
            minutes = int((naive - early.replace(tzinfo=None)).total_seconds() // 60)
            if early != late:
                return Read(early, "derived", None, "ambiguous-time", late)
            return Read(early, "export", minutes)
    return Read(naive.replace(tzinfo=UTC), "derived", None, "time-without-zone")
