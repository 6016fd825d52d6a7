"""The timeline: what was asked of which device and when, without names and without what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.case.ids import make_id
from forensics.case.masking import Masker

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench


def run(bench: Workbench) -> None:
    """Write one event per recording whose time is known.

    Timesketch's three columns are ``message``, ``datetime`` and ``timestamp_desc``. Messages hold device,
    domain and intent only; a recording without a time is not an event, so it is left out.
    """
    mentions = bench.read("mentions")
    masker = Masker.of_tables({"mentions": mentions})
    intents = {row["recording_id"]: row for row in bench.rows("intents")}
    recordings = bench.rows("recordings")
    member_of = {
        (row["data_subject_group"], row["sha256"]): row["member_id"]
        for row in reversed(bench.rows("members"))
        if row["disposition"] == "recording"
    }
    rows = [
        _event(row, intents.get(row["recording_id"]), member_of, masker)
        for row in recordings
        if row["started_at"] is not None
    ]
    for key in bench.todo([rows], key=lambda item: item):
        bench.keep(key, {"timeline": rows})


def _event(
    recording: dict[str, Any],
    intent: dict[str, Any] | None,
    member_of: dict[tuple[str, str], str],
    masker: Masker,
) -> dict[str, Any]:
    device = recording["device"]
    shown = masker.text(device) if isinstance(device, str) else None
    if intent is None:
        said = "recording"
    elif (intent["accidental_score"] or 0) > 0.5:
        said = "recording that nobody seems to have meant to make"
    else:
        said = f"{intent['domain']} command ({intent['intent']})"
    basis = {"export": "stated by the export", "derived": "derived", "file_time": "from the file's time"}
    return {
        "event_id": make_id("evt", recording["recording_id"], str(recording["started_at"])),
        "message": f"{shown or 'unknown device'}: {said}",
        "datetime": recording["started_at"],
        "timestamp_desc": f"Recording started, {basis.get(recording['started_at_basis'], 'unknown')}",
        "recording_id": recording["recording_id"],
        "member_id": member_of.get((recording["data_subject_group"], recording["sha256"])),
        "device": shown,
        "domain": intent["domain"] if intent else None,
        "data_subject_group": recording["data_subject_group"],
    }
