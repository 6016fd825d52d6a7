"""Amazon's voice history as JSON: the privacy page's records, and the older cloud activities.

Found by the records' shape. Times are epoch milliseconds in UTC; a ``PROFILE`` item has the time 0 and is
never dated 1970. The vendor's own naming of speakers (``personsInfo``) is a claim, and personal data.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from forensics.intake import texts
from forensics.intake.devices import Device
from forensics.intake.exports.account import read_text
from forensics.intake.exports.base import Facts, Held, Inventory, Passage, Reading, When
from forensics.intake.exports.grid import records_in
from forensics.intake.exports.sound import recording_facts
from forensics.intake.exports.times_in import Clock
from forensics.intake.sniff import AUDIO
from forensics.intake.statuses import status_of
from forensics.intake.times import utterance_key
from forensics.knowledge.device_types import device_type

NAME = "amazon-history"
ORDER = 200

_TIMES = ("timestamp", "creationTimestamp", "createdTime")
_SAID = {"CUSTOMER_TRANSCRIPT", "ASR_REPLACEMENT_TEXT"}
_ANSWERED = {"ALEXA_RESPONSE", "TTS_REPLACEMENT_TEXT"}


@dataclass(frozen=True)
class Event:
    """One thing said or answered."""

    line: int
    text: str
    said: bool
    when: When
    utterance: str
    device: Device
    customer: str | None
    status: str | None
    speaker: str | None


def read(inventory: Inventory) -> Reading | None:
    """JSON whose records carry a record key or an utterance id."""
    reading = inventory.reading(NAME)
    by_key: dict[str, Event] = {}
    found = 0
    for held in inventory.of_kind("json"):
        scratch = Reading(NAME)
        text = read_text(scratch, inventory, held)
        if '"recordKey"' not in text and '"utteranceId"' not in text:
            continue
        loaded, problems = texts.read_json(text)
        records = [r for _, value in loaded for r in (records_in(value) or [value]) if _is_record(r)]
        if not records:
            continue
        found += 1
        reading.problems += scratch.problems + [(held, p) for p in problems]
        if any(isinstance(v, dict) and v.get("encodedRequestToken") for _, v in loaded):
            reading.find(
                held, "more-pages", "The history goes on: it was saved page by page, and this is one."
            )
        _read_file(reading, held, records, by_key)
    if not found:
        return None
    _recordings(reading, inventory, by_key)
    reading.evidence.append(("layout", f"{found} voice history file(s), {len(by_key)} utterances with an id"))
    return reading


def _is_record(record: Any) -> bool:
    if not isinstance(record, dict):
        return False
    return ("recordKey" in record and "voiceHistoryRecordItems" in record) or (
        "utteranceId" in record and ("activityStatus" in record or "description" in record)
    )


def _read_file(reading: Reading, held: Held, records: list[dict[str, Any]], by_key: dict[str, Event]) -> None:
    clock = Clock(reading, held)
    customers, persons, damaged = set(), 0, 0
    for number, record in enumerate(records, start=1):
        try:
            events = list(_events(clock, number, record))
        except (TypeError, ValueError, AttributeError):
            damaged += 1
            continue
        for event in events:
            if event.customer:
                customers.add(event.customer)
            if event.device:
                reading.devices.append((held, event.device))
                if event.device.serial:
                    reading.stated["device", event.device.serial] += 1
            if event.utterance and event.said and (key := utterance_key(event.utterance)):
                by_key.setdefault(key, event)
            if event.text:
                field = "said" if event.said else "answered"
                text, _ = texts.tidy(event.text)
                reading.passages.append(
                    Passage(
                        held.id,
                        "transcript" if event.said else "account",
                        text,
                        line=event.line,
                        field=field,
                        when=event.when,
                        meaning=field,
                        device=event.device,
                        status=event.status,
                        speaker=event.speaker,
                    )
                )
        persons += sum(bool(item.get("personsInfo")) for item in _items(record))
    clock.close()
    if damaged:
        reading.find(held, "row-unreadable", f"{damaged} records have values of the wrong type; left out.")
    if persons:
        text = f"{persons} items carry the vendor's own naming of the speaker: a claim, not a fact."
        reading.note(held, "vendor-names-speaker", text)
    for customer in customers:
        reading.stated["customer id", customer] += 1
    reading.set(held, Facts("transcript", owner=min(customers) if customers else None))


def _events(clock: Clock, line: int, record: dict[str, Any]) -> Iterator[Event]:
    parts = str(record.get("recordKey") or record.get("id") or "").split("#")
    customer = str(record.get("registeredCustomerId") or "") or (parts[0] if len(parts) == 4 else "")
    device = parts[3] if len(parts) == 4 else ""
    name = ""
    status = status_of(str(record.get("activityStatus") or ""))
    if isinstance(record.get("device"), dict):
        device = device or str(record["device"].get("serialNumber") or "")
        name = str(record["device"].get("deviceName") or "")
    for source in record.get("sourceDeviceIds") or ():
        device = device or str(source.get("serialNumber") or "")
    stamp = next((record[name] for name in _TIMES if record.get(name)), None)
    when = clock.when(str(stamp)) if stamp is not None else When()
    if "voiceHistoryRecordItems" not in record:
        utterance, said = str(record.get("utteranceId") or ""), _summary(record.get("description"))
        told = Device(device or None, name or None, device_type(utterance))
        yield Event(line, said, True, when, utterance, told, customer or None, status, None)
        return
    for item in _items(record):
        kind = str(item.get("recordItemType") or "")
        if kind == "PROFILE":
            continue
        own = clock.when(str(item["timestamp"])) if item.get("timestamp") else when
        text, utterance = str(item.get("transcriptText") or ""), str(item.get("utteranceId") or "")
        if kind in _SAID or kind in _ANSWERED or text:
            told = Device(device or None, name or None, device_type(utterance))
            said_here = kind not in _ANSWERED
            yield Event(
                line,
                text,
                said_here,
                own,
                utterance,
                told,
                customer or None,
                status if said_here else None,
                _speaker(item) if said_here else None,
            )


def _items(record: dict[str, Any]) -> list[dict[str, Any]]:
    items = record.get("voiceHistoryRecordItems") or []
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _speaker(item: dict[str, Any]) -> str | None:
    """The vendor's name for who speaks, if it names exactly one person."""
    persons = item.get("personsInfo")
    names = {
        str(p["personFirstName"]).strip()
        for p in (persons if isinstance(persons, list) else ())
        if isinstance(p, dict) and p.get("personFirstName")
    }
    return texts.tidy(names.pop())[0] or None if len(names) == 1 else None


def _summary(description: Any) -> str:
    """The recognised text: JSON inside a string, in the older form."""
    if isinstance(description, str) and description.lstrip().startswith("{"):
        try:
            description = json.loads(description)
        except (ValueError, RecursionError):
            return ""
    return str(description.get("summary") or "") if isinstance(description, dict) else ""


def _recordings(reading: Reading, inventory: Inventory, by_key: dict[str, Event]) -> None:
    """Recordings whose name carries the id of an utterance in the history."""
    waiting: dict[str, list[Held]] = defaultdict(list)
    for held in inventory.of_kind(*AUDIO):
        if key := utterance_key(held.path):
            waiting[key].append(held)
    for key, members in waiting.items():
        event = by_key.get(key)
        for held in members:
            if event is not None:
                said = recording_facts(reading, held, vendor_text=event.text or None, owner=event.customer)
                device = replace(said.device, name=event.device.name)
                reading.set(held, replace(said, device=device, status=event.status, speaker=event.speaker))
