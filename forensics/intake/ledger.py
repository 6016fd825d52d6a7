"""A ledger of reading: of each member, how much was understood as what, and how much was not.

Names of members and fields come out of the bundle. The lines and the JSON made here hold meanings, counts and
masked paths alone; whoever may see names finds them in ``members`` and ``fields`` by the member's id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forensics.case.case import Case
from forensics.knowledge.vocabulary import masked_path

NO_LAYOUT = "plain-folder"
"""The layout of what is left: no layout at all."""

_OPEN = frozenset({"unknown", "text", "value"})
"""Meanings that say no more than that there is something."""
_SHOWN = 40


@dataclass
class Entry:
    """One member that was read as text.

    Parameters
    ----------
    member_id, path, kind, disposition, export : str
        As in ``members``; the path as it stands there.
    understood : dict
        Meaning to the number of rows whose value became evidence in it.
    fields, fields_open : int
        Columns, pages or kinds of record, and how many of them have a meaning that says nothing.
    seen, used, open : int
        Values that stand in the member; those that became evidence in a meaning; those of open fields.
    """

    member_id: str
    path: str
    kind: str
    disposition: str
    export: str
    understood: Counter[str] = field(default_factory=Counter)
    fields: int = 0
    fields_open: int = 0
    seen: int = 0
    used: int = 0
    open: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one row of ``fields``."""
        self.fields += 1
        self.seen += row["rows_seen"]
        if row["meaning"] in _OPEN:
            self.fields_open += 1
            self.open += row["rows_seen"]
        else:
            self.used += row["rows_used"]
            if row["rows_used"]:
                self.understood[row["meaning"]] += row["rows_used"]


@dataclass(frozen=True)
class Ledger:
    """What was read of a case.

    Parameters
    ----------
    layouts : tuple of str
        Layouts that were met, :data:`NO_LAYOUT` left out.
    entries : list of Entry
        Members read as text, those with the most values that nobody understood first.
    unread : dict
        Kinds of members that hold neither text nor sound that is read, and how many there are.
    utterances, recordings : int
        Rows of histories without sound, and sounds.
    """

    layouts: tuple[str, ...]
    entries: list[Entry]
    unread: dict[str, int]
    utterances: int
    recordings: int

    @property
    def known(self) -> bool:
        """Whether any layout was met that is known."""
        return bool(self.layouts)

    def lines(self) -> list[str]:
        """For people: meanings, counts and masked paths."""
        said = []
        if not self.known:
            said.append(
                "This bundle is in no layout we know. It was read by the meaning of its columns and lines; "
                f"found all the same: {self.utterances} utterances without sound, "
                f"{self.recordings} recordings."
            )
        seen, used = sum(e.seen for e in self.entries), sum(e.used for e in self.entries)
        left = sum(e.open for e in self.entries)
        if self.entries:
            said.append(
                f"{len(self.entries)} members read as text: {seen} values, {used} used as evidence in a "
                f"meaning, {left} in fields whose meaning is open."
            )
        for entry in self.entries[:_SHOWN]:
            parts = (
                ", ".join(f"{meaning} {n}" for meaning, n in sorted(entry.understood.items())) or "nothing"
            )
            said.append(
                f"  {masked_path(entry.path)}: understood {parts}; open {entry.open} of {entry.seen} values "
                f"in {entry.fields_open} of {entry.fields} fields"
            )
        if len(self.entries) > _SHOWN:
            said.append(f"  ... and {len(self.entries) - _SHOWN} more; all are in the table 'fields'")
        if self.unread:
            kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.unread.items()))
            said.append(f"not read as text or sound: {kinds}")
        return said

    def facts(self) -> dict[str, Any]:
        """For programs: the same as JSON can hold it."""
        return {
            "layouts": list(self.layouts),
            "layout_known": self.known,
            "utterances_without_sound": self.utterances,
            "recordings": self.recordings,
            "unread": self.unread,
            "members": [
                {
                    "member_id": e.member_id, "member": masked_path(e.path), "kind": e.kind,
                    "disposition": e.disposition, "layout": None if e.export == NO_LAYOUT else e.export,
                    "understood": dict(sorted(e.understood.items())), "fields": e.fields,
                    "fields_open": e.fields_open, "values": e.seen, "values_used": e.used,
                    "values_open": e.open,
                }
                for e in self.entries
            ],
        }  # fmt: skip


def ledger_of(case: Case) -> Ledger | None:
    """The ledger of a case; None before intake has run."""
    from forensics.intake.sniff import AUDIO

    tables = ("members", "fields", "passages", "recordings")
    if not all(case.table_path(name).exists() for name in tables):
        return None
    members = case.rows("members")
    entries = {
        row["member_id"]: Entry(
            row["member_id"], row["path"], row["kind"], row["disposition"], row["export"] or ""
        )
        for row in members
    }
    for row in case.rows("fields"):
        entries[row["member_id"]].add(row)
    read = [entry for entry in entries.values() if entry.fields]
    unread: dict[str, int] = defaultdict(int)
    for entry in entries.values():
        if not entry.fields and entry.kind not in AUDIO and entry.disposition != "transcript":
            unread[entry.kind] += 1
    layouts = {row["export"] for row in members if row["export"]} - {NO_LAYOUT}
    said = sum(row["role"] == "transcript" for row in case.rows("passages"))
    read.sort(key=lambda e: (-e.open, -e.seen, e.path, e.member_id))
    return Ledger(tuple(sorted(layouts)), read, dict(unread), said, len(case.rows("recordings")))
