"""What a file is, by its first bytes and never by its name. This gate stands before every decoder.

FFmpeg chooses a demuxer by content: a text named ``rec.wav`` may be a playlist that makes it read other
files or open sockets. Only what :data:`AUDIO` names may reach a decoder.
"""

from __future__ import annotations

import re

from forensics.knowledge.sound_files import DEMUXERS, SUFFIXES, UNREAD_SUFFIXES, is_protected, sound_kind

HEAD = 4096
"""Bytes that :func:`sniff` wants to see."""

AUDIO = frozenset(DEMUXERS)
"""Kinds that a decoder may see."""

PLAYLISTS = frozenset({"hls", "ffconcat", "sdp", "dash", "pls", "xspf"})
"""Texts that would make a decoder read something else."""

ARCHIVES = frozenset({"zip", "tar", "gz", "bz2", "xz", "zst", "7z"})

TEXTS = frozenset({"text", "json", "html", "xml"})

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PK\x03\x04", "zip"), (0, b"PK\x05\x06", "zip"), (0, b"PK\x07\x08", "zip"),
    (0, b"\x1f\x8b", "gz"), (0, b"BZh", "bz2"), (0, b"\xfd7zXZ\x00", "xz"), (0, b"(\xb5/\xfd", "zst"),
    (0, b"7z\xbc\xaf'\x1c", "7z"), (257, b"ustar", "tar"), (0, b"%PDF-", "pdf"),
    (0, b"SQLite format 3\x00", "sqlite"), (0, b"\x89PNG\r\n", "png"), (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"), (0, b"Rar!\x1a\x07", "rar"), (0, b"\x7fELF", "program"), (0, b"MZ", "program"),
    (0, b"bplist00", "plist"), (0, b"\xd0\xcf\x11\xe0", "ole"),
)  # fmt: skip

_PLAYLIST_TEXT: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\s*#EXTM3U"), "hls"),
    (re.compile(rb"\s*ffconcat\s+version"), "ffconcat"),
    (re.compile(rb"\s*file\s+['\"]?[^\n]+\n(\s*(file|duration|inpoint|outpoint)\s)"), "ffconcat"),
    (re.compile(rb"\s*v=0\r?\n([a-z]=[^\n]*\n)*"), "sdp"),
    (re.compile(rb"\s*\[playlist\]", re.IGNORECASE), "pls"),
    (re.compile(rb"[^\0]{0,400}<MPD[\s>]"), "dash"),
    (re.compile(rb"[^\0]{0,400}<playlist[\s>]"), "xspf"),
)
_JSON = re.compile(
    rb"\s*(\{\s*([\"}]|$)|\[\s*([\[{\"\]]|-?\d+(\.\d+)?(e[+-]?\d+)?\s*[,\]]|true|false|null|nan|$))"
)  # a chat log that begins with "[08.03.2018 ..." is none
_SUFFIX_KINDS = {**SUFFIXES, "pdf": {"pdf"}, "zip": {"zip"}}


def sniff(head: bytes) -> str:
    """The kind of a file.

    Parameters
    ----------
    head : bytes
        Its first :data:`HEAD` bytes, or all of it.

    Returns
    -------
    str
        A member of :data:`AUDIO`, :data:`PLAYLISTS`, :data:`ARCHIVES` or :data:`TEXTS`, or ``pdf``,
        ``sqlite``, ``png``, ``jpeg``, ``gif``, ``rar``, ``program``, ``plist``, ``ole``, ``protected``
        (sound under copy protection), ``riff`` (RIFF that is no sound), ``empty`` or ``binary``.
    """
    if not head:
        return "empty"
    sound = sound_kind(head)
    if sound is not None:
        return "protected" if is_protected(head) else sound
    if head[:4] in (b"RIFF", b"RF64", b"RIFX", b"BW64"):
        return "riff"
    for offset, magic, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind
    text = _as_text(head)
    if text is not None:
        return _text_kind(text)
    return _frame_kind(head)


def demuxer(kind: str) -> str | None:
    """The one FFmpeg demuxer that may read this kind, to be forced; None if no decoder may see it."""
    return DEMUXERS.get(kind)


def suffix(name: str) -> str:
    """The part of a name after the last dot, in lower case; empty if there is none."""
    base = re.split(r"[/\\]", name)[-1]
    return base.rpartition(".")[2].lower() if "." in base else ""


def claims_audio(name: str) -> bool:
    """Whether the name says that this is sound that we read."""
    return bool(_SUFFIX_KINDS.get(suffix(name), set()) & AUDIO)


def claims_unread_sound(name: str) -> bool:
    """Whether the name says that this is sound that nothing here reads: bare samples, for instance."""
    return suffix(name) in UNREAD_SUFFIXES


def mislabelled(name: str, kind: str) -> bool:
    """Whether the name promises another kind than the bytes show."""
    promised = _SUFFIX_KINDS.get(suffix(name))
    return promised is not None and kind not in promised and kind != "empty"


def _as_text(head: bytes) -> bytes | None:
    """`head` as UTF-8 bytes if it looks like text, else None."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return head[: len(head) // 2 * 2].decode("utf-16").encode("utf-8", "replace")
        except UnicodeDecodeError:
            return None
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
    zeros = head.count(0)
    if zeros:
        # UTF-16 without a mark: every other byte of Western text is zero
        if (
            len(head) >= 8
            and zeros > 0.3 * len(head)
            and (head[1::2].count(0) == zeros or head[::2].count(0) == zeros)
        ):
            return head.replace(b"\0", b"")
        plain = head.replace(b"\0", b"")
        if (
            zeros > len(head) // 10
            or b"\n" not in plain
            or any(b < 32 and b not in (9, 10, 13) for b in plain)
        ):
            return None
        head = plain  # a text with a few NUL characters in it
    odd = sum(b < 32 and b not in (9, 10, 12, 13, 27) for b in head)
    if odd > len(head) // 100:
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # not merely a character cut at the end
            high = sum(b >= 128 for b in head)
            if high > 0.3 * len(head):
                return None
    return head


def _text_kind(text: bytes) -> str:
    for pattern, kind in _PLAYLIST_TEXT:
        if pattern.match(text):
            return kind
    start = text.lstrip()[:200].lower()
    if _JSON.match(start):
        return "json"
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith((b"<?xml", b"<")):
        return "html" if b"<html" in text[:2000].lower() else "xml"
    return "text"


def _frame_kind(head: bytes) -> str:
    """MPEG audio frames without a tag: two frame headers in a row, or one at the very start."""
    if len(head) >= 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        layer, rate, frequency = (head[1] >> 1) & 3, head[2] >> 4, (head[2] >> 2) & 3
        if layer == 0 and head[1] & 0xF6 == 0xF0:
            return "aac"
        if layer != 0 and rate not in (0, 15) and frequency != 3:
            return "mp3"
    return "binary"
