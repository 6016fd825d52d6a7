"""transcribe and extract: single steps on plain files, without a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.answer import Answer, JsonFlag

if TYPE_CHECKING:
    from forensics.corridor.lines import Lines

_AGAIN = "Nothing was kept: run the command again."
_SHOWN = 10
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
    with Answer(json, _AGAIN) as answer:
        from forensics.corridor.progress import Bars
        from forensics.transcription.files import transcribe_files

        done = transcribe_files(
            audio, out, engine=engine, model=model, language=language, exact=exact, progress=Bars()
        )
        answer.facts = {"out": str(out), "files": done.written, "unread": len(done.unread)}
        answer.lines = [f"{done.written} files → {out}"]
        _tell_of(answer, done, "file", "Check whether it is sound, and ask for it again.")


def extract(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='Lines of {"id", "text"}.')],
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl")],
    language: Annotated[str, typer.Option(help="en or de.")],
    json: JsonFlag = False,
) -> None:
    """Entities and intents of texts, in the same order."""
    if language not in ("en", "de"):
        raise typer.BadParameter(f"--language {language}: choose en or de")
    with Answer(json, _AGAIN) as answer:
        from forensics.language.extract import extract_file

        done = extract_file(source, out, language)
        answer.facts = {"out": str(out), "texts": done.written, "unread": len(done.unread)}
        answer.lines = [f"{done.written} texts → {out}"]
        _tell_of(answer, done, "line", 'Write one object with "id" and "text" per line.')


def _tell_of(answer: Answer, done: Lines, what: str, remedy: str) -> None:
    """What could not be read, as findings; nothing read at all ends with status 1."""
    answer.findings = [
        {"code": code, "member": member, "message": message, "remedy": remedy}
        for code, found in (("unreadable", done.unread), ("damaged", done.damaged))
        for member, message in found
    ]
    answer.lines += [f"{f['code']}: {f['member']}: {f['message']}" for f in answer.findings[:_SHOWN]]
    if len(answer.findings) > _SHOWN:
        answer.lines.append(f"{len(answer.findings) - _SHOWN} more with --json")
    if done.unread:
        answer.lines.append(f"{len(done.unread)} of {done.written} {what}s could not be read")
    if done.nothing_read:
        answer.status, answer.exit_code = "refused", 1
