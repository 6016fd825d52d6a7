"""Every notebook runs on the demo case, and is kept without output."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from forensics import Case
from forensics.reports.figures import CONFIG
from forensics.reports.view import View

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
CHANGES = ("01_triage", "05_link_to_a_register")
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
    for output in shown:
        chart = output.get("data", {}).get("application/vnd.plotly.v1+json")
        assert chart is None or CONFIG.items() <= chart["config"].items()
    for claim in demo_truth["claims"]:
        if claim["attribute"] in ("first_name", "surname"):
            assert claim["value"] not in said


def test_every_question_has_its_notebook() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{n:02d}" for n in range(1, 8)]


@pytest.mark.speech
def test_the_recorded_household_is_compared_and_never_the_accounts_own_data(
    demo_case: Case, tmp_path: Path
) -> None:
    """The demo's account holds a full address: its own group is easier to find than the household."""
    import papermill

    risk = demo_case.table("risk").query("adversary == 'stranger' and attacker == 'listener'")
    row = View.of_case(demo_case, report_k=0).headline
    assert row is not None
    assert risk["p_identify_hi"].max() > row["p_identify_hi"]
    folder = Path(shutil.copytree(demo_case.folder, tmp_path / "case"))
    said = {}
    for name in ("05_link_to_a_register", "07_many_bundles"):
        path = next(path for path in NOTEBOOKS if path.stem == name)
        parameters = {"CASE": str(folder), **SMALL.get(name, {})}
        done = papermill.execute_notebook(
            path, tmp_path / path.name, parameters=parameters, progress_bar=False, kernel_name="python3"
        )
        said[name] = [o for cell in done.cells if cell.cell_type == "code" for o in cell.outputs]
    assert f"than this case ({row['p_identify_hi']:.0%})" in str(said["07_many_bundles"])
    charts = [
        o["data"].get("application/vnd.plotly.v1+json") for o in said["05_link_to_a_register"] if "data" in o
    ]
    for chart in (chart for chart in charts if chart):  # one for each data subject
        names = chart["data"][0]["y"]
        assert len(names) == len(set(names))  # one group: "candidate 1" and "nobody" stand there once
    assert Case.open(folder).options == demo_case.options  # it worked on a copy
    assert not Case.open(folder).rows("candidates")


@pytest.mark.speech
def test_the_first_notebook_starts_from_a_bundle_and_goes_on_after_an_interruption(
    demo_bundle: Path, demo_case: Case, tmp_path: Path
) -> None:
    """Interrupted where the sound is read, then run again: what was done is not done twice."""
    from forensics import investigate, resume
    from forensics.reports.chooser import Chooser, NothingChosenError
    from forensics.reports.live import LiveProgress, Stopped

    class Interrupting(LiveProgress):
        def stage(self, name: str) -> None:
            super().stage(name)
            if name == "audio":
                raise KeyboardInterrupt

    folder = tmp_path / "case"
    with pytest.raises(NothingChosenError):
        _ = Chooser(case=folder).bundles
    chosen = Chooser(demo_bundle, case=folder)
    with pytest.raises(Stopped, match="run this cell again"), Interrupting() as progress:
        investigate(chosen.bundles, case=folder, progress=progress)
    assert "✓ intake" in progress.html
    assert '<li class="now">▶ audio' in progress.html
    assert chosen.bundles == []  # it is in the case: it is not taken in again
    assert Case.open(folder).frame("recordings").equals(demo_case.frame("recordings"))
    with pytest.raises(Stopped), Interrupting() as progress:
        resume(folder, progress=progress)
    acts = [act["act"] for act in Case.open(folder).custody.acts()]
    assert acts.count("evidence taken in") == 1
    assert "interruption found" in acts
