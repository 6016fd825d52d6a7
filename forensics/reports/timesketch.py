"""The timeline for Timesketch: CSV or JSON lines with ``message``, ``datetime`` and ``timestamp_desc``.

Rules of its importer (timesketch.org, "Create timeline from JSON/JSONL/CSV file"): the three columns are
in every row, ``datetime`` is ISO 8601 with a zone, a line is an event, the file is UTF-8. A spreadsheet may
open the CSV as well, so that cells which look like formulas are neutralised.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.rows import Row
from forensics.reports.html import publish
from forensics.reports.inert import inert
from forensics.reports.timeline import ACCIDENTAL
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

COLUMNS = (
    "message", "datetime", "timestamp_desc", "event_id", "utterance_id", "recording_id", "member_id",
    "device", "domain",
    "data_subject_group", "tag",
)  # fmt: skip
LONGEST = 32_766  # bytes: what OpenSearch indexes of one value (Lucene, IndexWriter.MAX_TERM_LENGTH)


def write_timeline(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
) -> Path:
    """Write the timeline: JSON lines if the name ends in ``.jsonl``, else CSV.

    Timesketch takes a file by its ending, so that ``.csv`` and ``.jsonl`` are the names to choose.

    Parameters
    ----------
    case : Case
    path : path
    reveal : bool
        Makes no difference: events hold no names. A purpose is asked for and logged all the same.
    purpose : str
    language : {'en', 'de'}, optional
        Of the messages; the case's report language by default.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    target = Path(path)
    write = as_jsonl if target.suffix.lower() == ".jsonl" else as_csv
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language)
    return publish(case, target, write(events(view)).encode(), revealed=False)


def events(view: View) -> list[dict[str, str]]:
    """The timeline's events in order, every value inert text of a length that can be indexed.

    Parameters
    ----------
    view : View
    """
    ordered = sorted(view.rows("timeline"), key=lambda row: (row["datetime"], row["event_id"]))
    return [_event(view, row) for row in ordered]


def as_csv(rows: Iterable[dict[str, str]]) -> str:
    """Events as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_jsonl(rows: Iterable[dict[str, str]]) -> str:
    """Events as one JSON object a line."""
    lines: list[str] = []
    for row in rows:
        event: dict[str, Any] = {key: value for key, value in row.items() if value}
        event["tag"] = row["tag"].split(",") if row["tag"] else []
        lines.append(json.dumps(event, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _event(view: View, row: Row) -> dict[str, str]:
    words = {
        "message": _short(message(view, row)),
        "device": _short(inert(view.device_text(row["device_id"]) if row["device_id"] else "")),
        "domain": row["domain"] or "",
    }
    intent = view.by_utterance("intents").get(row["utterance_id"], {})
    accidental = (intent.get("accidental_score") or 0) > ACCIDENTAL
    return {
        **words,
        "datetime": row["datetime"].astimezone(UTC).isoformat(timespec="microseconds"),
        "timestamp_desc": _short(moment(view, row)),
        "event_id": row["event_id"],
        "utterance_id": row["utterance_id"] or "",
        "recording_id": row["recording_id"] or "",
        "member_id": row["member_id"] or "",
        "data_subject_group": row["data_subject_group"],
        "tag": "accidental" if accidental else "",
    }


def message(view: View, row: Row) -> str:
    """What an event is, in the reader's language: type of device and subject, never what was said."""
    if view.words.language == "en":
        return inert(view.masker.text(row["message"]))
    w, intent = view.words, view.by_utterance("intents").get(row["utterance_id"] or "")
    kind = view.device_kind(row["device_id"])
    if intent is None:
        return w(f"timeline.event.{'recording' if row['recording_id'] else 'utterance'}", device=kind)
    if (intent["accidental_score"] or 0) > ACCIDENTAL:
        return w("timeline.event.accidental", device=kind)
    return w("timeline.event.meant", device=kind, domain=w.name("domain", intent["domain"]))


def moment(view: View, row: Row) -> str:
    """What happened at an event's time, and how the time is known."""
    w = view.words
    if w.language == "en":
        return inert(row["timestamp_desc"])
    said = view.by_utterance("utterances").get(row["utterance_id"] or "", {})
    basis = w.name("time_basis", said.get("started_at_basis") or "unknown")
    return w("timeline.began" if row["recording_id"] else "timeline.said", basis=basis)


def _short(text: str) -> str:
    """`text` cut to what can be indexed, at a character's edge."""
    return text.encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
