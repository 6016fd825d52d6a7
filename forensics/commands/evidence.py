"""intake and verify: evidence only, no model loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption


def intake(
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE...", help="Zip, tar or folder.")],
    case: CaseOption,
    purpose: Annotated[str, typer.Option(help="Why this is done; goes into the custody log.")] = "",
    json: JsonFlag = False,
) -> None:
    """Hashes, custody, inventory and findings, in seconds."""
    with Answer(json) as answer:
        from forensics.api import take_in_all
        from forensics.progress import Bars
        from forensics.reports.summary import findings_json
        from forensics.runner import run

        opened = take_in_all(list(bundles), case=case, purpose=purpose, progress=Bars())
        run(opened, progress=Bars(), until="intake")
        members, groups = opened.table("members"), opened.table("groups")
        answer.findings = findings_json(opened)
        counts = members["disposition"].value_counts().to_dict()
        answer.facts = {
            "case": str(case),
            "members": {str(k): int(v) for k, v in counts.items()},
            "groups": [
                {
                    "data_subject_group": g.data_subject_group,
                    "role": g.role,
                    "recordings": int(g.n_recordings),
                }
                for g in groups.itertuples()
            ],
            "custody_head": opened.custody.head(),
        }
        answer.lines = [
            f"{len(members)} members: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()),
            *(
                f"{g.data_subject_group}: {g.role}, {g.n_members} members, {g.n_recordings} recordings"
                for g in groups.itertuples()
            ),
            *(f"finding {f['code']}: {f['message']} {f['remedy']}" for f in answer.findings),
            f"custody head: {opened.custody.head()}",
        ]


def verify(case: CaseOption, json: JsonFlag = False) -> None:
    """Recompute every hash and the custody chain."""
    with Answer(json) as answer:
        from forensics.case import Case

        opened = Case.open(case)
        problems = opened.verify()
        answer.facts = {"problems": problems, "custody_head": opened.custody.head()}
        answer.status = "refused" if problems else "done"
        answer.exit_code = 1 if problems else 0
        answer.lines = [*problems, f"{len(problems)} problems", f"custody head: {opened.custody.head()}"]
