"""When a sound was made, by the tags in its own file."""

from __future__ import annotations

import io
import struct
from datetime import datetime

import pytest

from forensics.intake.sound_tags import recorded_at
from tests.intake.helpers import table, taken
from tests.intake.making import WAV


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def wav(*chunks: bytes, front: bool = False) -> bytes:
    """The test's WAV with more chunks before its samples, or after."""
    body = WAV[12:]
    added = b"".join(chunks)
    body = body[:24] + added + body[24:] if front else body + added
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def info(text: str) -> bytes:
    return chunk(b"LIST", b"INFO" + chunk(b"INAM", b"x") + chunk(b"ICRD", text.encode() + b"\0"))


def id3(version: int, *frames: tuple[bytes, str]) -> bytes:
    body = b""
    for name, text in frames:
        content = b"\x03" + text.encode()
        body += name + struct.pack(">I", len(content)) + b"\0\0" + content
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes((version, 0, 0)) + size + body + b"\xff\xfb\x90\x00" + bytes(413)


def comments(*values: str) -> bytes:
    parts = [struct.pack("<I", len(v.encode())) + v.encode() for v in values]
    return struct.pack("<I", 1) + b"v" + struct.pack("<I", len(parts)) + b"".join(parts)


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def mp4(*parts: bytes) -> bytes:
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", bytes(5000)) + box(b"moov", *parts)


SECONDS = int((datetime(2021, 7, 13, 19, 0, 12) - datetime(1904, 1, 1)).total_seconds())
BEXT = bytes(320) + b"2021-07-13" + b"21-00-12" + bytes(264)
MVHD = box(b"mvhd", bytes(4), struct.pack(">I", SECONDS), bytes(92))


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("wav", wav(info("2021-07-13 21:00:12")), "2021-07-13 21:00:12"),
        ("wav", wav(info("2021-07-13 21:00:12"), front=True), "2021-07-13 21:00:12"),
        ("wav", wav(chunk(b"bext", BEXT), front=True), "2021-07-13 21:00:12"),
        ("mp3", id3(4, (b"TIT2", "x"), (b"TDRC", "2021-07-13T21:00:12")), "2021-07-13T21:00:12"),
        ("mp3", id3(3, (b"TYER", "2021"), (b"TDAT", "1307"), (b"TIME", "2100")), "2021-07-13 21:00"),
        ("flac", b"fLaC\x84" + struct.pack(">I", len(comments("DATE=2021-07-13 21:00")))[1:]
         + comments("DATE=2021-07-13 21:00"), "2021-07-13 21:00"),
        ("ogg", b"OggS" + bytes(40) + b"OpusTags" + comments("title=x", "DATE=2021-07-13T21:00:12Z"),
         "2021-07-13T21:00:12Z"),
        ("mp4", mp4(MVHD), "2021-07-13T19:00:12Z"),
        ("mp4", mp4(MVHD, box(b"udta", box(b"meta", bytes(4), box(b"ilst", box(b"\xa9day", box(
            b"data", bytes(8), b"2021-07-13T21:00:12+0200")))))), "2021-07-13T21:00:12+0200"),
        ("wav", WAV, None), ("mp3", id3(4, (b"TIT2", "x")), None), ("mp4", mp4(), None),
        ("aiff", b"FORM", None),
    ],
)  # fmt: skip
def test_tags(kind: str, content: bytes, said: str | None) -> None:
    assert recorded_at(io.BytesIO(content), kind) == said
    for cut in range(0, len(content), max(1, len(content) // 60)):
        recorded_at(io.BytesIO(content[:cut]), kind)


def test_lengths_that_lie_end_somewhere() -> None:
    deep = b"".join(struct.pack(">I", 0) + b"moov" for _ in range(100_000))
    assert recorded_at(io.BytesIO(box(b"ftyp", b"M4A ") + deep), "mp4") is None
    many = b"".join(struct.pack("<4sI", b"junk", 0) for _ in range(100_000))
    assert recorded_at(io.BytesIO(b"RIFF\0\0\0\0WAVE" + many), "wav") is None


def test_a_recording_has_the_time_of_its_tag() -> None:
    found = taken(("a/rec one.wav", wav(info("2021-07-13T21:00:12+02:00"))), ("a/rec two.wav", WAV))
    times = {row["started_at_basis"]: row["started_at"] for row in found.recordings}
    assert set(times) == {"tag", "unknown"}
    assert times["tag"].isoformat() == "2021-07-13T19:00:12+00:00"
    assert {r["code"] for r in found.findings} >= {"time-in-tag", "time-unknown"}


def test_a_row_of_the_same_second_as_a_tag_is_the_recordings() -> None:
    rows = [[f"2021-07-13T19:0{n}:12Z", f"alexa erzähl witz nummer {n}"] for n in range(3)]
    found = taken(
        ("verlauf.csv", table(["Zeitpunkt", "Transkript"], rows)),
        ("x/eins.wav", wav(info("2021-07-13T19:01:12Z"))),
    )
    (recording,) = found.recordings
    assert recording["vendor_text"] == "alexa erzähl witz nummer 1"
    assert recording["started_at_basis"] == "export"
    assert len(found.said) == 2


def test_a_time_that_the_export_states_goes_before_a_tag() -> None:
    rows = [
        ["2021-07-13T19:00:12Z", "alexa licht an", "eins.wav"],
        ["2021-07-13T19:05:12Z", "alexa licht aus", ""],
    ]
    found = taken(
        ("verlauf.csv", table(["Zeitpunkt", "Transkript", "Datei"], rows)),
        ("x/eins.wav", wav(info("2024-01-01T10:00:00Z"))),
    )
    (recording,) = found.recordings
    assert recording["started_at"].isoformat() == "2021-07-13T19:00:12+00:00"
    assert found.codes == set()
