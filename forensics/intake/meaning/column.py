"""What a column, and a table, was read as."""

# ruff: noqa: E501 (tables of scores are easier to read whole)

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """What a column was read as.

    Parameters
    ----------
    name : str
    meaning : str
        One of :data:`forensics.case.kinds.MEANINGS`.
    by : str
        One of :data:`forensics.case.kinds.RECOGNISED_BY`.
    score : float
        From 0 to 1.
    """

    name: str
    meaning: str
    by: str
    score: float


@dataclass
class Recognised:
    """What a table holds.

    Parameters
    ----------
    columns : dict
        By header.
    history : bool
        Its rows are things said to a device.
    part : dict
        For a history: which column gives ``said``, ``answered``, ``time``, ``date``, ``time_of_day``, ``zone``,
        ``file``, ``device``, ``device_serial``, ``device_type``, ``speaker``, ``status``, ``kind``, ``id``, ``customer``.
    ties : list of (str, str, str)
        Meaning and two columns that fit it alike: neither was taken.
    kinds : dict
        Values of the column ``kind`` to ``said`` or ``answered``.
    topic : str or None
        What the table lists, if its rows are things of one sort: ``device``, ``person`` …
    """

    columns: dict[str, Column] = field(default_factory=dict)
    history: bool = False
    part: dict[str, str] = field(default_factory=dict)
    ties: list[tuple[str, str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    topic: str | None = None
