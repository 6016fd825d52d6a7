"""The analyst's decisions: kept beside the tables, applied on top of them, never overwriting.

A decision accepts, rejects or corrects one row of one table. Ids derive from content, so a decision
survives a re-run; one whose row is gone is reported, not dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from forensics.case.kinds import SPEAKERS
from forensics.errors import CaseError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from forensics.case.custody import CustodyLog

Verdict = Literal["accept", "reject", "correct", "merge", "split", "mark"]
_NAMES_A_PLACE = {"mentions": "normalised", "claims": "value"}
"""Columns in which a person may write the name of a place; its ids in ``places`` follow."""
_LISTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "roles": lambda value: {"value": value, "probability": 1.0},
    "places": lambda value: {"place_id": int(value), "probability": 1.0},
}
"""Columns with several weighted values, of which a person says that one is right: a role, or the gazetteer's
id of a place."""


@dataclass(frozen=True)
class Decision:
    """One decision.

    Parameters
    ----------
    table, row_id : str
        The row, by the column that names it alone: the table's key, or its own id where the key is of several
        columns.
    verdict : {'accept', 'reject', 'correct', 'merge', 'split', 'mark'}
        A rejected row leaves the table, a corrected one has another value. Two people may be merged, one
        may be split, and an utterance may be marked as a visitor's or a television's: these change no cell,
        the profile is made anew with them.
    reviewer : str
        Who answers for it.
    column, value : str, optional
        What to put where, for ``correct``. For ``merge`` the person who is the same one; for ``split`` the
        form of the name that is somebody else's, or the person whose merging is taken back; for ``mark`` one
        of :data:`forensics.case.kinds.SPEAKERS`.
    reason : str
        In the reviewer's words; may be empty.
    at : str
        ISO 8601, UTC.
    before : str, optional
        What stood there when the decision was made.
    """

    table: str
    row_id: str
    verdict: Verdict
    reviewer: str
    column: str | None = None
    value: str | None = None
    reason: str = ""
    at: str = ""
    before: str | None = None


class Review:
    """The decisions of one case.

    Parameters
    ----------
    folder : pathlib.Path
        The case folder; decisions lie in its ``review.jsonl``.
    custody : CustodyLog
        Where each decision is entered.
    read : callable
        From a table's name to its rows as the stages wrote them, without any decision.
    """

    def __init__(self, folder: Path, custody: CustodyLog, read: Callable[[str], pd.DataFrame]) -> None:
        self._path = folder / "review.jsonl"
        self._custody = custody
        self._read = read

    def decide(
        self,
        table: str,
        row_id: str,
        verdict: Verdict,
        *,
        reviewer: str,
        column: str | None = None,
        value: str | None = None,
        reason: str = "",
    ) -> Decision:
        """Record a decision; the tables downstream follow on the next ``resume``.

        Raises
        ------
        CaseError
            If the row does not exist, or a correction names no column.
        """
        if verdict == "correct" and (column is None or value is None):
            raise CaseError("A correction needs a column and a value.")
        key = row_key(table)
        frame = self._read(table)
        if row_id not in set(frame[key]):
            raise CaseError(f"Table '{table}' has no row '{row_id}'.")
        if column is not None and column not in frame.columns:
            raise CaseError(f"Table '{table}' has no column '{column}'.")
        if verdict in ("merge", "split"):
            self._check_people(table, frame, row_id, verdict, value)
        if verdict == "mark" and (table != "utterances" or value not in SPEAKERS):
            raise CaseError(f"Utterances are marked, as one of {', '.join(SPEAKERS)}.")
        before = self._standing(table, frame, row_id, column) if column is not None else None
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        decision = Decision(table, row_id, verdict, reviewer, column, value, reason, at, before)
        line = (json.dumps(asdict(decision), ensure_ascii=False, sort_keys=True) + "\n").encode()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._custody.append(
            "decision", table=table, row_id=row_id, verdict=verdict, reviewer=reviewer,
            line_sha256=hashlib.sha256(line).hexdigest(),
        )  # fmt: skip
        return decision

    def _check_people(
        self, table: str, frame: pd.DataFrame, row_id: str, verdict: str, value: str | None
    ) -> None:
        """Refuse to merge with, or split from, what is not there."""
        if table != "persons" or not value:
            raise CaseError(f"Only people are decided on with '{verdict}', and with a value.")
        of_group = dict(zip(frame["person_id"], frame["data_subject_group"], strict=True))
        if verdict == "merge" and (value == row_id or of_group.get(value) != of_group[row_id]):
            raise CaseError("Two people are merged only if both are of one data subject's recordings.")
        forms = {form["value"] for form in frame.loc[frame["person_id"] == row_id, "forms"].iloc[0]}
        merged = {d.value for d in self.decisions(table) if d.verdict == "merge" and d.row_id == row_id}
        if verdict == "split" and value not in forms | merged:
            raise CaseError("This person has no such form of the name, and was not merged with it.")

    def _standing(self, table: str, frame: pd.DataFrame, row_id: str, column: str) -> str | None:
        """What stands in a cell now, as text; the likeliest value where there are several."""
        key = row_key(table)
        mine = [d for d in self.decisions(table) if d.row_id == row_id and d.column == column]
        if mine and mine[-1].verdict == "correct":
            return mine[-1].value
        cell = frame.loc[frame[key] == row_id, column].iloc[0]
        if isinstance(cell, str):
            return cell
        if not hasattr(cell, "__len__") or not len(cell):
            return None
        best = max(cell, key=lambda one: one["probability"])
        return str(best.get("value", best.get("place_id")))

    def decisions(self, table: str | None = None) -> list[Decision]:
        """Decisions in the order in which they were made; a torn last line is skipped."""
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_text("utf-8").splitlines():
            try:
                decision = Decision(**json.loads(line))
            except (ValueError, TypeError):
                continue
            if table is None or decision.table == table:
                found.append(decision)
        return found

    def apply(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """`frame` with this table's decisions on top: the last decision on a cell wins."""
        decisions = self.decisions(table)
        if not decisions:
            return frame
        key = row_key(table)
        frame = frame.copy()
        rejected: dict[str, bool] = {}
        for decision in decisions:
            if decision.verdict in ("merge", "split", "mark"):
                continue  # followed by the stage of the profile
            if decision.verdict == "correct":
                rejected[decision.row_id] = False
                here = frame[key] == decision.row_id
                if (weighted := _LISTS.get(decision.column or "")) is not None:
                    _fill(frame, here, str(decision.column), [weighted(decision.value or "")])
                    continue
                frame.loc[here, decision.column] = decision.value
                if (table, decision.column) == ("claims", "subject_role"):
                    _role_is_known(frame, here, decision.value or "")
                elif (table, decision.column) == ("transcripts", "text"):
                    _heard_by_a_person(frame, here)
                elif decision.column == _NAMES_A_PLACE.get(table):
                    _resolve(frame, here, decision.value or "")
            else:
                rejected[decision.row_id] = decision.verdict == "reject"
        return frame[~frame[key].map(rejected).eq(True)].reset_index(drop=True)

    def digest(self, tables: Iterable[str]) -> str:
        """SHA-256 over the decisions that concern `tables`: part of the key of what reads them."""
        kept: list[dict[str, Any]] = []
        for table in sorted(tables):
            kept += [
                {k: v for k, v in asdict(d).items() if k not in ("at", "before")}
                for d in self.decisions(table)
            ]
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    def orphans(self) -> list[Decision]:
        """Decisions whose row no longer exists."""
        gone = []
        for decision in self.decisions():
            frame = self._read(decision.table)
            if decision.row_id not in set(frame[row_key(decision.table)]):
                gone.append(decision)
        return gone


def row_key(table: str) -> str:
    """The column by which decisions name a row of `table`.

    Raises
    ------
    CaseError
        If there is no such table.
    """
    from forensics.case.schemas import TABLES

    if table not in TABLES:
        raise CaseError(f"There is no table '{table}'.")
    key = TABLES[table].key
    return key[0] if len(key) == 1 else TABLES[table].columns[0].name


def _heard_by_a_person(frame: pd.DataFrame, rows: pd.Series[bool]) -> None:
    """What the engine measured of its own words does not speak of the words that a person put there."""
    frame.loc[rows, "confidence"] = 1.0
    for column in ("words", "flags", "stretches", "unread"):
        _fill(frame, rows, column, [])


def _role_is_known(frame: pd.DataFrame, rows: pd.Series[bool], role: str) -> None:
    """A person said whose this is: what remains in doubt is whether it was said."""
    frame.loc[rows, "p_role"] = 1.0
    frame.loc[rows, "p_true"] = frame.loc[rows, "p_value"]
    _fill(frame, rows, "roles", [{"value": role, "probability": 1.0}])


def _fill(frame: pd.DataFrame, rows: pd.Series[bool], column: str, value: list[Any]) -> None:
    """Put a list into the cells of some rows."""
    import pandas as pd

    filled = [value if here else kept for here, kept in zip(rows, frame[column], strict=True)]
    frame[column] = pd.Series(filled, index=frame.index, dtype=object)


def _resolve(frame: pd.DataFrame, rows: pd.Series[bool], name: str) -> None:
    """The places that a corrected name means: a correction is read like any text, and only here."""
    import pandas as pd

    from forensics.knowledge.place_search import candidates

    meant = [{"place_id": c.place.geonameid, "probability": c.probability} for c in candidates(name)]
    places = [meant if here and len(kept) else kept for here, kept in zip(rows, frame["places"], strict=True)]
    frame["places"] = pd.Series(places, index=frame.index, dtype=object)
