"""Amazon's voice history as JSON: the privacy page's records, and the older cloud activities.

Found by the keys of its records; read by meaning, as any JSON. What this layout adds: a history that goes
on is told, the vendor's own naming of speakers is a claim, and recordings are joined by the id of their
utterance, or by their time.
"""

from __future__ import annotations

from forensics.intake.exports.anything import read_members
from forensics.intake.exports.base import Held, Inventory, Reading
from forensics.intake.exports.sidecar import Joiner, names_of
from forensics.intake.sniff import AUDIO

NAME = "amazon-history"
ORDER = 200

_HEAD = 1 << 16
_KEYS = (b'"recordKey"', b'"utteranceId"')
_HINTS = {
    "recordkey": "id", "recorditemkey": "id", "utteranceid": "id", "transcripttext": "said",
    "timestamp": "time",
    "creationtimestamp": "time", "createdtime": "time", "personfirstname": "speaker", "personid": "id",
    "devicename": "device", "serialnumber": "device_serial", "customerid": "customer",
    "registeredcustomerid": "customer", "activitystatus": "status", "recorditemtype": "status",
    "description.summary": "said", "persontype": "status", "agentvisualname": "service", "skillname": "skill",
    "devicetype": "device_type", "deviceaccountid": "id", "description.firstutteranceid": "id",
    "description.firststreamid": "id",
}  # fmt: skip


def read(inventory: Inventory) -> Reading | None:
    """JSON whose records carry a record key or an utterance id."""
    members = [held for held in inventory.of_kind("json") if _has_keys(inventory, held)]
    if not members:
        return None
    reading = inventory.reading(NAME)
    recordings = inventory.of_kind(*AUDIO)
    found = read_members(reading, inventory, members, names_of(recordings), _HINTS)
    if not found:
        inventory.give_back(members)
        return None
    inventory.give_back([h for h in members if h.id not in {f.held.id for f in found}])
    joiner = Joiner(recordings)
    for read_ in found:
        joiner.join(reading, read_.held, read_.told)
        named = sum(row.speaker is not None for row in read_.told)
        if named:
            text = f"{named} items carry the vendor's own naming of the speaker: a claim, not a fact."
            reading.note(read_.held, "vendor-names-speaker", text)
        if _goes_on(inventory, read_.held):
            text = "The history goes on: it was saved page by page, and this is one."
            reading.find(read_.held, "more-pages", text, "Ask for the other pages.")
    rows = sum(row.key is not None for read_ in found for row in read_.told)
    reading.evidence.append(
        ("layout", f"{len(found)} voice history file(s), {rows} rows with an utterance id")
    )
    return reading


def _has_keys(inventory: Inventory, held: Held) -> bool:
    head = inventory.read(held, _HEAD)
    return any(key in head for key in _KEYS)


def _goes_on(inventory: Inventory, held: Held) -> bool:
    """Whether the page's token for the next page holds something."""
    import re

    pattern = re.compile(rb'"encodedRequestToken"\s*:\s*"[^"]')
    before = b""
    with inventory.open(held) as file:
        while chunk := file.read(1 << 20):
            if pattern.search(before + chunk):
                return True
            before = chunk[-80:]
    return False
