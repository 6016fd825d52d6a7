"""Export layouts, one module each, found by shape.

A module has ``NAME``, ``ORDER`` (smaller goes first) and ``read(inventory) -> Reading | None``. Adding a
file to this folder adds a layout; nothing else has to be told.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from forensics.intake.exports.base import Inventory, Reading


@dataclass(frozen=True)
class Layout:
    """One layout.

    Parameters
    ----------
    name : str
    order : int
    read : callable
        Takes the inventory; gives None if the layout is not met.
    """

    name: str
    order: int
    read: Callable[[Inventory], Reading | None]


def layouts() -> list[Layout]:
    """All layouts, the most particular first."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "read"):
            found.append(Layout(loaded.NAME, loaded.ORDER, loaded.read))
    return sorted(found, key=lambda layout: (layout.order, layout.name))


def read_all(inventory: Inventory) -> list[Reading]:
    """What every layout finds; a member belongs to the first that takes it."""
    readings = []
    for layout in layouts():
        reading = layout.read(inventory)
        if reading is not None:
            readings.append(reading)
    return readings
