"""models list, verify, import, fetch: which weights are known, present and what they claim to be."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag

if TYPE_CHECKING:
    from forensics.corridor.progress import Advance

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


@app.command("fetch")
def fetch_model(
    name: Annotated[str, typer.Argument(help="tiny, base, small, medium, large-v3, large-v3-turbo, ….")],
    source: Annotated[
        str, typer.Option("--from", help="Another address of the same file, e.g. a mirror: the hash decides.")
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Download weights from their publisher, and keep them only if their SHA-256 is the published one.

    No other command does this. It says first how large they are and where they come from.
    """
    with Answer(json, "What came so far is kept: run the command again, it goes on from there.") as answer:
        from forensics.corridor.progress import Bars
        from forensics.models.fetching import Offer, fetch

        with ExitStack() as stack:
            bar: list[Advance] = []

            def told(offer: Offer) -> None:
                sys.stderr.write(offer.line + "\n")
                bar.append(stack.enter_context(Bars().task(f"Fetching {offer.name}", offer.size)))

            found = fetch(name, source=source, told=told, advance=lambda count: bar[0](count))
        answer.facts = {"model": found}
        answer.lines = [f"{found['name']}  {found['sha256']}  {found['where']}"]
