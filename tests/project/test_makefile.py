"""The README's commands exist: what the Makefile calls is what the command line offers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from forensics.cli import app

ROOT = Path(__file__).resolve().parents[2]
CALLS = [
    (name, call)
    for name in ("Makefile", "README.md")
    for call in re.findall(r"bin\)?/forensics ([^\n#]+)", (ROOT / name).read_text("utf-8"))
]


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_every_command_and_option_that_is_named_exists(name: str, call: str) -> None:
    words = call.split()
    if words[0].startswith("-"):
        return
    command = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    offered = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= offered
