"""`forensics transcribe`: plain files, JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics.transcription.evidence import agreement
from forensics.transcription.files import transcribe_files

SAID = ("", "In sieben Stunden wird es soweit sein.", "", "My voice is my passport. Verify me.", "")
KEYS = [
    "file", "text", "raw_text", "language", "words", "flags", "no_speech_prob", "avg_logprob", "error",
]  # fmt: skip


@pytest.mark.speech
def test_one_line_per_argument_in_order(shared_dir: Path, tmp_path: Path) -> None:
    audio = shared_dir / "audio"
    playlist = tmp_path / "recording.wav"
    playlist.write_text(f"ffconcat version 1.0\nfile {audio}/german_emodb/15a07Nc.flac\n")
    paths = [
        audio / "nonspeech" / "silence2sec.wav",
        audio / "german_emodb" / "15a07Nc.flac",
        playlist,
        audio / "speakers_ms" / "myVoiceIsMyPassportVerifyMe01.flac",
        tmp_path / "absent.wav",
    ]
    out = tmp_path / "out.jsonl"
    assert transcribe_files(paths, out).written == 5
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 5
    assert [row["file"] for row in rows] == [str(p) for p in paths]
    assert [agreement(row["text"], said) > 0.9 for row, said in zip(rows, SAID, strict=True)] == [True] * 5
    assert "empty" in rows[0]["flags"]
    assert [row["error"] is None for row in rows] == [True, True, False, True, False]
    assert [row["language"] for row in rows][1::2] == ["de", "en"]
