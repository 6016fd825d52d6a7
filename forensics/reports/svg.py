"""The report's Plotly figures as still SVG, for paper: the few kinds of traces that the reports use.

Plotly's own export needs a browser; a report must not. The same figure gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from forensics.reports.palette import LIGHT
from forensics.reports.svg_shapes import beside, line, mark, over, plain, write

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTH = 660.0
_FONT = "Libertinus Serif"
_SIZE = 12.0
_CHARACTER = 0.5 * _SIZE  # mean width of a letter
_TICKS = 6
_STEPS = (1, 2, 2.5, 5, 10)
_DASHES = {"dot": "2 3", "dash": "5 4"}


@dataclass
class Axis:
    """One axis: from values to pixels, and where its ticks are.

    Parameters
    ----------
    low, high : float
        Values at the ends, `low` at the left or bottom; reversed axes have `low` above `high`.
    ticks : list of (float, str)
    title : str
    """

    low: float
    high: float
    ticks: list[tuple[float, str]]
    title: str
    grid: bool
    visible: bool
    place: Callable[[Any], float]


def svg(figure: go.Figure) -> str:
    """A figure as SVG text.

    Parameters
    ----------
    figure : plotly figure
        Made of scatter, horizontal bar, waterfall and heatmap traces.
    """
    made: dict[str, Any] = figure.to_plotly_json()
    traces, layout = [dict(t) for t in made["data"]], made["layout"]
    horizontal = _axis(traces, layout, "x")
    vertical = _axis(traces, layout, "y")
    named = [t for t in traces if t.get("name") and t.get("showlegend") is not False]
    alone = any(t.get("showlegend") for t in named)  # one trace needs no legend unless it asks for it
    legend = _lines_of(named) if len(named) > 1 or alone else []
    labels = max((len(text) for _, text in vertical.ticks), default=0) if vertical.visible else 0
    left = 12 + labels * _CHARACTER + (16 if vertical.title and vertical.visible else 0)
    heat = any(t["type"] == "heatmap" for t in traces)
    top = 12.0 + 18 * len(legend) + (16.0 if layout.get("shapes") else 0.0)
    bottom = 46.0 if horizontal.title else 28.0
    box = (left, top, WIDTH - 20 - (24 if heat else 0), float(layout["height"]) - bottom)
    _keep_scale(layout, horizontal, vertical, box)
    frame = _Frame(horizontal, vertical, box)
    parts = [
        *(_shape(frame, shape) for shape in layout.get("shapes", ()) if shape["type"] == "rect"),
        *frame.axes(),
        *(part for trace in traces for part in _trace(frame, trace)),
        *(_shape(frame, shape) for shape in layout.get("shapes", ()) if shape["type"] == "line"),
        *(_note(frame, note) for note in layout.get("annotations", ())),
        *_legend(legend),
    ]
    height = float(layout["height"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'font-family="{_FONT}" font-size="{_SIZE:g}" fill="{LIGHT["ink"]}">{"".join(parts)}</svg>'
    )


class _Frame:
    """The plotting area: pixels for values."""

    def __init__(self, horizontal: Axis, vertical: Axis, box: tuple[float, float, float, float]) -> None:
        self.horizontal, self.vertical = horizontal, vertical
        self.left, self.top, self.right, self.bottom = box

    def x(self, value: Any) -> float:
        axis = self.horizontal
        share = (axis.place(value) - axis.low) / ((axis.high - axis.low) or 1)
        return self.left + share * (self.right - self.left)

    def y(self, value: Any) -> float:
        axis = self.vertical
        share = (axis.place(value) - axis.low) / ((axis.high - axis.low) or 1)
        return self.bottom - share * (self.bottom - self.top)

    def inside(self, x: float, y: float) -> bool:
        return self.left - 1 <= x <= self.right + 1 and self.top - 1 <= y <= self.bottom + 1

    def axes(self) -> list[str]:
        parts = []
        for value, label in self.horizontal.ticks if self.horizontal.visible else ():
            at = self.left + (value - self.horizontal.low) / (
                (self.horizontal.high - self.horizontal.low) or 1
            ) * (self.right - self.left)
            if self.horizontal.grid:
                parts.append(line(at, self.top, at, self.bottom, LIGHT["grid"]))
            parts.append(write(at, self.bottom + 15, label, "middle"))
        for value, label in self.vertical.ticks if self.vertical.visible else ():
            share = (value - self.vertical.low) / ((self.vertical.high - self.vertical.low) or 1)
            at = self.bottom - share * (self.bottom - self.top)
            if self.vertical.grid:
                parts.append(line(self.left, at, self.right, at, LIGHT["grid"]))
            parts.append(write(self.left - 6, at + 4, label, "end"))
        parts.append(line(self.left, self.bottom, self.right, self.bottom, LIGHT["muted"]))
        if self.vertical.visible:
            parts.append(line(self.left, self.top, self.left, self.bottom, LIGHT["muted"]))
        middle = (self.left + self.right) / 2
        parts.append(write(middle, self.bottom + 34, self.horizontal.title, "middle", LIGHT["muted"]))
        return parts


def _trace(frame: _Frame, trace: dict[str, Any]) -> list[str]:
    kinds = {"scatter": _scatter, "bar": _bars, "waterfall": _waterfall, "heatmap": _heatmap}
    return kinds[trace["type"]](frame, trace)


def _scatter(frame: _Frame, trace: dict[str, Any]) -> list[str]:
    lines = list(_unbroken(trace["x"], trace["y"]))  # None lifts the pen
    points = [(frame.x(x), frame.y(y)) for stretch in lines for x, y in stretch]
    marker, mode = trace.get("marker", {}), trace.get("mode", "markers")
    parts = []
    if trace.get("fill") == "toself":
        corners = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        return [f'<polygon points="{corners}" fill="{trace["fillcolor"]}"/>']
    if "lines" in mode:
        pen = trace.get("line", {})
        width, colour = pen.get("width", 2), pen.get("color", LIGHT["ink"])
        parts += [
            line(*one, *other, colour, width, _DASHES.get(pen.get("dash", ""), ""))
            for stretch in lines
            for one, other in pairwise([(frame.x(x), frame.y(y)) for x, y in stretch])
            if frame.inside(*one) and frame.inside(*other)
        ]
    errors = trace.get("error_x", {})
    if errors and errors.get("visible", True):
        for x, y, more, less in zip(
            trace["x"], trace["y"], errors["array"], errors["arrayminus"], strict=True
        ):
            low, high, at = frame.x(x - less), frame.x(x + more), frame.y(y)
            parts.append(line(low, at, high, at, errors["color"], 2.5))
            parts += [line(end, at - 5, end, at + 5, errors["color"], 2) for end in (low, high)]
    for number, (x, y) in enumerate(points):
        if not frame.inside(x, y):
            continue
        if "markers" in mode:
            parts.append(mark(x, y, marker, number))
        if "text" in mode and trace.get("text"):
            side = trace.get("textposition", "top center")
            side = side if isinstance(side, str) else side[number]
            parts.append(beside(x, y, plain(trace["text"][number]), side))
    return parts


def _unbroken(across: Sequence[Any], up: Sequence[Any]) -> Iterator[list[tuple[Any, Any]]]:
    line: list[tuple[Any, Any]] = []
    for point in zip(across, up, strict=True):
        if None in point:
            yield line
            line = []
        else:
            line.append(point)
    yield line


def _bars(frame: _Frame, trace: dict[str, Any]) -> list[str]:
    base = trace.get("base", 0)
    return [
        _bar(frame, base, base + x, y, trace.get("width", 0.7), trace["marker"]["color"])
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]


def _waterfall(frame: _Frame, trace: dict[str, Any]) -> list[str]:
    parts, reached = [], 0.0
    for x, y, measure, text in zip(trace["x"], trace["y"], trace["measure"], trace["text"], strict=True):
        start, end = (0.0, x) if measure == "total" else (reached, reached + x)
        kind = "totals" if measure == "total" else "increasing" if x >= 0 else "decreasing"
        parts.append(_bar(frame, start, end, y, 0.7, trace[kind]["marker"]["color"]))
        edge = frame.x(max(start, end))
        parts.append(write(edge + 4, frame.y(y) + 4, text, "start"))
        reached = end
    return parts


def _heatmap(frame: _Frame, trace: dict[str, Any]) -> list[str]:
    parts, most = [], trace.get("zmax") or 1
    wide, high = (frame.right - frame.left) / len(trace["x"]), (frame.bottom - frame.top) / len(trace["y"])
    for row, label in zip(trace["z"], trace["y"], strict=True):
        for value, column in zip(row, trace["x"], strict=True):
            if value:
                x, y = frame.x(column) - wide / 2, frame.y(label) - high / 2
                strength = 0.25 + 0.75 * value / most
                parts.append(
                    f'<rect x="{x + 1:.2f}" y="{y + 1:.2f}" width="{wide - 2:.2f}" height="{high - 2:.2f}" '
                    f'fill="{LIGHT["main"]}" fill-opacity="{strength:.3f}"/>'
                    f"{write(x + wide / 2, y + high / 2 + 4, str(value), 'middle', over(strength))}"
                )
    return parts


def _bar(frame: _Frame, start: float, end: float, y: float, width: float, colour: str) -> str:
    one, other = sorted((frame.x(start), frame.x(end)))
    up, down = sorted((frame.y(y - width / 2), frame.y(y + width / 2)))
    return (
        f'<rect x="{one:.2f}" y="{up:.2f}" width="{max(other - one, 0.5):.2f}" height="{down - up:.2f}" '
        f'fill="{colour}"/>'
    )


def _shape(frame: _Frame, shape: dict[str, Any]) -> str:
    x0, x1 = frame.x(shape["x0"]), frame.x(shape["x1"])
    if shape["type"] == "rect":
        return (
            f'<rect x="{x0:.2f}" y="{frame.top:.2f}" width="{x1 - x0:.2f}" '
            f'height="{frame.bottom - frame.top:.2f}" fill="{shape["fillcolor"]}"/>'
        )
    dash = shape["line"].get("dash")
    return line(x0, frame.top, x1, frame.bottom, shape["line"]["color"], 1.5, "5 4" if dash else "")


def _note(frame: _Frame, note: dict[str, Any]) -> str:
    x = frame.x(note["x"])
    anchored = "domain" in str(note.get("yref", "y"))
    y = frame.y(note["y"]) + 4 if not anchored else frame.top - 8
    if anchored and note.get("yanchor") == "top":
        y = frame.top + 14
    anchor = {"left": "start", "right": "end"}.get(note.get("xanchor", ""), "middle")
    return write(x, y, plain(note["text"]), anchor)


Named = tuple[float, dict[str, Any]]
"""Where an entry of the legend begins, and its trace."""


def _lines_of(traces: Sequence[dict[str, Any]]) -> list[list[Named]]:
    """The legend's entries, line by line: as many in each as the width holds."""
    lines: list[list[Named]] = [[]]
    x = 12.0
    for trace in traces:
        wide = 34 + len(plain(trace["name"])) * _CHARACTER * 0.9
        if lines[-1] and x + wide > WIDTH:
            lines.append([])
            x = 12.0
        lines[-1].append((x, trace))
        x += wide
    return lines


def _legend(lines: Sequence[Sequence[Named]]) -> list[str]:
    parts = []
    for number, entries in enumerate(lines):
        for x, trace in entries:
            look = trace.get("marker") or {
                "color": trace.get("fillcolor") or trace.get("line", {}).get("color")
            }
            if trace["type"] == "heatmap":
                look = {"color": LIGHT["main"], "symbol": "square"}
            parts.append(mark(x + 6, 14 + 18 * number, {**look, "size": 9}, 0))
            parts.append(write(x + 16, 18 + 18 * number, plain(trace["name"]), "start"))
    return parts


def _axis(traces: Sequence[dict[str, Any]], layout: dict[str, Any], which: str) -> Axis:
    given = layout.get(f"{which}axis", {})
    values = [value for trace in traces for value in trace.get(which, ()) if value is not None]
    named = [v for v in values if isinstance(v, str)]
    dated = bool(named) and all(re.match(r"\d{4}-\d\d-\d\dT", v) for v in named)
    order = list(dict.fromkeys(named))
    place: Callable[[Any], float] = float
    if dated:
        place = _seconds
    elif named:
        place = lambda value: float(order.index(value)) if isinstance(value, str) else float(value)  # noqa: E731
    low, high = _range(traces, given, which, [place(v) for v in values], named=bool(named) and not dated)
    if given.get("autorange") == "reversed":
        low, high = high, low
    if named and not dated:
        ticks = [(float(n), plain(name)) for n, name in enumerate(order)]
    elif dated:
        marks = zip(given.get("tickvals", ()), given.get("ticktext", ()), strict=True)
        ticks = [(at, plain(text)) for at, text in ((_seconds(v), t) for v, t in marks) if low <= at <= high]
    else:
        ticks = _numbers(given, low, high)
    title = (given.get("title") or {}).get("text") or ""
    return Axis(low, high, ticks, title, given.get("showgrid", True), given.get("visible", True), place)


def _range(
    traces: Sequence[dict[str, Any]], given: dict[str, Any], which: str, values: list[float], *, named: bool
) -> tuple[float, float]:
    if given.get("range") is not None:
        return float(given["range"][0]), float(given["range"][1])
    if named:
        return min(values, default=0.0) - 0.5, max(values, default=0.0) + 0.5
    for trace in traces:
        if trace["type"] == "waterfall" and which == "x":
            sums = [0.0]
            for value, measure in zip(trace["x"], trace["measure"], strict=True):
                sums.append(value if measure == "total" else sums[-1] + value)
            return 0.0, max(sums) * 1.08
        if trace["type"] == "waterfall":
            return min(values) - 0.6, max(values) + 0.6
    spread = (max(values, default=1.0) - min(values, default=0.0)) or 1.0
    return min(values, default=0.0) - 0.04 * spread, max(values, default=1.0) + 0.04 * spread


def _numbers(given: dict[str, Any], low: float, high: float) -> list[tuple[float, str]]:
    if given.get("tickvals") is not None:
        texts = given.get("ticktext") or [_number(v, given) for v in given["tickvals"]]
        return [(float(v), plain(str(t))) for v, t in zip(given["tickvals"], texts, strict=True)]
    start, end = sorted((low, high))
    rough = (end - start) / _TICKS
    power = 10.0 ** (len(str(int(1 / rough))) * -1) if rough < 1 else 10.0 ** (len(str(int(rough))) - 1)
    step = next((s * power for s in (*_STEPS, *(10 * s for s in _STEPS)) if s * power >= rough), rough)
    first = int(start / step) - 1
    marks = [round((first + n) * step, 6) for n in range(_TICKS * 3)]
    return [(m, _number(m, given)) for m in marks if start <= m <= end]


def _number(value: float, given: dict[str, Any]) -> str:
    if "%" in given.get("tickformat", ""):
        return f"{value * 100:.0f} %"
    return f"{value:g}{given.get('ticksuffix', '')}"


def _seconds(value: Any) -> float:
    return datetime.fromisoformat(str(value)).timestamp()


def _keep_scale(layout: dict[str, Any], x: Axis, y: Axis, box: tuple[float, float, float, float]) -> None:
    """Widen the axis that has room, where one unit must be as long on both (maps)."""
    given = layout.get("yaxis", {})
    if not given.get("scaleanchor"):
        return
    wide, high = box[2] - box[0], box[3] - box[1]
    wanted = (y.high - y.low) * float(given["scaleratio"]) * wide / high  # width in units of x
    if wanted > x.high - x.low:
        middle = (x.low + x.high) / 2
        x.low, x.high = middle - wanted / 2, middle + wanted / 2
    else:
        needed = (x.high - x.low) * high / wide / float(given["scaleratio"])
        middle = (y.low + y.high) / 2
        y.low, y.high = middle - needed / 2, middle + needed / 2
    x.ticks, y.ticks = _numbers(layout["xaxis"], x.low, x.high), _numbers(given, y.low, y.high)
