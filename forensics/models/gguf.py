"""Language models in GGUF files: their header, their hash, and how much memory they take.

The header is read here and not by llama.cpp, so that a wrong file and too little memory are said before
gigabytes are loaded. The official reader of the format (``gguf``) takes half a gigabyte and many seconds for
it, since it makes a Python object of each of 150,000 tokens.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from forensics.errors import ModelError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
"""Of the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Version 1 is of August 2023, and
llama.cpp no longer reads it."""
_SIZES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9
_MOST_KEYS, _LONGEST = 10_000, 64 << 20
"""Limits of an honest header (assumptions: the largest known has some 60 keys and 5 MB of tokens)."""
CACHE_BYTES = 2
"""Bytes of each number in the cache of keys and values: fp16."""
WEIGHTS_FACTOR = 1.4
"""Memory of the weights by the size of their file: llama.cpp lays a part of them out anew and keeps the pages
of the file while there is room (1.35 measured with one model of 1.1 GB)."""
OVERHEAD_BYTES = 200 << 20
"""What the library takes beside weights, cache and work space (assumption)."""


@dataclass(frozen=True)
class Header:
    """What a GGUF file says of itself.

    Parameters
    ----------
    path : Path
        The file.
    size : int
        Bytes of the file, which is about what its weights take in memory.
    name : str
        As its maker calls it.
    architecture : str
        The key under which llama.cpp knows how to run it.
    layers, width : int
        Blocks, and numbers per token between them.
    cache_width : int
        Numbers that a token leaves in the cache, in each layer.
    vocabulary : int
        Tokens.
    context : int
        Tokens that it was trained to look back.
    chat : bool
        Whether it brings a template for conversations.
    """

    path: Path
    size: int
    name: str
    architecture: str
    layers: int
    width: int
    cache_width: int
    vocabulary: int
    context: int
    chat: bool

    def memory_needed(self, n_ctx: int, n_batch: int) -> int:
        """Bytes that running it takes: weights, cache and work space.

        Parameters
        ----------
        n_ctx : int
            Tokens of the cache.
        n_batch : int
            Tokens that are worked on at a time.

        Notes
        -----
        The work space holds the scores of one batch over the vocabulary and a few rows of the model's width,
        in fp32: an estimate, checked against one model (``docs/reader.md``).
        """
        cache = n_ctx * self.layers * self.cache_width * CACHE_BYTES
        work = n_batch * (self.vocabulary + 16 * self.width) * 4
        return int(WEIGHTS_FACTOR * self.size) + cache + work + OVERHEAD_BYTES


def read_header(path: Path) -> Header:
    """The header of a language model.

    Parameters
    ----------
    path : Path
        Only read; nothing in it is run.

    Raises
    ------
    ModelError
        If there is no such file, or it is no language model in this format.
    """
    if not path.is_file():
        raise ModelError(f"{path} is not there.", "Name a language model as one GGUF file.")
    try:
        with path.open("rb") as file:
            values = _values(file)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, _WrongFormatError) else "its header is damaged"
        raise ModelError(
            f"{path} is no language model in GGUF: {why}.",
            "Take the whole .gguf file of a chat model, and compare its SHA-256 with its maker's.",
        ) from None
    architecture = str(values.get("general.architecture", ""))

    def number(key: str, otherwise: int = 0) -> int:
        found = values.get(f"{architecture}.{key}", otherwise)
        return int(found) if isinstance(found, int | float) else otherwise

    layers, width = number("block_count"), number("embedding_length")
    if not architecture or not layers or not width:
        raise ModelError(
            f"{path} is a GGUF file, and no language model: it states no layers.",
            "An adapter, a projector or one part of a split model cannot be used alone.",
        )
    heads = max(number("attention.head_count", 1), 1)
    kv_heads = number("attention.head_count_kv", heads) or heads
    head = width // heads
    keys, vals = number("attention.key_length", head), number("attention.value_length", head)
    return Header(
        path,
        path.stat().st_size,
        str(values.get("general.name", path.stem)),
        architecture,
        layers,
        width,
        kv_heads * (keys + vals),
        int(values.get("tokenizer.ggml.tokens", 0)),
        number("context_length"),
        "tokenizer.chat_template" in values,
    )


def reader_sha256(path: str | Path) -> str:
    """The hash of a model's file, which identifies it; of a file that has not changed, only once.

    Parameters
    ----------
    path : str or Path
        The model's file.

    Raises
    ------
    ModelError
        If it is not there.
    """
    if not Path(path).is_file():
        raise ModelError(f"The second reader's model {path} is not there.", "Put it back, or name another.")
    stat = Path(path).stat()
    return _hashed(str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)


def memory_available() -> int | None:
    """Bytes that can be had without swapping, by the kernel and by the limit of a container; None where
    unknown."""
    found = []
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                found.append(int(line.split()[1]) << 10)
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
        used = int(Path("/sys/fs/cgroup/memory.current").read_text("ascii"))
        if limit.isdigit():
            found.append(int(limit) - used)
    except (OSError, ValueError):
        pass  # another system, or no container: what was found counts
    if not found and hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=None)


class _WrongFormatError(ValueError):
    """The message says what is wrong, and quotes nothing of the file."""


def _values(file: BinaryIO) -> Mapping[str, Any]:
    """Keys and values of a header: numbers and texts; of a list its length."""
    magic, version = file.read(4), file.read(4)
    if magic != MAGIC:
        raise _WrongFormatError("it does not begin with the four letters GGUF")
    if struct.unpack("<I", version)[0] not in VERSIONS:
        raise _WrongFormatError("it has a version of the format that is not read")
    _, n_keys = struct.unpack("<QQ", file.read(16))
    if n_keys > _MOST_KEYS:
        raise _WrongFormatError("its header states too many keys")
    values: dict[str, Any] = {}
    for _ in range(n_keys):
        key = _text(file)
        values[key] = _value(file, struct.unpack("<I", file.read(4))[0])
    return values


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _TEXT:
        return _text(file)
    if kind == _ARRAY:
        inner, count = struct.unpack("<IQ", file.read(12))
        return _skipped(file, inner, count)
    if kind not in _SIZES:
        raise _WrongFormatError("its header holds a value of an unknown kind")
    return struct.unpack(f"<{_SIZES[kind]}", file.read(struct.calcsize(_SIZES[kind])))[0]


def _skipped(file: BinaryIO, inner: int, count: int) -> int:
    """The length of a list, whose values are passed over; of per-layer numbers their greatest."""
    if inner == _TEXT:
        if count > _LONGEST // 8:
            raise _WrongFormatError("its header states too long a list")
        for _ in range(count):
            file.seek(_length(file), os.SEEK_CUR)
        return count
    if inner not in _SIZES or count * struct.calcsize(_SIZES[inner]) > _LONGEST:
        raise _WrongFormatError("its header holds a list of an unknown kind")
    one = _SIZES[inner]
    numbers = struct.unpack(f"<{count}{one}", file.read(count * struct.calcsize(one)))
    return int(max(numbers, default=0)) if count <= 1000 and one in "IiQq" else count


def _text(file: BinaryIO) -> str:
    return file.read(_length(file)).decode("utf-8", "replace")


def _length(file: BinaryIO) -> int:
    length = int(struct.unpack("<Q", file.read(8))[0])
    if length > _LONGEST:
        raise _WrongFormatError("its header states too long a text")
    return length


@lru_cache(maxsize=16)
def _hashed(path: str, size: int, mtime_ns: int, inode: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
