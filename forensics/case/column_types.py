"""How the columns of a case's tables are made, and the types of those that hold lists."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from forensics.case.tables import FLOAT, INT, TEXT, Column

TEXTS = pa.list_(TEXT)
INTS = pa.list_(INT)
SPANS = pa.list_(pa.struct([("start_s", FLOAT), ("end_s", FLOAT)]))
STRETCHES = pa.list_(
    pa.struct([("start_s", FLOAT), ("end_s", FLOAT), ("language", TEXT), ("probability", FLOAT)])
)
"""Stretches of a recording that were read on their own, and the language of each."""
WORDS = pa.list_(pa.struct([("word", TEXT), ("start_s", FLOAT), ("end_s", FLOAT), ("probability", FLOAT)]))
WEIGHTED = pa.list_(pa.struct([("value", TEXT), ("probability", FLOAT)]))
NAMED = pa.list_(pa.struct([("name", TEXT), ("value", TEXT)]))
SENSITIVITY = pa.list_(
    pa.struct([
        ("input", TEXT), ("attribute", TEXT), ("subject_role", TEXT), ("basis", TEXT), ("p_low", FLOAT),
        ("p_high", FLOAT), ("p_first", FLOAT), ("p_total", FLOAT), ("k_first", FLOAT), ("k_total", FLOAT),
    ])
)  # fmt: skip
"""An input is one of :data:`forensics.case.kinds.INPUTS`; attribute and role say of which claim, where it is
a claim's. ``_first`` and ``_total`` are Sobol' indices for P(identified) and for log K."""
SCORES = pa.list_(pa.struct([("name", TEXT), ("score", FLOAT), ("level", TEXT)]))
CUES = pa.list_(pa.struct([("name", TEXT), ("score", FLOAT), ("status", TEXT)]))
"""``status`` says of a cue's error: ``measured``, ``chance`` (no better than that) or ``unproven``."""
PLACES = pa.list_(pa.struct([("place_id", INT), ("probability", FLOAT)]))
STEPS = pa.list_(pa.struct([("step", TEXT), ("utterance_id", TEXT)]))


def column(name: str, type_: pa.DataType = TEXT, **kwargs: Any) -> Column:
    """A column that always has a value; see :class:`forensics.case.tables.Column`."""
    return Column(name, type_, **kwargs)


def nullable(name: str, type_: pa.DataType = TEXT, **kwargs: Any) -> Column:
    """A column whose value may be missing."""
    return Column(name, type_, nullable=True, **kwargs)


def ours(name: str, type_: pa.DataType = TEXT, **kwargs: Any) -> Column:
    """A column whose words are ours or the analyst's: keys, codes, lists of ids, who reviewed."""
    return Column(name, type_, ours=True, **kwargs)


def display(name: str, type_: pa.DataType = TEXT, **kwargs: Any) -> Column:
    """A column made for people to read: no stage sees it."""
    return Column(name, type_, display=True, **kwargs)


def interval(name: str, *, low: float | None = None, high: float | None = None) -> tuple[Column, ...]:
    """The low end, the middle and the high end of one figure."""
    return tuple(Column(f"{name}_{end}", FLOAT, low=low, high=high) for end in ("lo", "mid", "hi"))
