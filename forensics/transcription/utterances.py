"""The stage after matching: recordings, rows of a history and loose lines become utterances.

The utterance is the unit of evidence from here on: one thing said to or near a device, with its sound, its
text, or both. A recording is an utterance; so is a row of a history that has no sound, and a loose line that
matches no recording. A loose line that does match gives its recording the vendor's words. Where the vendor
says that it understood nothing, something was said all the same: an utterance without text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics.case.ids import make_id
from forensics.corridor.workbench import Workbench
from forensics.transcription.vendor import vendor_text

Row = Mapping[str, Any]
_OF_THE_FILE = ("tag", "file_time")
_SHARED = ("started_at", "started_at_basis", "utc_offset_min", "device_id", "vendor_status", "speaker_label")


def run(bench: Workbench) -> None:
    """Write ``utterances``, one data subject at a time."""
    tables = {name: bench.rows(name) for name in ("recordings", "passages", "matches")}
    for group in sorted({row["data_subject_group"] for rows in tables.values() for row in rows}):
        own = {name: _of(group, rows) for name, rows in tables.items()}
        key = [group, own]
        for _ in bench.todo([key], key=list, label="utterances"):
            bench.keep(key, {"utterances": list(utterances(group, **own))})


def utterances(
    group: str, *, recordings: Iterable[Row], passages: Iterable[Row], matches: Iterable[Row]
) -> Iterator[dict[str, Any]]:
    """Rows of ``utterances`` of one data subject.

    Parameters
    ----------
    group : str
        The data subject that all rows belong to.
    recordings, passages, matches : iterable of mapping
        Rows of these tables.

    Yields
    ------
    dict
        Recordings first. The id derives from the recording, or from the place of the text in its file.
    """
    lines = {row["passage_id"]: row for row in passages if row["role"] == "transcript"}
    matched = {row["recording_id"]: row for row in matches if row["recording_id"] is not None}
    for recording in recordings:
        match = matched.get(recording["recording_id"])
        yield _recorded(group, recording, match, lines.pop(match["passage_id"], None) if match else None)
    for line, occurrences in _distinct(lines.values()):
        yield {
            "utterance_id": utterance_id(group, passage_id=line["passage_id"]),
            "recording_id": None,
            **{name: line[name] for name in _SHARED},
            "vendor_text": vendor_text(line["text"]),
            **{name: line[name] for name in ("member_id", "passage_id", "page", "line")},
            "match_score": None,
            "occurrences": occurrences,
            "data_subject_group": group,
        }


def _distinct(lines: Iterable[Row]) -> Iterator[tuple[Row, int]]:
    """Lines with how often each stands in the bundle: the same words of one device at one second are one."""
    same: dict[Any, list[Row]] = {}
    for line in sorted(lines, key=lambda row: str(row["passage_id"])):
        timed = line["started_at"] is not None and line["started_at_basis"] in ("export", "derived")
        where = (line["started_at"], line["device_id"], line["text"]) if timed else line["passage_id"]
        same.setdefault(where, []).append(line)
    for own in same.values():
        yield own[0], len(own)


def utterance_id(group: str, *, recording_id: str | None = None, passage_id: str | None = None) -> str:
    """The id of an utterance: of its recording, or of its text where there is no sound."""
    return make_id("utt", group, recording_id or passage_id)


def _recorded(group: str, recording: Row, match: Row | None, line: Row | None) -> dict[str, Any]:
    """A recording as an utterance; a matching line adds the vendor's words, and an unknown time."""
    row: dict[str, Any] = {
        "utterance_id": utterance_id(group, recording_id=recording["recording_id"]),
        "recording_id": recording["recording_id"],
        **{name: recording[name] for name in _SHARED},
        "vendor_text": vendor_text(recording["vendor_text"]),
        "member_id": recording["member_id"],
        **dict.fromkeys(("passage_id", "page", "line", "match_score")),
        "occurrences": recording["occurrences"],
        "data_subject_group": group,
    }
    if match is not None:
        if row["vendor_text"] is None:
            row |= {name: match[name] for name in ("passage_id", "page", "line")}
            row |= {"vendor_text": vendor_text(match["text"]), "match_score": match["score"]}
        if line is not None:
            row |= _said_by_the_line(row, line)
    return row


def _said_by_the_line(row: Row, line: Row) -> dict[str, Any]:
    """What the line knows and the recording does not; a file's time yields to one that the export states."""
    told = {name: line[name] for name in ("device_id", "vendor_status", "speaker_label") if row[name] is None}
    if line["started_at"] is not None:
        if row["started_at"] is None or (
            row["started_at_basis"] in _OF_THE_FILE and line["started_at_basis"] not in _OF_THE_FILE
        ):
            told |= {name: line[name] for name in ("started_at", "started_at_basis", "utc_offset_min")}
        elif row["utc_offset_min"] is None:
            told["utc_offset_min"] = line["utc_offset_min"]
    return told


def _of(group: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["data_subject_group"] == group]
