"""Zip files that attack, lie or are damaged, and ordinary ones that must pass without a finding."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests.intake.making import WAV, assembled, case, central, end, local, zipped

# -- names ---------------------------------------------------------------------------------------


@case("zip", "climbing name", "name-climbs", "../../evil.wav")
def zip_climbs() -> bytes:
    return zipped(("../../evil.wav", WAV))


@case("zip", "absolute name", "name-absolute", "/etc/cron.d/evil.wav")
def zip_absolute() -> bytes:
    return zipped(("/etc/cron.d/evil.wav", WAV))


@case("zip", "drive and backslash", "name-absolute name-backslash", "C:\\Windows\\evil.wav")
def zip_drive() -> bytes:
    return assembled(local(b"C:\\Windows\\evil.wav", WAV), central(b"C:\\Windows\\evil.wav", WAV, 0), 1)


@case("zip", "UNC name", "name-absolute name-backslash", "\\\\server\\share\\evil.wav")
def zip_unc() -> bytes:
    return assembled(
        local(b"\\\\server\\share\\evil.wav", WAV), central(b"\\\\server\\share\\evil.wav", WAV, 0), 1
    )


@case("zip", "control characters and direction marks", "name-bidi name-control-characters")
def zip_bidi() -> bytes:
    return zipped(("\u202eVAW.exe\x1b[31m", WAV))


@case("zip", "reserved and over-long names", "name-reserved name-too-long", "CON.wav")
def zip_reserved() -> bytes:
    return zipped(("CON.wav", WAV), ("x" * 5000 + ".wav", WAV + b"1"))


@case("zip", "name that is no UTF-8, without a flag", "name-guessed-cp437", "Gerät.wav")
def zip_cp437() -> bytes:
    raw = "Gerät.wav".encode("cp437")
    return assembled(local(raw, WAV), central(raw, WAV, 0), 1)


@case("zip", "duplicate, case and Unicode twins", "duplicate-name", "a.wav", "A.WAV", "é.wav")
def zip_twins() -> bytes:
    return zipped(
        ("a.wav", WAV),
        ("a.wav", WAV + b"1"),
        ("A.WAV", WAV + b"2"),
        ("é.wav", WAV),
        ("e\u0301.wav", WAV + b"3"),
    )


# -- structure -----------------------------------------------------------------------------------


@case("zip", "symbolic link", "link", "a.wav")
def zip_link() -> bytes:
    info = zipfile.ZipInfo("link.wav")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return zipped((info, b"/etc/passwd"), ("a.wav", WAV))


@case("zip", "two records for one content", "overlap duplicate-name")
def zip_overlap() -> bytes:
    parts = local(b"a.wav", WAV)
    return assembled(parts, central(b"a.wav", WAV, 0) + central(b"a.wav", WAV, 0), 2)


@case("zip", "quoted overlap", "overlap", "inner.wav")
def zip_quoted_overlap() -> bytes:
    inner = local(b"inner.wav", WAV)
    outer = local(b"outer.bin", inner)
    at = outer.index(b"PK\x03\x04", 4)
    return assembled(outer, central(b"outer.bin", inner, 0) + central(b"inner.wav", WAV, at), 2)


@case("zip", "lying size", "size-lie", "ok.wav")
def zip_size_lie() -> bytes:
    big = bytes(100_000)
    packed = zlib.compress(big, 9)[2:-4]
    one = local(b"lie.bin", big, method=8, packed=packed, size=10)
    two = local(b"ok.wav", WAV)
    records = central(b"lie.bin", big, 0, method=8, packed=len(packed), size=10) + central(
        b"ok.wav", WAV, len(one)
    )
    return assembled(one + two, records, 2)


@case("zip", "bomb by ratio", "ratio-too-high", "a.wav")
def zip_bomb() -> bytes:
    return zipped(("a.wav", WAV), ("zeros.bin", bytes(90 << 20)))


@case("zip", "two end records", "two-end-records data-before-start", "b.wav")
def zip_two_ends() -> bytes:
    first, second = zipped(("a.wav", WAV)), zipped(("b.wav", WAV + b"2"))
    # the second archive's offsets count from its own start; the first is a prefix to it
    return first + second


@case("zip", "prefix", "data-before-start", "a.wav")
def zip_prefix() -> bytes:
    return b"MZ" + bytes(1000) + zipped(("a.wav", WAV))


@case("zip", "tail", "data-after-end", "a.wav")
def zip_tail() -> bytes:
    return zipped(("a.wav", WAV)) + b"trailing bytes"


@case("zip", "hidden member", "hidden-member", "a.wav")
def zip_hidden() -> bytes:
    one, two = local(b"a.wav", WAV), local(b"hidden.wav", WAV)
    return assembled(one + two, central(b"a.wav", WAV, 0), 1)


@case("zip", "header and directory disagree", "header-differs", "shown.wav")
def zip_differs() -> bytes:
    return assembled(local(b"other.wav", WAV), central(b"shown.wav", WAV, 0), 1)


@case("zip", "count differs", "member-count-differs", "a.wav")
def zip_count() -> bytes:
    parts, records = local(b"a.wav", WAV), central(b"a.wav", WAV, 0)
    return (
        parts
        + records
        + end(2, 2 * len(records), len(parts))[:12]
        + struct.pack("<IIH", len(records), len(parts), 0)
    )


@case("zip", "too many promised", "too-many-members")
def zip_too_many() -> bytes:
    tail = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 300_000, 300_000, 300_000 * 46, 0)
    parts = central(b"", b"", 0) + bytes(300_000 * 46 - 46)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(parts), 1)
    return parts + tail + locator + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)


@case("zip", "no member where the directory says", "no-local-header", "a.wav")
def zip_no_local() -> bytes:
    parts = local(b"a.wav", WAV)
    records = central(b"a.wav", WAV, 0) + central(b"b.wav", WAV, len(parts) + 10)
    return assembled(parts + bytes(5000), records, 2)


@case("zip", "wrong checksum", "damaged", "b.wav")
def zip_damaged() -> bytes:
    content = bytearray(zipped(("a.wav", WAV), ("b.wav", WAV + b"2"), method=zipfile.ZIP_STORED))
    content[200] ^= 0xFF
    return bytes(content)


@case("zip", "bytes lost in the middle", "bad-end-record no-local-header", "c.wav")
def zip_hole() -> bytes:
    content = zipped(("b.wav", WAV + b"2"), ("c.wav", WAV), method=zipfile.ZIP_STORED)
    return content[:500] + content[600:]


@case("zip", "cut with data descriptors", "salvaged", "a.wav")
def zip_cut_descriptors() -> bytes:
    content = zip_ordinary()
    return content[: content.index(b"PK\x01\x02")]


@case("zip", "cut short", "salvaged damaged", "a.wav")
def zip_cut() -> bytes:
    content = zipped(("a.wav", WAV), ("b.wav", WAV * 3), method=zipfile.ZIP_STORED)
    return content[: len(WAV) + 5000]


@case("zip", "encrypted", "encrypted", "a.wav")
def zip_encrypted() -> bytes:
    one, two = local(b"a.wav", WAV), local(b"secret.wav", WAV)
    records = central(b"a.wav", WAV, 0) + central(b"secret.wav", WAV, len(one), flags=1)
    patched = two[:6] + b"\x01\x00" + two[8:]
    return assembled(one + patched, records, 2)


@case("zip", "unknown packing", "unknown-method", "a.wav")
def zip_method() -> bytes:
    one, two = local(b"a.wav", WAV), local(b"b.wav", WAV, method=97)
    return assembled(one + two, central(b"a.wav", WAV, 0) + central(b"b.wav", WAV, len(one), method=97), 2)


@case("zip", "nested four deep", "nested-too-deep")
def zip_nested() -> bytes:
    content = zipped(("a.wav", WAV))
    for depth in range(4):
        content = zipped((f"level{depth}.zip", content))
    return content


# -- ordinary variety: no finding ------------------------------------------------------------------


@case("zip", "zip64, data descriptors, comment", "", "a.wav")
def zip_ordinary() -> bytes:
    class Pipe(io.BytesIO):
        """Cannot seek, so that data descriptors are written."""

        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(zipfile.ZipInfo("a.wav"), "w", force_zip64=True) as file:
            file.write(WAV)
        archive.comment = b"made by hand"
    return out.getvalue()


@case("zip", "bzip2 and LZMA members", "", "a.wav", "b.wav")
def zip_methods() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.wav", WAV, zipfile.ZIP_BZIP2)
        archive.writestr("b.wav", WAV + b"2", zipfile.ZIP_LZMA)
    return out.getvalue()


@case("zip", "deflate64 member", "", "a.wav")
def zip_deflate64() -> bytes:
    import inflate64

    engine = inflate64.Deflater()
    packed = engine.deflate(WAV) + engine.flush()
    one = local(b"a.wav", WAV, method=9, packed=packed)
    return assembled(one, central(b"a.wav", WAV, 0, method=9, packed=len(packed)), 1)


@case("zip", "zstd member", "", "a.wav")
def zip_zstd() -> bytes:
    from backports import zstd

    packed = zstd.compress(WAV)
    one = local(b"a.wav", WAV, method=93, packed=packed)
    return assembled(one, central(b"a.wav", WAV, 0, method=93, packed=len(packed)), 1)


@case("zip", "nested once", "", "inner.zip!/a.wav")
def zip_nested_once() -> bytes:
    return zipped(("inner.zip", zipped(("a.wav", WAV))))


# -- members ---------------------------------------------------------------------------------------


@case("zip", "playlists named .wav", "playlist", "a.wav")
def zip_playlists() -> bytes:
    return zipped(
        ("a.wav", WAV),
        ("hls.wav", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
        ("concat.wav", b"ffconcat version 1.0\nfile a.wav\n"),
        ("sdp.wav", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n"),
        ("dash.wav", b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>"),
    )


@case("zip", "empty, mislabelled, protected", "empty-recording mislabelled protected", "a.wav")
def zip_odd_sound() -> bytes:
    return zipped(
        ("a.wav", WAV),
        ("empty.wav", b""),
        ("really.wav", b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 50),
        ("drm.m4a", b"\x00\x00\x00\x20ftypM4P \x00\x00\x00\x00" + bytes(40)),
    )  # fmt: skip
