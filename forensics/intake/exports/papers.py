"""Papers and lists of lines: loose transcripts if they read like that, else the requester's papers."""

from __future__ import annotations

from forensics.intake.exports.account import ACCOUNT, OTHER, Account
from forensics.intake.exports.base import Facts, Field, Held, Inventory, Reading
from forensics.intake.exports.loose_pdf import is_transcript, split_stamps, spoken_lines
from forensics.intake.exports.times_in import Clock
from forensics.intake.exports.told import Told, withheld_in
from forensics.intake.meaning.spoken import is_language
from forensics.intake.pdf import Line, read_pdf
from forensics.intake.suspicious import suspicious
from forensics.intake.texts import Cell, tidy

_LEAST = 3


def lines_of(reading: Reading, inventory: Inventory, held: Held) -> list[Line]:
    """The lines of a PDF; what hinders reading goes into `reading`."""
    with inventory.open(held) as file:
        lines, problems = read_pdf(file)
    reading.problems += [(held, p) for p in problems]
    return lines


def is_spoken(lines: list[Line]) -> bool:
    """Whether the lines of a PDF read like things said to a machine."""
    return is_transcript(spoken_lines(lines))


def keep_lines(reading: Reading, held: Held, lines: list[Line]) -> list[Told]:
    """Take a PDF: as transcripts, whose rows are given back, as account data, or as what it is."""
    said = spoken_lines(lines)
    if lines and not is_language([line.text for line in lines]):
        text = "Its text is no language: letters without a meaning of their own, or each letter twice."
        reading.find(held, "text-no-language", text, "Read it by eye, or let a reader of images read it.")
    if not lines:
        reading.set(held, OTHER)
    elif is_transcript(said):
        reading.set(held, Facts("transcript"))
        return rows_of(reading, held, said, rest=len(lines) - len(said))
    else:
        reading.set(held, ACCOUNT)
        account = Account(reading, held)
        cells = [Cell(line.line, f"page {line.page}", line.text) for line in lines]
        reading.problems += [(held, p) for p in suspicious(cells)]
        account.lines((line.line, line.text, line.page, f"page {line.page}") for line in lines)
        account.close()
    return []


def spoken_of_text(lines: list[tuple[int, str]]) -> list[Line] | None:
    """The lines of a plain text without list marks, if they read like things said; else None."""
    said = spoken_lines([Line(1, number, text) for number, text in lines])
    return said if len(said) >= _LEAST and is_transcript(said) else None


def rows_of(reading: Reading, held: Held, said: list[Line], rest: int = 0) -> list[Told]:
    """Lines as rows of a history, with the times before them.

    Parameters
    ----------
    reading : Reading
    held : Held
    said : list of Line
    rest : int
        Lines that were left out: page numbers, headings.
    """
    stamped = split_stamps(said)
    clock = Clock(reading, held)
    stamps = [stamp for stamp, _ in stamped if stamp]
    manner = clock.manner(stamps) if stamps else None
    paged = held.kind == "pdf"
    rows: list[Told] = []
    for stamp, line in stamped:
        when, text = clock.when(stamp, manner), tidy(line.text)[0]
        if text:
            page = line.page if paged else None
            rows.append(Told(line.line, text, "", "", when, "", page=page))
    clock.close()
    withheld = withheld_in(line.text for _, line in stamped)
    reading.fields.append(Field(held.id, None, "said", "values", None, len(said) + rest, len(rows), withheld))
    return rows
