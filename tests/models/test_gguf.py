"""Language models: what their header says, and what is said of a file that is none."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from forensics.errors import ModelError
from forensics.models.gguf import memory_available, read_header, reader_sha256


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def made(path: Path, values: dict[str, object], *, magic: bytes = b"GGUF", version: int = 3) -> Path:
    """A header with these values; lists are of texts."""
    content = magic + struct.pack("<IQQ", version, 0, len(values))
    for key, value in values.items():
        content += text(key)
        if isinstance(value, str):
            content += struct.pack("<I", 8) + text(value)
        elif isinstance(value, list):
            content += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
        else:
            content += struct.pack("<II", 4, value)
    path.write_bytes(content)
    return path


MODEL: dict[str, object] = {
    "general.architecture": "qwen2", "general.name": "Small", "qwen2.block_count": 28,
    "qwen2.embedding_length": 1536, "qwen2.attention.head_count": 12, "qwen2.attention.head_count_kv": 2,
    "qwen2.context_length": 32768, "tokenizer.ggml.tokens": ["a", "b", "c"], "tokenizer.chat_template": "…",
}  # fmt: skip


def test_a_header_says_what_the_model_takes(tmp_path: Path) -> None:
    header = read_header(made(tmp_path / "m.gguf", MODEL))
    assert (header.name, header.layers, header.vocabulary, header.chat) == ("Small", 28, 3, True)
    assert header.cache_width == 2 * (128 + 128)
    more = header.memory_needed(2048, 256) - header.memory_needed(1024, 256)
    assert more == 1024 * 28 * 512 * 2  # by hand: tokens, layers, keys and values, two bytes


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"magic": b"PK\3\4"}, "does not begin with the four letters GGUF"),
        ({"version": 1}, "version of the format"),
        ({"values": {"general.architecture": "clip"}}, "states no layers"),
        ({"cut": 60}, "header is damaged"),
        ({"cut": 2}, "does not begin"),
    ],
    ids=["zip", "old", "adapter", "cut-off", "two-bytes"],
)
def test_what_is_no_model_is_said_with_a_remedy(change: dict[str, object], says: str, tmp_path: Path) -> None:
    cut = change.pop("cut", None)
    path = made(tmp_path / "m.gguf", **{"values": MODEL, **change})  # type: ignore[arg-type]
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelError, match=says) as error:
        read_header(path)
    assert error.value.remedy


@pytest.mark.parametrize(
    "bomb",
    [
        struct.pack("<Q", 1 << 40),  # a key of a terabyte
        text("a") + struct.pack("<IIQ", 9, 8, 1 << 50),  # a list of texts
        text("a") + struct.pack("<IIQ", 9, 4, 1 << 50),  # a list of numbers
        text("a") + struct.pack("<IIQ", 9, 9, 10),  # lists in lists
        text("a") + struct.pack("<I", 99),
    ],
    ids=["key", "texts", "numbers", "nested", "kind"],
)
def test_a_hostile_header_is_refused_and_takes_no_memory(bomb: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + bomb)
    with pytest.raises(ModelError, match="is no language model"):
        read_header(path)


def test_a_model_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        reader_sha256(tmp_path / "gone.gguf")


def test_memory_is_known_here() -> None:
    available = memory_available()
    assert available is None or available > 1 << 20
