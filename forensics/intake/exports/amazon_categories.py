"""Amazon's later answers: one zip per category, with a table of transcripts beside the recordings.

Folder and column names change by year and language, so the table is found by the roles of its columns. The
archives may come as a folder of zips or as one zip that holds them; either way they arrive here opened.
"""

from __future__ import annotations

import re

from forensics.intake.exports.account import read_account_files
from forensics.intake.exports.base import Facts, Inventory, Reading
from forensics.intake.exports.grid import read_grid
from forensics.intake.exports.sidecar import find_table, join
from forensics.intake.exports.sound import read_recordings
from forensics.intake.sniff import AUDIO, TEXTS

NAME = "amazon-categories"
ORDER = 400

_CATEGORY = re.compile(
    r"(?:^|/)(Alexa|Advertising|Amazon[-.]\w+|Devices\.Registration|Digital|Retail|Audible|Kindle|"
    r"CustomerCommunicationExperience)\b[^/]*(?:\.zip!)?/", re.IGNORECASE
)  # fmt: skip


def read(inventory: Inventory) -> Reading | None:
    """Files in Amazon's categories, among them a table of transcripts that names recordings or devices."""
    categories = {m[1].lower() for held in inventory if (m := _CATEGORY.search(held.path))}
    if not categories:
        return None
    recordings = inventory.of_kind(*AUDIO)
    reading = inventory.reading(NAME)
    tables = []
    for held in inventory.of_kind("text", "json"):
        scratch = Reading(NAME)
        grid = read_grid(scratch, inventory, held)
        found = find_table(scratch, held, grid, recordings) if grid is not None else None
        reading.problems += [p for p in scratch.problems if found is None and p[1].code == "column-tie"]
        if found is not None:
            tables.append((held, found[1]))
            reading.problems += scratch.problems
    if not tables:
        return None
    joined = 0
    for held, rows in tables:
        reading.set(held, Facts("transcript"))
        joined += join(reading, held, rows, recordings)
    read_recordings(reading, [held for held in recordings if held.facts is None])
    read_account_files(reading, inventory, inventory.of_kind(*TEXTS))
    where = ", ".join(sorted(categories))
    text = f"{len(tables)} transcript table(s) in categories {where}; {joined} recordings joined"
    reading.evidence.append(("layout", text))
    return reading
