"""Recordings in a folder, with or without tables beside them: what remains when nothing else is met."""

from __future__ import annotations

from forensics.intake.exports.account import OTHER
from forensics.intake.exports.anything import READABLE, read_members
from forensics.intake.exports.base import Inventory, Reading
from forensics.intake.exports.papers import keep_lines, lines_of
from forensics.intake.exports.sidecar import Joiner, names_of
from forensics.intake.exports.sound import read_recordings
from forensics.intake.sniff import AUDIO

NAME = "plain-folder"
ORDER = 1000


def read(inventory: Inventory) -> Reading | None:
    """Everything that is left."""
    reading = inventory.reading(NAME)
    recordings = inventory.of_kind(*AUDIO)
    joiner = Joiner(recordings)
    for found in read_members(reading, inventory, inventory.of_kind(*READABLE), names_of(recordings)):
        joined = joiner.join(reading, found.held, found.told)
        reading.evidence.append(
            ("history", f"{found.held.name}: {len(found.told)} rows, {joined} recordings joined")
        )
    for held in inventory.of_kind("pdf"):
        joiner.join(reading, held, keep_lines(reading, held, lines_of(reading, inventory, held)))
    read_recordings(reading, joiner.left())
    for held in inventory:
        reading.set(held, OTHER)
    return reading
