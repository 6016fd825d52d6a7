"""Reads a register of profiles: CSV, JSON lines or Parquet, in batches of one shape.

All columns but ``profile_id`` may be missing. Lists in CSV are written with semicolons or as JSON. A register
is somebody else's file: rows that cannot be read are counted and left out, over-long values are dropped, and
nothing in it is ever executed or followed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from forensics.errors import TableError
from forensics.knowledge.gazetteer import Place, find
from forensics.knowledge.place_search import candidates

TEXTS = ("profile_id", "first_name", "surname", "place", "country", "partner_first_name",
         "partner_profile_id", "employer")  # fmt: skip
LISTS = ("nicknames", "friends", "children_first_names", "interests")
SCHEMA = pa.schema(
    [pa.field(name, pa.string()) for name in TEXTS]
    + [pa.field(name, pa.list_(pa.string())) for name in LISTS]
)
LONGEST = 200
"""Assumption: characters of a value; what is longer is no name, place or id."""
MOST_FRIENDS = 10_000
"""Assumption: nobody lists more friends; twice what the largest networks allow."""
_BLOCK = 16 << 20
"""Bytes read at a time."""
_BATCH = 100_000
"""Profiles read at a time."""
_REMEDY = (
    "Give a CSV, JSON lines (.jsonl) or Parquet file with the column 'profile_id' and what you have of: "
    f"{', '.join((*TEXTS[1:], *LISTS))}. {', '.join(LISTS)} are lists (in CSV with semicolons)."
)


@dataclass
class Skipped:
    """What was left out of a register, by reason.

    Parameters
    ----------
    rows, values : int
        Rows without an id or that cannot be parsed; values that are no text or too long.
    columns : set of str
        Names of columns that are not read and are nearly the name of one that is.
    """

    rows: int = 0
    values: int = 0
    columns: set[str] = field(default_factory=set)


def batches(path: str | Path, skipped: Skipped | None = None) -> Iterator[pa.RecordBatch]:
    """The profiles of a register, in file order.

    Parameters
    ----------
    path : path
        CSV, JSON lines or Parquet: the content decides, not the name.
    skipped : Skipped, optional
        Counts what is left out.

    Yields
    ------
    pyarrow.RecordBatch
        Of :data:`SCHEMA`. Texts are trimmed, empty ones null; a missing list is null.

    Raises
    ------
    TableError
        If the file cannot be read, or has no column ``profile_id``.
    """
    file, counted = Path(path), skipped if skipped is not None else Skipped()
    try:
        with file.open("rb") as opened:
            head = opened.read(4096)
    except OSError as error:
        raise TableError(f"{file} cannot be read: {error.strerror}.", _REMEDY) from error
    if head[:4] == b"PAR1":
        source = _parquet(file, counted)
    elif head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        source = _json_lines(file, counted)
    elif not head.strip():
        raise TableError(f"{file} is empty.", _REMEDY)
    else:
        source = _csv(file, counted)
    try:
        for table in source:
            yield _regular(table, counted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as error:
        reason = (
            str(error).splitlines()[0][:160]
            if isinstance(error, UnicodeDecodeError)
            else type(error).__name__
        )
        raise TableError(f"{file} is damaged or not in UTF-8 ({reason}).", _REMEDY) from error


def resolve(name: str, language: str = "de") -> Place | None:
    """The place that a register's text names: by the gazetteer's key, else the likeliest of this name.

    Parameters
    ----------
    name : str
        As it stands in a register, an account or a request.
    language : {'en', 'de'}
        For the prior of namesakes.
    """
    if (place := find(name)) is not None:
        return place
    found = candidates(name, language=language, limit=1)
    return found[0].place if found and found[0].how == "name" else None


def _parquet(file: Path, skipped: Skipped) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq

    try:
        opened = pq.ParquetFile(file)  # mapped, the file would count as memory
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(f"{file} is no readable Parquet file.", _REMEDY) from error
    claimed, size = opened.metadata.num_rows, file.stat().st_size
    if claimed > size:  # a row has an id of its own, and no id takes less than a byte
        raise TableError(f"{file} claims {claimed:,} rows in {size:,} bytes.", "It is damaged: get it again.")
    names = _wanted(opened.schema_arrow.names, file, skipped)
    for batch in opened.iter_batches(batch_size=_BATCH, columns=names):
        yield pa.Table.from_batches([batch])


def _json_lines(file: Path, skipped: Skipped) -> Iterator[pa.Table]:
    found = False
    for block in _blocks(file):
        table = _json_block(block, skipped)
        found = found or table.column("profile_id").null_count < table.num_rows
        yield table
    if not found:
        _require_id([], file)


def _json_block(block: bytes, skipped: Skipped) -> pa.Table:
    """A block of lines; by Arrow if it is as it should be, else line by line."""
    import pyarrow.json as paj

    parse = paj.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="ignore")
    try:
        return paj.read_json(
            io.BytesIO(block), read_options=paj.ReadOptions(block_size=len(block) + 1), parse_options=parse
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        rows = []
        for line in block.splitlines():
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if isinstance(row, dict):
                rows.append(_row(row, skipped))
            else:
                skipped.rows += 1
        return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(row: dict[str, Any], skipped: Skipped) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in TEXTS:
        found[name] = _scalar(row.get(name), skipped)
    for name in LISTS:
        value = row.get(name)
        if isinstance(value, str):
            value = _split(value)
        if value is not None and not isinstance(value, list):
            skipped.values += 1
            value = None
        if value is not None:
            value = [text for text in (_scalar(v, skipped) for v in value) if text]
        found[name] = value
    return found


def _scalar(value: Any, skipped: Skipped) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    skipped.values += 1
    return None


def _csv(file: Path, skipped: Skipped) -> Iterator[pa.Table]:
    import pyarrow.csv as pcsv

    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            first = opened.readline(1 << 20)
    except UnicodeDecodeError as error:
        raise TableError(f"{file} is not in UTF-8.", _REMEDY) from error
    delimiter = max(",;\t|", key=first.count)
    names = [name.strip().strip('"') for name in next(csv.reader([first], delimiter=delimiter), [])]
    wanted = _wanted(names, file, skipped)

    def broken(row: Any) -> str:
        skipped.rows += 1
        return "skip"

    reader = pcsv.open_csv(
        file,
        read_options=pcsv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=1),
        parse_options=pcsv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=broken
        ),
        convert_options=pcsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), include_columns=wanted, strings_can_be_null=True,
            quoted_strings_can_be_null=True, null_values=[""],
        ),
    )  # fmt: skip
    for batch in reader:
        yield pa.Table.from_batches([batch])


def _blocks(file: Path) -> Iterator[bytes]:
    """The file in blocks that end with a line."""
    rest = b""
    with file.open("rb") as opened:
        if opened.read(3) != b"\xef\xbb\xbf":
            opened.seek(0)
        while chunk := opened.read(_BLOCK):
            whole, newline, tail = (rest + chunk).rpartition(b"\n")
            if newline:
                yield whole + newline
            rest = tail if newline else rest + chunk
            if len(rest) > 4 * _BLOCK:
                raise TableError(f"{file} has a line of over 64 MB.", _REMEDY)
    if rest.strip():
        yield rest


def _wanted(names: list[str], file: Path, skipped: Skipped) -> list[str]:
    """The columns that are read; those with nearly such a name are noted.

    Raises
    ------
    TableError
        If one stands twice, so that nobody can tell which is meant, or if there is no id.
    """
    doubled = sorted({name for name in names if name in SCHEMA.names and names.count(name) > 1})
    if doubled:
        raise TableError(
            f"{file} has the column '{doubled[0]}' twice.", "Leave one of them out, or rename it."
        )
    ours = {_letters(name): name for name in SCHEMA.names}
    skipped.columns |= {name for name in names if name not in SCHEMA.names and _letters(name) in ours}
    _require_id(names, file)
    return [name for name in names if name in SCHEMA.names]


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum()).removesuffix("s")


def _require_id(names: list[str], file: Path) -> None:
    if "profile_id" in names:
        return
    near = next((name for name in names if _letters(name) in ("profileid", "id", "userid", "profile")), None)
    remedy = _REMEDY if near is None else f"Rename '{near}' to 'profile_id', if that is what it holds."
    raise TableError(f"{file} has no column 'profile_id'.", remedy)


def _regular(table: pa.Table, skipped: Skipped) -> pa.RecordBatch:
    """All columns in order, texts trimmed, rows without an id left out."""
    columns = []
    for one in SCHEMA:
        if one.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, one.type))
            continue
        column = table.column(one.name).combine_chunks()
        if one.name in TEXTS:
            columns.append(_texts(column, skipped))
        else:
            columns.append(_lists(column, skipped))
    whole = pa.table(columns, schema=SCHEMA)
    kept = whole.filter(pc.is_valid(whole.column("profile_id")))
    skipped.rows += whole.num_rows - kept.num_rows
    found = kept.combine_chunks().to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], schema=SCHEMA)


def _texts(column: pa.Array, skipped: Skipped) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_nested(column.type):
        skipped.values += len(column) - column.null_count
        return pa.nulls(len(column), pa.string())
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    length = pc.utf8_length(trimmed)
    long = pc.greater(length, LONGEST)
    skipped.values += pc.sum(long).as_py() or 0
    return pc.if_else(pc.or_(long, pc.equal(length, 0)), None, trimmed)


def _lists(column: pa.Array, skipped: Skipped) -> pa.Array:
    texts = pa.list_(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        as_json = pc.any(pc.starts_with(pc.utf8_ltrim_whitespace(column), "[")).as_py()
        if not as_json:
            column = pc.split_pattern(column.cast(pa.string()), ";")
        else:
            column = pa.array([None if v is None else _split(v) for v in column.to_pylist()], texts)
    if not pa.types.is_list(column.type) and not pa.types.is_large_list(column.type):
        skipped.values += len(column) - column.null_count
        return pa.nulls(len(column), texts)
    return column.cast(texts)


def _split(text: str) -> list[str]:
    """A list in a CSV field: JSON if it looks like it, else with semicolons."""
    if text.lstrip().startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return [str(v) for v in found if isinstance(v, str | int)][:MOST_FRIENDS]
    return [part for part in (p.strip() for p in text.split(";")) if part][:MOST_FRIENDS]
