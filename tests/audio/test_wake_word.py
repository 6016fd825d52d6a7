"""The wake-word detector on real recordings: those with "Alexa", those with other words, and none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forensics.audio import wake_word
from forensics.audio.decode import decode
from forensics.audio.speech import Speech, speech_activity
from forensics.audio.wake_word import wake_word_score
from forensics.errors import ModelError

SPLIT = 0.7  # where the documentation says that the recordings part


def scored(path: Path) -> float:
    samples = decode(path.read_bytes()).samples
    return wake_word_score(samples, speech_activity(samples))


@pytest.mark.parametrize(
    ("name", "says_alexa"),
    [
        ("wakeword_alexa/alexa_0.flac", True),
        ("wakeword_alexa/alexa_8.flac", True),
        ("commands_avs/alexa_recognize_joke_test.flac", True),
        ("wakeword_other/computer-en-099d6097.flac", False),
        ("words_not_wake/nww_2472aebf.flac", False),
        ("speakers_ms/myVoiceIsMyPassportVerifyMe01.flac", False),
        ("nonspeech/exercise_bike.flac", False),
    ],
)
def test_alexa_parts_from_other_sounds(shared_dir: Path, name: str, says_alexa: bool) -> None:
    assert (scored(shared_dir / "audio" / name) >= SPLIT) == says_alexa


def test_loudness_does_not_matter(shared_dir: Path) -> None:
    samples = decode((shared_dir / "audio/wakeword_alexa/alexa_8.flac").read_bytes()).samples
    speech = speech_activity(samples)
    assert wake_word_score(samples * 0.05, speech) == pytest.approx(wake_word_score(samples, speech), abs=0.1)


def test_the_order_of_recordings_does_not_matter(shared_dir: Path) -> None:
    first = shared_dir / "audio/wakeword_alexa/alexa_0.flac"
    before = scored(first)
    scored(shared_dir / "audio/words_not_wake/nww_2472aebf.flac")
    assert scored(first) == before


def test_nobody_speaks_no_wake_word() -> None:
    nothing = Speech((), np.zeros(10, np.float32))
    assert wake_word_score(np.zeros(16_000, np.float32), nothing) == 0.0


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_word, "MODEL_SHA256", "0" * 64)
    wake_word.detector.cache_clear()
    with pytest.raises(ModelError, match="SHA-256"):
        wake_word_score(np.ones(16_000, np.float32) * 0.1, Speech(((0.0, 1.0),), np.ones(31, np.float32)))
    wake_word.detector.cache_clear()
