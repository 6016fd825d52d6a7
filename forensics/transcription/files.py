"""Transcripts of plain audio files, without a case: each file on its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.audio.decode import Sound, decode_file
from forensics.corridor.lines import Lines
from forensics.corridor.progress import Progress, Silent
from forensics.errors import AudioError
from forensics.transcription.engine import AT_HOME, Clip, Engine, LanguageChoice
from forensics.transcription.engines import load_engine
from forensics.transcription.hearing import hear
from forensics.transcription.listening import listen
from forensics.transcription.stage import words_of

if TYPE_CHECKING:
    _Decoded = tuple[str, Sound | AudioError]

UNINFORMED = LanguageChoice(prior={"en": AT_HOME, "de": AT_HOME, "": 1.0})
"""Without a household, English and German are likelier than each of Whisper's other 97 languages, as a
household's own are."""

_GROUP, _GROUP_S = 64, 600.0
"""Files, and seconds of sound, that go through the engine together: clips of one length share a batch
(assumptions)."""


def transcribe_files(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    engine: str = "auto",
    model: str = "base",
    language: str = "auto",
    exact: bool = False,
    progress: Progress | None = None,
) -> Lines:
    """Transcribe files into JSON lines, one per path in order.

    Parameters
    ----------
    out : path
        Written whole at the end: ``file`` (as given), ``text``, ``raw_text``, ``language``, ``words``,
        ``flags``, ``no_speech_prob``, ``avg_logprob``, ``error``.
    engine : {'auto', 'faster-whisper', 'openai-whisper'}
        ``auto`` goes by the weights.
    model : str
        A known name or the path of weights.
    language : {'auto', 'en', 'de'} or another of Whisper's codes
        ``auto`` asks Whisper for every file.
    exact : bool
        One by one in full 30 s windows.
    progress : Progress, optional
        Silent by default.

    Returns
    -------
    Lines
        How many there are, and which files could not be decoded or are damaged.

    Raises
    ------
    ModelError
        If the weights are absent or have another hash.
    ForensicsError
        If the engine is unknown.
    """
    hearing = load_engine(engine, model, exact=exact)
    choice = UNINFORMED if language == "auto" else LanguageChoice(forced=language)
    rows: list[dict[str, Any]] = []
    unread: list[tuple[str, str]] = []
    with (progress or Silent()).task("Transcribing", len(paths)) as advance:
        for chunk in _chunks([str(path) for path in paths]):
            rows += _rows(chunk, hearing, choice)
            unread += [(path, sound.message) for path, sound in chunk if isinstance(sound, AudioError)]
            advance(len(chunk))
    Path(out).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    lost = {path for path, _ in unread}
    damaged = [(row["file"], row["error"]) for row in rows if row["error"] and row["file"] not in lost]
    return Lines(len(rows), tuple(unread), tuple(damaged))


def _chunks(paths: Sequence[str]) -> Iterator[list[_Decoded]]:
    """The files decoded, as many together as are small enough."""
    chunk: list[_Decoded] = []
    seconds = 0.0
    for path in paths:
        try:
            sound: Sound | AudioError = decode_file(path)
        except AudioError as error:
            sound = error
        chunk.append((path, sound))
        seconds += 0.0 if isinstance(sound, AudioError) else sound.seconds
        if len(chunk) == _GROUP or seconds > _GROUP_S:
            yield chunk
            chunk, seconds = [], 0.0
    if chunk:
        yield chunk


def _rows(chunk: Sequence[_Decoded], engine: Engine, choice: LanguageChoice) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    audible: list[tuple[int, Clip]] = []
    for index, (path, sound) in enumerate(chunk):
        if isinstance(sound, AudioError):
            rows.append(_row(path, error=sound.message))
            continue
        clip = listen(sound.samples)
        flags = [*([] if clip else ["no_speech", "empty"]), *sound.oddities]
        rows.append(_row(path, flags=flags, error=sound.damage))
        if clip:
            audible.append((index, clip))
    found = hear(engine, [clip for _, clip in audible], choice)
    for (index, _), heard in zip(audible, found, strict=True):
        reading = heard.reading
        rows[index] |= {
            "text": heard.text,
            "raw_text": heard.raw_text,
            "language": reading.language,
            "words": words_of(heard),
            "flags": [*heard.flags, *rows[index]["flags"]],
            "no_speech_prob": round(reading.no_speech_prob, 4),
            "avg_logprob": round(reading.avg_logprob, 4),
        }
    return rows


def _row(path: str, **facts: Any) -> dict[str, Any]:
    return {
        "file": path,
        "text": "",
        "raw_text": "",
        "language": None,
        "words": [],
        "flags": [],
        "no_speech_prob": None,
        "avg_logprob": None,
        "error": None,
        **facts,
    }
