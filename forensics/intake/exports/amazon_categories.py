"""Amazon's later answers: one zip per category, with a table of transcripts beside the recordings.

Folder and column names change by year and language, so the table is found by the roles of its columns. The
archives may come as a folder of zips or as one zip that holds them; either way they arrive here opened.
"""

from __future__ import annotations

import re

from forensics.intake.exports.anything import READABLE, read_members
from forensics.intake.exports.base import Inventory, Reading
from forensics.intake.exports.sidecar import Joiner, names_of
from forensics.intake.exports.sound import read_recordings
from forensics.intake.sniff import AUDIO

NAME = "amazon-categories"
ORDER = 400

_CATEGORY = re.compile(
    r"(?:^|/)(Alexa|Advertising|Amazon[-.]\w+|Devices\.Registration|Digital|Retail|Audible|Kindle|"
    r"CustomerCommunicationExperience)\b[^/]*(?:\.zip!)?/", re.IGNORECASE
)  # fmt: skip


def read(inventory: Inventory) -> Reading | None:
    """Files in Amazon's categories, among them a table of transcripts."""
    categories = {m[1].lower() for held in inventory if (m := _CATEGORY.search(held.path))}
    if not categories:
        return None
    recordings = inventory.of_kind(*AUDIO)
    members = inventory.of_kind(*READABLE)
    reading = inventory.reading(NAME)
    tables = read_members(reading, inventory, members, names_of(recordings))
    if not tables:
        inventory.give_back(members)
        return None
    joiner = Joiner(recordings)
    joined = sum(joiner.join(reading, found.held, found.told) for found in tables)
    read_recordings(reading, joiner.left())
    where = ", ".join(sorted(categories))
    text = f"{len(tables)} transcript table(s) in categories {where}; {joined} recordings joined"
    reading.evidence.append(("layout", text))
    return reading
