"""Tar and 7z files that attack, lie or are damaged, and ordinary ones."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zlib

from tests.intake.making import WAV, case, entry, tarred

# -- tar -------------------------------------------------------------------------------------------


@case("tar", "climbing name", "name-climbs", "../evil.wav")
def tar_climbs() -> bytes:
    return tarred((entry("../evil.wav"), WAV))


@case("tar", "links, devices, pipes", "link device", "a.wav")
def tar_links() -> bytes:
    return tarred(
        (entry("s.wav", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (entry("h.wav", tarfile.LNKTYPE, "a.wav"), b""),
        (entry("d", tarfile.CHRTYPE), b""), (entry("p.wav", tarfile.FIFOTYPE), b""), (entry("a.wav"), WAV),
    )  # fmt: skip


@case("tar", "sparse claim", "sparse", "after.wav")
def tar_sparse() -> bytes:
    info = entry("huge.wav")
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[156:157] = b"S"
    header[483:495] = b"77777777777\0"
    return _resummed(header) + tarred((entry("after.wav"), WAV))


@case("tar", "sparse by extended header", "sparse", "after.wav")
def tar_pax_sparse() -> bytes:
    info = entry("huge.wav")
    info.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.realsize": "99999999999",
    }
    return info.tobuf(tarfile.PAX_FORMAT) + tarred((entry("after.wav"), WAV))


@case("tar", "negative size", "damaged", "after.wav")
def tar_negative() -> bytes:
    header = bytearray(entry("minus.wav").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 12
    return _resummed(header) + tarred((entry("after.wav"), WAV))


@case("tar", "bad header in the middle", "damaged", "a.wav", "c.wav")
def tar_bad_header() -> bytes:
    content = bytearray(
        tarred((entry("a.wav"), WAV), (entry("b.wav"), WAV + b"2"), (entry("c.wav"), WAV + b"3"))
    )
    second = 512 + -(-len(WAV) // 512) * 512
    content[second + 148] ^= 0x55
    return bytes(content)


@case("tar", "cut short", "damaged", "a.wav")
def tar_cut() -> bytes:
    return tarred((entry("a.wav"), WAV), (entry("b.wav"), WAV * 10))[: 512 * 20]


@case("tar", "duplicate and case twins", "duplicate-name", "a.wav", "A.wav")
def tar_twins() -> bytes:
    return tarred((entry("a.wav"), WAV), (entry("a.wav"), WAV), (entry("A.wav"), WAV + b"2"))


@case("tar", "no end mark", "tar-no-end", "a.wav")
def tar_no_end() -> bytes:
    return tarred((entry("a.wav"), WAV))[: 512 + -(-len(WAV) // 512) * 512]


@case("tar", "long names", "", "x" * 150 + "/" + "y" * 150 + ".wav")
def tar_long() -> bytes:
    return tarred((entry("x" * 150 + "/" + "y" * 150 + ".wav"), WAV))


@case("tar.gz", "bomb by ratio", "ratio-too-high")
def gz_bomb() -> bytes:
    return gzip.compress(tarred((entry("zeros.bin"), bytes(100 << 20))), 9)


@case("tar.gz", "cut short", "damaged", "a.wav")
def gz_cut() -> bytes:
    noise = random.Random(1).randbytes(60_000)
    return gzip.compress(tarred((entry("a.wav"), WAV), (entry("b.wav"), WAV + noise)))[:-20_000]


@case("tar.gz", "ordinary", "", "a.wav")
def gz_ordinary() -> bytes:
    return gzip.compress(tarred((entry("a.wav"), WAV)))


@case("tar.bz2", "ordinary", "", "a.wav")
def bz2_ordinary() -> bytes:
    return bz2.compress(tarred((entry("a.wav"), WAV)))


@case("tar.xz", "ordinary", "", "a.wav")
def xz_ordinary() -> bytes:
    return lzma.compress(tarred((entry("a.wav"), WAV)))


@case("tar.zst", "ordinary", "", "a.wav")
def zst_ordinary() -> bytes:
    from backports import zstd

    return zstd.compress(tarred((entry("a.wav"), WAV)))


@case("7z", "ordinary", "", "a.wav")
def sevenzip_ordinary() -> bytes:
    return _sevenzip([("a.wav", WAV)])


@case("7z", "climbing name", "name-climbs", "../evil.wav")
def sevenzip_climbs() -> bytes:
    plain = _sevenzip([("xx/evil.wav", WAV)], header_encoded=False)
    old, new = "xx/evil.wav".encode("utf-16-le"), "../evil.wav".encode("utf-16-le")
    start = plain.index(old)
    content = bytearray(plain[:start] + new + plain[start + len(old) :])
    offset, size = struct.unpack_from("<QQ", content, 12)
    struct.pack_into("<I", content, 28, zlib.crc32(content[32 + offset : 32 + offset + size]))
    struct.pack_into("<I", content, 8, zlib.crc32(content[12:32]))
    return bytes(content)


@case("7z", "bomb by ratio", "ratio-too-high")
def sevenzip_bomb() -> bytes:
    return _sevenzip([("zeros.bin", bytes(90 << 20))])


@case("7z", "damaged", "damaged")
def sevenzip_damaged() -> bytes:
    content = bytearray(_sevenzip([("a.wav", WAV * 20)]))
    content[60] ^= 0xFF
    return bytes(content)


@case("7z", "encrypted", "encrypted")
def sevenzip_encrypted() -> bytes:
    return _sevenzip([("a.wav", WAV)], password="correct horse")


def _resummed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def _sevenzip(
    members: list[tuple[str, bytes]], *, password: str | None = None, header_encoded: bool = True
) -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as archive:
        archive.set_encoded_header_mode(header_encoded)
        for name, content in members:
            archive.writestr(content, name)
    return out.getvalue()
