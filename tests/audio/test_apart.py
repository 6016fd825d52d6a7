"""The child process that decodes."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from forensics.audio.apart import Decoder
from forensics.audio.decode import decode
from forensics.errors import AudioError


@pytest.fixture
def decoder() -> Decoder:
    return Decoder()


@pytest.mark.parametrize("name", ["odd_formats/jfk.flac", "speakers_digits_8k/9_george_7.wav"])
def test_same_samples_as_in_this_process(decoder: Decoder, shared_dir: Path, name: str) -> None:
    path = shared_dir / "audio" / name
    apart, here = decoder.decode(path), decode(path.read_bytes())
    np.testing.assert_array_equal(apart.samples, here.samples)
    assert (apart.codec, apart.sample_rate, apart.clipped) == (here.codec, here.sample_rate, here.clipped)
    decoder.close()


def test_an_error_is_one_file_only(decoder: Decoder, shared_dir: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"#EXTM3U\n")
    with pytest.raises(AudioError, match="does not begin like a sound"):
        decoder.decode(bad)
    assert decoder.decode(shared_dir / "audio/odd_formats/jfk.flac").seconds > 10
    decoder.close()


def test_a_fifo_and_a_missing_file_do_not_block(decoder: Decoder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.wav")
    for name in ("fifo.wav", "absent.wav", "."):
        with pytest.raises(AudioError):
            decoder.decode(tmp_path / name)
    decoder.close()


def test_too_slow_is_ended_and_the_next_file_is_served(shared_dir: Path) -> None:
    decoder = Decoder(seconds=0.0)
    with pytest.raises(AudioError, match="not decoded within"):
        decoder.decode(shared_dir / "audio/odd_formats/jfk.flac")
    decoder._seconds = 60.0
    assert decoder.decode(shared_dir / "audio/odd_formats/jfk.flac").seconds > 10
    decoder.close()


def test_too_big_is_an_error(tmp_path: Path) -> None:
    header = struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16)
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt " + struct.pack("<I", 16) + header)
        file.write(b"data" + struct.pack("<I", 0xFFFFFFFF))
        file.truncate(200_000_000)  # a sparse file: 104 minutes of silence
    tight = Decoder(memory_bytes=400 << 20)
    with pytest.raises(AudioError, match=r"memory|broke|cannot"):
        tight.decode(path)
    assert Decoder().decode(path).seconds == 1800
