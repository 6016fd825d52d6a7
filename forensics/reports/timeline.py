"""The timeline: what was asked of which device and when, without names and without what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.case.ids import make_id
from forensics.case.rows import Row

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

ACCIDENTAL = 0.5
"""From this score an event is told as one that nobody meant (even odds)."""


def run(bench: Workbench) -> None:
    """Write one event per utterance whose time is known.

    Timesketch's three columns are ``message``, ``datetime`` and ``timestamp_desc``. Messages hold type of
    device, domain and intent only; an utterance without a time is not an event, so it is left out.
    """
    intents = {row["utterance_id"]: row for row in bench.rows("intents")}
    types = {row["device_id"]: row["device_type"] for row in bench.rows("devices")}
    rows = [
        event(row, intents.get(row["utterance_id"]), types.get(row["device_id"]))
        for row in bench.rows("utterances")
        if row["started_at"] is not None
    ]
    for key in bench.todo([rows], key=lambda item: item):
        bench.keep(key, {"timeline": rows})


def event(utterance: Row, intent: Row | None, device_type: str | None) -> Row:
    """A row of ``timeline``.

    Parameters
    ----------
    utterance : dict
        A row of ``utterances`` with a time.
    intent : dict or None
        Its row of ``intents``.
    device_type : str or None
        What it was said to, in the words of our own list; a name given by the household never stands here.
    """
    sound = utterance["recording_id"] is not None
    if intent is None:
        said = "recording" if sound else "utterance"
    elif (intent["accidental_score"] or 0) > ACCIDENTAL:
        said = "recording that nobody seems to have meant to make"
    else:
        said = f"{intent['domain']} command ({intent['intent']})"
    basis = {
        "export": "stated by the export", "derived": "derived", "tag": "from a tag in the sound",
        "file_time": "from the file's time",
    }  # fmt: skip
    what = "Recording started" if sound else "Said"
    return {
        "event_id": make_id("evt", utterance["utterance_id"], str(utterance["started_at"])),
        "message": f"{device_type or 'unknown device'}: {said}",
        "datetime": utterance["started_at"],
        "timestamp_desc": f"{what}, {basis.get(utterance['started_at_basis'], 'unknown')}",
        **{name: utterance[name] for name in ("utterance_id", "recording_id", "member_id", "device_id")},
        "domain": intent["domain"] if intent else None,
        "data_subject_group": utterance["data_subject_group"],
    }
