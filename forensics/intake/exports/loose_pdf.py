"""Are lines a list of things said to a machine? Decided by the lines, never by the name of their file."""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from forensics.intake.clock import day_first_in, read_time
from forensics.intake.meaning.spoken import opens_like_speech, passes, woken
from forensics.intake.pdf import Line, body, without_bullet

_STAMP = re.compile(
    r"[\[(]?((?:[^\W\d_]{2,10}\.?,?\s)?\d{1,4}[./-]?\s?(?:\d{1,2}|[^\W\d_]{3,10}\.?)[./-]?,?\s?\d{2,4}[ T,]+(?:(?:um|at|à|kl\.?)\s)?"
    r"\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?:[.,]\d{1,6})?(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?(?:UTC|GMT|Z|MEZ|MESZ|CET|CEST|BST|E[SD]T|P[SD]T|C[SD]T|"
    r"(?:UTC|GMT)?[+-]\d\d:?\d\d))?|[^\W\d_]{3,10}\.?\s\d{1,2},?\s\d{4},?\s(?:at\s)?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?"
    r"(?:\s[A-Z]{2,4})?)[\])]?\s*[-–|:;]?\s+(\S.*)"
)
_NUMBERED = re.compile(r"\(?(\d{1,5})(?:[.)]|\s?[-–:])\s+(?=\D)")
_ANSWERS = frozenset({"alexa", "assistant", "google", "echo", "siri", "antwort"})


def spoken_lines(lines: list[Line]) -> list[Line]:
    """Lines without page furniture, headings and list marks."""
    said = [replace(line, text=without_bullet(line.text)) for line in body(lines)]
    return _without_numbers([line for line in said if line.text])


def _without_numbers(lines: list[Line]) -> list[Line]:
    """Lines without the numbers of a list, where most of them have one and each is greater than the one before."""
    found = [_NUMBERED.match(line.text) for line in lines]
    numbers = [int(match[1]) for match in found if match]
    rising = sum(b > a for a, b in itertools.pairwise(numbers))
    if len(numbers) < max(3, 0.6 * len(lines)) or rising < 0.9 * (len(numbers) - 1):
        return lines
    return [
        replace(line, text=line.text[match.end() :]) if match else line
        for line, match in zip(lines, found, strict=True)
    ]


def is_transcript(said: list[Line]) -> bool:
    """Whether lines read like spoken commands.

    A line passes if it has 1 to 40 words and nothing that letters and invoices have. The lines pass if over
    70 % of them do, and a wake word stands in at least 5 % of them, or over 80 % of them are written as
    a recogniser writes: in lower case, without a full stop; or half of them are, and open like a command.
    """
    said = [line for _, line in split_stamps(said)]
    if not said:
        return False
    texts = [line.text for line in said]
    passing = sum(map(passes, texts))
    awake = sum(map(woken, texts))
    plain = sum(_is_plain(text) for text in texts)
    opening = sum(map(opens_like_speech, texts))
    heard = (
        (awake >= max(1, 0.05 * len(said)) and plain + awake >= 0.5 * len(said))
        or (len(said) >= 5 and plain > 0.8 * len(said))
        or (len(said) >= 5 and opening >= 0.5 * len(said) and plain >= 0.5 * len(said))
        or (awake >= 0.5 * len(said))
    )
    return passing >= 0.7 * len(said) and heard


def split_stamps(said: list[Line]) -> list[tuple[str, Line]]:
    """Lines without the time before them, and that time: only where over half of the lines begin with one."""
    found = [(match[1], replace(line, text=match[2])) if (match := _STAMP.match(line.text)) else ("", line)
             for line in said]  # fmt: skip
    stamped = sum(bool(stamp) for stamp, _ in found)
    if stamped > 0.5 * len(said):
        order = day_first_in(stamp for stamp, _ in found)
        reads = [read_time(stamp, day_first=order) for stamp, _ in found if stamp]
        readable = sum(read.at is not None or read.doubt == "day-month-order" for read in reads)
        if readable >= 0.5 * stamped:
            return found
    return [("", line) for line in said]


def _is_plain(text: str) -> bool:
    first = next((c for c in text if c.isalpha()), "")
    return bool(first) and not first.isupper() and text[-1:] not in ".!:;,-"
