"""A soak: bundles with faults injected; nothing lost, nothing doubled, custody whole.

``python benchmarks/soak.py [--bundles 200] [--seed 1]``

Faults: workers killed with SIGKILL while they work, a full disk (RLIMIT_FSIZE in a worker of a run of its
own), corrupt sound and cut archives, a clock that jumps back a day, two processes on one case, and the driver
itself killed. The last line is one JSON object: kind → injected, lost, doubled.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import psutil

from forensics import Case, Options
from forensics.batch import Processes, batch
from forensics.batch.work import Work, case_folder, job_of, read_row, versions_of
from forensics.simulate import OBEYING, draw_household, utter, write_bundle

VENDOR = Options(engine="vendor")
RECORDINGS = 8


class JumpingClock(Work):
    """Work whose clock goes back a day in every fourth case."""

    def _investigate(self, job: Any, folder: Path) -> dict[str, Any]:
        import forensics.case.case
        import forensics.case.custody

        if int(job.key[:4], 16) % 4:
            return super()._investigate(job, folder)
        real = forensics.case.custody.datetime

        class Yesterday(real):  # type: ignore[misc, valid-type]
            calls = 0

            @classmethod
            def now(cls, tz: Any = None) -> Any:
                import datetime as dt

                cls.calls += 1
                return real.now(tz) - dt.timedelta(days=cls.calls % 2)

        forensics.case.custody.datetime = Yesterday  # type: ignore[misc]
        try:
            return super()._investigate(job, folder)
        finally:
            forensics.case.custody.datetime = real  # type: ignore[misc]


def soak(folder: Path, count: int, *, seed: int) -> dict[str, dict[str, int]]:
    """Run it; see the module.

    Returns
    -------
    dict
        Kind → ``injected``, ``lost``, ``doubled``.
    """
    rng = random.Random(seed)
    bundles = _bundles(folder / "bundles", count)
    reference = folder / "reference"
    expected = batch(bundles, reference, options=VENDOR)
    out = folder / "out"
    faults = dict.fromkeys(("killed worker", "full disk", "two processes", "killed driver", "clock"), 0)
    corrupt = sum("corrupt" in b.name or "cut" in b.name for b in bundles)
    third = max(1, len(bundles) // 3)

    faults["killed driver"] = _killed_driver(bundles[:third], out)
    faults["full disk"] = _full_disk(bundles[third : third + max(2, third // 8)], out)
    faults["two processes"] = _two_processes(bundles[2 * third : 2 * third + 2], out)
    faults["killed worker"] = _killed_workers(bundles, out, rng)
    final = batch(bundles, out, options=VENDOR)  # whatever is left
    clocked = folder / "clock"
    faults["clock"] = _clock(bundles[:third], clocked)

    keys = sorted(expected.rows.values())
    lost = [k for k in keys if read_row(out, k) != read_row(reference, k)]
    rows = [p.stem for p in (out / "rows").glob("*.json")]
    doubled = len(rows) - len(set(keys))
    broken = _unverified(out, keys) + _unverified(clocked, keys)
    wrong_clock = [k for k in keys if read_row(clocked, k) and read_row(clocked, k) != read_row(reference, k)]
    print(f"{len(bundles)} bundles, {corrupt} of them damaged; {final.summary['failed']} could not be read")
    print(f"rows that differ from a run without faults: {len(lost)}; rows too many: {doubled}")
    print(f"cases whose custody does not verify: {broken}; rows changed by the clock: {len(wrong_clock)}")
    found = {name: {"injected": n, "lost": len(lost), "doubled": doubled} for name, n in faults.items()}
    found["clock"]["lost"] = len(wrong_clock)
    found["corrupt"] = {"injected": corrupt, "lost": len(lost), "doubled": doubled}
    found["custody"] = {"injected": sum(faults.values()), "lost": broken, "doubled": 0}
    return found


def _bundles(folder: Path, count: int) -> list[Path]:
    folder.mkdir(parents=True)
    made = []
    for number in range(count):
        kind = {5: "corrupt", 9: "cut"}.get(number % 10, "whole")
        path = folder / f"{number:04d}-{kind}.zip"
        home = dataclasses.replace(draw_household(number, OBEYING, seed=99), recordings=RECORDINGS)
        write_bundle(home, utter(home, OBEYING), path)
        if kind == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        elif kind == "corrupt":
            _corrupt(path, number)
        made.append(path)
    return made


def _corrupt(path: Path, seed: int) -> None:
    """Sound whose bytes are noise, and a header that lies."""
    rng = random.Random(seed)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, content) in enumerate(members.items()):
            if name.endswith(".wav") and number % 2:
                content = content[:20] + rng.randbytes(200)
            archive.writestr(name, content)


def _command(bundles: list[Path], out: Path) -> list[str]:
    named = [str(b) for b in bundles]
    return [
        *(sys.executable, "-m", "forensics", "batch", *named, "--out", str(out)),
        *("--executor", "serial", "--engine", "vendor", "--json"),
    ]


def _killed_driver(bundles: list[Path], out: Path) -> int:
    """kill -9 to the whole run, three times."""
    killed = 0
    for round_ in range(3):
        before = len(list(out.glob("rows/*.json")))
        child = subprocess.Popen(_command(bundles, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while child.poll() is None and len(list(out.glob("rows/*.json"))) <= before:
            time.sleep(0.05)
        time.sleep(0.3 * round_)
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            killed += 1
        child.wait()
    return killed


def _full_disk(bundles: list[Path], out: Path) -> int:
    """No file may grow beyond 20 kB: copying, row stores and tables fail midway. Counted is where it bit."""
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
        "sys.argv = ['forensics', *sys.argv[1:]]; from forensics.cli import main; main()"
    )
    arguments = _command(bundles, out)[3:]
    subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False)
    return sum(read_row(out, job_of(b, versions_of(VENDOR)).key).get("status") != "done" for b in bundles)


def _two_processes(bundles: list[Path], out: Path) -> int:
    """Two batches on one folder, then two processes on one case. Counted are those that were refused."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    both = [subprocess.Popen(_command(bundles, out), **quiet) for _ in range(2)]
    refused = sum(child.wait() == 1 for child in both)
    job = job_of(bundles[0], versions_of(VENDOR))
    folder = case_folder(out, job.key)
    command = [sys.executable, "-m", "forensics", "resume", "--case", str(folder)]
    pair = [subprocess.Popen(command, **quiet) for _ in range(2)]
    return refused + sum(child.wait() == 1 for child in pair)


def _killed_workers(bundles: list[Path], out: Path, rng: random.Random) -> int:
    """A worker dies about once in ten bundles."""
    executor = Processes(2)
    stop = threading.Event()
    killed = [0]
    most = max(1, len(bundles) // 10)

    def killer() -> None:
        while not stop.wait(rng.uniform(1.0, 4.0)):
            workers = [p for p in psutil.Process().children() if "spawn_main" in " ".join(_words(p))]
            if workers and killed[0] < most and len(list(out.glob("rows/*.json"))) > 2:
                os.kill(rng.choice(workers).pid, signal.SIGKILL)
                killed[0] += 1

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        batch(bundles, out, options=VENDOR, executor=executor)
    finally:
        stop.set()
        thread.join()
        executor.close()
    return killed[0]


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _clock(bundles: list[Path], out: Path) -> int:
    import forensics.batch.driver as driver

    real = driver.Work
    driver.Work = JumpingClock  # type: ignore[misc]
    try:
        done = batch(bundles, out, options=VENDOR)
    finally:
        driver.Work = real  # type: ignore[misc]
    return sum(int(key[:4], 16) % 4 == 0 for key in done.rows.values())


def _unverified(out: Path, keys: list[str]) -> int:
    """Finished cases that do not verify."""
    bad = 0
    for key in keys:
        folder = case_folder(out, key)
        if read_row(out, key).get("status") == "done" and (folder / "case.json").is_file():
            bad += bool(Case.open(folder).verify())
    return bad


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bundles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        faults = soak(Path(name), args.bundles, seed=args.seed)
    print(json.dumps({"n": args.bundles, "faults": faults}))


if __name__ == "__main__":
    main()
