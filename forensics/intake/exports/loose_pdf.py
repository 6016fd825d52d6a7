"""Is a PDF a list of things said to a machine? Decided by its lines, never by its name."""

from __future__ import annotations

import re
from dataclasses import replace

from forensics.intake.pdf import Line, body, without_bullet
from forensics.knowledge.wake_words import PATTERN as WAKE_PHRASE

_PAPER = re.compile(
    r"(€|\$|£|\bEUR\b|\bUSD\b|\d[.,]\d\d(?![\d.])|@|\bwww\.|IBAN|Rechnung|Invoice|Summe|Total|MwSt|VAT|Tel\.?:|[.!?]\s+[A-ZÄÖÜ])",
)  # what letters and invoices have and utterances have not


_STAMP = re.compile(
    r"[\[(]?(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[ T,]+\d{1,2}:\d\d(?::\d\d)?"
    r"(?: ?(?:UTC|GMT|Z|MEZ|MESZ|CET|CEST))?)[\])]?\s*[-–|:;]?\s+(\S.*)"
)


def spoken_lines(lines: list[Line]) -> list[Line]:
    """Lines without page furniture, headings and list marks."""
    said = [replace(line, text=without_bullet(line.text)) for line in body(lines)]
    return [line for line in said if line.text]


def is_transcript(said: list[Line]) -> bool:
    """Whether lines read like spoken commands.

    A line passes if it has 1 to 40 words and nothing that letters and invoices have. The PDF passes if over
    70 % of its lines do, and a wake word stands in at least 5 % of them, or over 80 % of them are written as
    a recogniser writes: in lower case, without a full stop.
    """
    said = [line for _, line in split_stamps(said)]
    if not said:
        return False
    passing = sum(1 <= len(line.text.split()) <= 40 and not _PAPER.search(line.text) for line in said)
    woken = sum(bool(WAKE_PHRASE.search(line.text)) for line in said)
    plain = sum(line.text[:1].islower() and line.text[-1:] not in ".!:;,-" for line in said)
    heard = woken >= max(1, 0.05 * len(said)) or (len(said) >= 5 and plain > 0.8 * len(said))
    return passing >= 0.7 * len(said) and heard


def split_stamps(said: list[Line]) -> list[tuple[str, Line]]:
    """Lines without the time before them, and that time: only where over half of the lines begin with one."""
    found = [(match[1], replace(line, text=match[2])) if (match := _STAMP.match(line.text)) else ("", line)
             for line in said]  # fmt: skip
    stamped = sum(bool(stamp) for stamp, _ in found)
    return found if stamped > 0.5 * len(said) else [("", line) for line in said]
