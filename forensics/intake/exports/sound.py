"""Recordings, whatever their layout: what their names say."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.intake.exports.base import Facts, Held, Identity, Reading, When
from forensics.intake.problems import Problem
from forensics.intake.times import read_name


def read_recordings(reading: Reading, members: Iterable[Held]) -> None:
    """Add `members` to `reading` as recordings, with time and device from their names."""
    for held in members:
        said = read_name(held.path)
        when = When(said.started_at, said.basis, said.utc_offset_min)
        if said.started_at is None and held.member.file_time is not None:
            note = Problem(
                "time-unknown",
                "The name tells no time; the file's own time is its copy's, not the recording's.",
                level="note",
            )
            reading.problems.append((held.id, note))
        if said.basis == "derived":
            note = Problem(
                "time-without-zone",
                f"The time in the name has no zone ({said.rule}); read as UTC.",
                level="note",
            )
            reading.problems.append((held.id, note))
        reading.facts[held.id] = Facts("recording", when, device=said.device)
        if said.device is not None:
            reading.identities.append(Identity(held.id, "device", said.device, said.rule))
