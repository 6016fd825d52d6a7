"""FFmpeg's demuxer for a sound, by first bytes and never by suffix.

FFmpeg chooses a demuxer by content: a playlist named ``.wav`` makes it open other files. So the container
is decided first, and FFmpeg is told which demuxer to use. The list is one with intake's:
:mod:`forensics.knowledge.sound_files`. What is not in it is never given to FFmpeg.
"""

from __future__ import annotations

from forensics.knowledge.sound_files import DEMUXERS, HEAD_BYTES, is_protected, sound_kind

__all__ = ["HEAD_BYTES", "demuxer_of", "is_protected"]


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
    kind = sound_kind(head)
    if kind is not None:
        return DEMUXERS[kind]
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # MPEG audio frame sync; layer bits 00 mean ADTS (AAC), not MPEG layer 1 to 3
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return None
