"""simulate: bundles with known truth, for calibration and training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag


def simulate(
    households: Annotated[int, typer.Option(min=1, help="How many households.")],
    out: Annotated[Path, typer.Option(help="A new folder.", show_default=False)],
    language: Annotated[str, typer.Option(help="Spoken language: de or en.")] = "de",
    audio: Annotated[bool, typer.Option(help="Synthesise speech (extra 'speech').")] = False,
    register: Annotated[int, typer.Option(min=0, help="Profiles of a register to write; 0 writes none.")] = 0,
    world: Annotated[
        str, typer.Option(help="obeying: as the model assumes; wrong: not so; written: homes of --scripts.")
    ] = "obeying",
    scripts: Annotated[
        Path | None, typer.Option(help="Folder of households written by hand, for --world written.")
    ] = None,
    fewer: Annotated[int, typer.Option(min=0, help="Utterances left of each written home; 0: all.")] = 0,
    merged: Annotated[bool, typer.Option(help="Each bundle holds a second written home too.")] = False,
    errors: Annotated[
        str, typer.Option(help="A worse recogniser for written homes: none, names, letters, words.")
    ] = "none",
    seed: Annotated[int, typer.Option(help="Seed of every draw.")] = 0,
    json: JsonFlag = False,
) -> None:
    """Households with known truth, and the bundles they would leave."""
    with Answer(json) as answer:
        from forensics.corridor.progress import Bars
        from forensics.simulate import simulate as write

        truth = write(
            households,
            out,
            language=language,
            register=register,
            world=world,
            seed=seed,
            audio=audio,
            scripts=scripts,
            fewer=fewer,
            merged=merged,
            errors=errors,
            progress=Bars(),
        )
        answer.facts = {"truth": str(truth), "households": households}
        answer.lines = [f"{households} households → {out}, truth in {truth}"]
