"""Masks: a voice changes, its words' timing and everything that is not speech stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forensics.audio.decode import decode
from forensics.redaction.mask import MARGIN_S, RATE, Mask, mask_spans, masked
from forensics.redaction.voices import masks_of

PLAIN = Mask((1.0, 1.0, 1.0))
SECRET = b"never in a bundle"


def vowel(seconds: float = 1.0, pitch: float = 120.0) -> np.ndarray:
    """A buzz through two resonances at 700 and 1,200 Hz."""
    from scipy.signal import lfilter

    buzz = (np.arange(int(seconds * RATE)) % int(RATE / pitch) == 0).astype(float)
    for formant, width in ((700.0, 80.0), (1200.0, 100.0)):
        radius = np.exp(-np.pi * width / RATE)
        buzz = lfilter([1.0], [1.0, -2 * radius * np.cos(2 * np.pi * formant / RATE), radius**2], buzz)
    return (0.3 * buzz / np.abs(buzz).max()).astype(np.float32)


def strongest(sound: np.ndarray, low: float, high: float) -> float:
    """The strongest frequency of a smoothed spectrum between two."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    width = int(200 * len(sound) / RATE)
    smooth = np.convolve(power, np.hanning(width), "same")
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    inside = (frequency > low) & (frequency < high)
    return float(frequency[inside][smooth[inside].argmax()])


def test_a_mask_of_one_changes_next_to_nothing() -> None:
    sound = vowel()
    error = masked(sound, PLAIN) - sound
    assert np.sqrt((error[RATE // 4 : -RATE // 4] ** 2).mean()) < 0.02 * np.sqrt((sound**2).mean())


def test_formants_go_where_the_power_of_their_angle_says() -> None:
    # 700 Hz is an angle of .275; to the power of .8 it is .356, which is 907 Hz
    sound = masked(vowel(), Mask((0.8, 0.8, 0.8)))
    assert strongest(vowel(), 500, 1050) == pytest.approx(700, abs=60)
    assert strongest(sound, 500, 1050) == pytest.approx(907, abs=70)
    assert len(sound) == len(vowel())
    assert np.sqrt((sound**2).mean()) == pytest.approx(np.sqrt((vowel() ** 2).mean()), rel=0.05)


def test_what_is_not_speech_stays_to_the_sample() -> None:
    rng = np.random.default_rng(0)
    whole = (0.01 * rng.standard_normal(4 * RATE)).astype(np.float32)
    whole[RATE : 2 * RATE] += vowel()
    found = mask_spans(whole, [(1.0, 2.0, Mask.drawn(SECRET, "a"))])
    first, last = int((1 - MARGIN_S) * RATE), int((2 + MARGIN_S) * RATE)
    assert np.array_equal(found[:first], whole[:first])
    assert np.array_equal(found[last:], whole[last:])
    assert np.abs(found[RATE : 2 * RATE] - whole[RATE : 2 * RATE]).max() > 0.05
    assert np.array_equal(mask_spans(whole, []), whole)


def test_short_or_silent_speech_is_survived() -> None:
    mask = Mask.drawn(SECRET, "a")
    for length in (0, 1, 100, 321, 5000):
        silent = np.zeros(length, np.float32)
        assert np.array_equal(masked(silent, mask), silent)
        loud = vowel()[:length]
        assert masked(loud, mask).shape == loud.shape
        assert np.isfinite(masked(loud, mask)).all()


def test_a_mask_hangs_on_secret_and_person() -> None:
    one = Mask.drawn(SECRET, "a")
    assert one == Mask.drawn(SECRET, "a")
    assert one not in (Mask.drawn(SECRET, "b"), Mask.drawn(b"another", "a"))


def test_a_person_has_one_mask_and_an_unknown_turn_its_own() -> None:
    speech = [{"start_s": 0.0, "end_s": 1.0}, {"start_s": 2.0, "end_s": 3.0}]
    own = {
        "audio": [{"recording_id": r, "speech": speech} for r in ("r1", "r2")],
        "transcripts": [
            {"recording_id": "r2", "words": [{"word": "aside", "start_s": 5.0, "end_s": 5.4}]},
            {"recording_id": "r3", "words": None},
        ],
        "voices": [
            {"recording_id": "r1", "voice_id": "v1", "start_s": 0.0, "end_s": 1.0},
            {"recording_id": "r1", "voice_id": None, "start_s": 2.0, "end_s": 3.0},
            {"recording_id": "r2", "voice_id": "v1", "start_s": 0.0, "end_s": 3.0},
        ],
    }
    found = masks_of(own, SECRET)
    (_, _, first), (_, _, second) = found["r1"]
    assert first != second
    assert {mask for _, _, mask in found["r2"]} == {first}
    assert max(end for _, end, _ in found["r2"]) == 5.4  # words that no detector noticed are masked too
    assert "r3" not in found
    alone = masks_of({**own, "voices": []}, SECRET)
    assert {m for _, _, m in alone["r1"]}.isdisjoint({m for _, _, m in alone["r2"]})


@pytest.mark.speech
def test_our_encoders_no_longer_know_a_masked_speaker(shared_dir: Path) -> None:
    from forensics.audio.voices.encoder import default

    folder = shared_dir / "audio" / "speakers_librispeech"
    sounds = [decode(p.read_bytes(), name=p.name).samples for p in sorted(folder.glob("*367*"))[:2]]
    if len(sounds) < 2:
        pytest.skip("needs ../shared/audio")
    encoder = default()
    plain, other = (encoder.embed(sound[: 3 * RATE]) for sound in sounds)
    hidden = encoder.embed(masked(sounds[0][: 3 * RATE], Mask.drawn(SECRET, "367")))
    assert hidden @ other < plain @ other - 0.1
