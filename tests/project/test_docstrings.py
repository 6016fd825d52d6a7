"""A parameter's description says something that its type does not, or the parameter is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT = 266
"""Parameters of the package that only repeat their type. Lower it whenever there are fewer."""
SECTIONS = ("Parameters", "Other Parameters", "Attributes")
FINISHED = (
    "batch", "case", "commands", "corridor", "delivery", "knowledge", "linkage", "models", "redaction",
    "reidentification", "simulate",
)  # fmt: skip
"""Rooms in which none is left."""


def by_type_alone(docstring: str) -> Iterator[str]:
    """Parameters of a numpydoc docstring that have a type and no description."""
    lines = docstring.splitlines()
    section = ""
    for position, line in enumerate(lines):
        after = lines[position + 1] if position + 1 < len(lines) else ""
        if re.fullmatch(r"-{3,}", after):
            section = line
        elif (
            section in SECTIONS
            and re.fullmatch(r"[*\w]+(?:, [*\w]+)*(?: : .+)?", line)
            and not after.startswith(" ")
        ):
            yield line


def found(folder: Path) -> list[str]:
    """Where and which, over all functions and classes of a folder."""
    places = []
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for line in by_type_alone(ast.get_docstring(node) or ""):
                    places.append(f"{path.relative_to(ROOT)}, {node.name}: {line}")
    return places


def test_what_counts_as_a_type_alone() -> None:
    docstring = """Do it.

    Parameters
    ----------
    case : Case
    language : {'en', 'de'}
        Spoken, not written.
    low, high : float

    Returns
    -------
    int
    """
    cleaned = ast.get_docstring(ast.parse(f"def f():\n    '''{docstring}'''").body[0])  # type: ignore[arg-type]
    assert list(by_type_alone(cleaned or "")) == ["case : Case", "low, high : float"]


def test_no_more_parameters_repeat_their_type_than_before() -> None:
    places = found(ROOT / "forensics")
    assert len(places) <= LEFT, "\n".join(places)


@pytest.mark.parametrize("room", FINISHED)
def test_finished_rooms_stay_finished(room: str) -> None:
    assert found(ROOT / "forensics" / room) == []
