"""Stages are skipped, resumed and repeated for the right reasons. Real tables, small stages."""

from __future__ import annotations

import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from forensics import Case, Options
from forensics.corridor.pipeline import STAGES, Stage
from forensics.corridor.progress import Silent
from forensics.corridor.runner import run, status
from forensics.corridor.workbench import Workbench

CALLS: list[str] = []


def _audio(recording: str) -> dict[str, object]:
    return {"recording_id": recording, "data_subject_group": "g", "duration_s": float(len(recording))}


def _transcript(recording: str) -> dict[str, object]:
    fixed = {"engine": "vendor", "text": "x", "words": [], "alternatives": [], "flags": []}
    return {**fixed, "transcript_id": f"t-{recording}", "recording_id": recording, "data_subject_group": "g"}


@pytest.fixture
def corridor(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Two stages of our own: 'first' measures recordings, 'second' reads what it wrote."""
    recordings = ["rec-a", "rec-bb", "rec-ccc"]
    CALLS.clear()

    def first(bench: Workbench) -> None:
        for item in bench.todo(world["recordings"], key=lambda r: r):
            CALLS.append(item)
            if item in world["fatal"]:
                raise KeyboardInterrupt
            bench.keep(item, {"audio": [_audio(item)]})

    def second(bench: Workbench) -> None:
        names = bench.read("audio")["recording_id"].tolist()
        for item in bench.todo([names], key=lambda n: n):
            CALLS.append("second")
            bench.keep(item, {"transcripts": [_transcript(n) for n in item]})

    world: dict[str, list[str]] = {"recordings": recordings, "fatal": []}
    for name, function in (("first", first), ("second", second)):
        module = types.ModuleType(f"stage_{name}")
        module.run = function  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"stage_{name}", module)
    stages = (
        Stage("first", "stage_first", reads=(), writes=("audio",), version=1, options=("seed",)),
        Stage("second", "stage_second", reads=("audio",), writes=("transcripts",), version=1),
    )
    monkeypatch.setattr("forensics.corridor.runner.STAGES", stages)
    return world


def test_nothing_is_computed_twice(tmp_path: Path, corridor: dict[str, list[str]]) -> None:
    case = Case.create(tmp_path / "case")
    assert run(case) == ["first", "second"]
    assert run(case) == []
    assert CALLS == ["rec-a", "rec-bb", "rec-ccc", "second"]


def test_a_new_item_costs_only_itself(tmp_path: Path, corridor: dict[str, list[str]]) -> None:
    case = Case.create(tmp_path / "case")
    run(case)
    corridor["recordings"].append("rec-dddd")
    Case.create(case.folder, options=Options(draws=5))  # does not concern the stages: nothing runs
    assert run(case) == []
    case.table_path("audio").unlink()  # the stage runs again, from the rows it kept
    assert run(case) == ["first", "second"]
    assert CALLS == ["rec-a", "rec-bb", "rec-ccc", "second", "rec-dddd", "second"]


def test_an_option_that_a_stage_names_makes_it_run_again(
    tmp_path: Path, corridor: dict[str, list[str]]
) -> None:
    case = Case.create(tmp_path / "case")
    run(case)
    Case.create(case.folder, options=Options(seed=1))
    assert run(case) == ["first"], "the second stage's input did not change"


def test_an_interruption_loses_only_the_item_in_flight(
    tmp_path: Path, corridor: dict[str, list[str]]
) -> None:
    whole, broken = Case.create(tmp_path / "whole"), Case.create(tmp_path / "broken")
    run(whole)
    CALLS.clear()
    corridor["fatal"] = ["rec-ccc"]
    with pytest.raises(KeyboardInterrupt):
        run(broken)
    corridor["fatal"] = []
    run(broken)
    assert CALLS == ["rec-a", "rec-bb", "rec-ccc", "rec-ccc", "second"]
    assert broken.table_path("audio").read_bytes() == whole.table_path("audio").read_bytes()
    assert "interruption found" in [a["act"] for a in broken.custody.acts()]
    assert broken.verify() == []


def test_a_decision_makes_only_its_readers_stale(tmp_path: Path, corridor: dict[str, list[str]]) -> None:
    case = Case.create(tmp_path / "case")
    run(case)
    case.review.decide("audio", "rec-a", "reject", reviewer="A. Analyst")
    assert run(case) == ["second"]
    assert len(case.frame("transcripts")) == 2


def test_a_stage_cannot_read_or_write_what_the_floor_plan_does_not_show(
    tmp_path: Path, corridor: dict[str, list[str]]
) -> None:
    case = Case.create(tmp_path / "case")
    bench = Workbench(case, Stage("s", "m", reads=(), writes=("audio",), version=1), {}, Silent())
    with pytest.raises(ValueError, match="claims"):
        bench.read("claims")
    with pytest.raises(ValueError, match="claims"):
        bench.keep("x", {"claims": []})
    bench.close()


def test_status_says_why(tmp_path: Path, corridor: dict[str, list[str]]) -> None:
    case = Case.create(tmp_path / "case")
    stages = sys.modules["forensics.corridor.runner"].STAGES
    assert [s.state for s in status(case, stages)] == ["to do", "to do"]
    run(case)
    assert [s.state for s in status(case, stages)] == ["done", "done"]
    Case.create(case.folder, options=Options(seed=3))
    assert [s.state for s in status(case, stages)] == ["stale", "stale"]


def test_exactly_one_stage_writes_a_table_and_nobody_reads_from_further_right() -> None:
    written: list[str] = []
    for stage in STAGES:
        assert set(stage.reads) <= set(written), stage.name
        assert not set(stage.writes) & set(written), stage.name
        written += stage.writes


def test_kill_dash_nine_while_rows_are_kept(tmp_path: Path) -> None:
    """A process killed between two rows leaves a row store from which the first row is read."""
    case = Case.create(tmp_path / "case")
    program = (
        "import os, signal, sys\n"
        "from forensics import Case\n"
        "from forensics.corridor.pipeline import Stage\n"
        "from forensics.corridor.workbench import Workbench\n"
        "stage = Stage('s', 'm', reads=(), writes=('audio',), version=1)\n"
        "bench = Workbench(Case.open(sys.argv[1]), stage, {}, None)\n"
        "bench.keep('one', {'audio': [{'recording_id': 'rec-1', 'data_subject_group': 'g'}]})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    result = subprocess.run([sys.executable, "-c", program, str(case.folder)], check=False)
    assert result.returncode == -signal.SIGKILL
    stage = Stage("s", "m", reads=(), writes=("audio",), version=1)
    bench = Workbench(case, stage, {}, Silent())
    left = list(bench.todo(["one", "two"], key=lambda item: item))
    assert left == ["two"]
    bench.keep("two", {"audio": []})
    bench.compact()
    bench.close()
    assert case.frame("audio")["recording_id"].tolist() == ["rec-1"]
