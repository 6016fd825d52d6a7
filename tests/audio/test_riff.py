"""WAV files whose headers disagree with their bytes, and speech on one channel of many."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.audio.channels import one_of
from forensics.audio.decode import RATE, decode
from forensics.audio.riff import Oddity, mended
from forensics.case.kinds import ODDITIES
from forensics.transcription.files import transcribe_files

SAID = "timer for ten seconds"


def clip(n: int, seed: int = 0) -> np.ndarray:
    """Noise, so that no two clips and no two places of one are alike."""
    return np.random.default_rng(seed).integers(-9000, 9000, n).astype("<i2")


def wav(samples: np.ndarray, *, stated: int | None = None, mark: bytes = b"RIFF", tail: bytes = b"") -> bytes:
    """A WAV file of 16-bit mono at 16 kHz by its specification, and not by the code under test."""
    order = ">" if mark == b"RIFX" else "<"
    data = samples.astype(f"{order}i2").tobytes()
    size = len(data) if stated is None else stated
    fmt = struct.pack(f"{order}HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
    body = b"WAVEfmt " + struct.pack(f"{order}I", 16) + fmt + b"data" + struct.pack(f"{order}I", size) + data
    return mark + struct.pack(f"{order}I", min(len(body), 2**32 - 1)) + body + tail


def heard(content: bytes) -> np.ndarray:
    return np.round(decode(content).samples * 32768).astype("<i2")


def test_oddities_are_those_of_the_table() -> None:
    assert sorted(Oddity) == sorted(ODDITIES)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 900), st.sampled_from([b"RIFF", b"RIFX"])), min_size=1, max_size=6),
    st.sampled_from(["right", "short", "zero", "endless", "all that follows"]),
)
def test_every_sample_of_every_sound_is_heard(sounds: list[tuple[int, bytes]], sizes: str) -> None:
    clips = [clip(n, seed) for seed, (n, _) in enumerate(sounds)]
    content = b""
    for samples, (n, mark) in reversed(list(zip(clips, sounds, strict=True))):
        stated = {
            "right": None, "short": n, "zero": 0, "endless": 2**32 - 1,
            "all that follows": 2 * n + len(content),
        }[sizes]  # fmt: skip
        content = wav(samples, stated=stated, mark=mark) + content
    np.testing.assert_array_equal(heard(content), np.concatenate(clips))


LIST = b"LIST" + struct.pack("<I", 4) + b"INFO"
ID3 = b"id3 " + struct.pack("<I", 8) + b"ID3\3abcd"


@pytest.mark.parametrize("tail", [b"", b"\0", bytes(300), LIST, ID3])
def test_a_sound_file_stays_as_it_is(tail: bytes) -> None:
    assert mended(wav(clip(500), tail=tail)) == ([], set())


def test_sounds_of_two_rates_are_both_heard() -> None:
    slow = io.BytesIO()
    soundfile.write(slow, clip(8000), 8000, format="WAV")
    sound = decode(wav(clip(16_000)) + slow.getvalue())
    assert sound.seconds == pytest.approx(2.0, abs=0.01)
    assert sound.oddities == (Oddity.JOINED,)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_to_a_header_breaks_the_reader(data: st.DataObject) -> None:
    content = bytearray(wav(clip(300)) + wav(clip(200), mark=b"RIFX"))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    files, odd = mended(bytes(content))
    assert bool(files) == bool(odd)
    assert sum(map(len, files)) <= len(content) + 60 * len(files)


@pytest.mark.parametrize("channels", [2, 3, 6, 8])
def test_the_channel_with_the_voice_is_heard(shared_dir: Path, channels: int) -> None:
    voice = decode((shared_dir / "audio" / "german_emodb" / "15a07Nc.flac").read_bytes()).samples
    for place in range(channels):
        noise = np.random.default_rng(place).normal(0, 0.05, (channels, voice.size)).astype(np.float32)
        noise[place] = voice
        taken, chosen = one_of(noise, RATE)
        assert chosen
        np.testing.assert_array_equal(taken, voice)


def test_opposite_phase_is_heard_and_plain_stereo_is_mixed(shared_dir: Path) -> None:
    voice = decode((shared_dir / "audio" / "german_emodb" / "15a07Nc.flac").read_bytes()).samples
    assert one_of(np.stack([voice, -voice]), RATE)[1]
    assert not one_of(np.stack([voice, 0.4 * voice]), RATE)[1]
    assert not one_of(np.stack([voice, np.roll(voice, 5)]), RATE)[1]
    assert not one_of(np.zeros((4, 100), np.float32), RATE)[1]


@pytest.mark.speech
def test_every_command_of_the_case_is_heard(shared_dir: Path, tmp_path: Path) -> None:
    paths = sorted((shared_dir / "cases" / "wav-bodies").glob("*.wav"))
    transcribe_files(paths, tmp_path / "out.jsonl", language="en")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == len(paths) == 6
    for path, row in zip(paths, rows, strict=True):
        assert row["error"] is None
        assert set(row["flags"]) & set(ODDITIES), path.name
        said = " ".join("".join(c if c.isalnum() else " " for c in row["text"].casefold()).split())
        assert SAID in said.replace("10", "ten"), (path.name, row["text"])
        if path.name.startswith("05"):
            assert "tell me a joke" in said
