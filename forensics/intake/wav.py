"""What a WAV file's header says against its real size, before any decoder sees it.

Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), "Waveform Audio File
Format": RIFF chunks of a four-byte name and a 32-bit length; ``fmt `` states format, channels, rate, bytes
per second and block size, ``data`` holds the samples.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from forensics.intake.problems import Problem

_STREAMED = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""Lengths that writers leave which cannot go back to the header."""
_DECODED = frozenset({1, 2, 3, 6, 7, 0x11, 0x31, 0x50, 0x55, 0xFFFE})
"""Format tags of what is decoded: PCM, ADPCM, float, A-law, µ-law, IMA ADPCM, GSM, MPEG, MP3, extensible."""


def wav_problems(head: bytes, size: int, *, longest_s: float) -> Iterator[Problem]:
    """Deviations of one WAV file.

    Parameters
    ----------
    head : bytes
        Its first bytes.
    size : int
        Its real size in bytes.
    longest_s : float
        Seconds from which a recording is noted as long.

    Yields
    ------
    Problem
        ``wav-header``, ``unknown-codec``, ``empty-recording``, ``cut-recording``; notes ``streamed-header``
        and ``long-recording``.
    """
    if head[:4] != b"RIFF":  # RF64 and RIFX state their sizes elsewhere, or the other way round
        return
    form = b""
    position = 12
    while position + 8 <= len(head):
        name, length = head[position : position + 4], struct.unpack_from("<I", head, position + 4)[0]
        position += 8
        if name == b"fmt ":
            form = head[position : position + 16]
        if name == b"data":
            yield from _judge(form, length, size - position, longest_s)
            return
        position += length + length % 2
    if position >= size or len(head) >= size:
        yield Problem("cut-recording", "A WAV file that ends before its samples begin.", _ASK)


_ASK = "Ask for the file again; what is there is kept."


def _judge(form: bytes, declared: int, real: int, longest_s: float) -> Iterator[Problem]:
    if len(form) < 16:
        yield Problem("wav-header", "A WAV file that does not say how its samples are stored.", _ASK)
        return
    tag, channels, rate, bytes_per_s, block = struct.unpack_from("<HHIIH", form)
    if not (channels and rate and block):
        text = f"A WAV header of {rate} Hz, {channels} channels and blocks of {block} bytes."
        yield Problem("wav-header", text, _ASK)
    if tag not in _DECODED:
        yield Problem("unknown-codec", f"A WAV file in a format that is not decoded (tag {tag}).")
    if real <= 0:
        yield Problem("empty-recording", "A WAV header without a single sample.", _ASK)
    elif declared in _STREAMED:
        text = "The header does not say how long the sound is, as streaming writers leave it."
        yield Problem("streamed-header", text, level="note")
    elif declared > real:
        yield Problem("cut-recording", f"{declared - real} of {declared} bytes of sound are missing.", _ASK)
    if bytes_per_s and real / bytes_per_s > longest_s:
        text = f"Lasts about {real / bytes_per_s / 3600:.1f} hours; kept."
        yield Problem("long-recording", text, level="note")
