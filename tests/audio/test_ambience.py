"""Cues: that they part what they were made to part, on sounds that nobody fitted them on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitting.ambience import status, wilson
from fitting.material.rooms import mixed, music, room, within
from forensics.audio.ambience import ambience, bases, child_score, cues
from forensics.audio.decode import decode
from forensics.audio.speech import Speech, speech_activity
from forensics.audio.texture import NAMES, texture

Sound = np.ndarray


def scored(samples: Sound, pitch: float | None = None) -> dict[str, float]:
    return {c["name"]: c["score"] for c in ambience(samples, speech_activity(samples), pitch_hz=pitch)}


@pytest.fixture(scope="module")
def sentence(shared_dir: Path) -> Sound:
    return decode((shared_dir / "audio/speakers_ms/myVoiceIsMyPassportVerifyMe01.flac").read_bytes()).samples


def test_tiles_ring(sentence: Sound) -> None:
    rng = np.random.default_rng(5)
    carpet = within(sentence, room(rng, rt60=0.25, volume=50, distance=0.6))
    tiles = within(sentence, room(rng, rt60=1.5, volume=12, distance=1.5))
    assert scored(tiles)["bathroom"] > scored(carpet)["bathroom"] + 0.3


def test_distance_is_heard_on_average(shared_dir: Path) -> None:
    """One sentence proves nothing: the cue's AUC is .73."""
    rng = np.random.default_rng(6)
    near, distant = [], []
    for path in sorted((shared_dir / "audio/speakers_speechbrain").glob("*_snt[12].flac")):
        dry = decode(path.read_bytes()).samples
        near.append(scored(within(dry, room(rng, rt60=0.4, volume=60, distance=0.4)))["far"])
        distant.append(scored(within(dry, room(rng, rt60=0.4, volume=60, distance=4.5)))["far"])
    assert np.mean(distant) > np.mean(near)


def test_music_under_speech_is_heard(sentence: Sound) -> None:
    under = mixed(sentence, music(np.random.default_rng(7), 4.0), 0.0)
    assert scored(under)["music"] > scored(sentence)["music"] + 0.3


def test_every_score_says_what_it_rests_on(sentence: Sound) -> None:
    found = ambience(sentence, speech_activity(sentence), pitch_hz=95.0)
    names = [c["name"] for c in found]
    assert names == sorted({"bathroom", "child", "far", "music", "several_people", "speech", "television"})
    status = {c["name"]: c["status"] for c in found}
    assert status.pop("speech") == bases()["wake_word"].status == "measured"
    assert status.pop("several_people") == "chance"  # AUC .52 on real talk
    assert set(status.values()) == {"unproven"}
    assert dict(zip(names, found, strict=True))["child"]["score"] == 0.0


@pytest.mark.parametrize(("pitch", "score"), [(110, 0.0), (210, 0.0), (250, 0.5), (300, 1.0)])
def test_a_high_voice_may_be_a_child(pitch: float, score: float) -> None:
    assert child_score(pitch) == pytest.approx(score)


def test_where_nobody_speaks_nothing_is_said_of_voices() -> None:
    noise = np.random.default_rng(0).normal(0, 0.01, 32_000).astype(np.float32)
    assert set(scored(noise)) <= {"music", "speech"}
    assert ambience(noise[:1000], speech_activity(noise[:1000])) == []


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 40_000), st.sampled_from([0.0, 1e-6, 1.0]), st.integers(0, 3))
def test_any_sound_has_finite_numbers(length: int, gain: float, seed: int) -> None:
    samples = (np.random.default_rng(seed).uniform(-1, 1, length) * gain).astype(np.float32)
    speech = Speech(((0.0, length / 16_000),), np.ones(1, np.float32))
    values = texture(samples, speech)
    assert values.shape == (len(NAMES),)
    assert np.isfinite(values).all()
    assert all(0 <= cue.score(values) <= 1 for cue in cues())


@pytest.mark.parametrize(
    ("auc", "n", "said"), [(0.52, (8, 7), "chance"), (0.75, (8, 7), "chance"), (0.95, (8, 7), "measured")]
)
def test_what_is_no_better_than_chance_is_not_called_measured(
    auc: float, n: tuple[int, int], said: str
) -> None:
    assert status(auc, *n) == said


def test_the_shipped_bases_follow_that_rule() -> None:
    for basis in bases().values():
        if basis.status != "unproven":
            assert basis.auc is not None
            assert basis.missed is not None
            assert basis.false is not None
            assert basis.status == status(basis.auc, basis.missed[1], basis.false[1])


def test_wilson_by_hand() -> None:
    # Newcombe 1998, table I: 81 of 263 gives .2553 to .3662
    assert wilson(81, 263) == pytest.approx((0.255, 0.366), abs=0.001)
