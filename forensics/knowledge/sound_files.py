"""The containers of sound that are read, by first bytes, never by suffix: one list for intake and decoding.

FFmpeg chooses a demuxer by content, and a playlist named ``.wav`` makes it open other files. So the container is
decided here, and FFmpeg is told which demuxer to use. What is not in this list is never given to it.
"""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

HEAD_BYTES = 400
"""Needed to decide: three packets of an MPEG transport stream are told by the signs that begin them."""

DEMUXERS = {
    "wav": "wav", "w64": "w64", "aiff": "aiff", "au": "au", "caf": "caf", "flac": "flac", "ogg": "ogg", "mp3": "mp3",
    "aac": "aac", "amr": "amr", "mp4": "mov", "webm": "matroska", "asf": "asf", "mpegts": "mpegts", "wv": "wv",
    "voc": "voc",
}  # fmt: skip
"""Kind of container to FFmpeg's name of the demuxer that is forced."""

SUFFIXES = {
    "wav": {"wav"}, "wave": {"wav"}, "rf64": {"wav"}, "w64": {"w64"}, "aif": {"aiff"}, "aiff": {"aiff"}, "aifc": {"aiff"},
    "au": {"au"}, "snd": {"au"}, "caf": {"caf"}, "mp3": {"mp3"}, "flac": {"flac"}, "ogg": {"ogg"}, "oga": {"ogg"},
    "opus": {"ogg"}, "spx": {"ogg"}, "m4a": {"mp4"}, "mp4": {"mp4"}, "3gp": {"mp4"}, "amr": {"amr"}, "awb": {"amr"},
    "webm": {"webm"}, "mka": {"webm"}, "weba": {"webm"}, "aac": {"aac", "mp4"}, "wma": {"asf"}, "asf": {"asf"},
    "ts": {"mpegts"}, "mts": {"mpegts"}, "wv": {"wv"}, "voc": {"voc"},
}  # fmt: skip
"""Suffix to the kinds of container that it promises."""

UNREAD_SUFFIXES = frozenset(
    {"pcm", "raw", "sln", "s16", "s16le", "ulaw", "alaw", "vox", "gsm", "g722", "ra", "rm", "ape", "tta", "mpc", "dss", "ds2",
     "ac3", "eac3", "dts", "qcp", "silk", "slk", "m4b", "m4p", "aax", "dsf", "mid", "midi", "msv", "dvf"}
)  # fmt: skip
"""Suffixes of sound that is not read: samples without a header, and containers that nothing here decodes."""

_MAGIC = (
    (b"fLaC", "flac"), (b"OggS", "ogg"), (b"#!AMR", "amr"), (b"ID3", "mp3"), (b".snd", "au"), (b"caff", "caf"),
    (b"\x1aE\xdf\xa3", "webm"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"), (b"wvpk", "wv"),
    (b"Creative Voice File\x1a", "voc"), (b"riff\x2e\x91\xcf\x11", "w64"),
)  # fmt: skip
_PROTECTED = (b"M4P ", b"aax ", b"aaxc")
"""Major brands of iTunes' protected music and of Audible's books; that these are all is an assumption."""
_PACKET = 188
"""Bytes of a packet of an MPEG transport stream, which begins with 0x47 (ISO/IEC 13818-1)."""


def sound_kind(head: bytes) -> str | None:
    """The container of a file that begins with `head`, or None if it is no sound that we read.

    Bare frames of MPEG sound are told by :func:`is_frame`, since two bytes alone say little.

    Parameters
    ----------
    head : bytes
        The first :data:`HEAD_BYTES` bytes, or all of it.

    Examples
    --------
    >>> sound_kind(b"fLaC" + bytes(60)), sound_kind(b"ffconcat version 1.0")
    ('flac', None)
    """
    if head[:4] in (b"RIFF", b"RF64", b"RIFX", b"BW64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] == b"ftyp":
        return "mp4"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if len(head) > _PACKET and all(head[at] == 0x47 for at in range(0, min(len(head), 3 * _PACKET), _PACKET)):
        return "mpegts"
    return None


def is_protected(head: bytes) -> bool:
    """Whether an MP4 file's brand says that its content is encrypted."""
    return head[4:8] == b"ftyp" and head[8:12] in _PROTECTED
