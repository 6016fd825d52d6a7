"""Rows of ``claims`` and ``utterances`` written by hand, with every column of the schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from forensics.linkage.register_file import resolve

PLACES = ("home_place", "work_place", "other_place")


def claim_row(
    attribute: str, value: str, *, role: str = "subject", p: float = 0.95, **columns: Any
) -> dict[str, Any]:
    """A claim that was said with probability `p` and means what it says; `columns` replace the defaults."""
    row = {
        "claim_id": f"{attribute}:{value}", "attribute": attribute, "subject_role": role, "value": value,
        "kind": None, "person_id": None, "places": place(value) if attribute in PLACES else [],
        "device_ids": [], "alternatives": [], "roles": [{"value": role, "probability": 1.0}],
        "p_value": p, "p_role": 1.0, "p_true": p, "p_shared": None, "sources": ["audio"],
        "special_category": None, "first_day": None, "last_day": None, "clock_min": None, "weekdays": [],
        "steps": [], "p_unmeant": None, "utterance_ids": [], "mention_ids": [], "n_support": 1,
        "dep_group": attribute, "reason": "", "details": [], "data_subject_group": "g",
    }  # fmt: skip
    assert columns.keys() <= row.keys()
    return row | columns


def place(name: str) -> list[dict[str, Any]]:
    """The place of this name, for certain; nothing for a name that no gazetteer knows."""
    found = resolve(name)
    return [] if found is None else [{"place_id": found.geonameid, "probability": 1.0}]


def utterance_row(
    name: str, *, text: str | None = None, sound: bool = True, **columns: Any
) -> dict[str, Any]:
    """An utterance, with sound or without; `columns` replace the defaults."""
    row = {
        "utterance_id": name, "recording_id": f"rec-{name}" if sound else None, "started_at": None,
        "started_at_basis": "unknown", "utc_offset_min": None, "device_id": None, "vendor_text": text,
        "vendor_status": None, "speaker_label": None, "member_id": None, "passage_id": None, "page": None,
        "line": None, "match_score": None, "occurrences": 1, "data_subject_group": "g",
    }  # fmt: skip
    assert columns.keys() <= row.keys()
    return row | columns


def at(day: int) -> datetime:
    """Eight in the morning, UTC, of a day in May 2018."""
    return datetime.fromisoformat(f"2018-05-{day:02d}T08:00:00+00:00")
