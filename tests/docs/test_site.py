"""The documentation builds without a warning, knows the code, and loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import forensics
from forensics.case.schemas import TABLES
from forensics.cli import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(out)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out


def test_every_page_of_the_folder_is_in_the_navigation(site: Path) -> None:
    start = (site / "index.html").read_text("utf-8")
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert f'href="{page.stem}.html"' in start or page.stem == "index", page.name


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(
            r'<(?:script|img|iframe|link)[^>]*(?:src|href)="(https?:[^"]+)"', page.read_text("utf-8")
        )
        assert loaded == [], page.name


def test_the_reference_knows_every_command_table_and_public_name(site: Path) -> None:
    commands = (site / "reference" / "commands.html").read_text("utf-8")
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__.replace("_", "-")
        assert f"forensics {name}" in commands
    tables = (site / "reference" / "tables.html").read_text("utf-8")
    assert not [name for name in TABLES if f">{name}<" not in tables]
    python = (site / "reference" / "python.html").read_text("utf-8")
    assert not [name for name in forensics.__all__ if f"forensics.{name}" not in python]
