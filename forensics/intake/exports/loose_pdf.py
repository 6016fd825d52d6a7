"""Is a PDF a list of things said to a machine? Decided by its lines, never by its name."""

from __future__ import annotations

import re
from dataclasses import replace

from forensics.intake.pdf import Line, body, without_bullet

_WAKE = re.compile(r"\b(alexa|echo|computer|amazon|ziggy|(ok|hey) google|hey siri)\b", re.IGNORECASE)
_PAPER = re.compile(
    r"(€|\$|£|\bEUR\b|\bUSD\b|\d[.,]\d\d\b|@|\bwww\.|IBAN|Rechnung|Invoice|Summe|Total|MwSt|VAT|Tel\.?:|[.!?]\s+[A-ZÄÖÜ])",
)  # what letters and invoices have and utterances have not


def spoken_lines(lines: list[Line]) -> list[Line]:
    """Lines without page furniture, headings and list marks."""
    said = [replace(line, text=without_bullet(line.text)) for line in body(lines)]
    return [line for line in said if line.text]


def is_transcript(said: list[Line]) -> bool:
    """Whether lines read like spoken commands.

    A line passes if it has 1 to 40 words and nothing that letters and invoices have. The PDF passes if over
    70 % of its lines do, and a wake word stands in at least 5 % of them.
    """
    if not said:
        return False
    passing = sum(1 <= len(line.text.split()) <= 40 and not _PAPER.search(line.text) for line in said)
    woken = sum(bool(_WAKE.search(line.text)) for line in said)
    return passing >= 0.7 * len(said) and woken >= max(1, 0.05 * len(said))
