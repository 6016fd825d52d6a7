"""Every limit of a child process is really hit, and the next request is served all the same."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from forensics.sandbox.process import Reason, Sandbox, SandboxError, Worker
from tests.sandbox import workers

CONTENT = bytes(range(256)) * 1000
Make = Callable[..., Sandbox]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "evidence"
    path.write_bytes(CONTENT)
    with path.open("rb") as opened:
        opened.read(7)  # where the parent stands is not where the child begins
        yield opened.fileno()


@pytest.fixture
def sandbox() -> Iterator[Make]:
    """Sandboxes with generous limits where none is given."""
    made: list[Sandbox] = []

    def make(worker: Worker, **limits: Any) -> Sandbox:
        made.append(Sandbox(worker, **{"wall_s": 60.0, "cpu_s": 30, "memory_bytes": 1 << 28, **limits}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def reason(sandbox: Sandbox, request: object, file: int) -> Reason:
    with pytest.raises(SandboxError) as caught:
        list(sandbox.ask(request, file))
    return caught.value.reason


def test_answers_come_with_their_bytes_one_request_after_another(sandbox: Make, file: int) -> None:
    reader = sandbox(workers.read)
    for times in (2, 0, 3):
        answers = list(reader.ask(times, file))
        assert [value for value, _ in answers] == [{"number": n} for n in range(times)]
        assert all(raw == CONTENT for _, raw in answers)
    assert os.lseek(file, 0, os.SEEK_CUR) > 0  # the parent's position is its own


def test_a_child_that_spins_is_ended_by_its_cpu_limit(sandbox: Make, file: int) -> None:
    spinner = sandbox(workers.spin, cpu_s=1)
    assert reason(spinner, None, file) is Reason.CPU
    assert reason(spinner, None, file) is Reason.CPU  # and so is the next child


def test_cpu_is_counted_by_request_and_not_by_child(sandbox: Make, file: int) -> None:
    worker = sandbox(workers.work_for, cpu_s=1)
    pids = {value for _ in range(4) for value, _ in worker.ask(0.6, file)}
    assert len(pids) == 1


def test_a_child_that_sleeps_is_ended_when_its_time_is_over(sandbox: Make, file: int) -> None:
    sleeper = sandbox(workers.sleep, wall_s=6.0)
    answers = sleeper.ask(3600, file)
    assert next(answers)[0] == "first"
    with pytest.raises(SandboxError) as caught:
        next(answers)
    assert caught.value.reason is Reason.TIME


def test_an_answer_in_small_pieces_does_not_hold_its_time_off(sandbox: Make, file: int) -> None:
    assert reason(sandbox(workers.dribble, wall_s=3.0), False, file) is Reason.TIME


def test_what_the_parent_does_between_answers_is_not_counted(sandbox: Make, file: int) -> None:
    reader = sandbox(workers.read, wall_s=6.0)
    for _ in reader.ask(2, file):
        time.sleep(3.5)


def test_a_child_that_allocates_is_out_of_memory(sandbox: Make, file: int) -> None:
    eater = sandbox(workers.allocate, memory_bytes=64 << 20)
    assert reason(eater, 128 << 20, file) is Reason.MEMORY
    assert next(eater.ask(16 << 20, file))[0] == 16 << 20


def test_a_child_without_the_least_memory_still_says_so(sandbox: Make, file: int) -> None:
    assert reason(sandbox(workers.fill, memory_bytes=16 << 20), None, file) is Reason.MEMORY


def test_a_child_that_dies_in_the_middle_of_an_answer_is_not_garbled(sandbox: Make, file: int) -> None:
    dribbler = sandbox(workers.dribble, cpu_s=1)
    assert reason(dribbler, True, file) is Reason.CPU


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_child_that_dies_by_a_signal_says_which(sandbox: Make, file: int, number: int) -> None:
    answers = sandbox(workers.die).ask(number, file)
    assert next(answers)[0] == "first"
    with pytest.raises(SandboxError) as caught:
        next(answers)
    assert (caught.value.reason, caught.value.text) == (Reason.ENDED, signal.strsignal(number))


def test_a_child_that_leaves_is_no_answer(sandbox: Make, file: int) -> None:
    assert reason(sandbox(workers.leave), None, file) is Reason.ENDED


@pytest.mark.parametrize(
    "message",
    [
        b"garbage that is no length",
        b"\xff" * 12,
        b"\0\0\0\x05abcde",
        b"\0\0\0\x05[1,2\n",
        b"\0\0\0\x021\n",
        b"\0\0\0\x0d[\"TIMES\",[]]\n",
        b"\0\0\0\x03[]\n",
        (100_001).to_bytes(4, "big") + b"[" * 100_000 + b"\n",
    ],
)  # fmt: skip
def test_garbage_in_the_protocol_is_no_answer(sandbox: Make, file: int, message: bytes) -> None:
    assert reason(sandbox(workers.say), message.hex(), file) is Reason.GARBLED


def test_what_a_worker_raises_comes_back_with_what_it_said_before(sandbox: Make, file: int) -> None:
    answers = sandbox(workers.fail).ask("text " * 1000, file)
    assert next(answers)[0] == "first"
    with pytest.raises(SandboxError) as caught:
        next(answers)
    assert (caught.value.reason, caught.value.kind) == (Reason.RAISED, "LookupError")
    assert caught.value.text == "text " * 1000
    assert pickle.loads(pickle.dumps(caught.value)).kind == "LookupError"


def test_answers_that_nobody_takes_are_never_taken_for_those_of_the_next_request(
    sandbox: Make, file: int
) -> None:
    reader = sandbox(workers.read)
    answers = reader.ask(3, file)
    next(answers)
    answers.close()
    assert [value["number"] for value, _ in reader.ask(2, file)] == [0, 1]


def test_nothing_can_be_written(sandbox: Make, file: int, tmp_path: Path) -> None:
    ((failed, _),) = sandbox(workers.write).ask(str(tmp_path / "new"), file)
    assert failed == [errno.EFBIG, errno.EBADF]
    assert not (tmp_path / "new").read_bytes()


def test_a_file_that_is_open_for_writing_is_given_for_reading_only(sandbox: Make, tmp_path: Path) -> None:
    with (tmp_path / "both").open("w+b") as both:
        both.write(CONTENT)
        both.flush()
        ((failed, _),) = sandbox(workers.write).ask(str(tmp_path / "new"), both.fileno())
        assert failed == [errno.EFBIG, errno.EBADF]


def test_few_files_can_be_opened(sandbox: Make, file: int) -> None:
    opener = sandbox(workers.open_many)
    assert reason(opener, 64, file) is Reason.RAISED
    assert len(next(opener.ask(32, file))[0]) == 32


def test_no_core_is_dumped_and_a_limit_that_was_lower_stays(file: int, tmp_path: Path) -> None:
    names = ["RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_AS"]
    code = (
        "import resource, sys\n"
        "from forensics.sandbox.process import Sandbox\n"
        "from tests.sandbox import workers\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "sandbox = Sandbox(workers.tell, wall_s=60, cpu_s=30, memory_bytes=1 << 40)\n"
        f"print(next(sandbox.ask({names!r}, int(sys.argv[1])))[0]['limits'])\n"
    )
    root = str(Path(__file__).parents[2])
    told = subprocess.run(
        [sys.executable, "-c", code, str(file)], pass_fds=[file], cwd=root, capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": root}, text=True,
    )  # fmt: skip
    expected = {"RLIMIT_CORE": [0, 0], "RLIMIT_FSIZE": [0, 0], "RLIMIT_AS": [1 << 30, 1 << 30]}
    assert told.stdout.strip() == str(expected)


def test_the_child_knows_no_path(sandbox: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORENSICS_SIGN_KEY", str(tmp_path / "key.pem"))
    case = tmp_path / "case"
    case.mkdir()
    (case / "evidence").write_bytes(CONTENT)
    with (case / "evidence").open("rb") as evidence:
        ((facts, _),) = sandbox(workers.tell).ask([], evidence.fileno())
    assert facts["folder"] == "/"
    assert str(tmp_path) not in facts["environment"]
    assert str(case) not in facts["arguments"]
    assert [link for link in facts["descriptors"] if str(case) in link] == [str(case / "evidence")]


def test_modules_are_never_taken_from_the_folder_that_somebody_works_in(
    sandbox: Make, file: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('hostile')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert len(list(sandbox(workers.read).ask(1, file))) == 1
