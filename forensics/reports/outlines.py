"""Coasts and borders from a file of the package: a map without a map service.

Natural Earth 1:50m, version 4.1.0, in the public domain (https://www.naturalearthdata.com), as the arcs of
world-atlas 2.0.2 (npm, sha256 032e7765…52c05b97): TopoJSON's quantised, delta-encoded lines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

Lines = tuple[list[float | None], list[float | None]]


def outlines(window: Sequence[float]) -> Lines:
    """Coasts and borders that cross a window.

    Parameters
    ----------
    window : sequence of float
        West, east, south, north in degrees.

    Returns
    -------
    longitudes, latitudes : list of float or None
        Lines one after another; None lifts the pen.
    """
    west, east, south, north = window
    across: list[float | None] = []
    up: list[float | None] = []
    for line in _arcs():
        inside = (line[:, 0] >= west) & (line[:, 0] <= east) & (line[:, 1] >= south) & (line[:, 1] <= north)
        if not inside.any():
            continue
        # one point beyond either edge, so that a line reaches the edge of the map
        near = inside.copy()
        near[:-1] |= inside[1:]
        near[1:] |= inside[:-1]
        for run in np.split(np.arange(len(line)), np.flatnonzero(np.diff(near)) + 1):
            if near[run[0]]:
                across += [*line[run, 0].round(4).tolist(), None]
                up += [*line[run, 1].round(4).tolist(), None]
    return across[:-1], up[:-1]


@cache
def _arcs() -> tuple[npt.NDArray[np.float64], ...]:
    source = files("forensics.reports").joinpath("reference", "outlines.json").read_text("utf-8")
    loaded = json.loads(source)
    scale, shift = np.array(loaded["scale"]), np.array(loaded["translate"])
    return tuple(np.cumsum(np.array(arc), axis=0) * scale + shift for arc in loaded["arcs"])
