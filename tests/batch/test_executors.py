"""Three executors, the same tests: dead workers, poisoned bundles, full disks; nothing lost or doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.batch.driver import _work_off
from forensics.batch.executors import Executor, Processes, Serial
from forensics.batch.on_dask import OnDask
from forensics.batch.work import Job, pack, read_row
from forensics.options import Options
from tests.batch.faulty import Faulty


@pytest.fixture(scope="module", params=["serial", "processes", "dask"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    made = {"serial": Serial, "processes": lambda: Processes(2), "dask": lambda: OnDask(2)}[request.param]()
    yield made  # type: ignore[misc]
    made.close()  # type: ignore[attr-defined]


def _run(
    executor: Executor, out: Path, names: list[str]
) -> tuple[dict[str, dict[str, object]], Counter[str]]:
    (out / "rows").mkdir()
    jobs = [Job(f"{n:04d}-{name}", name, 100) for n, name in enumerate(names)]
    _work_off(jobs, Faulty(str(out), Options()), executor, out, lambda count: None)
    calls = Counter((out / "calls").read_text().split())
    return {job.bundle: read_row(out, job.key) for job in jobs}, calls


def test_every_bundle_has_its_row_once(executor: Executor, tmp_path: Path) -> None:
    rows, calls = _run(executor, tmp_path, [f"b{n}" for n in range(40)])
    assert {row["status"] for row in rows.values()} == {"done"}
    assert set(calls.values()) == {1}
    assert len(list((tmp_path / "rows").iterdir())) == 40


def test_a_full_disk_is_tried_again(executor: Executor, tmp_path: Path) -> None:
    rows, _ = _run(executor, tmp_path, ["b0", "full", "b2"])
    assert {row["status"] for row in rows.values()} == {"done"}


def test_dead_workers_and_poisoned_bundles(executor: Executor, tmp_path: Path) -> None:
    if executor.name == "serial":
        pytest.skip("a bundle that kills its process kills this one: that is what the others are for")
    names = [f"b{n}" for n in range(12)]
    names[7 if executor.name == "processes" else 11] = "stumbles"  # each death costs Dask seconds
    names[11] = "poison"
    rows, _ = _run(executor, tmp_path, names)
    assert rows.pop("poison") == {
        "key": "0011-poison",
        "status": "failed",
        "error": "WorkerKilled",
        "subjects": [],
    }
    assert {row["status"] for row in rows.values()} == {"done"}


def test_tasks_are_of_similar_length_and_hold_every_bundle_once() -> None:
    jobs = [Job(f"k{n}", "b", size) for n, size in enumerate([1000, *[10] * 100])]
    tasks = pack(jobs, 2)
    assert sorted(j.key for t in tasks for j in t.jobs) == sorted(j.key for j in jobs)
    assert len(tasks[0].jobs) == 1  # the longest goes first, alone
    assert max(sum(j.size for j in t.jobs) for t in tasks[1:]) <= 2000 / 16
    assert max(len(t.jobs) for t in tasks) <= 32
    assert pack([], 2) == []
