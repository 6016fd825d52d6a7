"""What leaves the case: reports, exports, and what a notebook shows. Names are masked by default."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.errors import ForensicsError

if TYPE_CHECKING:
    from forensics.case.case import Case

FORMATS: dict[str, tuple[str, str]] = {
    "html": ("forensics.reports.html", "write_html"),
    "pdf": ("forensics.reports.pdf", "write_pdf"),
    "case": ("forensics.reports.case_uco", "write_case_uco"),
    "notification": ("forensics.reports.notification", "write_notification"),
    "timeline": ("forensics.reports.timesketch", "write_timeline"),
    "json": ("forensics.reports.json", "write_json"),
}
"""What ``forensics report --format`` offers, and what writes it; imported on use."""


DOCUMENTS = ("html", "pdf")
"""Formats that are read by people: their language and their K can be chosen for one document."""


def write(
    case: Case,
    path: str | Path,
    format: str,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    report_k: int | None = None,
    snippets: bool = False,
) -> Path:
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
    language : {'en', 'de'}, optional
    report_k : int, optional
        For HTML and PDF only; the case's options by default.
    snippets : bool
        For HTML only: a few seconds of sound beside each statement. Needs `reveal`.

    Raises
    ------
    ForensicsError
        If the format is unknown, or has no language or K of its own.
    ConsentError
        If names are to be revealed without a purpose.
    """
    if format not in FORMATS:
        raise ForensicsError(f"There is no report format '{format}'.", f"Choose one of {', '.join(FORMATS)}.")
    chosen = {"language": language, "report_k": report_k}
    given: dict[str, Any] = {key: value for key, value in chosen.items() if value is not None}
    if given and format not in DOCUMENTS:
        raise ForensicsError(
            f"Format '{format}' takes language and K from the case.", f"They can be chosen for {DOCUMENTS}."
        )
    if snippets and format != "html":
        raise ForensicsError(f"Format '{format}' holds no sound.", "Choose html.")
    if snippets:
        given["snippets"] = True
    module, name = FORMATS[format]
    writer = getattr(importlib.import_module(module), name)
    written: Path = writer(case, path, reveal=reveal, purpose=purpose, **given)
    return written
