"""investigate, resume, status, incident: the main job and what keeps it going."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.case.incident import KEYS, checked
from forensics.case.options import Options
from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.keys import PasswordFile, SignKey, keys_in_use
from forensics.errors import ForensicsError

if TYPE_CHECKING:
    from forensics.case.case import Case

CaseOption = Annotated[Path, typer.Option("--case", help="The case folder.", show_default=False)]
RevealPurpose = Annotated[str, typer.Option(help="Why names are shown; goes into the custody log.")]


def investigate(
    bundles: Annotated[
        list[Path], typer.Argument(metavar="BUNDLE...", help="Zip, tar or folder; several make one case.")
    ],
    case: CaseOption,
    engine: Annotated[str, typer.Option(help="auto, faster-whisper, openai-whisper or vendor.")] = "auto",
    model: Annotated[str, typer.Option(help="A known name or the path of weights.")] = "base",
    language: Annotated[str, typer.Option(help="Spoken language: auto, en or de.")] = "auto",
    report_language: Annotated[str, typer.Option(help="en or de.")] = "en",
    report_k: Annotated[
        int, typer.Option(min=0, help="What a masked report shows must fit this many people.")
    ] = 20,
    population: Annotated[
        str, typer.Option(help="Who could be the subject: a country (DE), or its owners (DE/smart-speaker).")
    ] = "auto",
    names: Annotated[
        Path | None, typer.Option(help="CSV of your own counts of names: kind, name, count, source.")
    ] = None,
    register: Annotated[
        Path | None, typer.Option(help="Your own register of public profiles to look for the subject in.")
    ] = None,
    exact: Annotated[bool, typer.Option(help="Transcribe one by one in 30 s windows.")] = False,
    voices: Annotated[
        bool, typer.Option("--voices/--no-voices", help="Compare voices: biometric, needs --purpose.")
    ] = False,
    reader: Annotated[
        Path | None,
        typer.Option(metavar="MODEL.gguf", help="A local chat model that reads beside us and must cite."),
    ] = None,
    reader_form: Annotated[str, typer.Option(help="How it is asked: questions or statements.")] = "questions",
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = 0,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show names in the report; needs --purpose.")
    ] = False,
    purpose: Annotated[str, typer.Option(help="Why this is done; goes into the custody log.")] = "",
    sign_key: SignKey = None,
    password_file: PasswordFile = None,
    json: JsonFlag = False,
) -> None:
    """The main job: every stage on BUNDLE, then the report."""
    check_reveal(reveal, purpose)
    if voices and not purpose.strip():
        raise typer.BadParameter("--voices needs --purpose TEXT: it is biometric processing, and logged")
    chosen = {
        "engine": engine, "model": model, "language": language, "report_language": report_language,
        "report_k": report_k, "population": population, "names": str(names or ""), "exact": exact,
        "seed": seed, "voices": voices, "register": str(register.resolve()) if register else None,
        "reader": str(reader.resolve()) if reader else None, "reader_form": reader_form,
    }  # fmt: skip
    try:
        Options().updated(chosen)
    except ForensicsError as error:
        raise typer.BadParameter(str(error)) from error
    with Answer(json, go_on(case)) as answer, keys_in_use(sign_key, password_file):
        from forensics.api import investigate as run
        from forensics.corridor.progress import Bars

        options = options_of(case).updated(chosen)
        if options.reader:
            from forensics.profile.reader.model import require

            require(options.reader)  # now, and not after hours of transcription
        bars = Bars(hears=options.engine != "vendor")
        opened = run(list(bundles), case=case, options=options, purpose=purpose, progress=bars)
        if reveal:
            from forensics.reports.html import write_html

            write_html(opened, opened.folder / "reports" / "report.html", reveal=True, purpose=purpose)
        _tell(answer, opened.folder)


def resume(
    case: CaseOption, sign_key: SignKey = None, password_file: PasswordFile = None, json: JsonFlag = False
) -> None:
    """Go on after an interruption; what has not changed is not computed again."""
    with Answer(json, go_on(case)) as answer, keys_in_use(sign_key, password_file):
        from forensics.api import resume as run
        from forensics.corridor.progress import Bars

        bars = Bars(hears=options_of(case).engine != "vendor")
        _tell(answer, run(case, progress=bars).folder)


def status(case: CaseOption, json: JsonFlag = False) -> None:
    """What is done, what is left, and why; of each member, what was understood as what."""
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.corridor.runner import status as of
        from forensics.intake.ledger import ledger_of

        opened = Case.open(case)
        stages = of(opened)
        read = ledger_of(opened)
        if read is not None and not read.known:
            answer.lines.append(read.lines()[0])
        for stage in stages:
            rows = ", ".join(f"{table} {count}" for table, count in stage.rows.items())
            answer.lines.append(f"{stage.stage:<18}{stage.state:<13}{stage.reason or rows}")
        answer.facts = {
            "stages": [
                {"stage": s.stage, "state": s.state, "reason": s.reason, "rows": s.rows} for s in stages
            ],
            "read": read.facts() if read is not None else None,
            "custody_head": opened.custody.head(),
        }
        if read is not None:
            answer.lines += read.lines()[not read.known :]
        answer.lines.append(f"custody head: {opened.custody.head()}")


def incident(
    case: CaseOption,
    facts: Annotated[
        list[str],
        typer.Option("--set", metavar="KEY=VALUE", help="A fact, as listed below; may be repeated."),
    ],
    json: JsonFlag = False,
) -> None:
    """Record the facts no audio can tell; severity and reports follow. An empty value unsets a fact."""
    parsed = {}
    for fact in facts:
        key, equals, value = fact.partition("=")
        if not equals or key not in KEYS:
            raise typer.BadParameter(f"'{fact}': write KEY=VALUE with a key of {', '.join(KEYS)}")
        parsed[key] = value.strip()
    try:
        parsed = checked(parsed)
    except ForensicsError as error:
        raise typer.BadParameter(str(error)) from error
    with Answer(json) as answer:
        from forensics.api import resume as run
        from forensics.case.case import Case
        from forensics.reports.summary import findings_of_facts

        opened = Case.open(case)
        signature = parsed.pop("signed_off_by", None)
        with opened.lock():
            opened.set_incident(parsed)
        if opened.stage_record("severity"):
            run(opened)
        if signature is not None:  # last: it covers what the other facts have changed
            sign(opened, signature)
        head = opened.custody.head()
        answer.findings = findings_of_facts(opened)
        answer.facts = {"incident": opened.incident, "custody_head": head}
        answer.lines = [f"{key}: {value}" for key, value in sorted(opened.incident.items())]
        answer.lines += [f"{found['message']} {found['remedy']}" for found in answer.findings]
        answer.lines.append(f"custody head: {head}")


def sign(case: Case, by: str) -> None:
    """Put a name under the case as it stands, and into its report."""
    from forensics.case.signoff import sign_off
    from forensics.reports.html import write_html

    with case.lock():
        sign_off(case, by)
    if case.stage_record("severity"):
        write_html(case, case.folder / "reports" / "report.html")


def options_of(case: Path) -> Options:
    """The options in force in a case, so that limits once raised stay raised; else the defaults."""
    from forensics.case.case import Case

    return Case.open(case).options if (case / "case.json").is_file() else Options()


def go_on(case: Path) -> str:
    """What to do after an interruption."""
    return f"Go on with: forensics resume --case {shlex.quote(str(case))}"


def check_reveal(reveal: bool, purpose: str) -> None:
    """Refuse to show names without a stated purpose."""
    if reveal and not purpose.strip():
        raise typer.BadParameter("--reveal needs --purpose TEXT: it goes into the custody log")


def _tell(answer: Answer, folder: Path) -> None:
    """The findings in ten lines, and where the report is."""
    from forensics.case.case import Case
    from forensics.intake.inventory import summarise
    from forensics.reports.summary import findings, findings_json
    from forensics.reports.view import View

    opened = Case.open(folder)
    report = folder / "reports" / "report.html"
    head = opened.custody.head()
    answer.findings = findings_json(View.of_case(opened, report_k=0))
    answer.facts = {"case": str(folder), "report": str(report), "custody_head": head}
    answer.lines = [*findings(opened), f"report: {report}", f"custody head: {head}"]
    if summarise(opened).readable == 0:
        answer.status, answer.exit_code = "refused", 1
        answer.lines.append("Not one member could be read: the findings say why and what helps.")
