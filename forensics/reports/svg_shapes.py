"""The few shapes that a still figure is made of, as SVG text."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from forensics.reports.palette import LIGHT


def mark(x: float, y: float, marker: dict[str, Any], number: int) -> str:
    """A marker of a Plotly trace."""
    radius = nth(marker.get("size", 6), number) / 2
    symbol, colour = (
        nth(marker.get("symbol", "circle"), number),
        nth(marker.get("color", LIGHT["main"]), number),
    )
    if symbol == "line-ns":
        return line(x, y - radius, x, y + radius, colour, 3)
    if symbol in ("diamond", "square"):
        turn = f' transform="rotate(45 {x:.2f} {y:.2f})"' if symbol == "diamond" else ""
        side = radius * 1.7
        return (
            f'<rect x="{x - side / 2:.2f}" y="{y - side / 2:.2f}" width="{side:.2f}" height="{side:.2f}" '
            f'fill="{colour}"{turn}/>'
        )
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{colour}"/>'


def write(x: float, y: float, text: str, anchor: str, colour: str = LIGHT["ink"]) -> str:
    """A line of text; nothing where there is none."""
    if not text:
        return ""
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def beside(x: float, y: float, text: str, side: str) -> str:
    """Text beside a point, on the side that Plotly's ``textposition`` names."""
    down, along = side.split()
    anchor = {"left": "end", "right": "start"}.get(along, "middle")
    shift = {"left": -9.0, "right": 9.0}.get(along, 0.0)
    return write(x + shift, y + {"top": -11.0, "bottom": 19.0}.get(down, 4.0), text, anchor)


def line(x0: float, y0: float, x1: float, y1: float, colour: str, width: float = 1, dash: str = "") -> str:
    """A straight line."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{broken}/>'
    )


def plain(label: str) -> str:
    """A Plotly label without its bits of HTML."""
    return unescape(re.sub(r"</?b>", "", label))


def over(strength: float) -> str:
    """The colour of letters that stand on a cell so dark."""
    return LIGHT["paper"] if strength > 0.6 else LIGHT["ink"]


def nth(value: Any, number: int) -> Any:
    """One value of those that Plotly takes as a list or once for all."""
    return value[number] if isinstance(value, list | tuple) else value
