"""``forensics extract``: order, offsets, and lines that nobody can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics.errors import ForensicsError
from forensics.language.extract import extract_file


def _run(tmp_path: Path, lines: list[bytes], language: str = "en") -> list[dict[str, object]]:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b"\n".join(lines) + b"\n")
    done = extract_file(source, out, language)
    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert done.written == len(answers)
    return answers


def test_order_offsets_and_other_keys(tmp_path: Path) -> None:
    texts = ["😀 what's the weather in Oldenburg?", "play Johnny Cash", "", "call Hannah", "wake me at seven"]
    lines = [json.dumps({"id": n, "text": t, "extra": [1]}).encode() for n, t in enumerate(texts)]
    answers = _run(tmp_path, lines)
    assert [a["id"] for a in answers] == list(range(len(texts)))
    assert [set(a) for a in answers] == [{"id", "entities", "intent", "domain"}] * len(texts)
    place = answers[0]["entities"][0]  # type: ignore[index]
    assert place["label"] == "PLACE"
    assert texts[0][place["start"] : place["end"]] == "Oldenburg"
    assert 0 < place["score"] <= 1
    assert [a["domain"] for a in answers[:2]] == ["weather", "music"]
    assert answers[2]["entities"] == []


def test_bad_lines_stop_nothing(tmp_path: Path) -> None:
    lines = [
        b'{"id": "a", "text": "play adele"}',
        b"not json",
        b"[1, 2]",
        b'{"id": "b"}',
        b'{"id": "c", "text": 7}',
        b"\xff\xfe{}",
        b'{"id": "\\ud800", "text": "call \\ud800 hannah"}',
        b"[" * 5000,
        b'{"id": "z", "text": "stop"}',
    ]
    answers = _run(tmp_path, lines)
    assert len(answers) == len(lines)
    assert [a["id"] for a in answers] == ["a", None, None, "b", "c", None, "\ud800", None, "z"]
    assert ["error" in a for a in answers] == [False, True, True, True, True, True, False, True, False]


def test_a_very_long_text_and_an_empty_file(tmp_path: Path) -> None:
    answers = _run(tmp_path, [json.dumps({"id": 1, "text": "play adele " * 20_000}).encode()])
    assert len(answers) == 1
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    assert extract_file(empty, tmp_path / "none.jsonl", "de").written == 0
    assert (tmp_path / "none.jsonl").read_bytes() == b""


def test_the_same_text_reads_the_same_in_any_company(tmp_path: Path) -> None:
    texts = [
        "spiel helene fischer",
        "wie ist das wetter in köln",
        "stell den timer auf zehn minuten",
        "ruf mama an",
    ]
    alone = [_run(tmp_path, [json.dumps({"id": 0, "text": t}).encode()], "de")[0] for t in texts]
    together = _run(tmp_path, [json.dumps({"id": 0, "text": t}).encode() for t in reversed(texts)], "de")
    assert alone == together[::-1]


def test_wrong_use_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ForensicsError, match="not a file"):
        extract_file(tmp_path / "missing.jsonl", tmp_path / "out.jsonl", "en")
    with pytest.raises(ForensicsError, match="Choose one of"):
        extract_file(tmp_path / "missing.jsonl", tmp_path / "out.jsonl", "fr")
