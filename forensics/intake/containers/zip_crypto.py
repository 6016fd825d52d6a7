"""Encrypted zip members: PKWARE's traditional cipher and WinZip's AES, with the passwords given.

Traditional: APPNOTE 6.1, from which its keys and the multiplier are; the table is that of CRC-32. AES:
WinZip, "AES Encryption Information" AE-1 and AE-2: extra field 0x9901, PBKDF2-HMAC-SHA1 with 1000 rounds, a
salt of half the key and two bytes that check the password, AES in counter mode with a little-endian counter
from 1, HMAC-SHA1 cut to 10 bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterator, Sequence

from forensics.intake.containers.zip_directory import Record
from forensics.intake.problems import MemberRefusedError, Problem

Packed = Callable[..., Iterator[bytes]]
_HEADER = 12  # bytes (6.1.3)
_MAC, _ROUNDS, _KEY_SIZES = 10, 1000, {1: 16, 2: 24, 3: 32}  # WinZip: bytes, rounds, bytes by strength


def encrypted(why: str) -> Problem:
    """The finding for a member that stays closed."""
    return Problem("encrypted", f"The member is encrypted: {why}.", "Give the password with --password-file.")


def traditional(head: bytes, record: Record, packed: Packed, passwords: Sequence[bytes]) -> Packed:
    """A reader of the decrypted bytes.

    The header's last byte tells a wrong password in 255 of 256 cases; the checksum tells the rest.
    """
    expected = (record.time >> 8) & 0xFF if record.flags & 0x8 else record.crc >> 24
    for password in passwords:
        cipher = _Traditional(password)
        if len(head) >= _HEADER and cipher.decrypt(head[:_HEADER])[-1] == expected:
            return lambda: _traditional_chunks(password, packed())
    raise MemberRefusedError(encrypted("none of the passwords fits"))


def _traditional_chunks(password: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    cipher, left = _Traditional(password), _HEADER
    for chunk in chunks:
        plain = cipher.decrypt(chunk)
        yield plain[left:]
        left = max(0, left - len(plain))


class _Traditional:
    """The three keys of PKWARE's stream cipher."""

    def __init__(self, password: bytes) -> None:
        self._keys = (0x12345678, 0x23456789, 0x34567890)
        for byte in password:
            self._keys = self._update(self._keys, byte)

    @staticmethod
    def _update(keys: tuple[int, int, int], byte: int) -> tuple[int, int, int]:
        one, two, three = keys
        one = (one >> 8) ^ _TABLE[(one ^ byte) & 0xFF]
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        three = (three >> 8) ^ _TABLE[(three ^ (two >> 24)) & 0xFF]
        return one, two, three

    def decrypt(self, chunk: bytes) -> bytes:
        one, two, three = self._keys
        table, out = _TABLE, bytearray(len(chunk))
        for position, byte in enumerate(chunk):
            k = three | 2
            byte ^= ((k * (k ^ 1)) >> 8) & 0xFF
            out[position] = byte
            one = (one >> 8) ^ table[(one ^ byte) & 0xFF]
            two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            three = (three >> 8) ^ table[(three ^ (two >> 24)) & 0xFF]
        self._keys = one, two, three
        return bytes(out)


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0xEDB88320 if value & 1 else value >> 1
        table.append(value)
    return table


_TABLE = _crc_table()


def aes_method(extra: dict[int, bytes]) -> tuple[int, bool]:
    """The packing method under AES, and whether the checksum is to be compared (AE-1 only)."""
    field = extra.get(0x9901, b"")
    if len(field) < 7:
        raise MemberRefusedError(encrypted("its AES field is missing"))
    version, _vendor, _strength, method = struct.unpack_from("<H2sBH", field)
    return method, version == 1


def aes(head: bytes, record: Record, packed: Packed, passwords: Sequence[bytes]) -> Packed:
    """A reader of the decrypted bytes, authenticated at the end."""
    strength = record.extra[0x9901][4]
    if strength not in _KEY_SIZES:
        raise MemberRefusedError(encrypted(f"AES strength {strength} is unknown"))
    size = _KEY_SIZES[strength]
    salt, check = head[: size // 2], head[size // 2 : size // 2 + 2]
    for password in passwords:
        keys = hashlib.pbkdf2_hmac("sha1", password, salt, _ROUNDS, 2 * size + 2)
        if keys[-2:] == check:
            return lambda: _aes_chunks(keys, size, record, packed)
    raise MemberRefusedError(encrypted("none of the passwords fits"))


def _aes_chunks(keys: bytes, size: int, record: Record, packed: Packed) -> Iterator[bytes]:
    import numpy as np
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # ECB over counter blocks is counter mode; the library's own counts big-endian
    block = Cipher(algorithms.AES(keys[:size]), modes.ECB()).encryptor()  # noqa: S305
    mac = hmac.new(keys[size : 2 * size], digestmod=hashlib.sha1)
    counter, waiting = 1, b""

    def decrypt(data: bytes) -> bytes:
        nonlocal counter
        blocks = -(-len(data) // 16)
        numbers = np.zeros((blocks, 2), dtype="<u8")
        numbers[:, 0] = np.arange(counter, counter + blocks, dtype="<u8")
        counter += blocks
        stream = np.frombuffer(block.update(numbers.tobytes()), dtype=np.uint8)[: len(data)]
        return (np.frombuffer(data, dtype=np.uint8) ^ stream).tobytes()

    for chunk in packed(size // 2 + 2, _MAC):
        mac.update(chunk)
        waiting += chunk
        whole = len(waiting) // 16 * 16
        if whole:
            yield decrypt(waiting[:whole])
            waiting = waiting[whole:]
    if waiting:
        yield decrypt(waiting)
    stated = b"".join(packed(record.packed - _MAC))
    if not hmac.compare_digest(mac.digest()[:_MAC], stated):
        raise MemberRefusedError(
            Problem("damaged", "Its authentication code does not fit.", "Ask for it again.")
        )
