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
    "register-entry": ("forensics.reports.duties", "write_register_entry"),
    "processor-notice": ("forensics.reports.duties", "write_processor_notice"),
    "timeline": ("forensics.reports.timesketch", "write_timeline"),
    "json": ("forensics.reports.json", "write_json"),
    "changes": ("forensics.reports.changes", "write_changes"),
}
"""What ``forensics report --format`` offers, and what writes it; imported on use."""


WITH_HEAD = ("html", "pdf", "notification", "register-entry", "processor-notice", "changes")
"""Formats that begin with an organisation and its logo."""
WITH_K = ("html", "pdf")
"""Formats whose K can be chosen for one document; their language can be for all."""


_BY_ENDING = {".pdf": "pdf", ".json": "json", ".jsonld": "case", ".csv": "timeline", ".jsonl": "timeline"}


def format_of(path: str | Path) -> str:
    """The format that a file's ending asks for; HTML where it asks for none.

    Examples
    --------
    >>> format_of("a/report.pdf"), format_of("report")
    ('pdf', 'html')
    """
    return _BY_ENDING.get(Path(path).suffix.lower(), "html")


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
    organisation: str | None = None,
    logo: str | Path | None = None,
    before: str | Path | None = None,
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
        The case's report language by default.
    report_k : int, optional
        For HTML and PDF only; the case's options by default.
    snippets : bool
        For HTML only: a few seconds of sound beside each statement. Needs `reveal`.
    organisation : str, optional
        At the head of a document for people: :data:`WITH_HEAD`.
    logo : path, optional
        A PNG or JPEG picture, there as well.
    before : path, optional
        For changes only, which need it: an earlier JSON report of the case.

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
    if report_k is not None and format not in WITH_K:
        raise ForensicsError(
            f"Format '{format}' takes K from the case.", f"It can be chosen for {', '.join(WITH_K)}."
        )
    if snippets and format != "html":
        raise ForensicsError(f"Format '{format}' holds no sound.", "Choose html.")
    if snippets:
        given["snippets"] = True
    if organisation or logo:
        if format not in WITH_HEAD:
            raise ForensicsError(
                f"Format '{format}' has no head for an organisation.",
                f"Choose one of {', '.join(WITH_HEAD)}.",
            )
        from forensics.reports.letterhead import letterhead

        given["letterhead"] = letterhead(organisation, logo)
    if (before is not None) != (format == "changes"):
        raise ForensicsError(
            "Changes need an earlier JSON report to compare with, and no other format does.",
            "Use --format changes with --before EARLIER.json.",
        )
    if before is not None:
        given["before"] = before
    module, name = FORMATS[format]
    writer = getattr(importlib.import_module(module), name)
    written: Path = writer(case, path, reveal=reveal, purpose=purpose, **given)
    return written
