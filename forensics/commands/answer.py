"""What every command answers: lines for people or one JSON object for scripts, and an exit status.

Exit statuses: 0 done, 1 cannot go on, 2 wrong usage (Typer's), 130 interrupted and resumable.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Annotated, Any

import typer

from forensics.errors import ForensicsError

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


class Answer:
    """Collects what a command has to say and says it when the block ends, come what may.

    Parameters
    ----------
    as_json : bool
        One JSON object on standard output instead of lines.
    go_on : str
        What to do after an interruption.

    Attributes
    ----------
    lines : list of str
        For people.
    facts : dict
        For scripts.
    findings : list
        Deviations: mappings with ``code``, ``member``, ``message``, ``remedy``.
    status : str
        ``done`` unless the block says otherwise; the first word of a script's answer.
    exit_code : int
        0 done, 1 cannot go on, 2 wrong usage, 130 interrupted; ``guard`` has more.
    """

    def __init__(self, as_json: bool, go_on: str = "Run the command again.") -> None:
        self.as_json = as_json
        self.go_on = go_on
        self.lines: list[str] = []
        self.facts: dict[str, Any] = {}
        self.findings: Sequence[Mapping[str, Any]] = []
        self.status = "done"
        self.exit_code = 0

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, typer.Exit | typer.BadParameter):
            return
        if isinstance(error, KeyboardInterrupt):
            self._refuse("interrupted", "Interrupted.", self.go_on, 130)
        elif isinstance(error, ForensicsError):
            self._refuse("refused", error.message, error.remedy, 1)
        elif isinstance(error, OSError):
            self._refuse("refused", str(error), "Check the path, the permissions and the free space.", 1)
        elif error is not None:
            if os.environ.get("FORENSICS_DEBUG"):
                return
            # The exception's text may quote evidence, and evidence may hold names: only its type is shown.
            self._refuse(
                "refused",
                f"An unexpected {type(error).__name__} stopped the work; nothing taken in so far is lost.",
                "Set FORENSICS_DEBUG=1 to see where, and report it.",
                1,
            )
        self._say()
        raise typer.Exit(self.exit_code)

    def _refuse(self, status: str, message: str, remedy: str, exit_code: int) -> None:
        self.status, self.exit_code = status, exit_code
        self.facts = {**self.facts, "error": {"message": message, "remedy": remedy}}
        self.lines = []
        sys.stderr.write(f"forensics: {message} {remedy}".rstrip() + "\n")

    def _say(self) -> None:
        if self.as_json:
            content = {"status": self.status, "findings": list(self.findings), **self.facts}
            sys.stdout.write(json.dumps(content, ensure_ascii=False, default=str) + "\n")
        elif self.lines:
            sys.stdout.write("\n".join(self.lines) + "\n")
        sys.stdout.flush()
