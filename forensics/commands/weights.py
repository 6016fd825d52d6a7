"""models list, verify, import: which weights are known, present and what they claim to be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag

app = typer.Typer(help="Weights known, present, verified.", no_args_is_help=True)


@app.command("list")
def list_models(json: JsonFlag = False) -> None:
    """The weights known here, and whether they are present."""
    with Answer(json) as answer:
        from forensics.models.weights import known

        found = known()
        answer.facts = {"models": found}
        answer.lines = [
            f"{m['name']:<12}{'present' if m['present'] else 'absent':<9}{m['sha256']}" for m in found
        ]


@app.command("verify")
def verify_models(json: JsonFlag = False) -> None:
    """Recompute the hashes of all weights that are present."""
    with Answer(json) as answer:
        from forensics.models.weights import verify

        results = verify()
        answer.facts = {"models": results}
        answer.lines = [f"{r['name']:<12}{'verified' if r['verified'] else 'WRONG HASH'}" for r in results]
        if not all(r["verified"] for r in results):
            answer.status, answer.exit_code = "refused", 1


@app.command("import")
def import_model(
    path: Annotated[Path, typer.Argument(help="A CTranslate2 folder or a .pt file.")], json: JsonFlag = False
) -> None:
    """Check weights from a local file and print their hash and name."""
    with Answer(json) as answer:
        from forensics.models.weights import import_path

        found = import_path(path)
        answer.facts = {"model": found}
        answer.lines = [f"{found['name']}  {found['sha256']}"]
