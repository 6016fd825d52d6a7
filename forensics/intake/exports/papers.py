"""PDFs, whatever their layout: loose transcripts if they read like that, else the requester's papers."""

from __future__ import annotations

from forensics.intake.clock import day_first_in
from forensics.intake.exports.account import ACCOUNT, OTHER, keep_cells
from forensics.intake.exports.base import Facts, Field, Held, Inventory, Passage, Reading
from forensics.intake.exports.loose_pdf import is_transcript, split_stamps, spoken_lines
from forensics.intake.exports.times_in import Clock
from forensics.intake.pdf import Line, read_pdf
from forensics.intake.texts import Cell, tidy


def lines_of(reading: Reading, inventory: Inventory, held: Held) -> list[Line]:
    """The lines of a PDF; what hinders reading goes into `reading`."""
    with inventory.open(held) as file:
        lines, problems = read_pdf(file)
    reading.problems += [(held, p) for p in problems]
    return lines


def is_spoken(lines: list[Line]) -> bool:
    """Whether the lines of a PDF read like things said to a machine."""
    return is_transcript(spoken_lines(lines))


def keep_lines(reading: Reading, held: Held, lines: list[Line]) -> None:
    """Add a PDF's lines as transcripts or as account data; one without text stays what it is."""
    said = spoken_lines(lines)
    if not lines:
        reading.set(held, OTHER)
    elif is_transcript(said):
        reading.set(held, Facts("transcript"))
        stamped = split_stamps(said)
        clock, order = Clock(reading, held), day_first_in(stamp for stamp, _ in stamped)
        for stamp, line in stamped:
            when, text = clock.when(stamp, day_first=order), tidy(line.text)[0]
            reading.passages.append(
                Passage(held.id, "transcript", text, line.page, line.line, when=when, meaning="said")
            )
        clock.close()
        reading.fields.append(Field(held.id, None, "said", "values", None, len(lines), len(stamped)))
    else:
        reading.set(held, ACCOUNT)
        keep_cells(reading, held, [Cell(line.line, f"page {line.page}", line.text) for line in lines])
