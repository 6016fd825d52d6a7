"""Files decoded in the child process: the same samples, one error per file, and the limits of the sandbox."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forensics.audio.decode import decode, decode_file, work
from forensics.errors import AudioError
from forensics.sandbox.process import Sandbox, Worker
from tests.sandbox import workers


@pytest.fixture
def sandbox() -> Iterator[Callable[..., Sandbox]]:
    """A child that decodes, with limits of its own."""
    made: list[Sandbox] = []

    def make(**limits: Any) -> Sandbox:
        usual = {"wall_s": 60.0, "cpu_s": 50, "memory_bytes": 1 << 30, "libraries": ["av"]}
        made.append(Sandbox(work, **{**usual, **limits}))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def long_sound(tmp_path: Path) -> Path:
    """A sparse file: 104 minutes of silence."""
    header = struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16)
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt " + struct.pack("<I", 16) + header)
        file.write(b"data" + struct.pack("<I", 0xFFFFFFFF))
        file.truncate(200_000_000)
    return path


@pytest.mark.parametrize("name", ["odd_formats/jfk.flac", "speakers_digits_8k/9_george_7.wav"])
def test_same_samples_as_in_this_process(shared_dir: Path, name: str) -> None:
    path = shared_dir / "audio" / name
    in_child, here = decode_file(path), decode(path.read_bytes())
    np.testing.assert_array_equal(in_child.samples, here.samples)
    assert in_child.samples.flags.writeable
    assert (in_child.codec, in_child.sample_rate, in_child.channels) == (
        here.codec,
        here.sample_rate,
        here.channels,
    )
    assert (in_child.container, in_child.clipped, in_child.damage) == (
        here.container,
        here.clipped,
        here.damage,
    )


def test_an_error_is_one_file_only(shared_dir: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"#EXTM3U\n")
    with pytest.raises(AudioError, match="does not begin like a sound"):
        decode_file(bad)
    assert decode_file(shared_dir / "audio/odd_formats/jfk.flac").seconds > 10


def test_a_fifo_a_folder_and_a_missing_file_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.wav")
    for name, why in (
        ("fifo.wav", "not a regular file"),
        ("absent.wav", "No such file"),
        (".", "not a regular"),
    ):
        with pytest.raises(AudioError, match=why):
            decode_file(tmp_path / name)


def test_a_link_is_not_followed(shared_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "link.flac").symlink_to(shared_dir / "audio/odd_formats/jfk.flac")
    with pytest.raises(AudioError, match=r"^the sound cannot be read: symbolic links are not followed"):
        decode_file(tmp_path / "link.flac", name="the sound")


def test_too_slow_is_ended_and_the_next_file_is_served(
    shared_dir: Path, sandbox: Callable[..., Sandbox]
) -> None:
    child = sandbox(wall_s=0.0)
    with pytest.raises(AudioError, match="not decoded within 0 s"):
        decode_file(shared_dir / "audio/odd_formats/jfk.flac", sandbox=child)
    child.wall_s = 60.0
    assert decode_file(shared_dir / "audio/odd_formats/jfk.flac", sandbox=child).seconds > 10


@pytest.mark.parametrize(
    ("worker", "limits", "why"),
    [
        (workers.spin, {"cpu_s": 1}, "broke the decoder: CPU time limit exceeded."),
        (workers.leave, {}, "broke the decoder: exit status 0."),
        (workers.fail, {}, "broke the decoder: LookupError."),
        (workers.tell_nothing, {}, "broke the decoder: its answer makes no sense."),
        (workers.read_twice, {}, "broke the decoder: its answer makes no sense."),
    ],
)
def test_a_decoder_that_breaks_is_an_error_of_the_file(
    tmp_path: Path, worker: Worker, limits: dict[str, Any], why: str
) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    child = Sandbox(worker, **{"wall_s": 60.0, "cpu_s": 50, "memory_bytes": 1 << 28, **limits})
    with pytest.raises(AudioError) as caught:
        decode_file(tmp_path / "a.wav", name="rec", sandbox=child)
    assert caught.value.message == f"rec {why}"
    child.close()


def test_too_big_is_an_error(long_sound: Path, sandbox: Callable[..., Sandbox]) -> None:
    # the pieces, 115 MB, fit; the whole beside them does not. FFmpeg may run short first and say so itself
    with pytest.raises(AudioError, match=r"needs more memory than a sound may|Cannot allocate memory"):
        decode_file(long_sound, sandbox=sandbox(wall_s=600.0, memory_bytes=180 << 20))
    assert decode_file(long_sound, sandbox=sandbox(wall_s=600.0)).seconds == 1800
