"""Tables with the turns of a dialogue side by side: "voice1Transcript", "voice2Transcript" become rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from forensics.intake.meaning.grids import Grid, grid_of_rows
from forensics.knowledge.headers import meanings_of

_NUMBERED = re.compile(r"(.*?[^\W\d_].*?)[ _.\-]?(\d{1,2})(?:[ _.\-]|(?=[A-Z])|$)(.*)")


def one_turn_a_row(grid: Grid) -> Grid:
    """A table with one turn of a dialogue in each row; the table itself if it has no numbered turns."""
    groups: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for name in grid.header:
        if match := _NUMBERED.fullmatch(name):
            groups[match[1]][int(match[2])][match[3]] = name
    for prefix, numbers in groups.items():
        if len(numbers) < 2 or not _says(prefix, numbers):
            continue
        numbered = {name for columns in numbers.values() for name in columns.values()}

        def rows(
            prefix: str = prefix, numbers: dict[int, dict[str, str]] = numbers, numbered: set[str] = numbered
        ) -> Iterator[tuple[int, dict[str, str]]]:
            for line, row in grid.rows:
                common = {name: value for name, value in row.items() if name not in numbered}
                turns = [
                    {
                        f"{prefix} {suffix}".strip(): row[name]
                        for suffix, name in columns.items()
                        if name in row
                    }
                    for _, columns in sorted(numbers.items())
                ]
                for turn in [turn for turn in turns if turn] or [{}]:
                    yield line, {**common, **turn}

        return grid_of_rows(rows(), grid.name, grid.inherited, grid.merged)
    return grid


def _says(prefix: str, numbers: dict[int, dict[str, str]]) -> bool:
    """Whether one of the numbered columns holds what was said or answered, by its name."""
    first = numbers[min(numbers)]
    shared = [suffix for suffix in first if all(suffix in columns for columns in numbers.values())]
    return any(
        {"said", "asked", "answered"} & set(meanings_of(f"{prefix} {suffix}".strip())) for suffix in shared
    )
