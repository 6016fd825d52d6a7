"""Google Takeout: My Activity of Assistant, or Voice and Audio, as JSON or HTML, in any language.

Records are found by their shape: a title, a time and products in JSON; ``outer-cell`` blocks in HTML. One
export is one account. Times in names of sound files are UTC; the zone that a page shows is that of the day of
the export, so the name is preferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Literal

from forensics.intake import texts
from forensics.intake.clock import read_time
from forensics.intake.exports.account import read_account_files, read_text
from forensics.intake.exports.base import Facts, Held, Inventory, Passage, Reading, When
from forensics.intake.exports.grid import records_in
from forensics.intake.exports.roles import base_name
from forensics.intake.exports.sound import recording_facts
from forensics.intake.exports.times_in import Clock
from forensics.intake.problems import Problem
from forensics.intake.sniff import AUDIO, TEXTS

NAME = "google-takeout"
ORDER = 150

_VERBS = re.compile(
    r"^(?:said|asked|gesagt|gefragt|gesprochen|sagte|dijo|dijiste|gezegd|dit)\s*:?\s+(?P<text>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_DATE = re.compile(r"\d{4}.*\d{1,2}:\d\d:\d\d")
_ZONE_NAMED = re.compile(r"[AP]M [A-Z]{2,5}$|\d\d [A-Z]{2,5}$")
_MEANINGS = {"said": "said", "answer": "answered", "title": "text", "place": "place"}
_AUDIO_NAME = re.compile(r"\.(mp3|wav|ogg|opus|m4a)$", re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """One activity."""

    line: int
    title: str
    time: str
    answers: tuple[str, ...]
    audio: tuple[str, ...]
    places: tuple[str, ...] = ()


def read(inventory: Inventory) -> Reading | None:
    """Activity files by shape, and the sound files that they name."""
    reading = inventory.reading(NAME)
    named: dict[str, tuple[Record, When]] = {}
    files = 0
    for held in inventory.of_kind("json", "html"):
        scratch = Reading(NAME)
        text = read_text(scratch, inventory, held)
        if held.kind == "json" and '"title"' not in text:
            continue
        records, problems = _json_records(text) if held.kind == "json" else (_page_records(text), [])
        if not records:
            continue
        files += 1
        reading.problems += scratch.problems + [(held, p) for p in problems]
        _keep(reading, held, records, named)
    if not files:
        return None
    reading.own = True
    joined = 0
    for held in inventory.of_kind(*AUDIO):
        found = named.pop(held.name.lower(), None)
        joined += found is not None
        _recording(reading, held, found)
    if named:
        text = f"{len(named)}, which another part of the export may hold"
        reading.evidence.append(("recordings named and not here", text))
    read_account_files(reading, inventory, [h for h in inventory.of_kind(*TEXTS) if h.facts is None])
    reading.evidence.insert(0, ("layout", f"{files} activity file(s), {joined} recordings named in them"))
    return reading


def _keep(reading: Reading, held: Held, records: list[Record], named: dict[str, tuple[Record, When]]) -> None:
    clock = Clock(reading, held)
    export_zone = 0
    for record in records:
        when = clock.when(record.time)
        zone = record.time.replace("\u202f", " ")
        export_zone += bool(_ZONE_NAMED.search(zone)) and not zone.endswith(("UTC", "GMT", "Z"))
        for name in record.audio:
            named[base_name(name)] = (record, when)
        said = spoken_text(record.title)
        if said and not record.audio:
            _say(reading, held, record, "transcript", "said", said, when)
        if not said:
            _say(reading, held, record, "account", "title", record.title, when)
        for name, found in (("answer", record.answers), ("place", record.places)):
            for text in found:
                _say(reading, held, record, "account", name, text, when)
    clock.close()
    if export_zone:
        text = f"{export_zone} times carry the zone of the day of export, wrong in the other season."
        reading.find(held, "offset-of-export", text, "Prefer the times in the names of the sound files.")
    reading.set(held, Facts("transcript"))


def _say(
    reading: Reading,
    held: Held,
    record: Record,
    role: Literal["transcript", "account"],
    field: str,
    text: str,
    when: When,
) -> None:
    if clean := texts.tidy(text)[0]:
        reading.passages.append(
            Passage(held.id, role, clean, line=record.line, field=field, when=when, meaning=_MEANINGS[field])
        )


def _recording(reading: Reading, held: Held, found: tuple[Record, When] | None) -> None:
    scratch = Reading(NAME)
    said = recording_facts(scratch, held)
    when, text = said.when, None
    if found is not None:
        record, stated = found
        text = texts.tidy(spoken_text(record.title) or "")[0] or None
        if when.at is None:
            when = stated
    if text is None and (match := re.search(r"_UTC-(.+)\.\w{2,4}$", held.name)):
        text = texts.tidy(match[1])[0] or None
    if when.at is None:
        reading.problems += scratch.problems
    reading.set(held, Facts("recording", when, said.device, text))


def spoken_text(title: str) -> str | None:
    """What was said, without the verb that the page puts before it; None if nothing was."""
    match = _VERBS.match(title.strip())
    return match["text"].strip() if match else None


def _json_records(text: str) -> tuple[list[Record], list[Any]]:
    loaded, problems = texts.read_json(text)
    records = []
    broken = 0
    for _, value in loaded:
        for number, item in enumerate(records_in(value), start=1):
            snippet = item.get("snippet")
            inner = snippet if isinstance(snippet, dict) else item
            title, time = inner.get("title"), inner.get("time") or inner.get("publishedAt")
            if not ({"header", "products"} & item.keys() or "snippet" in item):
                continue
            if not isinstance(title, str) or not isinstance(time, str):
                broken += 1
                continue
            records.append(
                Record(number, title, time, _names(item.get("subtitles")), _strings(item.get("audioFiles")),
                       _names(item.get("locationInfos")))
            )  # fmt: skip
    if broken and records:
        problems.append(Problem("row-unreadable", f"{broken} records lack a title or a time; left out."))
    return records, problems


def _names(items: Any) -> tuple[str, ...]:
    if not isinstance(items, list):
        return ()
    return tuple(str(i["name"]) for i in items if isinstance(i, dict) and i.get("name"))


def _strings(items: Any) -> tuple[str, ...]:
    return tuple(i for i in items if isinstance(i, str)) if isinstance(items, list) else ()


def _page_records(text: str) -> list[Record]:
    if "outer-cell" not in text:
        return []
    parser = _Page()
    parser.feed(text)
    parser.close()
    parser.end_cell()
    return parser.found


class _Page(HTMLParser):
    """Records of an activity page: text by cell, names of sound files, nothing opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Record] = []
        self._lines: list[str] | None = None
        self._audio: list[str] = []
        self._line = 0
        self._fresh = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if "outer-cell" in (values.get("class") or ""):
            self.end_cell()
            self._lines, self._audio, self._line = [], [], self.getpos()[0]
        for name in ("href", "src"):
            target = values.get(name) or ""
            if self._lines is not None and _AUDIO_NAME.search(target) and target not in self._audio:
                self._audio.append(target)
        self._fresh |= tag in ("br", "div", "p", "audio", "source")

    def handle_endtag(self, tag: str) -> None:
        self._fresh |= tag in ("div", "p")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if self._lines is None or not text:
            return
        if self._fresh or not self._lines:
            self._lines.append(text)
        else:
            self._lines[-1] += f" {text}"
        self._fresh = False

    def end_cell(self) -> None:
        """Close the record under way."""
        lines = self._lines or []
        self._lines = None
        times = [
            n
            for n, line in enumerate(lines)
            if _DATE.search(line) and read_time(line).doubt != "time-unreadable"
        ]
        if not times:
            return
        at = times[0]
        head = 1 if at > 1 and spoken_text(lines[0]) is None else 0  # the product's name stands above
        title = lines[head] if at > 0 else ""
        answers = tuple(lines[head + 1 : at])
        self.found.append(Record(self._line, title, lines[at], answers, tuple(self._audio)))
