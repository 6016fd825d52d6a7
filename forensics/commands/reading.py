"""report: one document written from a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption, RevealPurpose, check_reveal
from forensics.commands.texts import OutOption


def report(
    case: CaseOption,
    out: OutOption,
    format: Annotated[str, typer.Option("--format", help="Which document.")] = "html",
    reveal: Annotated[bool, typer.Option("--reveal", help="Show names; needs --purpose.")] = False,
    purpose: RevealPurpose = "",
    language: Annotated[
        str | None,
        typer.Option(
            "--language", "--report-language", help="en or de; the case's by default.", show_default=False
        ),
    ] = None,
    report_k: Annotated[
        int | None,
        typer.Option(min=0, help="What a masked page shows must fit this many people.", show_default=False),
    ] = None,
    snippets: Annotated[
        bool, typer.Option("--snippets", help="html: seconds of sound beside each statement; needs --reveal.")
    ] = False,
    organisation: Annotated[
        str | None, typer.Option(help="At the head of a document for people.", show_default=False)
    ] = None,
    logo: Annotated[
        Path | None, typer.Option(help="PNG or JPEG, beside the organisation.", show_default=False)
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(help="changes: an earlier JSON report of the case.", show_default=False),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Write one report."""
    from forensics.reports import FORMATS

    check_reveal(reveal, purpose)
    if format not in FORMATS:
        raise typer.BadParameter(f"--format {format}: choose one of {', '.join(FORMATS)}")
    if snippets and not reveal:
        raise typer.BadParameter("--snippets needs --reveal and --purpose TEXT: a voice is a name")
    if language not in (None, "en", "de"):
        raise typer.BadParameter(f"--language {language}: choose en or de")
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.reports import write

        opened = Case.open(case)
        path = write(
            opened,
            out,
            format,
            reveal=reveal,
            purpose=purpose,
            language=language,
            report_k=report_k,
            snippets=snippets,
            organisation=organisation,
            logo=logo,
            before=before,
        )
        answer.facts = {"report": str(path), "custody_head": opened.custody.head()}
        answer.lines = [f"report: {path}", f"custody head: {opened.custody.head()}"]
