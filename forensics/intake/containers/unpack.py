"""Decompression in bounded pieces: no call can return more than :data:`CHUNK` bytes."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from forensics.intake.containers.base import CHUNK
from forensics.intake.problems import MemberRefusedError, Problem

_LZMA_MEMORY = 256 << 20
"""Bytes that a dictionary may claim: `xz` itself writes 64 MiB at most (assumption)."""

_ZSTD_WINDOW_LOG = 27
"""128 MiB of window: what `zstd` itself accepts (``ZSTD_WINDOWLOG_LIMIT_DEFAULT``)."""

_RAW, _GZIP = -15, 31
"""zlib's ``wbits``: without a header, and with that of gzip."""

_LZMA_HEAD, _LZMA_PROPERTIES = 9, 5
"""Bytes before the stream of zip's LZMA, and of the properties in them (APPNOTE 5.8.8)."""

_DEFLATE64_PIECE = 64
"""Bytes given to inflate64 at once, which has no bound on output: they hold at most 256 copies of 64 KiB
(assumption: 16 MiB is little enough)."""


def expander(method: str, packed: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack `packed`.

    Parameters
    ----------
    method : {'stored', 'deflate', 'deflate64', 'gzip', 'bzip2', 'lzma', 'xz', 'zstd'}
        ``lzma`` is the one of zip files, ``deflate`` has no header.

    Raises
    ------
    MemberRefusedError
        If the stream is damaged; what was sound before has been given.
    """
    if method == "stored":
        return packed
    return _UNPACKERS[method](packed)


def _deflate(packed: Iterator[bytes], wbits: int = _RAW) -> Iterator[bytes]:
    engine = zlib.decompressobj(wbits)
    try:
        for piece in packed:
            waiting = piece
            while waiting:
                if engine.eof:
                    if wbits < 0:
                        return
                    engine = zlib.decompressobj(wbits)  # gzip files may follow one another
                if out := engine.decompress(waiting, CHUNK):
                    yield out
                waiting = engine.unused_data if engine.eof else engine.unconsumed_tail
                if engine.eof and wbits > 0 and not waiting.strip(b"\0"):
                    waiting = b""  # padding after the last one
        while not engine.eof:
            out = engine.decompress(engine.unconsumed_tail, CHUNK)
            if not out:
                break
            yield out
    except zlib.error as error:
        raise _damaged(error) from error
    if not engine.eof:
        raise _damaged("the stream ends too early")


def _gzip(packed: Iterator[bytes]) -> Iterator[bytes]:
    return _deflate(packed, _GZIP)


def _streamed(engine_of: Any, packed: Iterator[bytes]) -> Iterator[bytes]:
    """bz2, lzma and zstd share one interface: ``needs_input``, ``eof``, ``decompress(data, max_length)``."""
    engine = engine_of()
    begun = False
    try:
        for piece in packed:
            waiting = piece
            while True:
                if engine.eof:
                    waiting = engine.unused_data or waiting
                    if not waiting.strip(b"\0"):
                        break
                    engine, begun = engine_of(), False
                out = engine.decompress(waiting, CHUNK)
                begun = True
                waiting = b""
                if out:
                    yield out
                if engine.eof:
                    waiting = engine.unused_data
                    if not waiting:
                        break
                elif engine.needs_input:
                    break
    except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise _damaged(error) from error
    except Exception as error:
        if type(error).__name__ == "ZstdError":
            raise _damaged(error) from error
        raise
    if begun and not engine.eof:
        raise _damaged("the stream ends too early")


def _bzip2(packed: Iterator[bytes]) -> Iterator[bytes]:
    return _streamed(bz2.BZ2Decompressor, packed)


def _xz(packed: Iterator[bytes]) -> Iterator[bytes]:
    return _streamed(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY), packed)


def _zstd(packed: Iterator[bytes]) -> Iterator[bytes]:
    from backports import zstd

    options = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW_LOG}
    return _streamed(lambda: zstd.ZstdDecompressor(options=options), packed)


def _zip_lzma(packed: Iterator[bytes]) -> Iterator[bytes]:
    """LZMA as zip stores it (APPNOTE 5.8.8): version, size of properties, properties, raw stream."""
    head = b""
    for piece in packed:
        head += piece
        if len(head) >= _LZMA_HEAD:
            break
    if len(head) < _LZMA_HEAD or struct.unpack_from("<H", head, 2)[0] != _LZMA_PROPERTIES:
        raise _damaged("no LZMA properties")
    properties, dictionary = head[4], struct.unpack_from("<I", head, 5)[0]
    # lc + 9 (lp + 5 pb), and at least the dictionary that liblzma accepts (LZMA_DICT_SIZE_MIN)
    if properties >= 9 * 5 * 5 or dictionary > _LZMA_MEMORY:
        raise _damaged("impossible LZMA properties")
    chain = [
        {"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096), "lc": properties % 9,
         "lp": properties // 9 % 5, "pb": properties // 45}
    ]  # fmt: skip
    rest = head[_LZMA_HEAD:]

    def pieces() -> Iterator[bytes]:
        if rest:
            yield rest
        yield from packed

    engine = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)
    try:
        for piece in pieces():
            out = engine.decompress(piece, CHUNK)
            while out:
                yield out
                if engine.eof or engine.needs_input:
                    break
                out = engine.decompress(b"", CHUNK)
            if engine.eof:
                return
    except (lzma.LZMAError, EOFError, ValueError) as error:
        raise _damaged(error) from error


def _deflate64(packed: Iterator[bytes]) -> Iterator[bytes]:
    import inflate64

    engine = inflate64.Inflater()
    try:
        for piece in packed:
            for start in range(0, len(piece), _DEFLATE64_PIECE):
                if out := engine.inflate(piece[start : start + _DEFLATE64_PIECE]):
                    yield out
    except (ValueError, RuntimeError, EOFError) as error:
        raise _damaged(error) from error


def _damaged(reason: object) -> MemberRefusedError:
    return MemberRefusedError(Problem("damaged", f"Cannot be unpacked: {reason}.", "Ask for the file again."))


_UNPACKERS = {
    "deflate": _deflate, "deflate64": _deflate64, "gzip": _gzip, "bzip2": _bzip2, "xz": _xz, "zstd": _zstd,
    "lzma": _zip_lzma,
}  # fmt: skip
