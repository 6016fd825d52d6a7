"""guard and compare: whose bundle is this, before and after the fact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag

EXITS = {"release": 0, "review": 10, "block": 11}


def guard(
    requests: Annotated[Path, typer.Argument(metavar="REQUESTS.json", help="The open requests.")],
    out: Annotated[
        Path | None, typer.Option(help="A folder for guard.parquet and decisions.json, and for scratch.")
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            help="auto (the vendor's texts where there are any), vendor, faster-whisper, openai-whisper."
        ),
    ] = "auto",
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Level 0: no model, seconds.")] = False,
    json: JsonFlag = False,
) -> None:
    """For each request: release, review or block, and which bundles look swapped.

    Exit status 0: all may go; 10: a person must look; 11: at least one must not go.
    """
    if engine not in ("auto", "vendor", "faster-whisper", "openai-whisper"):
        raise typer.BadParameter(f"--engine {engine} is unknown")
    with Answer(json, "Nothing was decided: send nothing, run it again.") as answer:
        from forensics.corridor.progress import Bars
        from forensics.delivery import guard as decide
        from forensics.delivery import read_requests
        from forensics.delivery.output import lines_of, printable, to_dict, write

        opened = read_requests(requests)
        verdict = decide(opened, within=out, engine=engine, rules_only=rules_only, progress=Bars())
        answer.facts = to_dict(verdict)
        answer.lines = lines_of(verdict)
        answer.exit_code = EXITS[verdict.worst]
        answer.findings = [
            {
                "code": rule.rule,
                "member": d.request_id,
                "message": rule.why,
                "remedy": "Look at this request.",
            }
            for d in verdict.decisions
            for rule in d.rules
        ]
        answer.findings += [
            {
                "code": "unread_field",
                "member": request.request_id,
                "message": f"The field {printable(name)} is not read.",
                "remedy": "Compare its spelling with the request schema.",
            }
            for request in opened
            for name in request.unread
        ]
        answer.lines += [
            f"unread: {f['member']}: {f['message']}" for f in answer.findings if f["code"] == "unread_field"
        ]
        if out is not None:
            answer.lines.append(f"table: {write(verdict, out)}")


def compare(
    one: Annotated[Path, typer.Argument(metavar="CASE", help="A case folder.")],
    other: Annotated[Path, typer.Argument(metavar="CASE", help="Another.")],
    json: JsonFlag = False,
) -> None:
    """After the fact: did these two get each other's data?"""
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.delivery import compare as hold_together
        from forensics.delivery.output import comparison_lines

        found = hold_together(Case.open(one), Case.open(other))
        answer.facts = found.to_dict()
        answer.lines = comparison_lines(found)
