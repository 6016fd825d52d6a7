"""Columns by role, not by name: names change from year to year and from language to language."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from forensics.intake.clock import day_first_in, read_time
from forensics.intake.exports.grid import Grid

_SAMPLE = 200
_NAMES = {
    "time": r"time|date|timestamp|zeit|datum",
    "text": r"transcript|text|utterance|request|transkript|eingabe|sentence|\bsatz\b",
    "answer": r"response|answer|reply|antwort",
    "audio": r"audio|file|recording|clip|datei|aufnahme|\bpath\b|\bwav\b",
    "device": r"device|serial|echo|ger(ae|ä)t",
    "zone": r"time.?zone|zeitzone|^tz$",
}
_AUDIO_SUFFIX = re.compile(r"\.(wav|mp3|ogg|opus|flac|m4a|aac|amr|webm)$", re.IGNORECASE)


@dataclass
class Roles:
    """Which column plays which part.

    Parameters
    ----------
    of : dict
        Role to header.
    ties : list of (str, str, str)
        Role and two headers that fit it alike: no guess was made.
    """

    of: dict[str, str] = field(default_factory=dict)
    ties: list[tuple[str, str, str]] = field(default_factory=list)

    def get(self, row: dict[str, str], role: str) -> str:
        """The row's text in this role, empty if there is none."""
        return row.get(self.of.get(role, ""), "")


def roles_of(grid: Grid, names: Collection[str]) -> Roles:
    """The roles of a table's columns, each by header and by content.

    Parameters
    ----------
    grid : Grid
    names : collection of str
        Names of the bundle's recordings, with and without suffix, lower case.
    """
    roles = Roles()
    taken: set[str] = set()
    for role in ("audio", "zone", "time", "answer", "text", "device"):
        scored = []
        for header in grid.header:
            if header in taken:
                continue
            values = grid.column(header)[:_SAMPLE]
            content = _fits(role, values, names)
            named = bool(re.search(_NAMES[role], header.rpartition(".")[2] or header, re.IGNORECASE))
            if content >= 0.5 and (named or (role == "audio" and content >= 0.8)):
                scored.append((content + named, header))
        scored.sort(reverse=True)
        if len(scored) > 1 and scored[0][0] - scored[1][0] < 0.05 and role in ("audio", "text"):
            roles.ties.append((role, scored[0][1], scored[1][1]))
        elif scored:
            alike = [h for s, h in scored if s == scored[0][0]]
            best = _first(grid, scored) if role == "time" else min(alike, key=lambda h: (not _exact(h), h))
            roles.of[role] = best
            taken.add(best)
    return roles


def base_name(text: str) -> str:
    """The last part of a name in a table, in lower case."""
    return re.split(r"[/\\]", text.strip())[-1].lower()


def stem(name: str) -> str:
    """`name` without its suffix."""
    return _AUDIO_SUFFIX.sub("", name)


def _first(grid: Grid, scored: list[tuple[float, str]]) -> str:
    """Of several time columns that fit alike, the leftmost."""
    best = [h for s, h in scored if scored[0][0] - s < 0.05]
    return min(best, key=grid.header.index)


def _exact(header: str) -> bool:
    """Whether a column of devices holds serials: a serial is one device's, a name many households'."""
    return bool(re.search(r"serial|seriennummer|\bdsn\b", header, re.IGNORECASE))


def _fits(role: str, values: list[str], names: Collection[str]) -> float:
    """Share of values that look as this role demands, from 0 to 1."""
    if not values:
        return 0.0
    if role == "audio":
        return sum(base_name(v) in names or bool(_AUDIO_SUFFIX.search(v)) for v in values) / len(values)
    if role == "time":
        order = day_first_in(values) or False
        good = sum(read_time(v, day_first=order).doubt != "time-unreadable" for v in values)
        return good / len(values) if good > 0.8 * len(values) else 0.0
    if role == "zone":
        return sum(
            bool(re.fullmatch(r"[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+|UTC([+-]\d{1,2})?", v)) for v in values
        ) / len(values)
    if role in ("text", "answer"):
        words = sum(bool(re.search(r"[^\W\d_]{2}", v)) and not _AUDIO_SUFFIX.search(v) for v in values)
        length = sum(map(len, values)) / len(values)
        return words / len(values) if 3 <= length <= 200 else 0.0
    return 1.0 if len(set(values)) <= max(3, len(values) // 2) or len(values) < 6 else 0.0
