"""Zones of times: named by a header, beside a time, or alone in a cell."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forensics.intake import calendar_words as words

LONGEST = 120
"""Characters of a cell or a header that are looked at (assumption)."""
_OFFSET = re.compile(
    r"(?:(?:utc|gmt)\s?)?([+\-−])\s?(\d{1,2})(?::?(\d\d))?(?!\d)(?:\s?\(.*\))?|\bz(?!\w)", re.IGNORECASE
)


def zone_in(header: str) -> str | None:
    """The zone that a header names, if it names one.

    Examples
    --------
    >>> [zone_in(h) for h in ("Timestamp (UTC+2)", "Zeit (MEZ)", "createdInUTC", "Time")]
    ['+02:00', 'mez', 'utc', None]
    """
    text = words.plain(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header[:LONGEST]))
    iana, _ = take_iana(words.plain(header[:LONGEST]))
    if iana:
        return iana
    if match := re.search(r"\b(?:utc|gmt)\s?([+\-−])\s?(\d{1,2})(?::?(\d\d))?", text):
        return f"{'+' if match[1] == '+' else '-'}{int(match[2]):02d}:{match[3] or '00'}"
    if match := re.search(r"(?<![\w:])([+\-−])(\d\d):?(\d\d)\b", text):
        return f"{'+' if match[1] == '+' else '-'}{match[2]}:{match[3]}"
    if match := re.search(r"\b(utc|gmt|zulu)\b", text):
        return "utc"
    inside = re.findall(r"[(\[]\s*([^()\[\]]{2,40}?)\s*[)\]]|(?:\bin|,|-)\s+([a-z]{3,5})$", text)
    for one, other in inside:
        named = one or other
        if words.abbreviation(named) is not None:
            return str(named)
    upper = re.findall(r"\b[A-Z]{3,4}\b", header)
    return next((u.lower() for u in upper if words.abbreviation(u.lower()) and u not in ("ART", "MAP")), None)


def take_iana(text: str) -> tuple[str | None, str]:
    """The IANA name in a text in lower case, and the text without it."""
    match = re.search(
        r"[(\[]?\b(?:etc|europe|america|asia|africa|australia|pacific|atlantic|indian|us)/[a-z_+\-/0-9]+[)\]]?",
        text,
    )
    if match is None:
        return None, text
    return match[0].strip("()[]"), f"{text[: match.start()]} {text[match.end() :]}"


def take_offset(text: str) -> tuple[str | None, str]:
    """The offset from UTC in a text, and the text without it."""
    match = _OFFSET.search(text)
    if match is None:
        return None, text
    left = f"{text[: match.start()]} {text[match.end() :]}"
    if match[1] is None:
        return "utc", left
    return f"{'+' if match[1] == '+' else '-'}{int(match[2]):02d}:{match[3] or '00'}", left


def offset_of(zone: str) -> int | None:
    """Minutes east of UTC."""
    if match := re.fullmatch(r"(?:UTC|GMT)?\s?([+\-−])(\d{1,2}):?(\d\d)?", zone.strip(), re.IGNORECASE):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return (-minutes if match[1] != "+" else minutes) if minutes <= 14 * 60 else None
    return words.abbreviation(zone.strip().lower())


@lru_cache(maxsize=256)
def place_of(name: str) -> ZoneInfo | None:
    """The zone of an IANA name in any case, with spaces or underscores."""
    plain = name.strip().replace(" ", "_")
    titled = "/".join("_".join(w[:1].upper() + w[1:] for w in part.split("_")) for part in plain.split("/"))
    for form in (plain, titled, plain.upper()):
        try:
            return ZoneInfo(form)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def is_zone(text: str) -> bool:
    """Whether a cell holds a zone and nothing else."""
    text = text.strip()
    if not 1 <= len(text) <= 40:
        return False
    if re.fullmatch(r"(?:UTC|GMT)?\s?[+\-−]\d{1,2}(?::?\d\d)?", text, re.IGNORECASE):
        return True
    return words.abbreviation(text.lower()) is not None or ("/" in text and place_of(text) is not None)
