"""Encrypted members open with the password, say so without it, and the password stays nowhere."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from forensics import Case
from forensics.corridor.runner import run
from forensics.errors import BundleError
from forensics.intake import open_bundle, take_in
from forensics.intake.passwords import unlocking
from tests.intake.hostile_others import sevenzip_encrypted
from tests.intake.making import WAV, end

PASSWORD = b"correct horse"


def crc_table() -> list[int]:
    """CRC-32 of one byte, as PKWARE's cipher uses it."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0xEDB88320 if value & 1 else value >> 1
        table.append(value)
    return table


def traditional(content: bytes) -> bytes:
    """A zip file with one member under PKWARE's cipher, written after APPNOTE 6.1."""
    table = crc_table()
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = keys[0] >> 8 ^ table[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ table[(keys[2] ^ keys[1] >> 24) & 255]

    for byte in PASSWORD:
        update(byte)
    crc = zlib.crc32(content)
    out = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        k = keys[2] | 2
        out.append(byte ^ (k * (k ^ 1) >> 8 & 255))
        update(byte)
    return wrapped(bytes(out), content, method=0, crc=crc)


def aes(content: bytes) -> bytes:
    """A zip file with one member under WinZip's AES-256 (AE-2)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    salt = bytes(range(16))
    keys = hashlib.pbkdf2_hmac("sha1", PASSWORD, salt, 1000, 66)
    block = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()
    out = bytearray()
    for number, start in enumerate(range(0, len(content), 16), start=1):
        stream = block.update(number.to_bytes(16, "little"))
        out += bytes(a ^ b for a, b in zip(content[start : start + 16], stream, strict=False))
    mac = hmac.new(keys[32:64], bytes(out), "sha1").digest()[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
    return wrapped(salt + keys[64:] + bytes(out) + mac, content, method=99, crc=0, extra=extra)


def wrapped(packed: bytes, content: bytes, *, method: int, crc: int, extra: bytes = b"") -> bytes:
    name = b"secret.wav"
    common = struct.pack("<HHHHHIII", 51, 1, method, 0, 33, crc, len(packed), len(content))
    local = b"PK\x03\x04" + common + struct.pack("<HH", len(name), len(extra)) + name + extra + packed
    record = b"PK\x01\x02" + struct.pack("<H", 51) + common
    record += struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, 0, 0) + name + extra
    return local + record + end(1, len(record), len(local))


MAKERS = {"PKWARE": traditional, "AES": aes, "7z": lambda content: sevenzip_encrypted()}


def test_the_traditional_vector_is_what_another_reader_reads() -> None:
    with zipfile.ZipFile(io.BytesIO(traditional(WAV))) as archive:
        assert archive.read("secret.wav", pwd=PASSWORD) == WAV


@pytest.mark.parametrize("kind", MAKERS)
def test_the_right_password_opens_and_others_do_not(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(MAKERS[kind](WAV))
    with open_bundle(path, passwords=[PASSWORD]) as bundle:
        assert [m.sha256 for m in bundle] == [hashlib.sha256(WAV).hexdigest()]
    for passwords in ([], [b"wrong"]):
        with open_bundle(path, passwords=passwords) as bundle:
            members = list(bundle)
            said = {p.code for m in members for p in m.problems} | {p.code for p in bundle.problems}
        assert all(m.sha256 is None for m in members)
        assert said <= {"encrypted", "damaged"}
        assert said


def test_a_changed_byte_under_aes_is_damage(tmp_path: Path) -> None:
    content = bytearray(aes(WAV))
    content[200] ^= 1
    (tmp_path / "bundle").write_bytes(content)
    with open_bundle(tmp_path / "bundle", passwords=[PASSWORD]) as bundle:
        assert [{p.code for p in m.problems} for m in bundle] == [{"damaged"}]


def test_a_case_is_unlocked_later_and_keeps_no_password(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(traditional(WAV))
    (tmp_path / "password").write_bytes(PASSWORD + b"\n")
    case = Case.create(tmp_path / "case")
    take_in(case, tmp_path / "bundle.zip")
    run(case, until="intake")
    assert len(case.frame("recordings")) == 0
    with unlocking(tmp_path / "password"):
        case.note_unlocking()
        run(case, until="intake")
    assert len(case.frame("recordings")) == 1
    assert run(case, until="intake") == []
    assert case.verify() == []
    for path in case.folder.rglob("*"):
        assert path.is_dir() or PASSWORD not in path.read_bytes()


def test_an_empty_password_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"\n")
    with pytest.raises(BundleError, match="password"), unlocking(tmp_path / "password"):
        pass
