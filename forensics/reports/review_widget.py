"""The review in a notebook: listen, read, correct, merge and split people, mark who spoke, accept or reject.

The list shows what no name can hide in. Transcripts, values and sound come one by one, on request, and only
after somebody has said why they must be heard; that lasts as long as the widget does and goes into the
custody log. Decisions land in ``review.jsonl`` as soon as they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from forensics.errors import ForensicsError
from forensics.reports.changes import changes, state
from forensics.reports.exhibit import plain_rows
from forensics.reports.inert import inert
from forensics.reports.review_choices import choices
from forensics.reports.review_items import ITEMS, details, index, resting_on, row_of
from forensics.reports.review_view import ReviewView
from forensics.reports.snippets import peaks, wav
from forensics.reports.view import View

if TYPE_CHECKING:
    import pandas as pd

    from forensics.case.case import Case

_FOLDER = files("forensics.reports").joinpath("templates")
_LIBRARIES = {"WaveSurfer": "wavesurfer.min.js", "Regions": "regions.min.js"}
"""wavesurfer.js 8.0.1 and its plugin for regions (BSD-3-Clause, from the npm package): it draws the waveform,
plays at another speed, and marks the stretch that is played again and again."""


def _page() -> str:
    """The page's script with its libraries in front: nothing is loaded from anywhere."""
    parts = [
        f"const {name} = (() => {{ const module = {{ exports: {{}} }}, exports = module.exports; "
        f"{_FOLDER.joinpath('wavesurfer', file).read_text('utf-8')}\nreturn module.exports; }})();"
        for name, file in _LIBRARIES.items()
    ]
    return "\n".join([*parts, _FOLDER.joinpath("review.js").read_text("utf-8")])


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
    only : iterable of str, optional
        Utterances; what does not rest on one of them is left out.
    """

    _esm = _page()
    _css = _FOLDER.joinpath("review.css").read_text("utf-8")
    words = traitlets.Dict().tag(sync=True)
    reviewer = traitlets.Unicode().tag(sync=True)
    unmasked = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, case: Case, *, reviewer: str = "", purpose: str = "", only: Iterable[str] | None = None
    ) -> None:
        self._case = case
        self._purpose = ""
        self._only = None if only is None else frozenset(only)
        self._before: dict[str, Any] | None = None
        self._view = ReviewView.of_case(case, report_k=0)
        if purpose:
            self._unmask(purpose)
        super().__init__(words=_words(self._view), reviewer=reviewer, unmasked=self._view.masker.revealed)
        self.on_msg(lambda _, message, __: self.answer(message))

    def answer(self, message: dict[str, Any]) -> None:
        """Answer one request of the page: a dict with ``ask`` and what belongs to it."""
        asked: dict[str, Callable[..., None]] = {
            "index": self._send_index, "row": self._send_row, "sound": self._send_sound,
            "decide": self._decide, "choose": self._choose, "search": self._search, "unmask": self._open,
            "recompute": self._recompute,
        }  # fmt: skip
        given = {key: value for key, value in message.items() if key not in ("ask", "turn")}
        try:
            asked[message["ask"]](**given)
        except ForensicsError as error:
            self.send({"say": "error", "text": str(error)})

    def _send_index(self, table: str) -> None:
        self.send({"say": "index", "table": table, "items": self._within(table, index(self._view, table))})

    def _within(self, table: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those items that rest on the utterances asked for."""
        if self._only is None:
            return items
        kept = resting_on(self._view, table, self._only)
        return [item for item in items if item["id"] in kept]

    def _search(self, **asked: Any) -> None:
        """Show only what rests on the utterances that are found; without a question, everything."""
        from forensics.reports.search import search

        given = {key: value for key, value in asked.items() if value not in ("", None)}
        if given:
            self._only = frozenset(hit.said.utterance_id for hit in search(self._view, **given))
        else:
            self._only = None
        found = None if self._only is None else len(self._only)
        self.send({"say": "found", "n": found, "text": _told_found(self._view, found)})

    def _send_row(self, table: str, row_id: str) -> None:
        self.send({"say": "row", "table": table, "row": details(self._view, table, row_id)})

    def _send_sound(self, recording_id: str) -> None:
        """Decoded by our own reader and sent as plain PCM: a browser never parses the evidence."""
        from forensics.audio.decode import RATE, decode_file

        if not self._view.masker.revealed:
            raise ForensicsError("A voice is a name.", _PURPOSE)
        row = self._view.by_recording("recordings")[recording_id]
        with self._case.open_evidence(row["sha256"]):  # raises if the evidence is gone
            sound = decode_file(self._case.evidence_path(row["sha256"]), name=recording_id)
        told = {
            "recording_id": recording_id,
            "peaks": peaks(sound.samples),
            "seconds": sound.samples.size / RATE,
        }
        self.send({"say": "sound", **told}, [wav(sound.samples)])

    def _decide(
        self, table: str, row_id: str, verdict: str, value: str | None = None, reason: str = ""
    ) -> None:
        if verdict not in ("accept", "reject", "correct") or table not in ITEMS:
            raise ForensicsError(f"'{verdict}' on '{table}' is not a decision.")
        column = ITEMS[table].corrected if verdict == "correct" else None
        if verdict == "correct" and not self._view.masker.revealed:
            raise ForensicsError("What is masked cannot be corrected.", _PURPOSE)
        self._write(table, row_id, verdict, column, value if column else None, reason)
        self._told(table, row_id, verdict)

    def _choose(self, table: str, row_id: str, name: str, value: str, reason: str = "") -> None:
        """Decide for one of the values that a row offers."""
        offered = choices(self._view, table, row_of(self._view, table, row_id))
        chosen = next((c for c in offered if c.name == name), None)
        if chosen is None or value not in dict(chosen.options):
            raise ForensicsError("That is not among the choices.", "Recompute, then look again.")
        self._write(chosen.table, chosen.row_id, chosen.verdict, chosen.column, value, reason)
        self._told(table, row_id, chosen.verdict)

    def _write(
        self, table: str, row_id: str, verdict: Any, column: str | None, value: str | None, reason: str
    ) -> None:
        reviewer = self.reviewer.strip()
        if not reviewer:
            raise ForensicsError("A decision needs a name.", "Write your name in the field 'Reviewer'.")
        before = self._before or state(self._view)
        self._view.undecided_rows(table)
        self._case.review.decide(
            table, row_id, verdict, reviewer=reviewer, column=column, value=value, reason=reason
        )
        self._before = before
        self._view = self._view.after_decision(table, row_id)

    def _told(self, table: str, row_id: str, state: str) -> None:
        self.send({"say": "decided", "table": table, "row_id": row_id, "state": state})
        if state not in ("accept", "reject"):
            self._send_row(table, row_id)

    def _open(self, purpose: str) -> None:
        self._unmask(purpose)
        self.unmasked = True

    def _unmask(self, purpose: str) -> None:
        self._view = ReviewView.of_case(self._case, reveal=True, purpose=purpose, report_k=0)
        self._purpose = purpose

    def _recompute(self) -> None:
        """Bring the case up to date, and tell what differs: only stages that read a decision run again."""
        from forensics.corridor.runner import run

        before = self._before or state(self._view)
        ran = run(self._case)
        shown = self._view.masker.revealed
        self._view = ReviewView.of_case(self._case, reveal=shown, purpose=self._purpose, report_k=0)
        found = changes(self._view, before)
        self._before = None
        tables = [{"title": e.title, "columns": e.columns, "rows": plain_rows(e)} for e in found.exhibits]
        self.send({"say": "recomputed", "stages": ran, "sentence": found.sentence, "changes": tables})


def review(
    case: Case,
    *,
    reviewer: str = "",
    purpose: str = "",
    only: pd.DataFrame | Iterable[str] | None = None,
) -> ReviewWidget:
    """The review of a case, as a notebook shows it.

    Parameters
    ----------
    case : Case
    reviewer : str
        Who decides.
    purpose : str
        Why names must be seen; goes into the custody log. Without one nothing is shown that may be a name.
    only : pandas.DataFrame or iterable of str, optional
        What :meth:`forensics.Case.search` found, or utterance ids: only these are listed, and they play.

    Examples
    --------
    >>> review(case, reviewer="A. Analyst", purpose="breach assessment 2026-14")  # doctest: +SKIP
    """
    chosen: Any = only["utterance_id"] if hasattr(only, "columns") else only  # type: ignore[index]
    return ReviewWidget(case, reviewer=reviewer, purpose=purpose, only=chosen)


def _told_found(view: View, n: int | None) -> str:
    return "" if n is None else view.words("widget.found", n=view.words.count("utterances", n))


def _words(view: View) -> dict[str, str]:
    """What the page says, in the case's language."""
    from forensics.reports.words import catalogue

    texts = catalogue(view.words.language)
    return {key.removeprefix("widget."): inert(t) for key, t in texts.items() if key.startswith("widget.")}
