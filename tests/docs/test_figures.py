"""What the documentation says of the demo is what the demo gives: computed anew and compared."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from forensics import Case
from forensics.reports.summary import findings

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
NEAR = 0.05
"""Processors differ in the last digits of a probability, and two are quoted (an assumption)."""


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The hook that computes the figures and puts them into the pages."""
    spec = importlib.util.spec_from_file_location("figures", ROOT / "docs" / "_hooks" / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def alike(told: str, found: str) -> bool:
    """Whether two texts say the same, their numbers within :data:`NEAR` of each other."""
    if NUMBER.sub("#", told) != NUMBER.sub("#", found):
        return False
    pairs = zip(NUMBER.findall(told), NUMBER.findall(found), strict=True)
    numbers = [(float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs]
    return all(abs(a - b) <= max(0.02, NEAR * abs(a)) for a, b in numbers)


def test_the_figures_are_those_of_the_demo(hook: ModuleType, demo_case: Case) -> None:
    kept = json.loads(hook.KEPT.read_text("utf-8"))
    found = hook.figures(demo_case)
    assert {name for name in kept if not name.startswith("redact.")} == found.keys()
    assert [(n, kept[n], text) for n, text in found.items() if not alike(kept[n], text)] == []


def test_the_readme_shows_what_the_demo_prints(hook: ModuleType, demo_case: Case) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert alike(readme, hook.in_readme(readme, findings(demo_case)))
    assert len(readme.splitlines()) < 120


def test_pages_quote_the_demo_by_name_only(hook: ModuleType) -> None:
    kept = json.loads(hook.KEPT.read_text("utf-8"))
    asked = {
        name
        for page in (ROOT / "docs").glob("*.md")
        for name in re.findall(r"\{\{ demo\.([a-z0-9_.]+) \}\}", page.read_text("utf-8"))
    }
    assert len(asked) > 30
    assert asked - kept.keys() == set()


def test_a_figure_that_has_moved_is_noticed() -> None:
    assert alike("P = .33 (.12 to .59)", "P = .34 (.12 to .60)")
    assert not alike("P = .33 (.12 to .59)", "P = .16 (.03 to .31)")
    assert not alike("5 days", "6 days")
