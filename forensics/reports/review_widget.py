"""The review in a notebook: listen, read, correct a transcript, accept or reject a mention or a claim.

The list shows what no name can hide in. Transcripts, values and sound come one by one, on request, and only
after somebody has said why they must be heard; that lasts as long as the widget does and goes into the
custody log. Decisions land in ``review.jsonl`` as soon as they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from forensics.errors import ForensicsError
from forensics.reports.inert import inert
from forensics.reports.review_items import ITEMS, details, index
from forensics.reports.snippets import wav
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

_FOLDER = files("forensics.reports").joinpath("templates")
_PURPOSE = "Say why the recordings must be heard and read: it goes into the custody log."


class ReviewWidget(anywidget.AnyWidget):
    """Reviews one case.

    Parameters
    ----------
    case : Case
    reviewer : str
        Who decides; stands beside every decision.
    purpose : str
        Why names must be seen in this session. Without one everything stays masked, and there is no sound.
    """

    _esm = _FOLDER.joinpath("review.js").read_text("utf-8")
    _css = _FOLDER.joinpath("review.css").read_text("utf-8")
    words = traitlets.Dict().tag(sync=True)
    reviewer = traitlets.Unicode().tag(sync=True)
    unmasked = traitlets.Bool(False).tag(sync=True)

    def __init__(self, case: Case, *, reviewer: str = "", purpose: str = "") -> None:
        self._case = case
        self._purpose = ""
        self._view = View.of_case(case, report_k=0)
        if purpose:
            self._unmask(purpose)
        super().__init__(words=_words(self._view), reviewer=reviewer, unmasked=self._view.masker.revealed)
        self.on_msg(lambda _, message, __: self.answer(message))

    def answer(self, message: dict[str, Any]) -> None:
        """Answer one request of the page: a dict with ``ask`` and what belongs to it."""
        asked: dict[str, Callable[..., None]] = {
            "index": self._send_index, "row": self._send_row, "sound": self._send_sound,
            "decide": self._decide, "unmask": self._open, "recompute": self._recompute,
        }  # fmt: skip
        given = {key: value for key, value in message.items() if key not in ("ask", "turn")}
        try:
            asked[message["ask"]](**given)
        except ForensicsError as error:
            self.send({"say": "error", "text": str(error)})

    def _send_index(self, table: str) -> None:
        self.send({"say": "index", "table": table, "items": index(self._view, table)})

    def _send_row(self, table: str, row_id: str) -> None:
        self.send({"say": "row", "table": table, "row": details(self._view, table, row_id)})

    def _send_sound(self, recording_id: str) -> None:
        """Decoded by our own reader and sent as plain PCM: a browser never parses the evidence."""
        from forensics.audio.decode import decode_file

        if not self._view.masker.revealed:
            raise ForensicsError("A voice is a name.", _PURPOSE)
        row = self._view.by_recording("recordings")[recording_id]
        with self._case.open_evidence(row["sha256"]):  # raises if the evidence is gone
            sound = decode_file(self._case.evidence_path(row["sha256"]), name=recording_id)
        self.send({"say": "sound", "recording_id": recording_id}, [wav(sound.samples)])

    def _decide(
        self, table: str, row_id: str, verdict: str, value: str | None = None, reason: str = ""
    ) -> None:
        reviewer = self.reviewer.strip()
        if not reviewer:
            raise ForensicsError("A decision needs a name.", "Write your name in the field 'Reviewer'.")
        if verdict not in ("accept", "reject", "correct") or table not in ITEMS:
            raise ForensicsError(f"'{verdict}' on '{table}' is not a decision.")
        column = ITEMS[table].corrected if verdict == "correct" else None
        if verdict == "correct" and not self._view.masker.revealed:
            raise ForensicsError("What is masked cannot be corrected.", _PURPOSE)
        self._case.review.decide(
            table, row_id, verdict, reviewer=reviewer, column=column, value=value, reason=reason  # type: ignore[arg-type]
        )  # fmt: skip
        self._view = View(self._case, self._view.masker, self._view.words, 0)
        self.send({"say": "decided", "table": table, "row_id": row_id, "state": verdict})
        if verdict == "correct":
            self._send_row(table, row_id)

    def _open(self, purpose: str) -> None:
        self._unmask(purpose)
        self.unmasked = True

    def _unmask(self, purpose: str) -> None:
        self._view = View.of_case(self._case, reveal=True, purpose=purpose, report_k=0)
        self._purpose = purpose

    def _recompute(self) -> None:
        """Bring the case up to date: only stages that read what was decided on run again."""
        from forensics.corridor.runner import run

        ran = run(self._case)
        shown = self._view.masker.revealed
        self._view = View.of_case(self._case, reveal=shown, purpose=self._purpose, report_k=0)
        self.send({"say": "recomputed", "stages": ran})


def review(case: Case, *, reviewer: str = "", purpose: str = "") -> ReviewWidget:
    """The review of a case, as a notebook shows it.

    Parameters
    ----------
    case : Case
    reviewer : str
        Who decides.
    purpose : str
        Why names must be seen; goes into the custody log. Without one nothing is shown that may be a name.

    Examples
    --------
    >>> review(case, reviewer="A. Analyst", purpose="breach assessment 2026-14")  # doctest: +SKIP
    """
    return ReviewWidget(case, reviewer=reviewer, purpose=purpose)


def _words(view: View) -> dict[str, str]:
    """What the page says, in the case's language."""
    from forensics.reports.words import catalogue

    texts = catalogue(view.words.language)
    return {key.removeprefix("widget."): inert(t) for key, t in texts.items() if key.startswith("widget.")}
