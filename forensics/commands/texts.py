"""transcribe and extract: single steps on plain files, without a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag

OutOption = Annotated[Path, typer.Option("--out", help="Where to write.", show_default=False)]


def transcribe(
    audio: Annotated[list[Path], typer.Argument(metavar="AUDIO...", help="Audio files.")],
    out: OutOption,
    engine: Annotated[str, typer.Option(help="auto, faster-whisper or openai-whisper.")] = "auto",
    model: Annotated[str, typer.Option(help="A known name or the path of weights.")] = "base",
    language: Annotated[str, typer.Option(help="Spoken language: auto, en or de.")] = "auto",
    exact: Annotated[bool, typer.Option(help="One by one in 30 s windows.")] = False,
    json: JsonFlag = False,
) -> None:
    """Transcripts of audio files, one JSON line per argument in order."""
    with Answer(json) as answer:
        from forensics.corridor.progress import Bars
        from forensics.transcription.files import transcribe_files

        count = transcribe_files(
            audio, out, engine=engine, model=model, language=language, exact=exact, progress=Bars()
        )
        answer.facts = {"out": str(out), "files": count}
        answer.lines = [f"{count} files → {out}"]


def extract(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='Lines of {"id", "text"}.')],
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl")],
    language: Annotated[str, typer.Option(help="en or de.")],
    json: JsonFlag = False,
) -> None:
    """Entities and intents of texts, in the same order."""
    if language not in ("en", "de"):
        raise typer.BadParameter(f"--language {language}: choose en or de")
    with Answer(json) as answer:
        from forensics.language.extract import extract_file

        count = extract_file(source, out, language)
        answer.facts = {"out": str(out), "texts": count}
        answer.lines = [f"{count} texts → {out}"]
