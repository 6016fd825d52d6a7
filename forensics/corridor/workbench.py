"""What a stage works on: it reads tables, keeps rows item by item, and can die at any moment.

Each item's rows go into ``work/<stage>.sqlite`` (write-ahead log) as soon as they are known, under a key
made of the item's content, the stage's version, options and models. When the stage ends, the rows of
this run's items are compacted to Parquet. A run that comes after takes what is there.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.case.rows import Row, records
from forensics.case.schemas import TABLES
from forensics.case.tables import DATE, TIME
from forensics.corridor.progress import Advance, Progress

if TYPE_CHECKING:
    import pandas as pd

    from forensics.case.case import Case
    from forensics.case.review import Decision
    from forensics.corridor.pipeline import Stage

MANY = 1000
"""Items of a stage from which its memory is worth a search (assumption): with the language models loaded, a
search takes .2 s."""
Item = TypeVar("Item")
Rows = Mapping[str, Iterable[Mapping[str, Any]]]


class Workbench:
    """One run of one stage.

    Parameters
    ----------
    case : Case
        Whose tables the stage reads and writes.
    stage : Stage
        What it may read and write.
    identity : mapping
        Model hashes and library versions on which the stage's result depends.
    progress : Progress
        Where the bar of :meth:`todo` is shown.
    """

    def __init__(self, case: Case, stage: Stage, identity: Mapping[str, Any], progress: Progress) -> None:
        self.case = case
        self.stage = stage
        self.progress = progress
        self.options: Options = case.options
        self._prefix = digest([stage.name, stage.version, case.options.chosen(stage.options), dict(identity)])
        self._current: dict[str, None] = {}
        self._awaited: set[str] = set()
        self._advance: Advance = lambda count: None
        self._database = sqlite3.connect(case.folder / "work" / f"{stage.name}.sqlite")
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")  # survives a killed process
        self._database.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, rows TEXT NOT NULL)")

    def read(self, table: str) -> pd.DataFrame:
        """A table upstream, the analyst's decisions applied, without the columns made for people to read.

        Raises
        ------
        ValueError
            If the floor plan does not say that this stage reads it.
        """
        if table not in self.stage.reads:
            raise ValueError(f"stage '{self.stage.name}' does not declare that it reads '{table}'")
        return self.case.frame(table).drop(columns=TABLES[table].displayed)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table upstream as plain Python values, the analyst's decisions applied.

        Parameters
        ----------
        table : str
            One of those that the floor plan says this stage reads.

        Returns
        -------
        list of dict
            None where a value is missing, lists for nested columns: see :func:`forensics.case.rows.records`.

        Raises
        ------
        ValueError
            If the floor plan does not say that this stage reads it.
        """
        return records(self.read(table))

    def decisions(self, table: str) -> list[Decision]:
        """The analyst's decisions on a table, as they were made, first to last.

        Raises
        ------
        ValueError
            If the floor plan does not say that this stage follows them.
        """
        if table not in self.stage.decisions:
            raise ValueError(
                f"stage '{self.stage.name}' does not declare that it follows decisions on '{table}'"
            )
        return self.case.review.decisions(table)

    def todo(self, items: Iterable[Item], *, key: Callable[[Item], Any], label: str = "") -> Iterator[Item]:
        """Those of `items` whose rows are not known yet, behind a progress bar.

        Parameters
        ----------
        items : iterable
            What the stage works on; two with the same key are done once.
        key : callable
            All that an item's rows depend on, as something JSON can hold. Two items with the same key
            have the same rows.
        label : str
            What the progress bar says; the stage's name by default.
        """
        pending, awaited = [], set()
        for item in items:
            item_key = self._key(key(item))
            if item_key not in self._current:
                self._current[item_key] = None
                if not self._has(item_key):
                    pending.append(item)
                    awaited.add(item_key)
        with self.progress.task(label or self.stage.name, len(pending)) as advance:
            self._advance, self._awaited = advance, awaited
            yield from pending

    def keep(self, key: Any, rows: Rows) -> None:
        """Keep the rows of the item with this `key`, for good.

        Parameters
        ----------
        key
            As given by ``key(item)`` in :meth:`todo`.
        rows : mapping
            From table name to rows, each a mapping from column to value.
        """
        for table in rows:
            if table not in self.stage.writes:
                raise ValueError(f"stage '{self.stage.name}' does not declare that it writes '{table}'")
        content = json.dumps({t: [clean(r) for r in rs] for t, rs in rows.items()}, ensure_ascii=False)
        item_key = self._key(key)
        self._current[item_key] = None
        with self._database:
            self._database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (item_key, content))
        if item_key in self._awaited:  # counted when it is done, not when it was taken up
            self._awaited.discard(item_key)
            self._advance(1)

    def compact(self) -> dict[str, dict[str, Any]]:
        """Write the rows of this run's items to Parquet.

        Returns
        -------
        dict
            Per table what :meth:`Case.write_table` says of it.
        """
        if len(self._current) >= MANY:
            gc.collect()  # what the stage worked on is gone; now its memory is given back too
        return {name: self.case.write_table(name, self._kept(name)) for name in self.stage.writes}

    def _kept(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of one table, item by item: never all of them as objects."""
        for item_key in self._current:
            found = self._database.execute("SELECT rows FROM kept WHERE key = ?", (item_key,)).fetchone()
            if found is None:
                raise RuntimeError(f"stage '{self.stage.name}' announced an item and kept no rows for it")
            for row in json.loads(found[0]).get(table, ()):
                yield _revive(table, row)

    def close(self) -> None:
        """Close the row store."""
        self._database.close()

    def _has(self, item_key: str) -> bool:
        with closing(self._database.execute("SELECT 1 FROM kept WHERE key = ?", (item_key,))) as cursor:
            return cursor.fetchone() is not None

    def _key(self, key: Any) -> str:
        return digest([self._prefix, key])


def _revive(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Turn the ISO texts of time and date columns into times and dates again."""
    for column in TABLES[table].all_columns:
        if column.type in (TIME, DATE) and isinstance(row.get(column.name), str):
            moment = datetime.fromisoformat(row[column.name])
            row[column.name] = moment if column.type == TIME else moment.date()
    return row
