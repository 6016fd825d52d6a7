"""report and transcripts: what is written from a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption, RevealPurpose, check_reveal
from forensics.commands.texts import OutOption
from forensics.errors import ForensicsError


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
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
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
        check_free(out, force)
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


def transcripts(
    case: CaseOption,
    out: Annotated[
        Path, typer.Option("--out", help="csv: a file; else a folder, new or empty.", show_default=False)
    ],
    format: Annotated[
        str, typer.Option("--format", help="csv, srt, vtt, eaf (ELAN) or audacity (labels).")
    ] = "csv",
    sound: Annotated[
        bool, typer.Option("--sound", help="Beside each file the recording as WAV; not for csv.")
    ] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="There is no masked transcript.")] = False,
    purpose: RevealPurpose = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json: JsonFlag = False,
) -> None:
    """Write what was said, for spreadsheets, players, ELAN or Audacity."""
    from forensics.reports.transcripts import FORMATS, write_transcripts

    if format not in FORMATS:
        raise typer.BadParameter(f"--format {format}: choose one of {', '.join(FORMATS)}")
    if not reveal:
        raise typer.BadParameter("a transcript shows what was said: it needs --reveal and --purpose TEXT")
    check_reveal(reveal, purpose)
    with Answer(json) as answer:
        from forensics.case.case import Case

        opened = Case.open(case)
        if format == "csv":
            check_free(out, force)
        done = write_transcripts(opened, out, format, purpose=purpose, sound=sound)
        answer.facts = {
            "transcripts": str(done.path), "written": done.written, "without_words": done.silent,
            "without_sound": done.soundless, "undecoded": done.undecoded,
            "custody_head": opened.custody.head(),
        }  # fmt: skip
        what = "utterances" if format == "csv" else "recordings"
        answer.lines = [f"{done.written} {what} → {done.path}"]
        if done.silent:
            answer.lines.append(f"{done.silent} recordings without words have no file")
        if done.soundless:
            answer.lines.append(f"{done.soundless} utterances without sound are in the format csv only")
        if done.undecoded:
            answer.lines.append(f"{done.undecoded} recordings could not be decoded: no WAV beside them")
        answer.lines.append(f"custody head: {opened.custody.head()}")


def check_free(path: Path, force: bool) -> None:
    """Refuse to replace a file unless that was asked for."""
    if path.exists() and not force:
        raise ForensicsError(
            f"{path} exists already.", "Name another file with --out, or replace it with --force."
        )
