"""PDFs, whatever their layout: loose transcripts if they read like that, else the requester's papers."""

from __future__ import annotations

from forensics.intake.exports.base import Facts, Held, Inventory, Passage, Reading
from forensics.intake.exports.loose_pdf import is_transcript, spoken_lines
from forensics.intake.pdf import Line, read_pdf
from forensics.intake.texts import tidy


def lines_of(reading: Reading, inventory: Inventory, held: Held) -> list[Line]:
    """The lines of a PDF; what hinders reading goes into `reading`."""
    with inventory.open(held) as file:
        lines, problems = read_pdf(file)
    reading.problems += [(held.id, p) for p in problems]
    return lines


def keep_lines(reading: Reading, held: Held, lines: list[Line]) -> bool:
    """Add a PDF's lines as transcripts or as account data; whether they were transcripts."""
    said = spoken_lines(lines)
    spoken = is_transcript(said)
    reading.facts[held.id] = Facts("transcript" if spoken else "account_data")
    for line in said if spoken else lines:
        text = tidy(line.text)[0]
        reading.passages.append(
            Passage(held.id, "transcript" if spoken else "account", text, page=line.page, line=line.line)
        )
    return spoken
