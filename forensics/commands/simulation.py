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
    world: Annotated[str, typer.Option(help="obeying: as the model assumes; wrong: not so.")] = "obeying",
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
            progress=Bars(),
        )
        answer.facts = {"truth": str(truth), "households": households}
        answer.lines = [f"{households} households → {out}, truth in {truth}"]
