"""CIFT case folders: tables of an acquired cloud, its timeline, and voice files named by time and text.

Tables are found by their columns. File names carry whole seconds with the acquirer's offset; the timeline's
own zone label is the acquirer's offset on the day of acquisition and is wrong for the other half of the year.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

from forensics.intake.clock import read_time
from forensics.intake.devices import NO_DEVICE, Device
from forensics.intake.exports.account import ACCOUNT, OTHER, read_account_files
from forensics.intake.exports.base import Facts, Held, Inventory, Passage, Reading
from forensics.intake.exports.grid import Grid, read_grid
from forensics.intake.exports.sound import recording_facts
from forensics.intake.exports.times_in import Clock
from forensics.intake.sniff import AUDIO, TEXTS
from forensics.intake.suspicious import credential, mask
from forensics.intake.texts import is_missing, tidy

NAME = "cift"
ORDER = 100

_SHAPES = {
    "timeline": {"date", "time", "timezone", "macb", "sourcetype", "short", "desc", "extra"},
    "acquired": {"id", "operation_type", "src_path", "saved_path", "sha1"},
    "account": {"customer_email", "customer_id", "comms_id"},
    "device": {"device_serial_number", "device_account_name", "device_type"},
    "credential": {"type", "domain", "value", "source"},
    "wifi": {"ssid", "security_method", "pre_shared_key"},
}
_VOICE = re.compile(
    r"\((?P<time>[^()]{10,40})\)_TEXT\((?P<text>.*)\)\.(?:wav|mp3)$", re.IGNORECASE | re.DOTALL
)
_NO_TEXT = {"transcript not available", "unknown", ""}
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
        start = inventory.read(held, 600).lower()
        if not any(all(name.encode() in start for name in wanted) for wanted in _SHAPES.values()):
            continue
        scratch = Reading(NAME)
        grid = read_grid(scratch, inventory, held)
        columns = {name.lower() for name in grid.header} if grid is not None else set()
        for shape, wanted in _SHAPES.items():
            if grid is not None and wanted <= columns:
                tables.found.setdefault(shape, []).append((held, grid))
                reading.problems += scratch.problems
    voices = [(held, m) for held in inventory.of_kind(*AUDIO) if (m := _VOICE.search(held.path))]
    if not voices and not {"timeline", "acquired"} & set(tables.found):
        return None
    _identities(reading, tables)
    _secrets(reading, tables)
    spoken = _timeline(reading, tables)
    _voices(reading, inventory, tables, voices, spoken)
    for shape in ("timeline", "acquired", "account", "device"):
        for held, _ in tables.found.get(shape, ()):
            if held.facts is None:
                reading.set(held, ACCOUNT if shape != "timeline" else Facts("transcript"))
    if tables.found.get("timeline"):
        reading.own = bool(reading.stated)
    rest = [held for held in inventory.of_kind(*TEXTS) if held.facts is None]
    read_account_files(reading, inventory, [h for h in rest if not _is_log(h)])
    for held in rest:
        if held.facts is None:
            reading.set(held, OTHER)
    text = f"{len(tables.found)} kinds of tables, {len(voices)} voice files"
    reading.evidence.append(("layout", text))
    return reading


def _identities(reading: Reading, tables: _Tables) -> None:
    for _, _, row in tables.rows("account"):
        for column, kind in (
            ("customer_id", "customer id"),
            ("customer_email", "e-mail"),
            ("customer_name", "name"),
        ):
            if not is_missing(row.get(column, "")):
                reading.stated[kind, row[column]] += 1
    for _, _, row in tables.rows("device"):
        if not is_missing(row.get("device_serial_number", "")):
            reading.stated["device", row["device_serial_number"]] += 1


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
            for n, row in grid.rows:
                for name, value in row.items():
                    if name.lower() not in ("value", "pre_shared_key"):
                        text = tidy(value)[0]
                        reading.passages.append(Passage(held.id, "account", text, line=n, field=name))


def _timeline(reading: Reading, tables: _Tables) -> dict[str, dict[str, str]]:
    """Rows by the URL of the recording that they belong to; all commands and answers as passages."""
    by_url: dict[str, dict[str, str]] = {}
    clocks: dict[str, Clock] = {}
    labelled: Counter[str] = Counter()
    for held, line, row in tables.rows("timeline"):
        clock = clocks.setdefault(held.id, Clock(reading, held))
        text, notes = row.get("desc", ""), row.get("notes", "")
        zone = row.get("timezone") or None
        when = clock.take(read_time(f"{row.get('date', '')} {row.get('time', '')}", zone=zone))
        if zone and when.at is not None:
            labelled[held.id] += 1
        if url := _URL.search(row.get("extra", "")):
            known = by_url.get(url[1].strip())
            if known is None or "command" in notes.lower():
                by_url[url[1].strip()] = row
        if not is_missing(text):
            said = "command" in notes.lower() or "heard" in notes.lower()
            host = row.get("host", "")
            reading.passages.append(
                Passage(
                    held.id,
                    "transcript" if said else "account",
                    tidy(text)[0],
                    line=line,
                    field=row.get("short") or None,
                    when=when,
                    meaning="said" if said else "answered",
                    device=NO_DEVICE if is_missing(host) else Device(host),
                    status="understood" if said else None,
                )
            )
    for held, _ in tables.found.get("timeline", ()):
        if held.id in clocks:
            clocks[held.id].close()
        if labelled[held.id]:
            text = f"{labelled[held.id]} rows carry the acquirer's offset on the day of acquisition."
            reading.find(held, "offset-of-acquirer", text, "Prefer the recordings' own times; allow an hour.")
    return by_url


def _voices(
    reading: Reading,
    inventory: Inventory,
    tables: _Tables,
    voices: list[tuple[Held, re.Match[str]]],
    spoken: dict[str, dict[str, str]],
) -> None:
    """Voice files: joined to their rows, checked against the folder's own integrity record."""
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
        event = spoken.get(record.get("src_path", "").strip()) if record is not None else None
        text = match["text"].strip()
        if event is not None and "command" in event.get("notes", "").lower():
            text = event.get("desc", text)
        elif text.lower() in _NO_TEXT:
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
        reading.set(held, Facts("recording", said.when, device, said.vendor_text, owner))


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
