"""CIFT case folders: tables of an acquired cloud, its timeline, and voice files named by time and text.

Tables are found by their columns. File names carry whole seconds with the acquirer's offset; the timeline's
own zone label is the acquirer's offset on the day of acquisition and is wrong for the other half of the year.
"""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

from forensics.intake.clock import read_time
from forensics.intake.devices import NO_DEVICE, Device
from forensics.intake.exports.account import ACCOUNT, OTHER, Account, read_text
from forensics.intake.exports.anything import READABLE, read_members
from forensics.intake.exports.base import Facts, Field, Held, Inventory, Reading
from forensics.intake.exports.sidecar import Joiner, names_of, passage_of
from forensics.intake.exports.sound import recording_facts
from forensics.intake.exports.times_in import Clock
from forensics.intake.exports.told import Told, withheld_in
from forensics.intake.meaning.grids import Grid
from forensics.intake.meaning.sources import content_of
from forensics.intake.sniff import AUDIO
from forensics.intake.statuses import placeholder, status_of
from forensics.intake.suspicious import credential, mask
from forensics.intake.texts import is_missing, tidy

NAME = "cift"
ORDER = 100

_SHAPES = {
    "timeline": {"date", "time", "timezone", "macb", "sourcetype", "short", "desc", "extra"},
    "acquired": {"id", "operation_type", "src_path", "saved_path", "sha1"},
    "account": {"customer_email", "customer_id", "comms_id"},
    "credential": {"type", "domain", "value", "source"},
    "wifi": {"ssid", "security_method", "pre_shared_key"},
}
_SHORTEST = min(len(",".join(wanted)) for wanted in _SHAPES.values())
"""Bytes of the shortest header of them."""
_TIMELINE = {
    "date": "date", "time": "time_of_day", "timezone": "zone", "desc": "said", "notes": "status",
    "user": "customer", "host": "device_serial", "extra": "id", "short": "status", "sourcetype": "status",
}  # fmt: skip
_HINTS = {
    "customer_name": "person", "customer_email": "email", "phone_number": "phone", "customer_id": "customer",
    "comms_id": "id", "source": "id", "device_account_name": "device", "device_serial_number": "device_serial",
    "device_type": "device_type", "device_account_id": "id", "search_customer_id": "id", "mac_address": "id",
    "address": "address", "postal_code": "address", "saved_path": "file", "src_path": "id", "sha1": "checksum",
    "appliance_id": "id", "alexa_device_serial_number": "id", "alexa_device_type": "id", "contact_id": "id",
}  # fmt: skip
_VOICE = re.compile(
    r"\((?P<time>[^()]{10,40})\)(?:_\d{1,3})?_TEXT\((?P<text>.*)\)\.(?:wav|mp3)$", re.IGNORECASE | re.DOTALL
)
_URL = re.compile(r"User's voice:\s*\"?([^\"|]+)")


@dataclass
class _Tables:
    """The tables of one case folder."""

    found: dict[str, list[tuple[Held, Grid]]] = field(default_factory=dict)

    def rows(self, name: str) -> list[tuple[Held, int, dict[str, str]]]:
        return [(h, n, _lower(row)) for h, grid in self.found.get(name, ()) for n, row in grid.rows]


def read(inventory: Inventory) -> Reading | None:
    """A timeline or a list of acquired files, or voice files with CIFT's names."""
    reading = inventory.reading(NAME)
    tables = _Tables()
    for held in inventory.of_kind("text"):
        if (held.member.size or 0) < _SHORTEST:
            continue
        start = inventory.read(held, 600).lower()
        if not any(all(name.encode() in start for name in wanted) for wanted in _SHAPES.values()):
            continue
        scratch = Reading(NAME)
        content = content_of("text", read_text(scratch, inventory, held), named_table=True)
        for grid in content.grids:
            columns = {name.lower() for name in grid.header}
            for shape, wanted in _SHAPES.items():
                if wanted <= columns:
                    tables.found.setdefault(shape, []).append((held, grid))
                    scratch.problems += [(held, p) for p in content.problems]
                    reading.problems += scratch.problems
    recordings = inventory.of_kind(*AUDIO)
    voices = [(held, m) for held in recordings if (m := _VOICE.search(held.path))]
    if not voices and not {"timeline", "acquired"} & set(tables.found):
        return None
    _secrets(reading, tables)
    spoken, rows = _timeline(reading, tables)
    joined = _voices(reading, inventory, tables, voices, spoken)
    _history(reading, tables, rows, joined)
    for row in tables.rows("account"):
        if not is_missing(row[2].get("customer_name", "")):
            reading.stated["name", row[2]["customer_name"]] += 1
    if tables.found.get("timeline"):
        reading.own = True
    rest = inventory.of_kind(*READABLE)
    names = names_of(recordings)
    joiner = Joiner([held for held in recordings if held.facts is None])
    for found in read_members(reading, inventory, [h for h in rest if not _is_log(h)], names, _HINTS):
        joiner.join(reading, found.held, found.told)
    for held in rest:
        if held.facts is None:
            reading.set(held, OTHER)
            reading.fields.append(Field(held.id, None, "unknown", "layout", 1.0))
    text = f"{len(tables.found)} kinds of tables, {len(voices)} voice files"
    reading.evidence.append(("layout", text))
    return reading


def _secrets(reading: Reading, tables: _Tables) -> None:
    """Session cookies and network keys: the top finding, never their text."""
    for held, _, row in tables.rows("credential"):
        if not is_missing(row.get("value", "")):
            where = f"{row.get('type', '')} {row.get('domain', '')}".strip()[:80]
            reading.problems.append((held, credential("session cookie", where, mask(row["value"]))))
    for held, _, row in tables.rows("wifi"):
        if not is_missing(row.get("pre_shared_key", "")):
            where = f"network {row.get('ssid', '')}"[:80]
            reading.problems.append((held, credential("network key", where, mask(row["pre_shared_key"]))))
    for shape in ("credential", "wifi"):
        for held, grid in tables.found.get(shape, ()):
            reading.set(held, ACCOUNT)
            account = Account(reading, held)
            for n, row in grid.rows:
                for name, value in row.items():
                    if name.lower() not in ("value", "pre_shared_key"):
                        account.add(value, "text", line=n, name=name)
            account.close()
            for name in grid.header:
                secret, seen = name.lower() in ("value", "pre_shared_key"), len(grid.column(name))
                meaning = "secret" if secret else "text"
                used = seen if secret else 0
                withheld = withheld_in(grid.column(name))
                reading.fields.append(Field(held.id, name, meaning, "layout", 1.0, seen, used, withheld))


def _timeline(
    reading: Reading, tables: _Tables
) -> tuple[dict[str, dict[str, str]], list[tuple[Held, Told, str | None]]]:
    """Rows by the URL of the recording that they belong to, and all commands and answers with that URL."""
    by_url: dict[str, dict[str, str]] = {}
    clocks: dict[str, Clock] = {}
    labelled: Counter[str] = Counter()
    rows: list[tuple[Held, Told, str | None]] = []
    for held, line, row in tables.rows("timeline"):
        clock = clocks.setdefault(held.id, Clock(reading, held))
        text, notes = row.get("desc", ""), row.get("notes", "")
        zone = row.get("timezone") or None
        when = clock.take(read_time(f"{row.get('date', '')} {row.get('time', '')}", zone=zone))
        if zone and when.at is not None:
            labelled[held.id] += 1
        match = _URL.search(row.get("extra", ""))
        url = match[1].strip() if match else None
        if url and (by_url.get(url) is None or "command" in notes.lower()):
            by_url[url] = row
        if is_missing(text) or placeholder(text) is not None:
            continue
        said = "command" in notes.lower() or "heard" in notes.lower()
        answered = "answer" in notes.lower()
        plain, host, user = tidy(text)[0], row.get("host", ""), row.get("user", "")
        device = NO_DEVICE if is_missing(host) else Device(host)
        told = Told(
            line, plain if said else "", plain if answered and not said else "",
            "" if said or answered else plain, when, row.get("short") or "desc", row.get("short") or "desc", (), None, device,
            status_of(notes) if not said else None, None, None if is_missing(user) else user,
        )  # fmt: skip
        rows.append((held, told, url))
        if device:
            reading.devices.append((held, device))
    for held, grid in tables.found.get("timeline", ()):
        if held.id in clocks:
            clocks[held.id].close()
        if labelled[held.id]:
            text = f"{labelled[held.id]} rows carry the acquirer's offset on the day of acquisition."
            reading.find(held, "offset-of-acquirer", text, "Prefer the recordings' own times; allow an hour.")
        reading.set(held, Facts("transcript"))
        for name in grid.header:
            meaning, seen = _TIMELINE.get(name.lower(), "unknown"), len(grid.column(name))
            used = 0 if meaning == "unknown" else seen
            withheld = withheld_in(grid.column(name))
            reading.fields.append(Field(held.id, name, meaning, "layout", 1.0, seen, used, withheld))
    return by_url, rows


def _history(
    reading: Reading, tables: _Tables, rows: list[tuple[Held, Told, str | None]], joined: set[str]
) -> None:
    """Rows of the timeline without a recording become passages; those with one speak through it."""
    statuses = Counter(told.customer for _, told, _ in rows if told.customer)
    for customer in statuses:
        reading.histories[customer] += 1
    for held, told, url in rows:
        if told.text and url in joined:
            continue
        for text, meaning in ((told.text, "said"), (told.answer, "answered"), (told.other, "text")):
            if text:
                reading.passages.append(passage_of(held, told, text, meaning))


def _voices(
    reading: Reading,
    inventory: Inventory,
    tables: _Tables,
    voices: list[tuple[Held, re.Match[str]]],
    spoken: dict[str, dict[str, str]],
) -> set[str]:
    """Voice files: joined to their rows, checked against the folder's own integrity record.

    Returns
    -------
    set of str
        URLs of the recordings that are here.
    """
    joined: set[str] = set()
    acquired: dict[str, dict[str, str]] = {}
    for _, _, row in tables.rows("acquired"):
        path = re.split(r"[/\\]", row.get("saved_path", ""))
        at = next((n for n, part in enumerate(path) if part.lower() == "evidence_library"), None)
        if at is not None:
            acquired["/".join(path[at:]).lower()] = row
    titles = {
        row.get("desc", "").strip().lower()
        for _, _, row in tables.rows("timeline")
        if row.get("short", "").lower().endswith("card")
    }
    for held, match in voices:
        place = held.path.lower()
        record = next((r for end, r in acquired.items() if place.endswith(end)), None)
        if record is not None and re.fullmatch(r"[0-9a-fA-F]{40}", record.get("sha1", "")):
            found = _sha1(inventory, held)
            if found != record["sha1"].lower():
                text = f"Its SHA-1 is {found}, where the folder's own record says {record['sha1'].lower()}."
                reading.find(
                    held, "sha1-differs", text, "Treat the recording as changed since its acquisition."
                )
        url = record.get("src_path", "").strip() if record is not None else ""
        event = spoken.get(url)
        text = match["text"].strip()
        if event is not None and "command" in event.get("notes", "").lower():
            text = event.get("desc", text)
            text = "" if is_missing(text) or placeholder(text) else text
            joined.add(url)
        elif placeholder(text) is not None or not text:
            text = ""
        elif text.lower() in titles:
            reading.note(
                held, "card-title", "The text in its name is the title of a card, not what was said."
            )
            text = ""
        said = recording_facts(reading, held, vendor_text=tidy(text)[0] or None)
        device = said.device
        owner = None
        if event is not None:
            if not is_missing(event.get("host", "")):
                device = Device(event["host"], kind=device.kind)
            owner = event.get("user") if not is_missing(event.get("user", "")) else None
        facts = Facts("recording", said.when, device, said.vendor_text, owner, status_of(_status(event)))
        reading.set(held, facts)
    return joined


def _status(event: dict[str, str] | None) -> str | None:
    """What the timeline says became of a recording, where its notes are a status and no role."""
    notes = (event or {}).get("notes", "")
    return notes if re.fullmatch(r"[A-Z_]+", notes) else None


def _sha1(inventory: Inventory, held: Held) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    with inventory.open(held) as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _is_log(held: Held) -> bool:
    return held.name.lower().endswith("progress_log.txt")


def _lower(row: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in row.items()}
