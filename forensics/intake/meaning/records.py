"""JSON of any shape as tables: every kind of record is one, however deep it lies.

A list of objects is a kind of record; so are an object of alike objects, an object of lists of equal length,
and a list of lists. A record knows the plain values of what surrounds it, and the values of the lists in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from forensics.intake.meaning.grids import JOIN, MAX_ROWS, Grid, grid_of_rows
from forensics.intake.texts import is_missing

_MAX_KINDS = 500
_MAX_COLUMNS = 300
_MAX_LIST = 20  # values of one list that go into a cell of the record around it
_MAX_CELL = 2_000
_ALIKE = 0.5


@dataclass
class Kind:
    """One kind of record.

    Parameters
    ----------
    path : str
        Where its records lie, ``[]`` for each list: ``records[].items[]``.
    rows : list of (int, dict)
        Number and leaves; those of lists of records inside it are left out.
    around : list of dict
        The plain values of what surrounds each record, by path.
    inside : list of dict
        The values of the lists in each record, by path, joined.
    types : dict
        By leaf, which types of JSON values it has: ``str``, ``int``, ``dict`` …
    """

    path: str
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    around: list[dict[str, str]] = field(default_factory=list)
    inside: list[dict[str, str]] = field(default_factory=list)
    types: dict[str, set[str]] = field(default_factory=dict)


def kinds_in(loaded: list[tuple[int, Any]]) -> list[Kind]:
    """The kinds of record in a JSON text, the deepest first.

    Parameters
    ----------
    loaded : list of (int, value)
        From :func:`forensics.intake.texts.read_json`: one value, or one per line.
    """
    kinds: dict[str, Kind] = {}
    if len(loaded) == 1:
        _walk(loaded[0][1], "", {}, kinds)
    else:
        for line, value in loaded:
            if isinstance(value, dict):
                _record(value, "[]", {}, kinds, line)
            else:
                _walk(value, "[]", {}, kinds)
    found = [kind for kind in kinds.values() if kind.rows]
    return sorted(found, key=lambda kind: (-kind.path.count("[]"), kind.path))


def grid_of(kind: Kind, without: frozenset[str] = frozenset()) -> Grid:
    """A kind of record as a table.

    Parameters
    ----------
    kind : Kind
    without : frozenset of str
        Paths of kinds whose values were read elsewhere.
    """
    inherited: set[str] = set()
    merged: set[str] = set()

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for (number, own), around, inside in zip(kind.rows, kind.around, kind.inside, strict=True):
            row = dict(own)
            for path, value in inside.items():
                if not any(path.startswith(other) for other in without):
                    name = _below(path, kind.path)
                    if name not in row:
                        row[name] = value
                        merged.add(name)
            for path, value in around.items():
                if path not in row:
                    row[path] = value
                    inherited.add(path)
            yield number, row

    listed = list(rows())
    grid = grid_of_rows(listed, kind.path, frozenset(inherited), frozenset(merged))
    grid.mixed = frozenset(name for name, types in kind.types.items() if "str" in types and len(types) > 1)
    return grid


def _walk(value: Any, path: str, around: dict[str, str], kinds: dict[str, Kind]) -> None:
    if isinstance(value, list):
        _list(value, path, around, kinds)
    elif isinstance(value, dict):
        if (table := _columns(value)) is not None:
            _add_all(table, f"{path}[]", around, kinds)
        elif _is_mapping_of_records(value):
            for number, (key, record) in enumerate(value.items(), start=1):
                _record({"key": key, **record}, f"{path}{{}}", around, kinds, number)
        else:
            _record(value, path, around, kinds, None)


def _list(value: list[Any], path: str, around: dict[str, str], kinds: dict[str, Kind]) -> None:
    inner = f"{path}[]"
    if (table := _sheet(value)) is not None:
        _add_all(table, inner, around, kinds)
        return
    for number, item in enumerate(value, start=1):
        if isinstance(item, dict):
            _record(item, inner, around, kinds, number)
        elif isinstance(item, list):
            _list(item, inner, around, kinds)
        elif not path and (text := _text(item)) is not None:
            _add(kinds, inner, number, {"value": text}, around, {})


def _record(
    record: dict[str, Any], path: str, around: dict[str, str], kinds: dict[str, Kind], number: int | None
) -> dict[str, str]:
    """Add a record and those inside it; gives the values of its lists, for the record around it."""
    own: dict[str, str] = {}
    nested: list[tuple[str, list[Any] | dict[str, Any]]] = []
    inside: dict[str, str] = {}
    types: dict[str, str] = {}
    stack: list[tuple[str, Any]] = [(str(k), v) for k, v in reversed(record.items())]
    while stack:
        name, item = stack.pop()
        if item is not None:
            types[name] = (
                "float" if isinstance(item, int) and not isinstance(item, bool) else type(item).__name__
            )
        if isinstance(item, str) and item[:1] in "{[" and (loaded := _inner_json(item)) is not None:
            item = loaded
        if isinstance(item, dict):
            if _columns(item) is not None or _is_mapping_of_records(item):
                nested.append((name, item))
            else:
                stack += [(f"{name}.{k}", v) for k, v in reversed(item.items())]
        elif isinstance(item, list):
            plain = [text for part in item[: 10 * _MAX_LIST] if (text := _text(part)) is not None]
            if plain and not any(isinstance(part, dict | list) for part in item):
                own[name] = JOIN.join(plain)
            elif any(isinstance(part, dict | list) for part in item):
                nested.append((name, item))
        elif len(own) < _MAX_COLUMNS and (text := _text(item)) is not None:
            own[name] = text
    if nested:
        prefix = f"{path}." if path else ""
        below = {**around, **{f"{prefix}{name}": value for name, value in own.items()}}
        for name, item in nested:
            inside.update(_nested(item, f"{prefix}{name}", below, kinds))
    if own or (inside and path):
        _add(kinds, path, number, own, around, inside)
        if path in kinds:
            for name, type_ in types.items():
                kinds[path].types.setdefault(name, set()).add(type_)
    full = {f"{path}.{name}" if path else name: value for name, value in own.items()}
    return {**full, **inside}


def _nested(
    item: list[Any] | dict[str, Any], path: str, around: dict[str, str], kinds: dict[str, Kind]
) -> dict[str, str]:
    """Add the records of a list; gives their values, joined per path."""
    joined: dict[str, list[str]] = {}
    if isinstance(item, list) and _sheet(item) is None:
        for number, part in enumerate(item, start=1):
            if isinstance(part, dict):
                found = _record(part, f"{path}[]", around, kinds, number)
                for name, value in found.items() if len(item) <= _MAX_LIST else ():
                    if len(value) <= _MAX_CELL:
                        joined.setdefault(name, []).append(value)
            elif isinstance(part, list):
                _list(part, f"{path}[]", around, kinds)
    else:
        _walk(item, path, around, kinds)
    return {name: JOIN.join(values) for name, values in joined.items()}


def _add(
    kinds: dict[str, Kind],
    path: str,
    number: int | None,
    own: dict[str, str],
    around: dict[str, str],
    inside: dict[str, str],
) -> None:
    if path not in kinds and len(kinds) >= _MAX_KINDS:
        path = "…"
    kind = kinds.setdefault(path, Kind(path))
    if len(kind.rows) < MAX_ROWS:
        kind.rows.append((number or len(kind.rows) + 1, own))
        kind.around.append(around)
        kind.inside.append(inside)


def _add_all(rows: list[dict[str, str]], path: str, around: dict[str, str], kinds: dict[str, Kind]) -> None:
    for number, row in enumerate(rows, start=1):
        _add(kinds, path, number, row, around, {})


def _columns(value: dict[str, Any]) -> list[dict[str, str]] | None:
    """An object of plain lists of equal length as rows."""
    lists = {name: item for name, item in value.items() if isinstance(item, list)}
    if len(lists) < 2 or len(lists) < len(value) / 2:
        return None
    lengths = {len(item) for item in lists.values()}
    length = lengths.pop()
    if lengths or length < 2 or any(isinstance(v, dict | list) for item in lists.values() for v in item):
        return None
    return [
        {name: text for name, item in lists.items() if (text := _text(item[n])) is not None}
        for n in range(min(length, MAX_ROWS))
    ]


def _sheet(value: list[Any]) -> list[dict[str, str]] | None:
    """A list of plain lists of equal length, the first of which names the columns, as rows."""
    if len(value) < 2 or not all(isinstance(row, list) for row in value[:50]) or not value[0]:
        return None
    width = len(value[0])
    if not all(isinstance(name, str) and name.strip() for name in value[0]) or width < 2:
        return None
    if sum(isinstance(row, list) and len(row) == width for row in value) < 0.9 * len(value):
        return None
    if any(isinstance(cell, dict | list) for row in value[:50] for cell in row):
        return None
    return [
        {name: text for name, cell in zip(value[0], row, strict=False) if (text := _text(cell)) is not None}
        for row in value[1:]
        if isinstance(row, list)
    ]


def _is_mapping_of_records(value: dict[str, Any]) -> bool:
    """Whether an object's values are alike objects: records under their keys."""
    if len(value) < 2 or not all(isinstance(item, dict) and item for item in value.values()):
        return False
    sets = [frozenset(item) for item in list(value.values())[:50]]
    union, common = frozenset().union(*sets), frozenset.intersection(*sets)
    return len(common) >= 1 and len(common) >= _ALIKE * len(union)


def _inner_json(text: str) -> Any:
    """JSON inside a string, as older exports have it; None if it is none."""
    if len(text) > 1 << 20 or text.count("{") + text.count("[") > 2_000:
        return None
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict | list) else None


def _text(item: Any) -> str | None:
    if item is None or isinstance(item, dict | list):
        return None
    text = ("true" if item else "false") if isinstance(item, bool) else str(item)
    return None if is_missing(text) else text.replace(JOIN, " ")


def _below(path: str, kind: str) -> str:
    return path[len(kind) :].lstrip(".") if kind and path.startswith(kind) else path
