"""Every finding has general words in both languages: they stand for it where names are masked."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import forensics
from forensics.case.kinds import ODDITIES
from forensics.knowledge.findings import OTHER, in_general

PACKAGE = Path(forensics.__file__).parent
MAKERS = {"Problem", "problem", "finding", "note", "found"}


def codes() -> Iterator[str]:
    """First arguments that are texts, of every call that makes a finding."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in MAKERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_code_has_words() -> None:
    made = {*codes(), *ODDITIES, "speech-without-words"}
    assert len(made) > 60
    for language, other in OTHER.items():
        assert [code for code in sorted(made) if in_general(code, language) == other] == []


def test_no_words_are_missing_or_twice() -> None:
    with (PACKAGE / "knowledge/data/findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(all(row.values()) for row in rows)
    assert len({row["code"] for row in rows}) == len(rows)
