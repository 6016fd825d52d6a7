"""What the package imports is what it declares, and what it declares is used."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CORE = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
EXTRAS = {
    canonicalize_name(Requirement(text).name)
    for group in PROJECT["optional-dependencies"].values()
    for text in group
}
OWN = {"forensics", "tests", "benchmarks", "fitting"}


def sources() -> Iterator[tuple[str, str]]:
    """The package's modules and the notebooks' cells: where from, and Python text."""
    for path in sorted((ROOT / "forensics").rglob("*.py")):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        lines = [
            line
            for cell in cells
            if cell["cell_type"] == "code"
            for line in "".join(cell["source"]).splitlines()
        ]
        yield path.name, "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run: what stands under ``if TYPE_CHECKING`` is for the type checker alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from at_run_time(node)


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of the modules that a text imports at run time, standard library and own ones left out."""
    for node in at_run_time(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in OWN:
                yield name


def distributions(module: str) -> set[str]:
    """Installed packages that bring a module; several can share a top-level name such as ``backports``."""
    found = {canonicalize_name(d) for d in installed().get(module.partition(".")[0], ())}
    exact = {d for d in found if d.replace("-", ".") == ".".join(module.split(".")[:2])}
    return exact or found


@cache
def installed() -> Mapping[str, list[str]]:
    """From top-level modules to the packages that bring them."""
    return packages_distributions()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    return {where: ast.parse(text) for where, text in sources()}


def test_every_import_is_declared(trees: dict[str, ast.AST]) -> None:
    undeclared = defaultdict(list)
    for where, tree in trees.items():
        for module in imported(tree):
            if not distributions(module) & (CORE | EXTRAS):
                undeclared[module].append(where)
    assert not undeclared, "imported, and not in pyproject.toml"


def test_what_is_imported_when_a_module_loads_belongs_to_the_core(trees: dict[str, ast.AST]) -> None:
    """A package of an extra is imported where it is used, so that the rest works without it."""
    too_early = defaultdict(list)
    for where, tree in trees.items():
        top = [node for node in ast.iter_child_nodes(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        for module in imported(ast.Module(top, [])):
            if not distributions(module) & CORE:
                too_early[module].append(where)
    assert not too_early


def test_every_declared_package_is_used(trees: dict[str, ast.AST]) -> None:
    """By an import, or by its name: a program that is started, weights or tables that are read as files."""
    used = {d for tree in trees.values() for module in imported(tree) for d in distributions(module)}
    named = {
        canonicalize_name(node.value)
        for tree in trees.values()
        for node in at_run_time(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60
    }
    assert CORE - used - named == set(), "declared in pyproject.toml, and not used"
