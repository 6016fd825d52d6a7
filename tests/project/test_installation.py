"""pip's and conda's users get the same installation, with every version fixed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


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
    core = re.search(r"^\.venv/\.core:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert core is not None
    by_make = set(re.findall(r"torch==\S+|--constraint \S+|--editable \S+", core[1]))
    assert set(pip["pip"]) == by_make


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
