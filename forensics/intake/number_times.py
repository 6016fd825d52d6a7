"""Times that are numbers: seconds, parts of them or days, since one of several beginnings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_APPLE_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
_SHEET_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of spreadsheets whose day 60 is the 29th of February 1900, which never was (ECMA-376, 18.17.4.1)."""
_WINDOWS_TO_UNIX_S = 11_644_473_600
_UNITS = ("s", "ms", "us", "ns", "apple_s", "webkit", "filetime", "days")
NUMBER = re.compile(r"-?\d{1,19}(?:[.,]\d{1,12})?")


def unit_in(values: Iterable[str], *, named_time: bool = True) -> str | None:
    """What the numbers of a column count, if all of them fall between 2010 and 2035 in one unit alone.

    Parameters
    ----------
    values : iterable of str
    named_time : bool
        The header says that it holds times: small numbers may be days of a spreadsheet.

    Returns
    -------
    str or None
        ``s``, ``ms``, ``us``, ``ns`` (since 1970), ``apple_s`` (since 2001),
        ``filetime`` (100 ns since 1601), ``webkit`` (µs since 1601) or ``days`` (of a spreadsheet).
    """
    numbers = []
    for value in values:
        if not NUMBER.fullmatch(value.strip()):
            return None
        numbers.append(float(value.replace(",", ".")))
    real = [n for n in numbers if abs(n) >= 2 * 86_400 or (named_time and 36_000 < n < 60_000)]
    if not real or len(real) < 0.5 * len(numbers):
        return None
    for unit in _UNITS:
        if unit == "days" and not (named_time or any(n % 1 for n in real)):
            continue
        times = [at_number(n, unit) for n in real]
        if all(at is not None and 2010 <= at.year <= 2035 for at in times):
            return unit
    return None


def at_number(number: float, unit: str) -> datetime | None:
    """The time that a number of a unit is; None outside of what a calendar holds."""
    try:
        match unit:
            case "s" | "ms" | "us" | "ns":
                scale = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[unit]
                return EPOCH + timedelta(seconds=number / scale)
            case "apple_s":
                return _APPLE_EPOCH + timedelta(seconds=number)
            case "webkit":
                return EPOCH + timedelta(seconds=number / 1e6 - _WINDOWS_TO_UNIX_S)
            case "filetime":
                return EPOCH + timedelta(seconds=number / 1e7 - _WINDOWS_TO_UNIX_S)
            case _:
                seconds = round(number * 86_400)
                return _SHEET_EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
