"""Lines of text in a PDF, page by page, without the furniture that repeats."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

from forensics.intake.problems import Problem

MAX_PAGES = 5000
SECONDS = 300
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
    descriptor = file.fileno()
    command = [sys.executable, "-I", "-m", "forensics.intake.pdf_child", str(descriptor), str(MAX_PAGES)]
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and module)
            command, pass_fds=[descriptor], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
        )  # fmt: skip
        said = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return [], [
            Problem("pdf-unreadable", f"Reading it took more than {SECONDS} seconds.", "Read it by eye.")
        ]
    except ValueError:
        text = "The PDF reader ended early: out of memory or broken by the file."
        return [], [Problem("pdf-unreadable", text, "Read it by eye, on a machine that holds nothing else.")]
    lines = [Line(*row) for row in said["lines"]]
    problems = [Problem(code, text, "Read it by eye.") for code, text in said["problems"]]
    if not lines and not problems:
        text = "The PDF holds no text; it may be a scan."
        problems.append(Problem("pdf-without-text", text, "Read it by eye."))
    return lines, problems


def body(lines: list[Line]) -> list[Line]:
    """The lines without page numbers, headings, and what stands at the edge of most pages.

    A heading is set at least 15 % larger than the middle line.
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
    """Place from the top (1, 2) or the bottom (-1, -2); on short pages only the outermost lines count."""
    depth = 2 if last >= 8 else 1
    if line.line <= depth:
        return line.line
    return line.line - last - 1 if line.line > last - depth else None


def without_bullet(text: str) -> str:
    """`text` without a list mark before it."""
    return _BULLET.sub("", text)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)
