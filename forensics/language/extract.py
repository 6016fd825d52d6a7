"""``forensics extract``: entities and intents of texts, line by line, in the memory of one batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forensics.corridor.lines import Lines
from forensics.errors import ForensicsError
from forensics.language.reader import LANGUAGES, reader
from forensics.language.reading import HINTS

_BATCH = 512


def extract_file(in_jsonl: str | Path, out_jsonl: str | Path, language: str) -> Lines:
    """Read texts from a JSON Lines file, write what they mention to another.

    Parameters
    ----------
    in_jsonl : path
        Lines ``{"id", "text"}``; other keys are ignored.
    out_jsonl : path
        Lines ``{"id", "entities": [{"start", "end", "label", "score"}], "intent", "domain"}`` in
        the same order; offsets in code points,
        end exclusive. A line that cannot be read has no entities and an ``error``.
    language : {'en', 'de'}

    Returns
    -------
    Lines
        How many were written, and which could not be read.

    Raises
    ------
    ForensicsError
        If the input cannot be opened.
    """
    if language not in LANGUAGES:
        raise ForensicsError(f"Language {language!r} is unknown.", f"Choose one of {', '.join(LANGUAGES)}.")
    source, target = Path(in_jsonl), Path(out_jsonl)
    if not source.is_file():
        raise ForensicsError(
            f"{source} is not a file.", "Name a JSON Lines file with an id and a text a line."
        )
    engine = reader(language)
    count, unread = 0, []
    with target.open("w", encoding="utf-8") as out:
        for batch in _batches(source):
            texts = [line["text"] if "error" not in line else "" for line in batch]
            for line, reading in zip(batch, engine.read(texts), strict=True):
                answer: dict[str, Any] = {
                    "id": line["id"],
                    "entities": [
                        {"start": m.start, "end": m.end, "label": m.label, "score": m.score}
                        for m in reading.mentions
                        if m.found_by != HINTS
                    ],
                    "intent": reading.intent,
                    "domain": reading.domain,
                }
                if "error" in line:
                    answer["error"] = line["error"]
                    where, _, why = line["error"].partition(": ")
                    unread.append((where, why))
                out.write(_dump(answer) + "\n")
                count += 1
    return Lines(count, tuple(unread))


def _batches(source: Path) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with source.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                batch.append(_parse(raw, number))
            if len(batch) >= _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _parse(raw: bytes, number: int) -> dict[str, Any]:
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"line {number}: {error}"}
    if not isinstance(line, dict):
        return {"id": None, "error": f"line {number}: not an object"}
    if not isinstance(line.get("text"), str):
        return {"id": line.get("id"), "error": f"line {number}: no text"}
    return {"id": line.get("id"), "text": line["text"]}


def _dump(answer: dict[str, Any]) -> str:
    try:
        text = json.dumps(answer, ensure_ascii=False)
        text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate in an id
        text = json.dumps(answer)
    return text
