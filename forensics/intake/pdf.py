"""Lines of text in a PDF, page by page, without the furniture that repeats."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import BufferedReader
from typing import BinaryIO, cast

from forensics.intake.problems import Problem

MAX_PAGES = 5000
_PAGE_NUMBER = re.compile(
    r"(seite|page|s\.|p\.)?\s*[-–—]?\s*\d{1,5}\s*((von|of|/)\s*\d{1,5})?\s*[-–—]?", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*[•●▪◦‣·*\-–—]\s+")


@dataclass(frozen=True)
class Line:
    """One line of a page.

    Parameters
    ----------
    page : int
        From 1.
    line : int
        From 1 on its page, furniture included.
    text : str
    size : float
        Median size of its letters, in points.
    """

    page: int
    line: int
    text: str
    size: float = 0.0


def read_pdf(file: BinaryIO) -> tuple[list[Line], list[Problem]]:
    """All lines in the order in which they stand.

    Parameters
    ----------
    file : binary file

    Returns
    -------
    lines : list of Line
    problems : list of Problem
        A PDF that cannot be read, or holds no text, is a finding and no lines.
    """
    import logging

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    lines: list[Line] = []
    problems: list[Problem] = []
    try:
        with pdfplumber.open(cast("BufferedReader", file)) as document:
            for number, page in enumerate(document.pages, start=1):
                if number > MAX_PAGES:
                    problems.append(Problem("pdf-too-long", f"Only {MAX_PAGES} pages were read."))
                    break
                for place, found in enumerate(page.extract_text_lines(strip=True), start=1):
                    sizes = sorted(round(c["size"], 1) for c in found["chars"]) or [0.0]
                    lines.append(Line(number, place, found["text"], sizes[len(sizes) // 2]))
                page.close()
    except Exception as error:  # pdfminer raises whatever a broken object provokes
        problems.append(
            Problem("pdf-unreadable", f"Cannot be read as PDF: {type(error).__name__}: {str(error)[:200]}.")
        )
    if not lines and not problems:
        problems.append(
            Problem("pdf-without-text", "The PDF holds no text; it may be a scan.", "Read it by eye.")
        )
    return lines, problems


def body(lines: list[Line]) -> list[Line]:
    """The lines without page numbers, headings, and what stands at the edge of most pages.

    A heading is set at least 15 % larger than the middle line.
    """
    sizes = sorted(line.size for line in lines)
    heading = 1.15 * sizes[len(sizes) // 2] if sizes else 0.0
    pages = max((line.page for line in lines), default=0)
    last = {line.page: line.line for line in lines}
    edges = Counter(
        _shape(line.text) for line in lines if line.line <= 2 or line.line >= last[line.page] - 1
    )  # fmt: skip
    furniture = {text for text, count in edges.items() if pages > 1 and count >= max(2, 0.6 * pages)}

    def is_furniture(line: Line) -> bool:
        at_edge = line.line <= 2 or line.line >= last[line.page] - 1
        return at_edge and (bool(_PAGE_NUMBER.fullmatch(line.text)) or _shape(line.text) in furniture)

    return [line for line in lines if line.size <= max(heading, 0.1) and not is_furniture(line)]


def without_bullet(text: str) -> str:
    """`text` without a list mark before it."""
    return _BULLET.sub("", text)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)
