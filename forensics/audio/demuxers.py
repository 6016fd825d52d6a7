"""FFmpeg's demuxer for a sound, by first bytes and never by suffix.

FFmpeg chooses a demuxer by content: a playlist named ``.wav`` makes it open other files. So the container
is decided here, and FFmpeg is told which demuxer to use. What is not in this list is never given to it.
"""

from __future__ import annotations

HEAD_BYTES = 64
"""Needed to decide: more than the twelve bytes that are looked at today (assumption)."""

_BRANDS_PROTECTED = (b"M4P ", b"aax ", b"aaxc")
"""Major brands of iTunes' protected music and of Audible's books; that these are all is an assumption."""


def demuxer_of(head: bytes) -> str | None:
    """FFmpeg's demuxer for a file that begins with `head`, or None if it is no sound that we read.

    Parameters
    ----------
    head : bytes
        The first :data:`HEAD_BYTES` bytes.

    Examples
    --------
    >>> demuxer_of(b"fLaC" + bytes(60))
    'flac'
    >>> demuxer_of(b"ffconcat version 1.0") is None
    True
    """
    if head[:4] in (b"RIFF", b"RF64", b"RIFX") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    for magic, demuxer in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"#!AMR", "amr"), (b"ID3", "mp3")):
        if head.startswith(magic):
            return demuxer
    if head[4:8] == b"ftyp":
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # MPEG audio frame sync; layer bits 00 mean ADTS (AAC), not MPEG layer 1 to 3
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return None


def is_protected(head: bytes) -> bool:
    """Whether an MP4 file's brand says that its content is encrypted."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS_PROTECTED
