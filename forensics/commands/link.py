"""link: candidates from a register of public profiles, or "nobody in the register"."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forensics.case.rows import records
from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption, RevealPurpose, check_reveal

if TYPE_CHECKING:
    import pandas as pd

    from forensics.linkage.index import Register

RegisterOption = Annotated[
    Path,
    typer.Option("--register", help="Your own CSV, JSONL or Parquet of public profiles.", show_default=False),
]
SHOWN = 10


def link(
    case: CaseOption,
    register: RegisterOption,
    in_register: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Assumed probability that the subject is in it at all.")
    ] = 0.5,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the register's index, for several cases; the case by default."),
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show names; needs --purpose.")] = False,
    purpose: RevealPurpose = "",
    json: JsonFlag = False,
) -> None:
    """Who of a register could be the subject: best first, or nobody."""
    check_reveal(reveal, purpose)
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.corridor.progress import Bars
        from forensics.corridor.runner import run
        from forensics.linkage.index import open_register
        from forensics.linkage.stage import index_folder

        opened = Case.open(case)
        progress = Bars()
        place = {"register_index": str(out.resolve()) if out else opened.options.register_index}
        chosen = opened.options.updated(
            {"register": str(register.resolve()), "in_register": in_register, **place}
        )
        found = open_register(register.resolve(), index_folder(chosen, opened.folder), progress=progress)
        opened = Case.create(case, options=chosen)
        run(opened, progress=progress, until="linkage")
        candidates = opened.frame("candidates")
        if reveal:
            from forensics.case.masking import require_purpose

            require_purpose(purpose)
            opened.custody.append("names revealed", purpose=purpose.strip(), register_sha256=found.sha256)
        groups = {
            str(group): _answers(rows, found, reveal=reveal)
            for group, rows in candidates.groupby("data_subject_group", sort=True)
        }
        main = _recorded_household(opened.frame("groups"), list(groups))
        first = groups.get(main or "", {"candidates": [], "nobody": 1.0 - in_register})
        answer.findings = _left_out(found)
        answer.facts = {
            **first,
            "data_subject_group": main,
            "groups": groups,
            "register": {"profiles": len(found), "sha256": found.sha256, "index": str(found.folder)},
            "custody_head": opened.custody.head(),
        }
        answer.lines = [*_lines(first, len(found)), f"index: {found.folder}",
                        f"custody head: {opened.custody.head()}"]  # fmt: skip


def _answers(rows: pd.DataFrame, register: Register, *, reveal: bool) -> dict[str, Any]:
    ordered = records(rows.sort_values("rank"))
    profiles = [row for row in ordered if row["pseudonym"] != "nobody"]
    numbers = [int(row["register_row"]) for row in profiles]
    ids = register.profile_ids(numbers)
    if register.facts["named_ids"] and not reveal:  # an id that is a name is masked as one
        ids = [f"row {number + 1}" for number in numbers]
    names = register.names(numbers) if reveal else []
    candidates = []
    for i, row in enumerate(profiles):
        fields = {f["name"]: round(float(f["score"]), 3) for f in row["fields"]}
        one = {
            "profile_id": ids[i],
            "posterior": float(row["posterior"]),
            "weight": round(float(row["weight"]), 3),
            "fields": fields,
            "tie_group": int(row["tie_group"]),
        }
        candidates.append({**one, "name": names[i]} if reveal else one)
    nobody = next(float(row["posterior"]) for row in ordered if row["pseudonym"] == "nobody")
    return {"candidates": candidates, "nobody": nobody}


def _recorded_household(groups: pd.DataFrame, known: list[str]) -> str | None:
    """The data subject with most recordings: the one who was overheard."""
    ordered = groups.sort_values(["n_recordings", "data_subject_group"], ascending=[False, True])
    return next((str(g) for g in ordered["data_subject_group"] if str(g) in known), None)


def _left_out(register: Register) -> list[dict[str, str]]:
    found = []
    for key, what in (
        ("skipped_rows", "rows without a profile_id or that cannot be parsed"),
        ("skipped_values", "values that are no text or longer than 200 characters"),
        ("doubled_ids", "profile_ids that stand twice; the first counts as the friend"),
        (
            "named_ids",
            "profile_ids that are names; without --reveal rows are numbered instead",
        ),
        ("unknown_friends", "friends who are nobody in the register"),
        ("unknown_partners", "partners who are nobody in the register"),
        ("crossed_partners", "partners who are their own, or name somebody else; they count as no couple"),
    ):
        if register.facts.get(key):
            found.append(
                {"code": f"register_{key}", "member": register.folder.name,
                 "message": f"{register.facts[key]} {what}.",
                 "remedy": "Look at the register if this is more than you expect."}
            )  # fmt: skip
    for name in register.facts["unread_columns"]:
        found.append(
            {"code": "register_unread_column", "member": register.folder.name,
             "message": f"Column '{name}' is not read; its name is nearly one that is.",
             "remedy": "Rename it as docs/finding.md has it."}
        )  # fmt: skip
    return found


def _lines(found: dict[str, Any], profiles: int) -> list[str]:
    lines = [f"{profiles:,} profiles; nobody of them: {found['nobody']:.1%}"]
    for number, one in enumerate(found["candidates"][:SHOWN], start=1):
        bits = ", ".join(
            f"{name} {value:+.1f}" for name, value in one["fields"].items() if abs(value) >= 0.05
        )
        name = one.get("name") or one["profile_id"]
        tied = sum(other["tie_group"] == one["tie_group"] for other in found["candidates"])
        lines.append(
            f"{number:>2}. {name}: {one['posterior']:.1%}, {one['weight']:+.1f} bits ({bits})"
            + (f"; one of {tied} that cannot be told apart" if tied > 1 else "")
        )
    if "name" not in (found["candidates"] or [{}])[0]:
        lines.append("names are masked; show them with --reveal --purpose TEXT")
    return lines
