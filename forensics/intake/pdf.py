"""Lines of text in a PDF, page by page, without the furniture that repeats."""

from __future__ import annotations

import logging
import re
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from io import BufferedReader
from typing import BinaryIO

from forensics.intake.pdf_layout import lines_of_page
from forensics.intake.problems import Problem
from forensics.sandbox.process import Reason, Sandbox, SandboxError, Send

MAX_PAGES, _MAX_LINES = 5000, 1_000_000
"""More is no paper that comes with an export (assumptions)."""

_WALL_S, _CPU_S, _MEMORY_BYTES = 300.0, 240, 1 << 30
"""Of the child process, memory above what the libraries take: a page may claim any size (assumptions)."""

_REMEDY = "Read it by eye."
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
    size : float
        Median size of its letters, in points.
    """

    page: int
    line: int
    text: str
    size: float = 0.0


def read_pdf(file: BinaryIO) -> tuple[list[Line], list[Problem]]:
    """All lines in the order in which they stand, read in a child process with limits.

    Parameters
    ----------
    file : binary file
        With a descriptor of its own.

    Returns
    -------
    lines : list of Line
    problems : list of Problem
        A PDF that cannot be read, or holds no text, is a finding and no lines.
    """
    lines: list[Line] = []
    problem = None
    sandbox = Sandbox(
        _pages, wall_s=_WALL_S, cpu_s=_CPU_S, memory_bytes=_MEMORY_BYTES, libraries=["pdfplumber"]
    )
    with closing(sandbox):
        try:
            for number, (page, _) in enumerate(sandbox.ask(None, file.fileno())):
                if number == MAX_PAGES or len(lines) > _MAX_LINES:
                    problem = Problem("pdf-too-long", f"Only the first {number} pages were read.", _REMEDY)
                    break
                rows = enumerate(page, start=1)
                lines += [Line(number + 1, place, str(text), float(size)) for place, (text, size) in rows]
        except SandboxError as error:
            problem = _unreadable(error)
            if error.reason not in (Reason.MEMORY, Reason.RAISED):
                lines = []  # how far it came is chance
        except (TypeError, ValueError):
            lines, problem = [], _unreadable(SandboxError(Reason.GARBLED))
    if not lines and problem is None:
        problem = Problem("pdf-without-text", "The PDF holds no text; it may be a scan.", _REMEDY)
    return lines, [] if problem is None else [problem]


def _unreadable(error: SandboxError) -> Problem:
    known = {
        Reason.TIME: f"Reading it took more than {_WALL_S:g} seconds.",
        Reason.MEMORY: "Reading it needs more memory than allowed.",
        Reason.RAISED: f"Cannot be read as PDF: {error.kind}: {error.text[:200]}.",
    }
    if error.reason in known:
        return Problem("pdf-unreadable", known[error.reason], _REMEDY)
    text = "The PDF reader ended early: out of memory or broken by the file."
    return Problem("pdf-unreadable", text, "Read it by eye, on a machine that holds nothing else.")


def _pages(_: None, file: BufferedReader, send: Send) -> None:
    """What the child process does: an answer per page, its lines as text and median size of the letters."""
    import pdfplumber

    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(2000)  # pdfminer recurses into nested objects; deeper ones are hostile (assumption)
    with pdfplumber.open(file) as document:
        for page in document.pages:
            send(lines_of_page(page.chars, float(page.width), float(page.height)))
            page.close()


def body(lines: list[Line]) -> list[Line]:
    """The lines without page numbers, headings, and what stands at the edge of most pages.

    A heading is set at least 15 % larger than the middle line; furniture stands at the edge of six pages of
    ten (assumptions).
    """
    sizes = sorted(line.size for line in lines)
    heading = 1.15 * sizes[len(sizes) // 2] if sizes else 0.0
    last = {line.page: line.line for line in lines}
    edges = Counter((edge, _shape(line.text)) for line in lines if (edge := _edge(line, last[line.page])))
    enough = max(2, 0.6 * len(last))

    def is_furniture(line: Line) -> bool:
        edge = _edge(line, last[line.page])
        if edge is None:
            return False
        return bool(_PAGE_NUMBER.fullmatch(line.text)) or edges[edge, _shape(line.text)] >= enough

    return [line for line in lines if line.size <= max(heading, 0.1) and not is_furniture(line)]


def _edge(line: Line, last: int) -> int | None:
    """Place from the top (1, 2) or the bottom (-1, -2); the outermost on pages under 8 lines (assumption)."""
    depth = 2 if last >= 8 else 1
    if line.line <= depth:
        return line.line
    return line.line - last - 1 if line.line > last - depth else None


def without_bullet(text: str) -> str:
    """`text` without a list mark before it."""
    return _BULLET.sub("", text)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)
