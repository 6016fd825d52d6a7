"""Work that goes wrong on purpose, in a module that worker processes can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from forensics.batch.work import Job, Task, Work, write_row


class Faulty(Work):
    """Writes rows without a pipeline; the bundle's name says what happens to its worker."""

    def prepare(self) -> None:
        """Nothing to load."""

    def __call__(self, task: Task) -> int:
        return sum(self._mark(job) for job in task.jobs)

    def _mark(self, job: Job) -> int:
        once = Path(self.out) / f"{job.key}.once"
        if "poison" in job.bundle or ("stumbles" in job.bundle and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if "sleeps" in job.bundle:
            (Path(self.out) / "asleep").write_text(str(os.getpid()))
            time.sleep(600)
        if "full" in job.bundle and not once.exists():
            once.touch()
            raise OSError(28, "No space left on device")
        with (Path(self.out) / "calls").open("a") as file:
            file.write(job.key + "\n")
        write_row(Path(self.out), {"key": job.key, "status": "done", "error": "", "subjects": []})
        return 1
