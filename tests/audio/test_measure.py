"""Measures on sounds whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forensics.audio.decode import decode
from forensics.audio.measure import loudness_lufs, measure, peak_dbfs, snr_db
from forensics.audio.pitch import pitch_hz
from forensics.audio.speech import speech_activity

SECOND = np.arange(16_000) / 16_000


@pytest.fixture(scope="module")
def sentence(shared_dir: Path) -> np.ndarray:
    return decode((shared_dir / "audio/speakers_ms/myVoiceIsMyPassportVerifyMe01.flac").read_bytes()).samples


def test_speech_is_found_where_it_is(sentence: np.ndarray) -> None:
    quiet = np.zeros(16_000, np.float32)
    speech = speech_activity(np.concatenate([quiet, sentence, quiet]))
    assert 2.0 < speech.seconds < 3.5
    assert speech.spans[0][0] > 0.9
    assert speech.spans[-1][1] < 1 + len(sentence) / 16_000


@pytest.mark.parametrize("name", ["silence2sec.wav", "roomtone_bg_noise3.flac", "exercise_bike.flac"])
def test_noise_is_no_speech(shared_dir: Path, name: str) -> None:
    assert speech_activity(decode((shared_dir / "audio/nonspeech" / name).read_bytes()).samples).spans == ()


def test_loudness_of_the_reference_tone() -> None:
    # EBU Tech 3341 case 1: a 1 kHz sine at -23 dBFS has -23 LUFS in stereo, 3 LU less on one channel
    tone = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.tile(SECOND, 5))).astype(np.float32)
    assert loudness_lufs(tone) == pytest.approx(-26.0, abs=0.2)
    assert loudness_lufs(tone[:1000]) is None
    assert loudness_lufs(np.zeros(16_000, np.float32)) is None


def test_peak() -> None:
    assert peak_dbfs(np.full(10, 0.5, np.float32)) == pytest.approx(-6.02, abs=0.01)
    assert peak_dbfs(np.zeros(10, np.float32)) == -120


@pytest.mark.parametrize("wanted", [5.0, 15.0])
def test_noise_added_to_a_clean_sentence_is_measured(sentence: np.ndarray, wanted: float) -> None:
    speech = speech_activity(sentence)
    frames = sentence[: len(sentence) // 512 * 512].reshape(-1, 512)
    inside = (frames**2).mean(axis=1)[speech.probabilities[: len(frames)] > 0.5].mean()
    noise = np.random.default_rng(0).normal(0, np.sqrt(inside / 10 ** (wanted / 10)), len(sentence))
    measured = snr_db((sentence + noise).astype(np.float32), speech)
    assert measured == pytest.approx(wanted, abs=1.5)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("speakers_ms/myVoiceIsMyPassportVerifyMe01.flac", 75, 115),
        ("speakers_librispeech/367-130732-0001.flac", 190, 280),
    ],
)
def test_pitch_of_a_man_and_a_woman(shared_dir: Path, name: str, low: float, high: float) -> None:
    samples = decode((shared_dir / "audio" / name).read_bytes()).samples
    pitch = pitch_hz(samples, speech_activity(samples))
    assert pitch is not None
    assert low < pitch < high


def test_silence_has_no_pitch_and_no_ratio() -> None:
    silence = np.zeros(16_000, np.float32)
    assert pitch_hz(silence, speech_activity(silence)) is None
    assert snr_db(silence, speech_activity(silence)) is None


def test_all_columns_of_a_real_clip(shared_dir: Path) -> None:
    row = measure(decode((shared_dir / "audio/speakers_digits_8k/9_george_7.wav").read_bytes()))
    assert (row["codec"], row["sample_rate"], row["channels"]) == ("pcm_s16le", 8000, 1)
    assert row["decode_error"] is None
