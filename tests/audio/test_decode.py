"""Hostile and damaged sound."""

from __future__ import annotations

import contextlib
import io
import struct
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.audio.decode import decode
from forensics.audio.demuxers import demuxer_of
from forensics.errors import AudioError
from forensics.knowledge.sound_files import DEMUXERS


def wav(samples: np.ndarray, rate: int = 16_000, channels: int = 1, size: int | None = None) -> bytes:
    data = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    claimed = len(data) if size is None else size
    header = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    return (
        b"RIFF" + struct.pack("<I", min(36 + claimed, 0xFFFFFFFF)) + b"WAVEfmt " + struct.pack("<I", 16)
        + header + b"data" + struct.pack("<I", claimed) + data
    )  # fmt: skip


HEADS = (b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", b"ID3", b"#!AMR\n", b"")
TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)


def test_samples_survive() -> None:
    sound = decode(wav(TONE))
    assert (sound.codec, sound.sample_rate, sound.channels, sound.damage) == ("pcm_s16le", 16_000, 1, None)
    np.testing.assert_allclose(sound.samples, TONE, atol=1e-4)


def test_stereo_at_another_rate_becomes_16_khz_mono() -> None:
    sound = decode(wav(np.repeat(TONE, 2), rate=32_000, channels=2))
    assert (sound.sample_rate, sound.channels) == (32_000, 2)
    assert sound.seconds == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", ["m4a", "opus", "mp3", "flac", "aiff"])
def test_containers_of_the_field(shared_dir: Path, name: str) -> None:
    file = next((shared_dir / "audio" / "odd_formats").glob(f"*.{name}"))
    assert decode(file.read_bytes()).seconds > 0.9


@pytest.mark.parametrize(
    "content",
    [
        b"ffconcat version 1.0\nfile other.wav\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nhttp://example.org/a.ts\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
        b"<?xml version='1.0'?><MPD></MPD>",
        b"<html>sign in</html>",
        b"",
        b"\0" * 100,
    ],
)
def test_what_is_no_sound_never_reaches_a_decoder(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av, "open", lambda *_, **__: pytest.fail("FFmpeg saw it"))
    with pytest.raises(AudioError):
        decode(content)


def test_a_playlist_behind_an_allowed_beginning_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "other.wav").write_bytes(wav(TONE))
    for head in (b"ID3\x04\0\0\0\0\0\x00", b"OggS", b"fLaC"):
        with pytest.raises(AudioError):
            decode(head + f"\nffconcat version 1.0\nfile {tmp_path}/other.wav\n".encode() * 20)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0, 10**6])
def test_wrong_sizes_of_streaming_writers(size: int) -> None:
    try:
        assert decode(wav(TONE, size=size)).seconds == pytest.approx(1.0, abs=0.05)
    except AudioError:
        assert size == 0


def test_cut_file_keeps_what_is_there(shared_dir: Path) -> None:
    whole = (shared_dir / "audio" / "odd_formats" / "jfk.flac").read_bytes()
    sound = decode(whole[: len(whole) // 2])
    assert 3 < sound.seconds < 8


def test_length_is_limited() -> None:
    sound = decode(wav(np.tile(TONE, 5)), max_seconds=2)
    assert sound.seconds == 2
    assert sound.damage == "only the first 2 s were decoded"


@pytest.mark.parametrize(("rate", "channels"), [(0, 1), (16_000, 0)])
def test_impossible_headers(rate: int, channels: int) -> None:
    with pytest.raises(AudioError):
        decode(wav(TONE, rate=rate, channels=channels))


def test_samples_that_are_no_numbers() -> None:
    data = np.array([0.1, np.nan, np.inf, -0.1] * 4000, "<f4").tobytes()
    header = struct.pack("<HHIIHH", 3, 1, 16_000, 64_000, 4, 32)
    content = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + header
    sound = decode(content + b"data" + struct.pack("<I", len(data)) + data)
    assert np.isfinite(sound.samples).all()
    assert sound.damage is not None


def test_clipping_is_counted() -> None:
    assert decode(wav(np.sign(TONE))).clipped > 0.9
    assert decode(wav(TONE)).clipped == 0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(HEADS))
def test_noise_is_an_error_and_never_a_crash(content: bytes, head: bytes) -> None:
    with contextlib.suppress(AudioError):
        assert decode(io.BytesIO(head + content)).samples.size


@given(st.binary(max_size=64))
def test_containers_are_named_or_refused(head: bytes) -> None:
    assert demuxer_of(head) in {None, *DEMUXERS.values()}
