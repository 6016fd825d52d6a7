"""Member names: decoded with the reason stated, judged, and never used as paths."""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib

from forensics.intake.problems import Problem

_DRIVE = re.compile(r"^[A-Za-z]:")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)
"""On Windows (Microsoft, Naming Files, Paths, and Namespaces)."""

_MAX_PATH, _MAX_NAME = 1024, 255
"""Bytes of a path and letters of a part of it that file systems allow: PATH_MAX of macOS, which is less than
Linux's, and NAME_MAX of both."""

_SHOWN = 1024
"""Letters of a name that are displayed (assumption)."""

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
"""Explicit directional formatting characters (Unicode Standard Annex 9, section 2)."""


def decode_zip_name(raw: bytes, *, utf8_flag: bool, extra: dict[int, bytes]) -> tuple[str, list[Problem]]:
    """A zip member's name and how it was decoded.

    Order: the UTF-8 flag, the Info-ZIP Unicode path field 0x7075 if its checksum fits (APPNOTE 4.6.9),
    plain ASCII, valid UTF-8, and at last code page 437, the format's default.
    """
    if utf8_flag:
        return decode_utf8(raw)
    field = extra.get(0x7075)
    if field is not None and len(field) > 5 and field[0] == 1:
        (checksum,) = struct.unpack("<I", field[1:5])
        if checksum == zlib.crc32(raw):
            return decode_utf8(field[5:])
        stale = Problem("unicode-name-stale", "The Unicode name field belongs to another name; not used.")
        name, problems = _guess(raw)
        return name, [stale, *problems]
    return _guess(raw)


def decode_utf8(raw: bytes) -> tuple[str, list[Problem]]:
    """A name that should be UTF-8; bytes that are not are escaped as ``\\xNN``."""
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        name = raw.decode("utf-8", "backslashreplace")
        return name, [Problem("name-not-utf8", "The name is not valid UTF-8; the bytes are kept.")]


def _guess(raw: bytes) -> tuple[str, list[Problem]]:
    if raw.isascii():
        return raw.decode("ascii"), []
    try:
        name = raw.decode("utf-8")
        return name, [Problem("name-guessed-utf8", "The name has no encoding flag; read as UTF-8.")]
    except UnicodeDecodeError:
        name = raw.decode("cp437")
        return name, [Problem("name-guessed-cp437", "The name has no encoding flag; read as code page 437.")]


def judge(name: str) -> list[Problem]:
    """What is odd about a name, were it used as a path. It never is."""
    found = []
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        found.append(_odd("name-absolute", "is absolute"))
    if ".." in parts:
        found.append(_odd("name-climbs", "climbs out of its folder"))
    if "\\" in name:
        found.append(_odd("name-backslash", "has backslashes"))
    if any(unicodedata.category(c) == "Cc" for c in name):
        found.append(_odd("name-control-characters", "has control characters"))
    if any(c in _BIDI for c in name):
        found.append(_odd("name-bidi", "has characters that turn the writing direction"))
    if any(_RESERVED.match(p) for p in parts):
        found.append(_odd("name-reserved", "is reserved on Windows"))
    if len(name.encode("utf-8", "surrogatepass")) > _MAX_PATH or any(len(p) > _MAX_NAME for p in parts):
        found.append(_odd("name-too-long", "is longer than file systems allow"))
    if name in ("", ".", "/"):
        found.append(_odd("name-empty", "is empty"))
    return found


def shown(name: str) -> str:
    """`name` for display: controls and direction marks escaped, at most :data:`_SHOWN` characters."""
    text = "".join(
        c if c.isprintable() and c not in _BIDI else c.encode("unicode_escape").decode()
        for c in name[: _SHOWN + 1]
    )
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _odd(code: str, how: str) -> Problem:
    return Problem(code, f"The name {how}. It is kept as data only.", "None needed: no name is ever a path.")
