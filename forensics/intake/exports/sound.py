"""Recordings, whatever their layout: what their names say."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.intake.clock import read_time
from forensics.intake.devices import Device
from forensics.intake.exports.base import UNKNOWN, Facts, Held, Reading, When
from forensics.intake.sound_tags import recorded_at
from forensics.intake.times import read_name
from forensics.knowledge.device_types import device_type


def read_recordings(reading: Reading, members: Iterable[Held]) -> None:
    """Add `members` to `reading` as recordings, with time and device from their names."""
    for held in members:
        reading.set(held, recording_facts(reading, held))


def recording_facts(
    reading: Reading, held: Held, *, vendor_text: str | None = None, owner: str | None = None
) -> Facts:
    """What the name of a recording says."""
    said = read_name(held.path)
    when = UNKNOWN
    if said.started_at is not None:
        when = When(said.started_at, said.basis, said.utc_offset_min)
        if said.basis == "derived":
            reading.note(held, "time-without-zone", f"The time in the name ({said.rule}) was read as UTC.")
    else:
        when = tagged(reading, held)
        if when.at is None:
            reading.note(held, "time-unknown", "Nothing says when this was recorded.")
        else:
            reading.note(held, "time-in-tag", "Its time is what a tag in the sound's own file says.")
    return Facts("recording", when, device_in(held, said.device), vendor_text, owner)


def tagged(reading: Reading, held: Held) -> When:
    """The time that a tag in the sound's own file states; unknown without a time of day.

    Who encodes a sound later may write that time; so it yields to all that the export says.
    """
    if reading.opened is None:
        return UNKNOWN
    with reading.opened(held) as file:
        text = recorded_at(file, held.kind)
    read = read_time(text) if text else None
    return When(read.at, "tag", read.utc_offset_min) if read and read.at is not None else UNKNOWN


def device_in(held: Held, serial: str | None) -> Device:
    """The device with this serial, and its kind if the member's path holds a known code."""
    return Device(serial, kind=device_type(held.path))
