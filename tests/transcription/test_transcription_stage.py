"""The transcription stage on real clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forensics.corridor.workbench import Workbench
from forensics.transcription import stage

GERMAN = ("german_emodb/03a01Nc.flac", "german_emodb/15a07Nc.flac", "german_thorsten/sample04-gt.flac")


@pytest.fixture
def clips(shared_dir: Path) -> Path:
    return shared_dir / "audio"


@pytest.mark.speech
def test_rows_say_what_was_heard_and_by_what(clips: Path, make_case: Any, run_stage: Any) -> None:
    case = make_case(
        [
            *((clips / name, None, "one") for name in GERMAN),
            (clips / "speakers_ms/myVoiceIsMyPassportVerifyMe01.flac", "my voice is my passport", "two"),
            (clips / "nonspeech/roomtone_bg_noise3.flac", "TRANSCRIPT NOT AVAILABLE", "two"),
            (b"#EXTM3U\nhttp://example.org/a.ts\n", None, "two"),
        ]
    )
    run_stage(case, "transcription")
    rows = case.frame("transcripts")
    assert sorted(rows.engine.value_counts().items()) == [("faster-whisper", 6), ("vendor", 1)]
    heard = rows[rows.engine == "faster-whisper"]
    assert set(heard.model_sha256) == {"d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"}
    german = heard[heard.data_subject_group == "one"]
    assert "Der Lappen liegt auf dem Eisschrank." in set(german.text)
    assert set(german.language) == {"de"}
    other = heard[heard.data_subject_group == "two"].sort_values("text")
    assert list(other.text) == ["", "", "My voice is my passport. Verify me."]
    assert sorted(sorted(f) for f in other["flags"]) == [[], ["empty"], ["empty", "no_speech"]]
    assert other.error.notna().sum() == 1


@pytest.mark.speech
def test_words_have_times_inside_the_recording(clips: Path, make_case: Any, run_stage: Any) -> None:
    case = make_case([(clips / "german_thorsten/sample03-gt.flac", None, "one")])
    run_stage(case, "transcription")
    words = case.frame("transcripts").words.iloc[0]
    assert [w["word"] for w in words][:3] == ["Europa", "und", "Asien"]
    starts = [w["start_s"] for w in words]
    assert starts == sorted(starts)
    assert all(0 <= w["start_s"] <= w["end_s"] <= 4.94 for w in words)


@pytest.mark.speech
def test_forced_language(clips: Path, make_case: Any, run_stage: Any) -> None:
    case = make_case([(clips / GERMAN[0], None, "one")], language="en")
    run_stage(case, "transcription")
    assert list(case.frame("transcripts").language) == ["en"]


def test_vendor_alone_loads_no_model(
    clips: Path, make_case: Any, run_stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "load_engine", lambda *_, **__: pytest.fail("loaded a model"))
    case = make_case(
        [(clips / GERMAN[0], "der lappen", "one"), (clips / GERMAN[1], None, "one")], engine="vendor"
    )
    run_stage(case, "transcription")
    assert list(case.frame("transcripts").text) == ["der lappen"]


@pytest.mark.speech
def test_killed_and_resumed_runs_write_the_same_table(
    clips: Path, make_case: Any, run_stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [(clips / name, None, "one") for name in (*GERMAN, "commands_dialogflow/today.flac")]
    whole, killed = make_case(files), make_case(files[::-1])
    run_stage(whole, "transcription")
    monkeypatch.setattr(stage, "_CHUNK", 1)
    keep = Workbench.keep
    kept: list[Any] = []

    def keep_two(bench: Workbench, key: Any, rows: Any) -> None:
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(key)
        keep(bench, key, rows)

    with monkeypatch.context() as patch:
        patch.setattr(Workbench, "keep", keep_two)
        with pytest.raises(KeyboardInterrupt):
            run_stage(killed, "transcription")
    run_stage(killed, "transcription")
    path = Path("tables") / "transcripts.parquet"
    assert (killed.folder / path).read_bytes() == (whole.folder / path).read_bytes()
