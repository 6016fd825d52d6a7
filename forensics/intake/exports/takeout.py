"""Google Takeout: My Activity of Assistant, or Voice and Audio, as JSON or HTML, in any language.

Records are found by their shape: a title, a time and products in JSON; ``outer-cell`` blocks in HTML. One
export is one account. Times in names of sound files are UTC; the zone that a page shows is that of the day of
the export, so the name is preferred.
"""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import re
from dataclasses import replace

from forensics.intake import texts
from forensics.intake.exports.account import read_text
from forensics.intake.exports.activity_page import grids_of_page
from forensics.intake.exports.anything import READABLE, Read, read_content, read_members
from forensics.intake.exports.base import Held, Inventory, Reading
from forensics.intake.exports.sidecar import Joiner, names_of
from forensics.intake.exports.sound import read_recordings
from forensics.intake.meaning.sources import Content, content_of
from forensics.intake.sniff import AUDIO

NAME = "google-takeout"
ORDER = 150

_HINTS = {
    "title": "said", "snippet.title": "said", "time": "time", "publishedat": "time", "snippet.publishedat": "time",
    "audiofiles": "file", "audio": "file", "subtitles[].name": "answered", "answer": "answered", "header": "service",
    "titleurl": "id", "subtitles[].url": "id", "products": "service", "activitycontrols": "setting",
    "locationinfos[].name": "text", "locationinfos[].url": "coordinates", "place": "text", "name": "text", "url": "coordinates",
    "source": "text", "sourceurl": "id",
}  # fmt: skip
_HEAD = 1 << 16


def read(inventory: Inventory) -> Reading | None:
    """Activity files by shape, and the sound files that they name."""
    reading = inventory.reading(NAME)
    recordings = inventory.of_kind(*AUDIO)
    names = names_of(recordings)
    files: list[Read] = []
    for held in inventory.of_kind("json", "html"):
        head = inventory.read(held, _HEAD)
        if held.kind == "json" and not _is_activity(head):
            continue
        if held.kind == "html" and b"outer-cell" not in head:
            continue
        scratch = Reading(NAME)
        text = read_text(scratch, inventory, held)
        content = content_of("json", text) if held.kind == "json" else _page(text)
        if not (content.kinds or content.grids):
            continue
        reading.problems += scratch.problems
        files.append(read_content(reading, held, content, names, _HINTS, verbs=True))
    if not files:
        return None
    reading.own = True
    joiner = Joiner(recordings)
    for found in files:
        joiner.join(reading, found.held, found.told)
    joined = len(recordings) - len(joiner.left())
    absent = sum(bool(r.audio) for f in files for r in f.told) - joined
    read_recordings(reading, joiner.left())
    for held in joiner.left():
        _named_by_text(held)
    if absent > 0:
        reading.evidence.append(
            ("recordings named and not here", f"{absent}, which another part of the export may hold")
        )
    for found in read_members(reading, inventory, inventory.of_kind(*READABLE), names):
        joiner.join(reading, found.held, found.told)
    reading.evidence.insert(
        0, ("layout", f"{len(files)} activity file(s), {joined} recordings named in them")
    )
    return reading


def _is_activity(head: bytes) -> bool:
    """Whether a JSON text begins with records of activities: a title beside a header, products or a snippet."""
    titled = b'"title"' in head
    return titled and any(key in head for key in (b'"header"', b'"products"', b'"snippet"'))


def _page(text: str) -> Content:
    return Content(grids_of_page(text), problems=texts.page_problems(text))


def _named_by_text(held: Held) -> None:
    """Recordings whose name carries what was said behind their time."""
    match = re.search(r"_UTC-(.+)\.\w{2,4}$", held.name)
    if match and held.facts is not None and held.facts.vendor_text is None:
        held.facts = replace(held.facts, vendor_text=texts.tidy(match[1])[0] or None)
