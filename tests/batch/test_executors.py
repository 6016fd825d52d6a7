"""Three executors, the same tests: dead workers, poisoned bundles, full disks; nothing lost or doubled."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from forensics.batch import driver
from forensics.batch.driver import _work_off
from forensics.batch.executors import Executor, Processes, Serial
from forensics.batch.on_dask import OnDask
from forensics.batch.work import Job, case_folder, failed, job_of, pack, read_row, versions_of, write_row
from forensics.case.digests import file_sha256
from forensics.case.options import Options
from forensics.errors import BundleError
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


def test_a_killed_run_takes_its_workers_along(tmp_path: Path) -> None:
    program = (
        "import sys; from forensics.batch.executors import Processes; "
        "from forensics.batch.work import Job, Task; "
        "from forensics.case.options import Options; from tests.batch.faulty import Faulty; "
        "list(Processes(1).run([Task((Job('k', 'sleeps', 1),))], Faulty(sys.argv[1], Options())))"
    )
    root = Path(__file__).parents[2]
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=root)
    asleep = tmp_path / "asleep"
    while not (asleep.is_file() and asleep.read_text()):
        assert child.poll() is None
        time.sleep(0.05)
    worker = psutil.Process(int(asleep.read_text()))
    child.kill()
    child.wait()
    try:
        worker.wait(timeout=30)
    finally:
        with suppress(psutil.NoSuchProcess):
            worker.kill()


def test_a_worker_computes_on_one_thread(tmp_path: Path) -> None:
    """numpy is loaded before a worker is told anything: its threads are limited all the same."""
    program = (
        "from threadpoolctl import threadpool_info; from forensics.batch.work import Work; "
        "from forensics.case.options import Options; "
        "from forensics.transcription.faster_whisper import _threads; "
        "Work('', Options(engine='vendor')).prepare(); "
        "print({pool['num_threads'] for pool in threadpool_info()}, _threads())"
    )
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["{1}", "1"]


def test_a_failed_row_of_an_earlier_run_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies once; the bundle is tried again although a row of it lies there."""
    bundle = tmp_path / "stumbles.zip"
    bundle.write_bytes(b"x")
    out = tmp_path / "out"
    (out / "rows").mkdir(parents=True)
    options = Options(engine="vendor")
    job = job_of(bundle, versions_of(options))
    write_row(out, failed(job, "WorkerKilled"))
    (out / "rows" / ".writing-killed").touch()
    monkeypatch.setattr(driver, "Work", Faulty)
    executor = Processes(1)
    try:
        done = driver.batch([bundle], out, options=options, executor=executor)
    finally:
        executor.close()
    assert done.errors == {}
    assert [path.name for path in (out / "rows").iterdir()] == [f"{job.key}.json"]


def test_a_bundle_that_cannot_be_read_is_a_row_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bad", "good"):
        (tmp_path / name).write_text(name)

    def read(path: Path) -> str:
        if path.name == "bad":
            raise OSError(5, "Input/output error", "Katrin")
        return file_sha256(path)

    monkeypatch.setattr("forensics.batch.work.file_sha256", read)
    monkeypatch.setattr(driver, "Work", Faulty)
    done = driver.batch(
        [tmp_path / "bad", tmp_path / "good"], tmp_path / "out", options=Options(engine="vendor")
    )
    assert done.errors == {str(tmp_path / "bad"): "OSError"}
    assert (done.summary["bundles"], done.summary["failed"]) == (2, 1)


def test_what_is_no_bundle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BundleError, match="neither a file nor a folder"):
        driver.batch([tmp_path / "pipe"], tmp_path / "out")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BundleError, match="lies inside the bundle"):
        driver.batch([tmp_path / "folder"], tmp_path / "folder" / "out")
    assert list((tmp_path / "folder").iterdir()) == []


def test_cases_that_an_earlier_run_kept_are_discarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(b"x")
    options = Options(engine="vendor")
    folder = case_folder(tmp_path / "out", job_of(bundle, versions_of(options)).key)
    folder.mkdir(parents=True)
    monkeypatch.setattr(driver, "Work", Faulty)
    driver.batch([bundle], tmp_path / "out", options=options)
    assert folder.is_dir()
    assert driver.batch([bundle], tmp_path / "out", options=options, discard_cases=True).computed == 0
    assert not folder.exists()


def test_tasks_are_of_similar_length_and_hold_every_bundle_once() -> None:
    jobs = [Job(f"k{n}", "b", size) for n, size in enumerate([1000, *[10] * 100])]
    tasks = pack(jobs, 2)
    assert sorted(j.key for t in tasks for j in t.jobs) == sorted(j.key for j in jobs)
    assert len(tasks[0].jobs) == 1  # the longest goes first, alone
    assert max(sum(j.size for j in t.jobs) for t in tasks[1:]) <= 2000 / 16
    assert max(len(t.jobs) for t in tasks) <= 32
    assert pack([], 2) == []
