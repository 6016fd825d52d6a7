"""Columns by meaning: what the header says, what the values look like, and how the columns fit each other.

Each meaning has a score per column, from 0 to 1: half from the header, half from the values. Weights and bounds
are an assumption, tried on known exports with their columns shuffled, renamed and translated.
"""

# ruff: noqa: E501 (tables of scores are easier to read whole)

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from forensics.intake.meaning.column import Column, Recognised
from forensics.intake.meaning.grids import Grid, parts_of
from forensics.intake.meaning.history import find_kinds, is_history
from forensics.intake.meaning.scores import (
    header_scores,
    last_part,
    scores_of,
    topic_by_company,
    topic_of_table,
)
from forensics.intake.meaning.shapes import Shape
from forensics.knowledge.headers import meanings_of

_ENOUGH = 0.35


def recognise(
    grid: Grid,
    names: Collection[str] = frozenset(),
    *,
    hints: Mapping[str, str] | None = None,
    file: str = "",
) -> Recognised:
    """What the columns of a table hold, and whether its rows are things said.

    Parameters
    ----------
    grid : Grid
    names : collection of str
        Names of the bundle's recordings, in one spelling, with and without suffix.
    hints : mapping, optional
        From headers in lower case to meanings, which a known layout is sure of.
    file : str
        The file's name, which may say what it lists.
    """
    shapes = {name: Shape.of(_values(grid, name), names) for name in grid.header}
    found = Recognised(topic=topic_of_table(grid, file) or topic_by_company(grid, shapes))
    scores = {name: scores_of(name, shape, found.topic) for name, shape in shapes.items()}
    for name, given in scores.items():
        hint = (hints or {}).get(name.lower()) or (hints or {}).get(name.lower().rpartition(".")[2])
        found.columns[name] = Column(name, hint, "layout", 1.0) if hint else _best(name, shapes[name], given)
    _settle(grid, shapes, scores, found)
    return found


def _values(grid: Grid, name: str) -> list[str]:
    return [part for cell in grid.column(name) for part in parts_of(cell)[:1]]


def _best(name: str, shape: Shape, given: Mapping[str, tuple[float, float, float]]) -> Column:
    """The meaning with the highest score; on a tie the one named first in the order of the scores."""
    if not shape.values:
        told = max(((h, m) for m, (_, h, _) in given.items()), default=(0.0, ""))
        return (
            Column(name, told[1], "header", 0.0) if told[0] >= 0.9 else Column(name, "unknown", "none", 0.0)
        )
    meaning, (score, header, value) = max(
        given.items(), key=lambda item: item[1][0], default=("", (0.0, 0.0, 0.0))
    )
    if score < _ENOUGH:
        return Column(name, "unknown", "none", round(score, 3))
    by = "fit" if header > 0 and value >= 0.3 else "header" if header > 0 else "values"
    return Column(name, meaning, by, round(min(score, 1.0), 3))


def _settle(
    grid: Grid,
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> None:
    """Fit the columns to each other: one column says what was said, one when, and a history is told from other tables."""
    _unreadable_times(shapes, scores, found)
    own = [name for name in grid.header if name not in grid.inherited]
    _name_and_value(own, shapes, found)
    find_kinds(own, shapes, found)
    said = _rank("said", own, shapes, scores, found)
    if (
        len(said) > 1
        and said[0][0] - said[1][0] < 0.12
        and said[0][2] == said[1][2] > 0
        and not _alike(grid, said[0][1], said[1][1])
    ):
        found.ties.append(("said", said[0][1], said[1][1]))
        for _, name, _ in said[:2]:
            found.columns[name] = Column(name, "text", "none", found.columns[name].score)
        said = said[2:]
    for _, name, _ in said[1:]:
        found.columns[name] = Column(name, "text", found.columns[name].by, found.columns[name].score)
    part = found.part
    if said:
        part["said"] = said[0][1]
    elif "kind" in part and (texts := [n for n in own if found.columns[n].meaning in ("text", "answered")]):
        part["said"] = texts[0]
        found.columns[texts[0]] = Column(texts[0], "said", "fit", found.columns[texts[0]].score)
    order = {name: number for number, name in enumerate(grid.header)}
    named = [
        n
        for n in own
        if found.columns[n].meaning == "person" and {"name", "person"} & set(meanings_of(last_part(n)))
    ]
    if (
        found.topic == "device"
        and "device" not in {c.meaning for c in found.columns.values()}
        and len(named) == 1
    ) and (
        shapes[named[0]].forms["person"] < 0.5
    ):  # an "account name" of a registered device is the device's name
        found.columns[named[0]] = Column(named[0], "device", "fit", found.columns[named[0]].score)
    for meaning in ("time", "date", "time_of_day", "zone", "answered", "file", "device", "device_serial", "device_type",
                    "speaker", "status", "customer", "room"):  # fmt: skip
        fits = [n for n in grid.header if found.columns[n].meaning == meaning and n != part.get("kind")]
        if fits:
            part[meaning] = min(
                fits, key=lambda n: (n in grid.inherited, -round(found.columns[n].score, 1), order[n])
            )
    if "status" in part and not shapes[part["status"]].forms["status"]:
        statuses = [
            n for n in grid.header if found.columns[n].meaning == "status" and shapes[n].forms["status"] > 0
        ]
        part.pop("status")
        if statuses:
            part["status"] = min(statuses, key=lambda n: (n in grid.inherited, order[n]))
    ids = [n for n in grid.header if shapes[n].forms["utterance"] > 0.5]
    ids = ids or [n for n in grid.header if found.columns[n].meaning == "id"]
    if ids:
        part["id"] = ids[0]
    if "said" in part and "kind" in part and not found.kinds:
        del part["kind"]
    tried = None if "said" in part or found.ties else _promote(own, shapes, scores, found)
    found.history = is_history(grid, shapes, scores, found)
    if not found.history:
        found.kinds = {}
        if tried is not None:
            found.columns[tried.name] = tried
            del part["said"]


def _promote(
    own: list[str],
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> Column | None:
    """Try the text that reads most like speech as what was said; gives the column as it was."""
    texts = [
        (scores[name]["said"][0] if "said" in scores[name] else 0.0, name)
        for name in own
        if found.columns[name].meaning in ("text", "unknown", "value")
        and found.columns[name].by != "layout"
        and shapes[name].spoken >= 0.3
    ]
    if not texts:
        return None
    score, name = max(texts, key=lambda found_: (found_[0], -own.index(found_[1])))
    before = found.columns[name]
    found.columns[name] = Column(name, "said", "fit", round(min(1.0, score), 3))
    found.part["said"] = name
    return before


def _rank(
    meaning: str,
    own: list[str],
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> list[tuple[float, str, float]]:
    ranked = []
    for name in own:
        column = found.columns[name]
        if column.meaning == meaning:
            score, header, _ = (
                scores[name].get(meaning, (1.0, 1.0, 1.0)) if column.by != "layout" else (2.0, 2.0, 2.0)
            )
            ranked.append((round(score, 3), name, round(header, 2)))
    return sorted(ranked, key=lambda r: (-r[0], own.index(r[1])))


def _alike(grid: Grid, one: str, two: str) -> bool:
    """Whether two columns say the same, or one stands in for the other: raw and corrected text."""
    both = [(row[one], row[two]) for _, row in grid.rows[:200] if one in row and two in row]
    if len(both) < 0.2 * len(grid.rows[:200]):
        return True
    same = sum(a.casefold().strip(" .!?") == b.casefold().strip(" .!?") for a, b in both)
    return same >= 0.5 * len(both)


def _unreadable_times(
    shapes: Mapping[str, Shape],
    scores: Mapping[str, Mapping[str, tuple[float, float, float]]],
    found: Recognised,
) -> None:
    """A column whose header says that it holds times, with figures that cannot be read, is still one of times."""
    for name, column in found.columns.items():
        header = header_scores(name, None)
        shape = shapes[name]
        if not shape.values or column.by == "layout":
            continue
        figures = shape.share(re.compile(r".*\d.*", re.DOTALL))
        if (
            header.get("time", 0) >= 0.7
            and figures > 0.8
            and column.meaning not in ("time", "date", "time_of_day")
        ):
            if shape.forms["audio"] > 0.5 or shape.spoken > 0.6:
                continue
            found.columns[name] = Column(name, "time", "header", round(0.5 * header["time"], 3))
        elif (
            column.meaning == "date"
            and header.get("time", 0) > 0
            and not any(
                c.meaning in ("time", "time_of_day") for c in found.columns.values() if c.name != name
            )
        ):
            found.columns[name] = Column(name, "date", column.by, column.score)


def _name_and_value(own: list[str], shapes: Mapping[str, Shape], found: Recognised) -> None:
    """Two columns of which one names what the other holds: a table of settings."""
    values = [n for n in own if meanings_of(re.split(r"\.|\[\]", n)[-1]).get("value", 0) >= 0.7]
    if not values:
        return
    keys = [
        n for n in own
        if n not in values and (found.columns[n].meaning == "setting" or shapes[n].forms["setting"] >= 0.5
        or {"name", "setting", "id"} & set(meanings_of(re.split(r"\.|\[\]", n)[-1]))) and found.columns[n].by != "layout"
    ]  # fmt: skip
    if keys:
        key = max(keys, key=lambda n: shapes[n].forms["setting"])
        found.columns[key] = Column(key, "setting", "fit", max(found.columns[key].score, 0.7))
        value = values[0]
        found.columns[value] = Column(value, "value", "fit", max(found.columns[value].score, 0.7))
