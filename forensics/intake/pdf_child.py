"""The child process that reads a PDF: ``python -m forensics.intake.pdf_child FD MAX_PAGES``."""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
from pathlib import Path

_MEMORY = 1 << 30  # bytes above what the libraries take: a page may claim any size
_CPU_SECONDS = 240
_PAGE = 4096
_MAX_LINES = 1_000_000


def main() -> None:
    """Write one JSON object: lines as page, line, text, size of letters; and problems as code, message."""
    import pdfplumber

    logging.disable(logging.CRITICAL)
    started = int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    resource.setrlimit(resource.RLIMIT_AS, (started + _MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.setrecursionlimit(2000)
    limit = int(sys.argv[2])
    lines: list[tuple[int, int, str, float]] = []
    problems: list[tuple[str, str]] = []
    try:
        with os.fdopen(os.dup(int(sys.argv[1])), "rb") as file, pdfplumber.open(file) as document:
            file.seek(0)
            for number, page in enumerate(document.pages, start=1):
                if number > limit or len(lines) > _MAX_LINES:
                    problems.append(("pdf-too-long", f"Only the first {number - 1} pages were read."))
                    break
                for place, found in enumerate(page.extract_text_lines(strip=True), start=1):
                    sizes = sorted(round(c["size"], 1) for c in found["chars"]) or [0.0]
                    lines.append((number, place, found["text"], sizes[len(sizes) // 2]))
                page.close()
    except MemoryError:
        problems.append(("pdf-unreadable", "Reading it needs more memory than allowed."))
    except Exception as error:  # pdfminer raises whatever a broken object provokes
        text = f"Cannot be read as PDF: {type(error).__name__}: {str(error)[:200]}."
        problems.append(("pdf-unreadable", text))
    sys.stdout.write(json.dumps({"lines": lines, "problems": problems}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
