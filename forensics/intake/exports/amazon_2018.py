"""Amazon's answer of 2018: WAV files, a PDF of loose transcripts in no order, and the requester's own files.

The three parts need not belong to one person: in 2018 they did not. Nothing joins a line of the PDF to a
recording here; that is an inference and belongs to matching.
"""

from __future__ import annotations

from forensics.intake.exports.anything import READABLE, read_members
from forensics.intake.exports.base import Inventory, Reading
from forensics.intake.exports.papers import is_spoken, keep_lines, lines_of
from forensics.intake.exports.sidecar import Joiner, names_of
from forensics.intake.exports.sound import read_recordings
from forensics.intake.sniff import AUDIO

NAME = "amazon-2018"
ORDER = 500


def read(inventory: Inventory) -> Reading | None:
    """Recordings beside at least one PDF whose lines read like spoken commands."""
    recordings, papers = inventory.of_kind(*AUDIO), inventory.of_kind("pdf")
    if not recordings or not papers:
        return None
    reading = inventory.reading(NAME)
    read_lines = [(held, lines_of(reading, inventory, held)) for held in papers]
    spoken = sum(is_spoken(lines) for _, lines in read_lines)
    if not spoken:
        return None
    joiner = Joiner(recordings)
    for held, lines in read_lines:
        joiner.join(reading, held, keep_lines(reading, held, lines))
    for found in read_members(reading, inventory, inventory.of_kind(*READABLE), names_of(recordings)):
        joiner.join(reading, found.held, found.told)
    read_recordings(reading, joiner.left())
    reading.evidence.append(
        ("layout", f"{len(recordings)} recordings beside {spoken} PDF of loose transcripts")
    )
    return reading
