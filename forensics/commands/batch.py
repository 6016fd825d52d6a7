"""batch: many bundles, and a portfolio that names nobody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from forensics.case.options import Options
from forensics.commands.answer import Answer, JsonFlag
from forensics.errors import ForensicsError


def batch(
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE...", help="Each becomes a case.")],
    out: Annotated[Path, typer.Option(help="Cases, rows, portfolio and report.", show_default=False)],
    executor: Annotated[str, typer.Option(help="serial, processes or dask.")] = "processes",
    workers: Annotated[int, typer.Option(min=0, help="0: as many as there are processors.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, or 'slurm'.")] = "",
    consent: Annotated[str, typer.Option(help="Who allowed another machine, and why.")] = "",
    tls_ca: Annotated[Path | None, typer.Option(help="PEM, for a scheduler elsewhere.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM.")] = None,
    gpu: Annotated[bool, typer.Option("--gpu", help="One task at a time per worker resource GPU.")] = False,
    engine: Annotated[str, typer.Option(help="auto, faster-whisper, openai-whisper or vendor.")] = "auto",
    model: Annotated[str, typer.Option(help="A known name or the path of weights.")] = "base",
    language: Annotated[str, typer.Option(help="Spoken language: auto, en or de.")] = "auto",
    population: Annotated[str, typer.Option(help="Country code of those who could be the subject.")] = "auto",
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = 0,
    min_cell: Annotated[int, typer.Option(min=1, help="Fewer people are not shown as a group.")] = 10,
    discard_cases: Annotated[
        bool, typer.Option("--discard-cases", help="Keep the rows, delete the case folders.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Many bundles on processes or a Dask cluster; what is done is not done again."""
    if executor not in ("serial", "processes", "dask"):
        raise typer.BadParameter(f"--executor {executor}: choose serial, processes or dask")
    try:
        options = Options(engine=engine, model=model, language=language, population=population, seed=seed)
    except ForensicsError as error:
        raise typer.BadParameter(str(error)) from error
    with Answer(json, "Run the same command again: what is done is not done again.") as answer:
        from forensics.batch import Executor, Processes, Serial
        from forensics.batch import batch as run
        from forensics.batch.on_dask import OnDask, check_scheduler, is_remote
        from forensics.corridor.progress import Bars

        count = workers or os.cpu_count() or 1
        tls = {"ca": tls_ca, "cert": tls_cert, "key": tls_key}
        remote = {}
        chosen: Executor
        if scheduler:
            check_scheduler(scheduler, consent, tls)
            if is_remote(scheduler):
                remote = {"scheduler": scheduler, "consent": consent}
        resources = {"GPU": 1.0} if gpu else None
        if scheduler or executor == "dask":
            chosen = OnDask(count, scheduler=scheduler, tls=tls, resources=resources)
        else:
            chosen = Serial() if executor == "serial" else Processes(count)
        try:
            done = run(
                bundles, out, options=options, executor=chosen, discard_cases=discard_cases,
                min_cell=min_cell, remote=remote, progress=Bars(),
            )  # fmt: skip
        finally:
            chosen.close()
        answer.facts = {"portfolio": done.summary, "rows": done.rows, "computed": done.computed}
        answer.findings = [
            {
                "code": "bundle-failed",
                "member": path,
                "message": f"{kind}.",
                "remedy": "Investigate it alone.",
            }
            for path, kind in sorted(done.errors.items())
        ]
        said = done.summary
        how_many = f"{said['bundles']} bundle{'' if said['bundles'] == 1 else 's'}"
        answer.lines = [f"{how_many}, {done.computed} computed now, {said['failed']} failed"]
        answer.lines += [f"failed: {path}: {kind}" for path, kind in sorted(done.errors.items())]
        if "marketer_risk" in said:
            risk = said["marketer_risk"]
            answer.lines.append(
                f"marketer risk {risk['mid']:.3f} ({risk['lo']:.3f} to {risk['hi']:.3f}), "
                f"{said['people']} people"
            )
        else:
            answer.lines.append(f"no distribution: {said['withheld']}")
        answer.lines.append(f"report: {out / 'report.html'}")
