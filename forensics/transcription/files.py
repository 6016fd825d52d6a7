"""Transcripts of plain audio files, without a case: each file on its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forensics.audio.apart import decode_apart
from forensics.audio.measure import speech_activity
from forensics.errors import AudioError
from forensics.progress import Progress, Silent
from forensics.transcription.engine import Clip, Engine, LanguageChoice
from forensics.transcription.evidence import judge
from forensics.transcription.stage import load_engine, words_of

UNINFORMED = LanguageChoice(prior={"en": 20.0, "de": 20.0, "": 1.0})
"""Without a household, English and German are likelier than each of Whisper's other 97 languages."""

_CHUNK = 16


def transcribe_files(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    engine: str = "auto",
    model: str = "base",
    language: str = "auto",
    exact: bool = False,
    progress: Progress | None = None,
) -> int:
    """Transcribe files into JSON lines, one per path in order.

    Parameters
    ----------
    paths : sequence of path
    out : path
        Written whole at the end: ``file`` (as given), ``text``, ``raw_text``, ``language``, ``words``,
        ``flags``, ``no_speech_prob``, ``avg_logprob``, ``error``.
    engine : {'auto', 'faster-whisper', 'openai-whisper'}
    model : str
        A known name or the path of weights.
    language : {'auto', 'en', 'de'} or another of Whisper's codes
    exact : bool
        One by one in full 30 s windows.
    progress : Progress, optional
        Silent by default.

    Returns
    -------
    int
        Number of lines.

    Raises
    ------
    ModelError
        If the weights are absent or have another hash.
    ForensicsError
        If the engine is unknown.
    """
    hearing = load_engine(engine, model, exact=exact)
    choice = UNINFORMED if language == "auto" else LanguageChoice(forced=language)
    rows: dict[int, dict[str, Any]] = {}
    order = list(enumerate(str(path) for path in paths))
    with (progress or Silent()).task("Transcribing", len(order)) as advance:
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            for (index, _), row in zip(chunk, _rows([p for _, p in chunk], hearing, choice), strict=True):
                rows[index] = row
                advance(1)
    lines = [json.dumps(rows[index], ensure_ascii=False) + "\n" for index in range(len(order))]
    Path(out).write_text("".join(lines), "utf-8")
    return len(lines)


def _rows(paths: Sequence[str], engine: Engine, choice: LanguageChoice) -> list[dict[str, Any]]:
    rows: list[dict[str, Any] | None] = []
    audible: list[tuple[int, Clip]] = []
    for index, path in enumerate(paths):
        try:
            samples = decode_apart(path).samples
        except AudioError as error:
            rows.append(_row(path, error=error.message))
            continue
        speech = speech_activity(samples)
        rows.append(None if speech.spans else _row(path, flags=["no_speech", "empty"]))
        if speech.spans:
            audible.append((index, Clip(samples, speech.spans, speech.probability)))
    readings = engine.read([clip for _, clip in audible], choice)
    for (index, clip), reading in zip(audible, readings, strict=True):
        judgement = judge(reading, clip)
        rows[index] = _row(
            paths[index],
            text=judgement.text,
            raw_text=reading.text,
            language=reading.language,
            words=words_of(reading) if judgement.text else [],
            flags=list(judgement.flags),
            no_speech_prob=round(reading.no_speech_prob, 4),
            avg_logprob=round(reading.avg_logprob, 4),
        )
    return [row for row in rows if row is not None]


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
