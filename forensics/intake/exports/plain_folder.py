"""Recordings in a folder, with or without a table beside them: what remains when nothing else is met."""

from __future__ import annotations

from forensics.intake.exports.account import OTHER, read_account_files
from forensics.intake.exports.base import Facts, Inventory, Reading
from forensics.intake.exports.grid import read_grid
from forensics.intake.exports.papers import keep_lines, lines_of
from forensics.intake.exports.sidecar import find_table, join
from forensics.intake.exports.sound import read_recordings
from forensics.intake.sniff import AUDIO, TEXTS

NAME = "plain-folder"
ORDER = 1000


def read(inventory: Inventory) -> Reading | None:
    """Everything that is left."""
    reading = inventory.reading(NAME)
    recordings = inventory.of_kind(*AUDIO)
    for held in inventory.of_kind("text", "json") if recordings else []:
        scratch = Reading(NAME)
        grid = read_grid(scratch, inventory, held)
        found = find_table(scratch, held, grid, recordings) if grid is not None else None
        reading.problems += [p for p in scratch.problems if found is None and p[1].code == "column-tie"]
        if found is not None and "audio" in found[0].of:
            reading.problems += scratch.problems
            reading.set(held, Facts("transcript"))
            joined = join(reading, held, found[1], recordings)
            recordings = [r for r in recordings if r.facts is None]
            reading.evidence.append(("table beside the recordings", f"{held.name}: {joined} joined by name"))
    read_recordings(reading, recordings)
    read_account_files(reading, inventory, inventory.of_kind(*TEXTS))
    for held in inventory.of_kind("pdf"):
        keep_lines(reading, held, lines_of(reading, inventory, held))
    for held in inventory:
        reading.set(held, OTHER)
    return reading
