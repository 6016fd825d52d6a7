"""What a table is: its columns, the pyarrow types at the file's edge and the pandera checks of its values.

Each column is declared once, in :mod:`forensics.case.schemas`. From the declaration come the pyarrow schema,
which fixes the types, nested columns included, and the pandera schema, which checks the values.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from forensics.case.digests import add_rows
from forensics.errors import TableError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pandera

_BATCH = 20_000
_IDS = ("_id", "_ids", "sha256", "_group")
"""Endings of columns that hold ids, which derive from content by a hash and name nobody."""
TEXT, INT, FLOAT, BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
TIME = pa.timestamp("us", tz="UTC")
DATE = pa.date32()
_NO_WORDS = (INT, FLOAT, BOOL, TIME, DATE)


@dataclass(frozen=True)
class Column:
    """One column: its name, pyarrow type, and what its values must satisfy.

    Parameters
    ----------
    name : str
        Lower case; the ends of an interval end in ``_lo``, ``_mid``, ``_hi``.
    type : pyarrow.DataType
        At the file's edge, nested columns included.
    nullable : bool
        Whether a value may be missing.
    one_of : tuple of str, optional
        The only values allowed.
    each_of : tuple of str, optional
        The only items allowed in a list.
    low, high : float, optional
        Closed bounds.
    display : bool
        Made for people to read. No stage gets to see such a column, so that no result can hang on its words.
    ours : bool
        Text whose every word is of our own making: a key, a code, a list of ids. Other text without an
        enumeration came out of the bundle, and is shown only where names are revealed.
    """

    name: str
    type: pa.DataType
    nullable: bool = False
    one_of: tuple[str, ...] | None = None
    each_of: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    display: bool = False
    ours: bool = False

    @property
    def shown_masked(self) -> bool:
        """Whether its values can be shown to somebody who may not see names."""
        enumerated = self.one_of is not None or self.each_of is not None
        return self.ours or enumerated or self.type in _NO_WORDS or self.name.endswith(_IDS)


@dataclass(frozen=True)
class Table:
    """A table's contract.

    Parameters
    ----------
    name : str
        Also the name of its Parquet file.
    row : str
        What one row is.
    columns : tuple of Column
        In file order. ``data_subject_group`` is added to every table.
    key : tuple of str
        The columns that identify a row, which is also the order of rows in the file: two runs that
        found the same things write the same bytes.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns and ``data_subject_group``."""
        return (*self.columns, Column("data_subject_group", TEXT))

    @cached_property
    def arrow(self) -> pa.Schema:
        """The pyarrow schema of the Parquet file."""
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.all_columns])

    @cached_property
    def pandera(self) -> pandera.DataFrameSchema:
        """The pandera schema of the values."""
        import pandera.pandas as pandera

        columns = {}
        for column in self.all_columns:
            checks = []
            if column.one_of is not None:
                checks.append(pandera.Check.isin(column.one_of))
            if column.each_of is not None:
                checks.append(_each_of(column.each_of))
            if column.low is not None:
                checks.append(pandera.Check.ge(column.low))
            if column.high is not None:
                checks.append(pandera.Check.le(column.high))
            columns[column.name] = pandera.Column(checks=checks, nullable=column.nullable)
        return pandera.DataFrameSchema(columns, strict=True, unique=list(self.key), name=self.name)

    def from_rows(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """Rows as a pyarrow table in key order.

        Raises
        ------
        TableError
            If a row has an unknown column or a value of the wrong type.
        """
        return pa.concat_tables(self._sorted(rows))

    def write(self, rows: Iterable[Mapping[str, Any]], file: IO[bytes]) -> tuple[str, int]:
        """Check rows and write them as Parquet in key order, piece by piece: a million are in memory once.

        Parameters
        ----------
        rows : iterable of mapping
            In any order.
        file : binary file
            Open for writing, at its beginning.

        Returns
        -------
        rows_sha256 : str
            Of the rows as canonical JSON: the same for the same rows, whoever wrote the file.
        count : int

        Raises
        ------
        TableError
            If a row does not fit the schema.
        """
        import pyarrow.parquet as pq

        digest, count = hashlib.sha256(), 0
        last: tuple[Any, ...] = ()
        with pq.ParquetWriter(file, self.arrow, compression="zstd") as writer:
            for piece in self._sorted(rows):
                self.check(piece, last)
                writer.write_table(piece)
                add_rows(digest, piece)
                count += piece.num_rows
                last = self._key_of(piece, piece.num_rows - 1) if piece.num_rows else ()
        return digest.hexdigest(), count

    def _sorted(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[pa.Table]:
        """Rows in key order, in pieces; at least one."""
        names = {c.name for c in self.all_columns}
        parts: list[list[pa.Array]] = [[] for _ in self.all_columns]
        source = iter(rows)
        while batch := list(itertools.islice(source, _BATCH)):  # a million rows as dicts would be gigabytes
            for row in batch:
                if unknown := row.keys() - names:
                    raise TableError(f"Table '{self.name}' has no column '{sorted(unknown)[0]}'.")
            for part, array in zip(parts, self._arrays(batch), strict=True):
                part.append(array)
        if not parts[0]:
            yield self.arrow.empty_table()
            return
        columns = []
        for part, column in zip(parts, self.all_columns, strict=True):  # so that one is there twice, not all
            one = pa.Table.from_arrays([pa.chunked_array(part, type=column.type)], names=[column.name])
            part.clear()
            columns.append(one.combine_chunks().column(0))
            del one
        whole = pa.Table.from_arrays(columns, schema=self.arrow)
        del columns
        order = pc.sort_indices(whole, sort_keys=[(name, "ascending") for name in self.key])
        for start in range(0, whole.num_rows, _BATCH):
            yield whole.take(order.slice(start, _BATCH))

    def _key_of(self, table: pa.Table, row: int) -> tuple[Any, ...]:
        return tuple(table.column(name)[row].as_py() for name in self.key)

    def check(self, table: pa.Table, last: tuple[Any, ...] = ()) -> None:
        """Check the values of a table in key order, piece by piece.

        Parameters
        ----------
        table : pyarrow.Table
            Or a piece of one.
        last : tuple
            Key of the row before the first, if there is one.

        Raises
        ------
        TableError
            Naming the column that breaks the schema.
        """
        for start in range(0, max(table.num_rows, 1), _BATCH):
            self.to_pandas(table.slice(start, _BATCH))
        if last and table.num_rows and None not in last and last == self._key_of(table, 0):
            self._stands_twice(last[0])
        if table.num_rows > 1:
            same = None
            for name in self.key:
                column = table.column(name)
                equal = pc.equal(column.slice(1), column.slice(0, table.num_rows - 1))
                same = equal if same is None else pc.and_(same, equal)
            if pc.any(same).as_py():
                where = pc.index(same, True).as_py()
                value = table.column(self.key[0])[where].as_py()
                self._stands_twice(value)

    def _stands_twice(self, value: Any) -> NoReturn:
        raise TableError(
            f"Table '{self.name}', column '{', '.join(self.key)}': {value!r} stands twice.",
            "Re-run 'forensics resume' to rebuild the table.",
        )

    def _arrays(self, rows: list[Mapping[str, Any]]) -> list[pa.Array]:
        arrays = []
        for column in self.all_columns:
            try:
                arrays.append(pa.array([row.get(column.name) for row in rows], type=column.type))
            except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
                raise TableError(f"Table '{self.name}', column '{column.name}': {error}.") from error
        return arrays

    def to_pandas(self, table: pa.Table, *, checked: bool = False) -> pd.DataFrame:
        """A checked data frame.

        Parameters
        ----------
        checked : bool
            The values were checked before; only columns and types are.

        Raises
        ------
        TableError
            Naming the column that breaks the schema.
        """
        import pandas as pd
        import pandera.errors

        self._check_columns(table.schema)
        mapper = {INT: pd.Int64Dtype(), BOOL: pd.BooleanDtype()}.get
        frame: pd.DataFrame = table.to_pandas(types_mapper=mapper)
        if checked:
            return frame
        try:
            return self.pandera.validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as error:
            first = error.failure_cases.iloc[0]
            where = first["column"] if isinstance(first["column"], str) else ", ".join(self.key)
            raise TableError(  # the value itself may be somebody's name
                f"Table '{self.name}', column '{where}': a value fails {first['check']}.",
                "Re-run 'forensics resume' to rebuild the table; 'forensics verify' says who changed it.",
            ) from error

    @property
    def displayed(self) -> list[str]:
        """Names of the columns that are made for people to read."""
        return [column.name for column in self.all_columns if column.display]

    def _check_columns(self, found: pa.Schema) -> None:
        for field in self.arrow:
            position = found.get_field_index(field.name)
            if position < 0:
                raise TableError(f"Table '{self.name}' lacks the column '{field.name}'.")
            if found.field(position).type != field.type:
                raise TableError(
                    f"Table '{self.name}', column '{field.name}': type {found.field(position).type} "
                    f"instead of {field.type}."
                )
        for name in found.names:
            if self.arrow.get_field_index(name) < 0:
                raise TableError(f"Table '{self.name}' has an unknown column '{name}'.")


_CHECKED: set[tuple[int, ...]] = set()


def note_checked(path: Path) -> None:
    """Remember that this process found the values of a table's file in order."""
    _CHECKED.add(_state(path))


def was_checked(path: Path) -> bool:
    """Whether this process checked the file, and nobody has touched it since."""
    return _state(path) in _CHECKED


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _each_of(allowed: tuple[str, ...]) -> pandera.Check:
    import pandera.pandas as pandera

    known = frozenset(allowed)
    return pandera.Check(
        lambda items: known.issuperset(items), element_wise=True, name=f"each_of({', '.join(allowed)})"
    )
