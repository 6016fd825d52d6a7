"""What forms the values of a column have: the share of them that reads as a time, an address, a serial …"""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from forensics.intake.clock import parse
from forensics.intake.file_names import base_name, stem
from forensics.intake.meaning.spoken import answer_score, passes, spoken_score, woken_first, words_of
from forensics.intake.number_times import unit_in
from forensics.intake.statuses import status_of
from forensics.intake.texts import AUDIO_NAME
from forensics.intake.times import utterance_key
from forensics.intake.zones import is_zone
from forensics.knowledge.device_types import device_names, device_type
from forensics.knowledge.lexicon import word_classes

SAMPLE = 120
EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?=(?:\D*\d){6,15}\D*$)(?:\+|00|0|\()[\d\s()/.\-–]{6,24}")
COORDINATES = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{2,})\s?(?:[,;]|%2C)\s?(-?\d{1,3}\.\d{2,})(?![\d.])")
_DEGREES = re.compile(r"-?\d{1,3}[.,]\d{3,}")
_SERIAL = re.compile(
    r"(?=(?:[A-Z]*\d){3})[A-Z0-9]{15,20}|[0-9a-f]{32}|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"
)
_ID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|amzn1\.\S+|[0-9a-f]{24,64}|\d{3}-\d{7}-\d{7}|[A-Za-z0-9_-]{20,}|[A-Z0-9]{8,}#\S*",
    re.IGNORECASE,
)
_CHECKSUM = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_CUSTOMER = re.compile(r"A[A-Z0-9]{10,15}")
_SETTING = re.compile(r"[a-zA-Z]+(?:[_.\-][a-zA-Z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+")
_STREET = re.compile(
    r"(?:stra(?:ss|ß)e|str\.|weg|platz|gasse|allee|ring|ufer|damm|hof|laan|straat|plein|kade|gatan|vägen|vej|gade|gata|veien|katu|tie|"
    r"utca|út|tér)\b\s*\d|\d+[a-z]?,?\s+[\w.' -]{0,40}\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|"
    r"boulevard|blvd|place|pl|terrace|crescent|square|sq)\b|\b(?:rue|via|viale|piazza|calle|avenida|plaza|rua|ul\.|ulica|avenue|chemin|"
    r"impasse|улица|ул\.)\s+\S+|\b\d{4,5}\s+[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{2,}",
    re.IGNORECASE,
)
_DEVICE_WORD = re.compile(
    r"\b(echo|dot|echo show|fire ?tv|firetv|kindle|fire tablet|alexa app|homepod|nest (mini|hub)|google home|chromecast|sonos|"
    r"speaker|lautsprecher|tablet|iphone|ipad|galaxy|pixel|smart ?plug|steckdose|thermostat|lampe|lamp|light|bulb|hub|tv|"
    r"fernseher|kamera|camera|staubsauger|vacuum)\b", re.IGNORECASE
)  # fmt: skip


@dataclass
class Shape:
    """The forms of a column's values.

    Parameters
    ----------
    values : sequence of str
        A sample of what the column holds, spread over it.
    filled : int
        How many rows hold something.
    distinct : int
        Different values among the sample of :data:`SAMPLE` times ten rows.
    names : collection of str
        Names of the bundle's recordings, with and without suffix, in one spelling.
    """

    values: Sequence[str]
    filled: int
    distinct: int
    names: Collection[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, values: Sequence[str], names: Collection[str] = frozenset()) -> Shape:
        """The shape of a column with these values, None and blanks left out."""
        wide = _spread(values, 10 * SAMPLE)
        distinct = len(set(wide))
        return cls(_spread(values, SAMPLE), len(values), distinct, names)

    def share(self, test: object) -> float:
        """The share of values that a pattern matches whole, or a function accepts."""
        if not self.values:
            return 0.0
        check = test.fullmatch if isinstance(test, re.Pattern) else test
        return sum(bool(check(v.strip())) for v in self.values) / len(self.values)  # type: ignore[operator]

    @cached_property
    def written(self) -> tuple[float, float, float]:
        """Shares of values that are a date with a time of day, a date alone, a time of day alone."""
        full = days = clocks = 0
        for value in self.values:
            parts = parse(value, True) if len(value) <= 120 and any(c.isdigit() for c in value) else None
            if parts is None and len(value) <= 120:
                parts = parse(value, False) if any(c.isdigit() for c in value) else None
            if parts is not None:
                dated = parts.day is not None or parts.unordered
                full += dated and parts.clock is not None
                days += dated and parts.clock is None
                clocks += not dated
        n = max(len(self.values), 1)
        return full / n, days / n, clocks / n

    @cached_property
    def unit(self) -> str | None:
        """What its numbers count, were they times."""
        return unit_in(self.values) if self.values else None

    @cached_property
    def spoken(self) -> float:
        """How much it reads like things said."""
        return spoken_score(self.values)

    @cached_property
    def answered(self) -> float:
        """How much it reads like a device's answers."""
        return answer_score(self.values)

    @cached_property
    def awake(self) -> float:
        """Share of values that begin with a wake word."""
        return self.share(woken_first)

    @cached_property
    def forms(self) -> dict[str, float]:
        """Shares of values by form."""
        return {
            "email": self.share(EMAIL), "phone": self.share(_PHONE), "coordinates": self.share(_has_coordinates),
            "degrees": self.share(_DEGREES), "serial": self.share(_SERIAL), "id": self.share(_ID),
            "utterance": self.share(utterance_key), "checksum": self.share(_CHECKSUM),
            "customer": self.share(_CUSTOMER), "audio": self.share(self._is_audio), "zone": self.share(is_zone),
            "setting": self.share(_SETTING), "address": self.share(_STREET.search), "url": self.share(_is_url),
            "number": self.share(re.compile(r"[-+]?\d[\d.,]*")), "status": self.share(_is_status),
            "device": self.share(_DEVICE_WORD.search), "device_type": self.share(_is_device_type),
            "person": self.share(_is_person), "letters": self.share(re.compile(r".*[^\W\d_].*", re.DOTALL)),
            "words": self.share(passes), "single": self.share(re.compile(r"\S{1,40}")),
            "room": self.share(_is_room), "truth": self.share(_is_truth),
            "caps": self.share(re.compile(r"[A-Z]{3,}(?:_[A-Z]+)*")),
        }  # fmt: skip

    @property
    def few(self) -> bool:
        """Whether few values repeat over many rows."""
        return self.distinct <= max(3, min(self.filled, 10 * SAMPLE) // 3)

    @cached_property
    def length(self) -> float:
        """Mean number of words."""
        counts = [len(words_of(v)) if not v.isascii() else v.count(" ") + 1 for v in self.values]
        return sum(counts) / max(len(counts), 1)

    def _is_audio(self, value: str) -> bool:
        if AUDIO_NAME.search(value):
            return True
        name = base_name(value)
        return name in self.names or stem(name) in self.names


def _spread(values: Sequence[str], most: int) -> list[str]:
    if len(values) <= most:
        return list(values)
    step = len(values) / most
    return [values[int(i * step)] for i in range(most)]


def _has_coordinates(value: str) -> bool:
    match = COORDINATES.search(value)
    return bool(match) and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180  # type: ignore[index]


def _is_url(value: str) -> bool:
    return bool(re.match(r"(?:https?|ftp|file)://\S+$", value))


def _is_status(value: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]+(?:[_ -][A-Za-z]+){0,5}", value)) and status_of(value) not in (
        None,
        "unknown",
    )


def _is_truth(value: str) -> bool:
    return value.casefold() in (
        "true",
        "false",
        "yes",
        "no",
        "ja",
        "nein",
        "enabled",
        "disabled",
        "on",
        "off",
        "0",
        "1",
    )


def _is_device_type(value: str) -> bool:
    return value in device_names() or (
        bool(re.fullmatch(r"A[A-Z0-9]{10,13}", value)) and device_type(value) is not None
    )


def _is_person(value: str) -> bool:
    words = re.findall(r"[^\W\d_]+", value)
    if not 1 <= len(words) <= 4 or not words[0][:1].isupper() or any(c.isdigit() for c in value):
        return False
    return word_classes().listed(words[0].casefold())[:1] in ("F", "S")


@cache
def _is_room(value: str) -> bool:
    return "H" in word_classes().listed(value.casefold())
