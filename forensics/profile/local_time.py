"""When something was said by the household's own clock: the export's offset, else the zone of its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from forensics.knowledge.gazetteer import place_by_id

if TYPE_CHECKING:
    from forensics.profile.records import Rows, Utterance

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
    joined: Mapping[str, Utterance], offsets: Mapping[str, int | None], zone: ZoneInfo
) -> dict[str, Utterance]:
    """Starts in local time: by the export's own offset, else by the household's zone.

    Parameters
    ----------
    joined : mapping
        Utterances by id, their starts in UTC.
    offsets : mapping
        Minutes by utterance, where the export states them.
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


def zone_of(joined: Mapping[str, Utterance], mentions: Rows) -> ZoneInfo:
    """The zone of the town named in most utterances, else of the language spoken most, else UTC."""
    named: dict[int, set[str]] = defaultdict(set)
    for row in mentions:
        utterance, places = row.get("utterance_id"), row.get("places") or ()
        if row["label"] == "PLACE" and utterance is not None and utterance in joined and places:
            best = min(places, key=lambda p: (-p["probability"], p["place_id"]))
            named[int(best["place_id"])].add(utterance)
    for place_id in sorted(named, key=lambda key: (-len(named[key]), key)):
        if (place := place_by_id(place_id)) is not None and place.kind == "city":
            if place.country == "US" and place.longitude is not None:
                east = place.longitude
                return ZoneInfo(next((z for edge, z in US_ZONES if east > edge), "America/Los_Angeles"))
            if place.country in ZONES:
                return ZoneInfo(ZONES[place.country])
    languages = Counter(r.language for r in joined.values() if r.language)
    spoken = min(languages, key=lambda name: (-languages[name], name), default="")
    return ZoneInfo(LANGUAGE_ZONE.get(spoken, "UTC"))


def utc(started_at: datetime | None) -> datetime | None:
    """A table's time as a moment of UTC; None where there is none."""
    if started_at is None:
        return None
    return started_at if started_at.tzinfo else started_at.replace(tzinfo=UTC)
