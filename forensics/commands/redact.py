"""redact: the least to withhold until what is left fits at least k people, and the bundle rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag
from forensics.commands.main_job import CaseOption
from forensics.commands.texts import OutOption


def redact(
    case: CaseOption,
    out: OutOption,
    k: Annotated[int, typer.Option("--k", min=2, help="People whom what is left must fit at least.")],
    register: Annotated[
        Path | None, typer.Option(help="A register whose best candidate may reach 1/k at most.")
    ] = None,
    listener: Annotated[
        bool, typer.Option("--listener", help="K must hold against who hears what we missed, too.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option(help="Investigate the redacted bundle, and withhold more if it does not hold.")
    ] = True,
    json: JsonFlag = False,
) -> None:
    """The least to withhold before a release, and the redacted bundle."""
    with Answer(json) as answer:
        from forensics.case.case import Case
        from forensics.corridor.progress import Bars
        from forensics.redaction.release import release
        from forensics.redaction.rewrite import NOTICE

        opened = Case.open(case)
        if register is not None:
            opened = Case.create(case, options=opened.options.updated({"register": str(register.resolve())}))
        done = release(opened, out, k=k, listener=listener, confirm=confirm, progress=Bars())
        answer.facts = {
            "bundle": str(done.written.path), "sha256": done.written.sha256, "target_k": k,
            "utterances": done.utterances, "withheld": done.withheld, "silenced": done.silenced,
            "replaced": done.replaced,
            "seconds_lost": round(done.seconds_lost, 1), "undecodable": len(done.written.undecodable),
            "k_lo_before": done.k_lo_before, "k_lo": done.k_lo, "confirmed": done.k_lo is not None,
            "k_lo_listener": done.k_lo_listener,
            "tries": done.tries, "notice": NOTICE, "custody_head": opened.custody.head(),
        }  # fmt: skip
        kept = done.utterances - done.withheld - len(done.written.undecodable)
        answer.lines = [
            f"{kept} of {done.utterances} utterances released, {done.silenced} of them silenced in part, "
            f"{done.replaced} with words replaced; {done.seconds_lost:.0f} s of sound withheld",
            f"K by the cautious bound: {done.k_lo_before:,.0f} before, "
            + (
                f"{done.k_lo:,.0f} found in the redacted bundle" if done.k_lo is not None else "not confirmed"
            ),
            "account data, names and times of members are withheld altogether",
            NOTICE,
            *_overheard(done.k_lo_listener, k),
            "It does not protect from somebody who knows the voices.",
            f"bundle: {done.written.path}",
            f"custody head: {opened.custody.head()}",
        ]


def _overheard(k_lo: float | None, k: int) -> list[str]:
    """What is left to say of a listener who hears what we missed."""
    if k_lo is None or k_lo >= k:
        return []
    return [
        f"K for somebody who hears names that we missed: {k_lo:,.0f} by the cautious bound. "
        "Have a person listen before release, or use --listener, which releases fewer recordings."
    ]
