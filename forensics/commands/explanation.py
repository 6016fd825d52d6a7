"""explain and search: from a claim to what was said, and from words to the utterances that say them."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption, RevealPurpose, check_reveal

_SHOWN = 100


def explain(
    claim: Annotated[str, typer.Argument(help="The claim's id, its beginning, or its number (C3).")],
    case: CaseOption,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show names and words; needs --purpose.")] = False,
    purpose: RevealPurpose = "",
    json: JsonFlag = False,
) -> None:
    """The chain from a claim to its utterances: what speaks for it, what against, what else it might be."""
    check_reveal(reveal, purpose)
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.reports.explained import explain as chain

        found = chain(Case.open(case), claim, reveal=reveal, purpose=purpose)
        answer.facts = found.facts
        answer.lines = found.lines


def search(
    case: CaseOption,
    text: Annotated[
        str, typer.Argument(help="Words that follow each other; without them every utterance counts.")
    ] = "",
    person: Annotated[
        str | None,
        typer.Option(help="Who is spoken of: a name, a person_id, or a pseudonym.", show_default=False),
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="A place's name, or its gazetteer id.", show_default=False)
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(help="A part of a device's type, room, name or serial number.", show_default=False),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="2018-05-04, or 2018-05-04T18:00.", show_default=False)
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="The same; a day is included.", show_default=False)
    ] = None,
    doubtful: Annotated[
        bool | None,
        typer.Option(
            "--doubtful/--sure", help="Only readings in doubt, or only the others.", show_default=False
        ),
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show names and words; needs --purpose.")] = False,
    purpose: RevealPurpose = "",
    json: JsonFlag = False,
) -> None:
    """The utterances that say something, in the order of time; masked unless revealed."""
    check_reveal(reveal, purpose)
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.case.rows import records
        from forensics.reports.search import frame
        from forensics.reports.search import search as find
        from forensics.reports.view import View

        view = View.of_case(Case.open(case), reveal=reveal, purpose=purpose, report_k=0)
        hits = find(
            view, text, person=person, place=place, device=device, since=since, until=until, doubtful=doubtful
        )
        rows = records(frame(view, hits))
        answer.facts = {"utterances": len(rows), "of": len(view.numbers), "hits": rows}
        answer.lines = [f"{len(rows)} of {len(view.numbers)} utterances"]
        for row in rows[:_SHOWN]:
            facts = [
                row["local_time"] or "time unknown",
                row["device"],
                row["domain"],
                ", ".join((*row["people"], *row["places"])),
                "" if row["doubt"] is None else f"doubt {row['doubt']:.0%}",
                f"found in: {', '.join(row['found_in'])}" if text.strip() else "",
            ]
            answer.lines.append(f"{row['no']:<6}" + " · ".join(fact for fact in facts if fact))
            if reveal:
                answer.lines += [
                    f"      {said}" for said in dict.fromkeys((row["text"], row["vendor_text"])) if said
                ]
        if len(rows) > _SHOWN:
            answer.lines.append(f"{len(rows) - _SHOWN} more: narrow the search, or use --json")
        if rows and not reveal:
            answer.lines.append("words are masked; show them with --reveal --purpose TEXT")
