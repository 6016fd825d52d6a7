"""Recordings in a folder, with or without other files: what remains when no particular layout is met."""

from __future__ import annotations

from forensics.intake.exports.account import OTHER, read_account_files
from forensics.intake.exports.base import Inventory, Reading
from forensics.intake.exports.papers import keep_lines, lines_of
from forensics.intake.exports.sound import read_recordings
from forensics.intake.sniff import AUDIO, TEXTS

NAME = "plain-folder"
ORDER = 1000


def read(inventory: Inventory) -> Reading | None:
    """Everything that is left."""
    reading = inventory.reading(NAME)
    read_recordings(reading, inventory.of_kind(*AUDIO))
    read_account_files(reading, inventory, inventory.of_kind(*TEXTS))
    for held in inventory.of_kind("pdf"):
        keep_lines(reading, held, lines_of(reading, inventory, held))
    for held in inventory:
        reading.set(held, OTHER)
    return reading
