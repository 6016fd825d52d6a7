"""When recordings were made by the household's own clock: the export's offset, else the zone of its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from forensics.knowledge.gazetteer import find

if TYPE_CHECKING:
    from forensics.profile.records import Recording

Rows = Sequence[Mapping[Any, Any]]

ZONES = {
    "DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "GB": "Europe/London",
    "IE": "Europe/Dublin", "FR": "Europe/Paris", "NL": "Europe/Amsterdam", "BE": "Europe/Brussels",
    "IT": "Europe/Rome", "ES": "Europe/Madrid", "PL": "Europe/Warsaw",
}  # fmt: skip
US_ZONES = ((-85.0, "America/New_York"), (-101.5, "America/Chicago"), (-114.0, "America/Denver"))
"""Time zones of the United States by longitude, from the east: only roughly right near their borders."""
LANGUAGE_ZONE = {"de": "Europe/Berlin"}
"""Where no place is named: by the language spoken most (assumption); others stay in UTC."""


def in_local_time(
    joined: Mapping[str, Recording], offsets: Mapping[str, float | None], zone: ZoneInfo
) -> dict[str, Recording]:
    """Starts in local time: by the export's own offset, else by the household's zone.

    Parameters
    ----------
    joined : mapping
        Recordings by id, their starts in UTC.
    offsets : mapping
        Minutes by recording, where the export states them.
    zone : ZoneInfo
    """
    found = {}
    for name, one in joined.items():
        local = one.local
        if local is not None:
            offset = offsets.get(name)
            local = local.astimezone(zone) if offset is None else local + timedelta(minutes=offset)
            local = local.replace(tzinfo=None)
        found[name] = replace(one, local=local)
    return found


def zone_of(joined: Mapping[str, Recording], mentions: Rows) -> ZoneInfo:
    """The zone of the place named in most recordings, else of the language spoken most, else UTC."""
    named: dict[str, set[str]] = defaultdict(set)
    for row in mentions:
        recording = row.get("recording_id")
        if row["label"] == "PLACE" and isinstance(recording, str) and recording:
            named[row["normalised"] or ""].add(recording)
    for name in sorted(named, key=lambda key: (-len(named[key]), key)):
        if (place := find(name)) is not None and place.kind == "city":
            if place.country == "US" and place.longitude is not None:
                east = place.longitude
                return ZoneInfo(next((z for edge, z in US_ZONES if east > edge), "America/Los_Angeles"))
            if place.country in ZONES:
                return ZoneInfo(ZONES[place.country])
    languages = Counter(r.language for r in joined.values() if r.language)
    spoken = min(languages, key=lambda name: (-languages[name], name), default="")
    return ZoneInfo(LANGUAGE_ZONE.get(spoken, "UTC"))


def utc(started_at: Any) -> datetime | None:
    """A table's time as a moment of UTC; None where there is none."""
    if started_at is None or started_at != started_at:
        return None
    moment: datetime = started_at.to_pydatetime() if hasattr(started_at, "to_pydatetime") else started_at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
