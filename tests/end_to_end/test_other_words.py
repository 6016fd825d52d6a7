"""Sentences made for people steer nothing: reword every one of them, and the same tables come out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics import Options
from forensics.case.schemas import TABLES
from forensics.case.tables import TEXT
from forensics.corridor.workbench import Workbench
from forensics.intake.problems import Problem
from forensics.simulate import OBEYING, draw_household, utter, write_bundle

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A household that names people, places, habits and devices."""
    home = dataclasses.replace(draw_household(3, OBEYING, seed=11), recordings=80, surname_spoken=True)
    path = tmp_path_factory.mktemp("wording") / "bundle.zip"
    write_bundle(home, utter(home, OBEYING), path)
    return path


def _noise(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with every column that is made for people reworded."""
    made = dict(row)
    for column in TABLES[table].all_columns:
        if column.display and made.get(column.name) is not None:
            made[column.name] = "qqq" if column.type == TEXT else [{"name": "qqq", "value": "qqq"}]
    return made


def _tables(bundle: Path, folder: Path) -> dict[str, Any]:
    case = forensics.investigate(bundle, case=folder, options=Options(engine="vendor", draws=200))
    return {name: case.frame(name).drop(columns=TABLES[name].displayed) for name in case.table_names}


def test_rewording_changes_no_table(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = _tables(bundle, tmp_path / "plain")
    keep: Callable[[Workbench, Any, Rows], None] = Workbench.keep

    def reworded(bench: Workbench, key: Any, rows: Rows) -> None:
        keep(bench, key, {table: [_noise(table, row) for row in made] for table, made in rows.items()})

    monkeypatch.setattr(Workbench, "keep", reworded)
    said = Problem.__init__

    def mumbled(problem: Problem, code: str, message: str, *rest: Any, **more: Any) -> None:
        said(problem, code, "qqq", "qqq", **{k: v for k, v in more.items() if k == "level"})

    monkeypatch.setattr(Problem, "__init__", mumbled)
    noisy = _tables(bundle, tmp_path / "noisy")
    assert plain.keys() == noisy.keys()
    assert len(plain["claims"]) >= 5
    for name, frame in plain.items():
        assert frame.equals(noisy[name]), name


def test_every_table_that_explains_itself_keeps_the_words_apart() -> None:
    explained = {name: set(table.displayed) for name, table in TABLES.items() if table.displayed}
    assert {"reason", "details"} <= explained["claims"]
    assert {"message", "remedy"} <= explained["findings"]
    assert "reason" in explained["mentions"]
