"""Real bundles through the real pipeline: the same rows on every executor, and after kill -9."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from forensics import Case, Options
from forensics.batch import BundleOutcome, Processes, batch
from forensics.batch.on_dask import OnDask, check_scheduler, check_workers, slurm_cluster
from forensics.batch.work import Task, Work, job_of, versions_of
from forensics.case.custody import CustodyLog
from forensics.cli import app
from forensics.errors import BundleError, ConsentError
from forensics.simulate import OBEYING, draw_household, utter, write_bundle

VENDOR = Options(engine="vendor", draws=100)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("bundles")
    for number in range(2):
        home = dataclasses.replace(draw_household(number, OBEYING, seed=33), recordings=8)
        write_bundle(home, utter(home, OBEYING), folder / f"{number}.zip")
    (folder / "broken.zip").write_bytes(b"this is no archive")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def serial(bundles: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BundleOutcome]:
    out = tmp_path_factory.mktemp("serial")
    return out, batch(bundles, out, options=VENDOR)


def _rows(out: Path) -> dict[str, bytes]:
    names = [*(out / "rows").glob("*.json"), out / "portfolio.json"]
    return {path.name: path.read_bytes() for path in names}


def test_bad_bundles_are_rows_and_the_others_are_done(
    serial: tuple[Path, BundleOutcome], bundles: list[Path]
) -> None:
    out, done = serial
    assert done.errors == {str(bundles[-1]): "BundleError"}
    assert (done.summary["bundles"], done.summary["failed"], done.computed) == (3, 1, 3)
    for bundle in bundles[:-1]:
        case = Case.open(out / "cases" / done.rows[str(bundle)])
        assert case.verify() == []
        assert case.frame("risk")["p_identify_mid"].between(0, 1).all()
    private = [*out.iterdir(), *(out / "cases").iterdir(), *(out / "rows").iterdir()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)


def test_a_second_run_computes_nothing(serial: tuple[Path, BundleOutcome], bundles: list[Path]) -> None:
    out, _ = serial
    before = _rows(out)
    again = batch([*bundles[:-1], bundles[0]], out, options=VENDOR)
    assert again.computed == 0
    assert {
        k: v for k, v in _rows(out).items() if k in before and k != "portfolio.json"
    }.items() <= before.items()
    acts = [act["act"] for act in CustodyLog(out / "custody.jsonl").acts()]
    assert acts == ["batch started", "batch ended"] * 2


def test_other_options_are_other_rows(serial: tuple[Path, BundleOutcome], bundles: list[Path]) -> None:
    known = set(serial[1].rows.values())
    assert job_of(bundles[0], versions_of(Options(engine="vendor", seed=9))).key not in known
    assert job_of(bundles[0], versions_of(VENDOR)).key in known


@pytest.mark.parametrize("kind", ["processes", "dask"])
def test_the_same_rows_on_every_executor(
    serial: tuple[Path, BundleOutcome], bundles: list[Path], tmp_path: Path, kind: str
) -> None:
    executor = Processes(2) if kind == "processes" else OnDask(2)
    try:
        done = batch(bundles, tmp_path, options=VENDOR, executor=executor, discard_cases=kind == "dask")
    finally:
        executor.close()
    batch(bundles, serial[0], options=VENDOR)  # its portfolio may be of fewer bundles
    assert _rows(tmp_path) == _rows(serial[0])
    assert done.summary["failed"] == 1
    assert any((tmp_path / "cases").iterdir()) == (kind == "processes")


def test_kill_dash_nine(serial: tuple[Path, BundleOutcome], bundles: list[Path], tmp_path: Path) -> None:
    """The batch dies after its first row; the next run ends with the same rows, and every case verifies."""
    program = (
        "import sys; from forensics import Options; from forensics.batch import batch; "
        "batch(sys.argv[2:], sys.argv[1], options=Options(engine='vendor', draws=100))"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path), *map(str, bundles)])
    while not list(tmp_path.glob("rows/*.json")) and child.poll() is None:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    done = batch(bundles, tmp_path, options=VENDOR)
    batch(bundles, serial[0], options=VENDOR)
    assert _rows(tmp_path) == _rows(serial[0])
    for bundle in bundles[:-1]:
        assert Case.open(tmp_path / "cases" / done.rows[str(bundle)]).verify() == []


def test_the_command(bundles: list[Path], tmp_path: Path) -> None:
    arguments = ["batch", str(bundles[-1]), "--out", str(tmp_path), "--executor", "serial", "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["portfolio"]["bundles"], said["portfolio"]["failed"]) == (1, 1)
    assert [f["message"] for f in said["findings"]] == ["BundleError."]
    page = (tmp_path / "report.html").read_text()
    assert "fewer than 10 people" in page
    assert "broken" not in page


def test_a_case_worked_on_elsewhere_says_so_once_and_with_whose_consent(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "Orders.csv").write_text("Order,Customer ID\n1,CUST-111111\n")
    out = tmp_path / "out"
    (out / "rows").mkdir(parents=True)
    job = job_of(tmp_path / "papers", versions_of(VENDOR))
    work = Work(str(out), VENDOR, remote="tls://cluster.example:8786", consent="the ethics board, 12/2026")
    for _ in range(2):  # as if the worker had died before its row was written
        assert work(Task((job,))) == 1
        (out / "rows" / f"{job.key}.json").unlink()
    acts = [a for a in Case.open(out / "cases" / job.key).custody.acts() if "another machine" in a["act"]]
    assert [(a["scheduler"], a["consent"]) for a in acts] == [(work.remote, work.consent)]


def test_papers_alone_are_no_recorded_person(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "papers.zip", "w") as archive:
        archive.writestr("Retail/Orders.csv", "Order,Customer ID\n1,CUST-111111\n")
    done = batch([tmp_path / "papers.zip"], tmp_path / "out", options=VENDOR)
    assert (done.summary["bundles"], done.summary["people"], done.errors) == (1, 0, {})


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="does not exist"):
        batch([tmp_path / "absent.zip"], tmp_path / "out")


def test_nothing_leaves_the_machine_without_consent_and_tls(tmp_path: Path) -> None:
    pem = tmp_path / "x.pem"
    tls = {"ca": pem, "cert": pem, "key": pem}
    check_scheduler("tcp://127.0.0.1:8786", "", {})
    with pytest.raises(ConsentError, match="leave it"):
        check_scheduler("tls://cluster.example:8786", "", tls)
    with pytest.raises(ConsentError, match="without TLS"):
        check_scheduler("tcp://cluster.example:8786", "the ethics board, 12/2026", tls)
    with pytest.raises(ConsentError, match="without TLS"):
        check_scheduler(
            "tls://cluster.example:8786", "the ethics board", {"ca": pem, "cert": None, "key": pem}
        )
    check_scheduler("tls://cluster.example:8786", "the ethics board, 12/2026", tls)
    with pytest.raises(ConsentError):
        check_scheduler("slurm", "", {})


def test_a_scheduler_of_this_machine_may_have_workers_elsewhere() -> None:
    check_workers("tcp://127.0.0.1:8786", ["tcp://127.0.0.1:4001", "tcp://[::1]:4002"])
    with pytest.raises(ConsentError, match="worker on another machine"):
        check_workers("tcp://127.0.0.1:8786", ["tcp://127.0.0.1:4001", "tcp://10.0.0.7:4002"])
    check_workers("tls://cluster.example:8786", ["tls://10.0.0.7:4002"])  # consented to


def test_slurm_workers_are_asked_to_speak_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No SLURM is here; a cluster of it looks up its address on the network, which the tests forbid."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr("dask_jobqueue.SLURMCluster", lambda **given: asked.update(given))
    slurm_cluster({"queue": "forensics", "shared_temp_directory": str(tmp_path / "tls"), "memory": "8GB"})
    assert (asked["protocol"], asked["security"].require_encryption) == ("tls://", True)
    assert (asked["queue"], asked["memory"], asked["processes"]) == ("forensics", "8GB", 1)
    assert (tmp_path / "tls").stat().st_mode & 0o077 == 0
