"""A WAV file's header against its size."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.intake.wav import wav_problems


def wav(
    *,
    seconds: float = 1.0,
    rate: int = 16_000,
    channels: int = 1,
    tag: int = 1,
    block: int = 2,
    declared: int = -1,
) -> bytes:
    data = b"\0" * int(seconds * 32_000)
    length = len(data) if declared < 0 else declared
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, 16)
    return b"".join(
        [b"RIFF", struct.pack("<I", 36 + len(data)), b"WAVEfmt ", struct.pack("<I", 16), form, b"data",
         struct.pack("<I", length), data]
    )  # fmt: skip


def codes(content: bytes, *, longest_s: float = 3600.0) -> list[str]:
    return [p.code for p in wav_problems(content[:4096], len(content), longest_s=longest_s)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (wav(), []),
        (wav(seconds=0), ["empty-recording"]),
        (wav()[:30], ["cut-recording"]),
        (wav()[:20_000], ["cut-recording"]),
        (wav(declared=0xFFFFFFFF), ["streamed-header"]),
        (wav(declared=0), ["streamed-header"]),
        (wav(rate=0), ["wav-header"]),
        (wav(channels=0), ["wav-header"]),
        (wav(block=0), ["wav-header"]),
        (wav(tag=0x1234), ["unknown-codec"]),
        (b"RIFX" + wav()[4:], []),
    ],
)
def test_what_is_said_of_a_header(content: bytes, expected: list[str]) -> None:
    assert codes(content) == expected


def test_a_long_recording_is_noted() -> None:
    assert codes(wav(seconds=3), longest_s=2) == ["long-recording"]


def test_other_chunks_may_stand_before_the_samples() -> None:
    plain = wav()
    assert codes(plain[:12] + b"LIST" + struct.pack("<I", 5) + b"INFOx\0" + plain[12:]) == []


@given(st.binary(max_size=200), st.integers(0, 1 << 33))
def test_any_bytes_are_survived(rest: bytes, size: int) -> None:
    list(wav_problems(b"RIFF0000WAVE" + rest, size, longest_s=10.0))
