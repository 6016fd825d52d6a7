"""What leaves the case: reports, exports, and what a notebook shows. Names are masked by default."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import ForensicsError

if TYPE_CHECKING:
    from forensics.case import Case

FORMATS: dict[str, tuple[str, str]] = {
    "html": ("forensics.reports.html", "write_html"),
    "pdf": ("forensics.reports.pdf", "write_pdf"),
    "case": ("forensics.reports.case_uco", "write_case_uco"),
    "notification": ("forensics.reports.notification", "write_notification"),
    "timeline": ("forensics.reports.timesketch", "write_timeline"),
    "json": ("forensics.reports.json", "write_json"),
}
"""What ``forensics report --format`` offers, and what writes it; imported on use."""


def write(case: Case, path: str | Path, format: str, *, reveal: bool = False, purpose: str = "") -> Path:
    """Write one report of a case.

    Parameters
    ----------
    case : Case
    path : path
    format : str
        A key of :data:`FORMATS`.
    reveal : bool
        Show names.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ForensicsError
        If the format is unknown.
    ConsentError
        If names are to be revealed without a purpose.
    """
    if format not in FORMATS:
        raise ForensicsError(f"There is no report format '{format}'.", f"Choose one of {', '.join(FORMATS)}.")
    module, name = FORMATS[format]
    written: Path = getattr(importlib.import_module(module), name)(case, path, reveal=reveal, purpose=purpose)
    return written
