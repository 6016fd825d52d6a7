"""Times and devices in member names. Raw text stays in the path; what is read here says how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from urllib.parse import unquote

Basis = Literal["export", "derived", "tag", "file_time", "unknown"]

# 2.0 s steps and no zone: a zip member's time is the packer's, so it never appears here.
_EARLIEST, _LATEST = datetime(2010, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)

_SEP = r"[^A-Za-z0-9]{1,3}"
_UTTERANCE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<type>[A-Z0-9]{{10,16}}){_SEP}1[._-]0{_SEP}(?P<y>20\d\d){_SEP}(?P<mo>\d\d){_SEP}(?P<d>\d\d)"
    rf"{_SEP}(?P<h>\d\d){_SEP}(?P<serial>[A-Z0-9]{{10,24}}|DEVICE_UNSPECIFIED){_SEP}(?P<mi>\d\d){_SEP}(?P<s>\d\d)"
)
_DATED = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d)-(?P<mo>\d\d)-(?P<d>\d\d)[T_ ]+(?P<h>\d\d)[-_:.](?P<mi>\d\d)[-_:.](?P<s>\d\d)"
    r"(?:[._,](?P<ms>\d{3,6}))?(?P<zone>Z|[_ ]?UTC|[_ ]?GMT|[+-]\d\d[:_]?\d\d)?(?!\d)"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d)(?P<mo>\d\d)(?P<d>\d\d)[T_ -]?(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)"
    r"(?:[._,]?(?P<ms>\d{3}))?(?P<zone>Z|[_ ]?UTC|[+-]\d\d:?\d\d)?(?!\d)"
)
_EPOCH = re.compile(r"(?<![0-9A-Za-z])(?P<n>1\d{9}|1\d{12})(?![0-9A-Za-z])")
_SERIAL = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*[A-Z])(?=(?:[A-Z]*\d){5})[A-Z0-9]{14,20}(?![A-Za-z0-9])")


@dataclass(frozen=True)
class NameTime:
    """What a name says of its recording.

    Parameters
    ----------
    started_at : datetime or None
        UTC.
    basis : {'export', 'derived', 'unknown'}
        ``export``: an utterance id or a time with its zone; ``derived``: read as UTC for want of a zone.
    utc_offset_min : int or None
        The local offset, if the name states one. A time stated in UTC tells no local offset.
    device : str or None
        Device serial.
    rule : str
        Which form was met.
    """

    started_at: datetime | None
    basis: Basis
    utc_offset_min: int | None
    device: str | None
    rule: str


def read_name(path: str) -> NameTime:
    """Time and device from a member's path.

    Utterance ids are looked for in any escaped form: percent-encoded, with ``:`` and ``/`` replaced, or cut
    into folders. Their date and hour are UTC, minute and second stand after the serial.

    Examples
    --------
    >>> name = "AB72C64C86AW2_1.0_2018_05_15_13_B0F00712518400WN_07_28__TNIH_2V.x.wav"
    >>> read_name(name).started_at.isoformat(), read_name(name).device
    ('2018-05-15T13:07:28+00:00', 'B0F00712518400WN')
    """
    text = unquote(path)
    if match := _UTTERANCE.search(text):
        started = _build(match, UTC)
        if started is not None:
            serial = match["serial"]
            return NameTime(started, "export", None, None if "_" in serial else serial, "utterance id")
    name = re.split(r"[/\\]", text)[-1]  # a folder's date is not its recordings'
    serial_found = serial_in(name) or serial_in(text)
    for pattern, rule in ((_DATED, "dated"), (_COMPACT, "compact")):
        for match in pattern.finditer(name):
            zone = match["zone"]
            started = _build(match, _zone(zone))
            if started is not None:
                offset = started.utcoffset()
                minutes = (
                    int(offset.total_seconds() // 60) if zone and offset and zone[-1].isdigit() else None
                )
                basis: Basis = "export" if zone else "derived"
                return NameTime(
                    started.astimezone(UTC),
                    basis,
                    minutes,
                    serial_found,
                    rule if zone else f"{rule}, no zone",
                )
    for match in _EPOCH.finditer(name):
        number = int(match["n"])
        started = datetime.fromtimestamp(0, UTC) + timedelta(
            milliseconds=number if number >= 10**12 else number * 1000
        )
        if _EARLIEST <= started < _LATEST:
            return NameTime(started, "export", None, serial_found, "epoch")
    return NameTime(None, "unknown", None, serial_found, "none")


def serial_in(text: str) -> str | None:
    """The first thing shaped like a device serial: 14 to 20 capitals and digits, five digits at least."""
    match = _SERIAL.search(text)
    return match[0] if match else None


def _zone(text: str | None) -> timezone:
    if not text or not text[-1].isdigit():
        return UTC
    digits = re.sub(r"\D", "", text)
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes > 14 * 60:
        return UTC
    return timezone(timedelta(minutes=-minutes if text.lstrip("_ ")[0] == "-" else minutes))


def _build(match: re.Match[str], zone: timezone) -> datetime | None:
    fields = match.groupdict()
    fraction = (fields.get("ms") or "0").ljust(6, "0")
    year, month, day, hour, minute, second = (int(match[part]) for part in ("y", "mo", "d", "h", "mi", "s"))
    try:
        built = datetime(year, month, day, hour, minute, second, int(fraction[:6]), tzinfo=zone)
    except ValueError:
        return None
    return built if _EARLIEST <= built < _LATEST else None


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def utterance_key(text: str) -> str | None:
    """What two forms of one utterance id have in common, or None if `text` holds none.

    The guid if there is one, else second and serial. Parts of one utterance (``/0``, ``/1``) share it.
    """
    plain = unquote(text)
    match = _UTTERANCE.search(plain)
    if match is None:
        return None
    guid = _UUID.search(plain, match.end())
    if guid is not None:
        return guid[0].lower()
    return "-".join(match.group("y", "mo", "d", "h", "mi", "s", "serial"))
