"""Every notebook runs on the demo case, and is kept without output."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from forensics import Case

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_output(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1


SMALL: dict[str, dict[str, Any]] = {"07_many_bundles": {"HOUSEHOLDS": 2, "SEED": 51}}
"""What is made smaller for the tests."""
CHANGES = ("05_link_to_a_register",)
"""Notebooks that write to the case: they get a copy."""


@pytest.mark.speech
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_the_demo_case(
    path: Path, demo_case: Case, demo_truth: dict[str, Any], tmp_path: Path
) -> None:
    import papermill

    folder = demo_case.folder
    if path.stem in CHANGES:
        folder = Path(shutil.copytree(folder, tmp_path / "case"))
    parameters = {"CASE": str(folder), **SMALL.get(path.stem, {})}
    done = papermill.execute_notebook(
        path, tmp_path / path.name, parameters=parameters, progress_bar=False, kernel_name="python3"
    )
    shown = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("application/vnd.plotly.v1+json" in output.get("data", {}) for output in shown)
    said = str(shown)
    for claim in demo_truth["claims"]:
        if claim["attribute"] in ("first_name", "surname"):
            assert claim["value"] not in said


def test_every_question_has_its_notebook() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{n:02d}" for n in range(1, 8)]
