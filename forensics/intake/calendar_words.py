"""Names of months, weekdays, halves of the day and zones, in the languages that exports come in (CLDR)."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

LANGUAGES = (
    "en", "de", "de_AT", "fr", "fr_CA", "es", "it", "pt", "pt_PT", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "bg", "hr",
    "sl", "sr_Latn", "el", "tr", "ru", "uk", "lt", "lv", "et", "is", "ca", "id", "vi", "ar", "he", "hi",
)  # fmt: skip
"""Japanese, Chinese and Korean write months with figures."""

# Abbreviations with one meaning in the exports that are known: minutes east of UTC, and where they are used.
_ZONES: dict[str, tuple[int, str | None]] = {
    "utc": (0, None), "gmt": (0, None), "z": (0, None), "wez": (0, None),
    "cet": (60, "Europe/Berlin"), "cest": (120, "Europe/Berlin"), "mez": (60, "Europe/Berlin"),
    "mesz": (120, "Europe/Berlin"), "bst": (60, "Europe/London"), "wet": (0, "Europe/Lisbon"),
    "west": (60, "Europe/Lisbon"), "eet": (120, "Europe/Helsinki"), "eest": (180, "Europe/Helsinki"),
    "oez": (120, "Europe/Helsinki"), "oesz": (180, "Europe/Helsinki"), "msk": (180, None),
    "est": (-300, "America/New_York"), "edt": (-240, "America/New_York"), "cst": (-360, "America/Chicago"),
    "cdt": (-300, "America/Chicago"), "mst": (-420, None), "mdt": (-360, "America/Denver"),
    "pst": (-480, "America/Los_Angeles"), "pdt": (-420, "America/Los_Angeles"), "akst": (-540, "America/Anchorage"),
    "akdt": (-480, "America/Anchorage"), "hst": (-600, None), "aest": (600, "Australia/Sydney"),
    "aedt": (660, "Australia/Sydney"), "awst": (480, None), "nzst": (720, "Pacific/Auckland"),
    "nzdt": (780, "Pacific/Auckland"), "jst": (540, None), "kst": (540, None), "brt": (-180, None),
}  # fmt: skip
_METAZONES = {"Europe_Central": ("cet", "cest"), "Europe_Western": ("wet", "west"), "Europe_Eastern": ("eet", "eest"),
              "America_Eastern": ("est", "edt"), "America_Central": ("cst", "cdt"), "America_Pacific": ("pst", "pdt"),
              "America_Mountain": ("mst", "mdt"), "Japan": ("jst", ""), "GMT": ("gmt", "")}  # fmt: skip
# Words that stand between the parts of a time and say nothing.
_FILLERS = frozenset(
    [
        "at",
        "um",
        "uhr",
        "on",
        "the",
        "of",
        "de",
        "del",
        "le",
        "la",
        "las",
        "el",
        "alle",
        "ore",
        "kl",
        "kello",
        "klo",
        "om",
        "o",
        "w",
        "v",
        "в",
        "г",
        "году",
        "à",
        "a",
        "às",
        "ao",
        "os",
        "den",
        "der",
        "vom",
        "am",
        "in",
        "il",
        "di",
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "h",
        "t",
        "ora",
        "the",
        "et",
        "en",
        "dia",
        "год",
        "р",
        "року",
        "pe",
        "ura",
        "ob",
        "u",
        "i",
        "y",
    ]
)


def plain(text: str) -> str:
    """`text` in one spelling: case, width, digits and blanks; direction marks left out."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in kept)
    return " ".join(digits.split())


def month(word: str, languages: frozenset[str] | None = None) -> int | None:
    """The number of the month that a word names, if the languages in question agree on it.

    Parameters
    ----------
    word : str
    languages : frozenset of str, optional
        By default all: ``"lip"`` is July in Polish and June in Croatian, hence nothing.

    Examples
    --------
    >>> month("jän."), month("september"), month("mars"), month("soon")
    (1, 9, 3, None)
    """
    found = _months().get(_key(word), {})
    numbers = {number for number, spoken in found.items() if languages is None or spoken & languages}
    return numbers.pop() if len(numbers) == 1 else None


def languages_of(texts: Iterable[str]) -> frozenset[str]:
    """The languages that know every month word of `texts`; all of them where there is none."""
    left = frozenset(LANGUAGES)
    for text in texts:
        for word in re.findall(r"[^\W\d_]{3,}", plain(text)):
            if (known := _months().get(word)) is not None:
                spoken = frozenset(language for languages in known.values() for language in languages)
                left = (left & spoken) or left
    return left


def is_filler(word: str) -> bool:
    """Whether a word may stand in a time without saying anything: weekdays and prepositions."""
    key = _key(word)
    return not key or key in _FILLERS or key in _weekdays()


def abbreviation(zone: str) -> int | None:
    """Minutes east of UTC of a zone's abbreviation, if it has one meaning."""
    found = _ZONES.get(zone)
    return found[0] if found is not None else None


def in_season(zone: str, naive: datetime) -> bool:
    """Whether the zone's abbreviation is the one in use there at that time of the year."""
    offset, place = _ZONES.get(zone.strip().lower(), (0, None))
    if place is None:
        return True
    found = naive.replace(tzinfo=ZoneInfo(place)).utcoffset()
    return found is None or found.total_seconds() == offset * 60


def long_zone(text: str) -> str | None:
    """The abbreviation of a zone that is written out: ``"mitteleuropäische sommerzeit"``."""
    return _long_zones().get(_squeezed(text)) if len(text) > 8 else None


def take_half(text: str) -> tuple[str | None, str]:
    """``"am"`` or ``"pm"`` if a text says so in any language, and the text without it."""
    match = _halves()[0].search(text)
    if match is None:
        return None, text
    half = _halves()[1][_squeezed(match[0])]
    return half, f"{text[: match.start()]} {text[match.end() :]}"


def _key(word: str) -> str:
    return word.strip(".,'’ ")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@cache
def _months() -> dict[str, dict[int, frozenset[str]]]:
    from babel import Locale

    found: dict[str, dict[int, frozenset[str]]] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context, width in (("format", "wide"), ("format", "abbreviated"), ("stand-alone", "wide"),
                               ("stand-alone", "abbreviated")):  # fmt: skip
            for number, name in dict(months[context][width]).items():
                key = _key(plain(name))
                if len(key) < 3 or any(c.isdigit() for c in key):
                    continue
                known = found.setdefault(key, {})
                known[number] = known.get(number, frozenset()) | {language}
    for extra, number in (("mrz", 3), ("sept", 9), ("janv", 1), ("jänner", 1), ("feber", 2)):
        found.setdefault(extra, {number: frozenset(LANGUAGES)})
    return found


@cache
def _weekdays() -> frozenset[str]:
    from babel import Locale

    found = set()
    for language in LANGUAGES:
        days = Locale.parse(language).days
        for width in ("wide", "abbreviated", "short"):
            found |= {_key(plain(name)) for name in dict(days["format"][width]).values()}
    return frozenset(name for name in found if name and not any(c.isdigit() for c in name))


@cache
def _halves() -> tuple[re.Pattern[str], dict[str, str]]:
    from babel import Locale

    forms: dict[str, str] = {"am": "am", "pm": "pm", "a.m.": "am", "p.m.": "pm", "a. m.": "am", "p. m.": "pm",
                             "a.m": "am", "p.m": "pm", "上午": "am", "下午": "pm", "午前": "am", "午後": "pm",
                             "오전": "am", "오후": "pm", "ص": "am", "م": "pm"}  # fmt: skip
    for language in LANGUAGES:
        periods = Locale.parse(language).day_periods["format"]
        for width in ("wide", "abbreviated"):
            for half in ("am", "pm"):
                name = plain(dict(periods.get(width, {})).get(half, ""))
                if len(name) >= 2 and not any(c.isdigit() for c in name):
                    forms.setdefault(name, half)
    ordered = sorted(forms, key=len, reverse=True)
    pattern = "|".join(
        re.escape(f) if not f[0].isascii() and len(f) == 2 else rf"(?<![^\W\d_]){re.escape(f)}(?![^\W_])"
        for f in ordered
    )
    return re.compile(pattern), {_squeezed(f): half for f, half in forms.items()}


@cache
def _long_zones() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for language in LANGUAGES:
        zones = Locale.parse(language).meta_zones
        for name, (standard, summer) in _METAZONES.items():
            names = dict(zones.get(name, {}).get("long", {}) or {})
            for kind, short in (("standard", standard), ("daylight", summer)):
                if short and names.get(kind):
                    found.setdefault(_squeezed(plain(names[kind])), short)
    return found
