"""pip's and conda's users get the same installation, with every version fixed and without triton."""

from __future__ import annotations

import re
import runpy
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WHISPER = ROOT / "third_party" / "openai-whisper"
PUBLISHED = """\
requires-python = ">=3.8"
dynamic = [ "version" ]
dependencies = [
  "more-itertools",
  "torch",
  "tqdm",
  "triton>=2; (platform_machine=='x86_64' and sys_platform=='linux') or sys_platform=='linux2'",
]

[tool.setuptools.dynamic]
version = { attr = "whisper.version.__version__" }

[tool.setuptools.packages.find]
exclude = [ "tests*" ]
"""
"""Lines of openai-whisper 20250625's own pyproject.toml."""


def _pins() -> dict[str, str]:
    pins = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pins[canonicalize_name(name)] = version
    return pins


def test_conda_names_the_same_things_as_make() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *conda, pip = environment["dependencies"]
    python = next(item for item in conda if item.startswith("python=")).removeprefix("python=")
    assert f"python{python}" in MAKEFILE
    assert f">={python}" in PROJECT["requires-python"]
    by_make = re.findall(r"torch==\S+|--constraint \S+|\./third_party/\S+|--editable \S+", _core_target())
    assert sorted(pip["pip"]) == sorted(by_make)


def _core_target() -> str:
    core = re.search(r"^\.venv/\.core:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    whisper = re.search(r"^WHISPER := (\S+)$", MAKEFILE, re.MULTILINE)
    assert core is not None
    assert whisper is not None
    return core[1].replace("$(WHISPER)", whisper[1])


def test_the_core_target_builds_openai_whisper_without_triton() -> None:
    assert f"./{WHISPER.relative_to(ROOT)}" in _core_target()
    assert "triton" not in _core_target()
    backend: dict[str, Any] = runpy.run_path(str(WHISPER / "without_triton.py"))
    made = backend["without_triton"](PUBLISHED, "20250625")
    assert made.splitlines()[1] == 'version = "20250625+without.triton"'
    assert "triton>" not in made
    before, after = tomllib.loads(PUBLISHED), tomllib.loads(made)
    assert after["dependencies"] == [r for r in before["dependencies"] if not r.startswith("triton")]
    assert after["tool"]["setuptools"]["packages"] == before["tool"]["setuptools"]["packages"]


def test_another_release_is_not_built_by_accident() -> None:
    backend: dict[str, Any] = runpy.run_path(str(WHISPER / "without_triton.py"))
    with pytest.raises(ValueError, match="not that of the release"):
        backend["without_triton"](PUBLISHED.replace("triton", "tritium"), "20250625")


def test_the_build_satisfies_what_the_project_requires() -> None:
    source = Requirement((WHISPER / "source.txt").read_text("utf-8").partition(" --hash=sha256:")[0])
    declared = next(r for r in map(Requirement, PROJECT["dependencies"]) if r.name == source.name)
    assert declared.specifier == source.specifier
    assert declared.specifier.contains(f"{_pins()[source.name]}+without.triton")


def test_nothing_that_the_core_target_installs_requires_triton() -> None:
    """Follows the requirements of what is installed here, as pip does."""
    waiting = [canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            needs = [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:
            continue
        if name == "openai-whisper" and "+" not in version(
            name
        ):  # a .venv from before; `make setup` replaces it
            needs = [r for r in needs if r.name != "triton"]
        waiting += [
            canonicalize_name(r.name) for r in needs if r.marker is None or r.marker.evaluate({"extra": ""})
        ]
    assert {"torch", "tiktoken", "numba"} <= seen
    assert "triton" not in seen


def test_every_dependency_has_an_exact_version_that_its_range_admits() -> None:
    pins = _pins()
    extras = PROJECT["optional-dependencies"]
    for text in [*PROJECT["dependencies"], *(r for group in extras.values() for r in group)]:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        if name == PROJECT["name"]:  # an extra that takes in other extras
            assert requirement.extras <= extras.keys()
            continue
        assert name in pins, f"{name} has no pin in constraints.txt"
        assert requirement.specifier.contains(pins[name]), f"{text} does not admit {pins[name]}"


def test_the_six_named_libraries_are_installed_by_default() -> None:
    names = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert {"pandas", "librosa", "openai-whisper", "spacy", "jupyterlab", "plotly"} <= names


def test_no_squatted_version() -> None:
    assert "999.9.9" not in _pins().values()
