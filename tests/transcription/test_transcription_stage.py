"""The transcription stage on real clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forensics.corridor.workbench import Workbench
from forensics.transcription import stage
from forensics.transcription.evidence import agreement

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


ENGLISH = "speakers_ms/myVoiceIsMyPassportVerifyMe01.flac"


@pytest.mark.speech
def test_both_languages_of_a_recording_are_read(make_case: Any, run_stage: Any, join: Any) -> None:
    """German first, and after a pause English: one reading has only one of them."""
    case = make_case([(join(0.3, GERMAN[0], 1.0, ENGLISH, 0.3), None, "one")])
    run_stage(case, "transcription")
    (row,) = case.rows("transcripts")
    assert (
        agreement(row["text"], "Der Lappen liegt auf dem Eisschrank. My voice is my passport. Verify me.")
        > 0.9
    )
    assert [s["language"] for s in row["stretches"]] == ["de", "en"]
    assert (row["flags"], row["unread"]) == ([], [])
    starts = [w["start_s"] for w in row["words"]]
    assert starts == sorted(starts)
    assert [w["word"] for w in row["words"] if w["start_s"] > 2.5][:4] == ["My", "voice", "is", "my"]
    assert 0 < row["confidence"] < 1


@pytest.mark.speech
def test_noises_beside_an_utterance_get_no_words(
    clips: Path, make_case: Any, run_stage: Any, join: Any
) -> None:
    noises = ("nonspeech/sb_noise5.flac", "nonspeech/roomtone_bg_noise9.flac", "nonspeech/exercise_bike.flac")
    case = make_case([(join(0.2, GERMAN[1], 0.5, noise), None, "one") for noise in noises])
    run_stage(case, "transcription")
    for row in case.rows("transcripts"):
        assert agreement(row["text"], "In sieben Stunden wird es so weit sein.") > 0.8
        assert len(row["stretches"]) == 1
        assert row["unread"] == []


@pytest.mark.speech
def test_the_end_of_a_long_recording_is_read_in_its_own_language(
    make_case: Any, run_stage: Any, join: Any
) -> None:
    parts = [part for name in (ENGLISH, "read_librivox/austen_0930.flac") * 4 for part in (name, 1.5)]
    case = make_case([(join(0.3, *parts, GERMAN[1]), None, "one")])
    assert case.rows("audio")[0]["duration_s"] > 30
    run_stage(case, "transcription")
    (row,) = case.rows("transcripts")
    assert row["text"].count("passport") == 4
    assert agreement(row["text"][-39:], "In sieben Stunden wird es so weit sein.") > 0.8
    assert {s["language"] for s in row["stretches"]} == {"en", "de"}


@pytest.mark.speech
def test_killed_and_resumed_runs_write_the_same_table(
    clips: Path, make_case: Any, run_stage: Any, join: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [(clips / name, None, "one") for name in (*GERMAN, "commands_dialogflow/today.flac")]
    files.append((join(0.3, GERMAN[0], 1.0, ENGLISH, 0.3), None, "one"))
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
