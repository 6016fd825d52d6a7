"""The orders in which the recordings may be heard, as the table ``curve`` has them."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.case.rows import Row
from forensics.reports.view import View

ORDERS = ("chronological", "random", "best_first")
FEW = 20
"""Fewer people than this hide nobody: the strictest threshold in common use (method, section 2)."""


def orders(view: View) -> dict[str, list[Row]]:
    """Rows of ``curve`` of the household in focus by order, in the order of steps.

    Parameters
    ----------
    view : View
    """
    own = [r for r in view.rows("curve") if r["data_subject_group"] == view.focus]
    by_order = {
        order: sorted((r for r in own if r["order"] == order), key=lambda r: r["step"]) for order in ORDERS
    }
    return {order: rows for order, rows in by_order.items() if rows}


def played(found: dict[str, list[Row]]) -> list[str]:
    """The orders that are told and played: a random one stands in where times are missing.

    Parameters
    ----------
    found : dict
        As :func:`orders` gives it.
    """
    return [order for order in found if order != "random" or "chronological" not in found]


def few_left(rows: Iterable[Row]) -> Row | None:
    """The first step at which fewer than :data:`FEW` people fit, None if there is none."""
    return next((row for row in rows if row["k"] < FEW), None)


def length(view: View, row: Row) -> str:
    """How much was taken in by then: a length of sound, or a number of texts where there is no sound."""
    w = view.words
    return w.duration(row["audio_s"]) if row["audio_s"] else w.count("utterances", row["n_utterances"])
