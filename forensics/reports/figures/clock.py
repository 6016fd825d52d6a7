"""The clock of the case: minutes listened, how many people still fit, how likely the subject is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

import plotly.graph_objects as go

from forensics.case.rows import Row
from forensics.reports.exhibit import Cell, Cells, Exhibit, right
from forensics.reports.figures.style import figure
from forensics.reports.orders import FEW, few_left, length, orders, played
from forensics.reports.palette import LIGHT
from forensics.reports.view import View

LOOKS = {
    "chronological": ("main", "solid", 3),
    "random": ("muted", "dot", 2),
    "best_first": ("second", "solid", 3),
}
"""Colour, dash and width of each order's line."""


@dataclass(frozen=True)
class Beat:
    """One moment at which something changed.

    Parameters
    ----------
    at : float
        Where it stands on the axis: minutes of sound, or utterances where there is no sound.
    level : float
        Decimal logarithm of the number of people who still fit.
    heard, people, chance, new : str
        In words: how much was heard, how many people fit, how likely the subject is found, what was new.
    """

    at: float
    level: float
    heard: str
    people: str
    chance: str
    new: str


def clock(view: View) -> Exhibit:
    """People who still fit beside the minutes listened, in the order of recording and best first."""
    w = view.words
    found = orders(view)
    columns = tuple(
        w(f"clock.column.{c}") for c in ("order", "recording", "heard", "new", "people", "chance")
    )
    if not found:
        return Exhibit("clock", w("clock.title"), w("clock.empty"), columns, [])
    made, (at, axis) = figure(height=380), _axis(view, found)
    for order, rows in found.items():
        colour, dash, width = LOOKS[order]
        x, y = _stairs([at(r) for r in rows], [log10(r["k"]) for r in rows])
        made.add_scatter(
            x=x,
            y=y,
            mode="lines",
            name=w(f"clock.order.{order}"),
            line={"color": LIGHT[colour], "dash": dash, "width": width},
            hoverinfo="skip",
        )
    for order in played(found):
        told = [r for r in found[order] if r["utterance_id"]]
        made.add_scatter(
            x=[at(r) for r in told],
            y=[log10(r["k"]) for r in told],
            mode="markers",
            showlegend=False,
            marker={"size": 7, "color": LIGHT[LOOKS[order][0]]},
            customdata=[_told(view, r) for r in told],
            hovertemplate="%{customdata}<extra></extra>",
        )
    most = max(log10(r["k"]) for rows in found.values() for r in rows)
    marks = [*range(int(most) + 1)]
    made.update_yaxes(
        range=[-0.15, most + 0.3],
        tickvals=marks,
        ticktext=[w.about(10**n) for n in marks],
        title={"text": w("clock.people")},
        zeroline=False,
    )
    made.update_xaxes(title={"text": axis}, rangemode="tozero", zeroline=False)
    table = [row for order in played(found) for row in _table(view, order, _thinned(found[order]))]
    return Exhibit("clock", w("clock.title"), _sentence(view, found), columns, table, made)


def playable(view: View) -> go.Figure | None:
    """The clock for a notebook: the same lines with a dot that moves, a play button and a slider.

    Parameters
    ----------
    view : View

    Returns
    -------
    plotly figure or None
        None while there is no curve.
    """
    w, found = view.words, orders(view)
    made = clock(view).figure
    if made is None:
        return None
    rows, (at, _) = found[played(found)[0]], _axis(view, found)
    last = len(made.data)
    made.add_scatter(
        x=[0],
        y=[log10(rows[0]["k"])],
        mode="markers+text",
        text=[_people(view, rows[0])],
        textposition="top right",
        textfont={"size": 20},
        marker={"size": 16, "color": LIGHT["ink"]},
        showlegend=False,
        hoverinfo="skip",
    )
    frames = [
        {
            "name": str(n),
            "data": [{"x": [at(r)], "y": [log10(r["k"])], "text": [_people(view, r)]}],
            "traces": [last],
        }
        for n, r in enumerate(rows)
    ]
    made.frames = frames
    pace = {"frame": {"duration": max(80, 12_000 // len(rows)), "redraw": False}, "fromcurrent": True}
    stop = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = [
        {"label": w("clock.play"), "method": "animate", "args": [None, pace]},
        {"label": w("clock.pause"), "method": "animate", "args": [[None], stop]},
    ]
    steps = [
        {"label": length(view, r), "method": "animate", "args": [[str(n)], stop]} for n, r in enumerate(rows)
    ]
    made.update_layout(
        height=480,
        updatemenus=[{"type": "buttons", "direction": "left", "x": 0, "y": -0.28, "buttons": buttons}],
        sliders=[{"x": 0.22, "len": 0.78, "y": -0.2, "steps": steps, "currentvalue": {"prefix": ""}}],
    )
    return made


def curve(view: View) -> Exhibit:
    """How likely the subject is found by then, with the band over worlds and orders."""
    w = view.words
    found = orders(view)
    columns = tuple(
        w(f"curve.column.{c}") for c in ("order", "n", "heard", "listening", "mid", "lo", "hi", "unique")
    )
    if not found:
        return Exhibit("curve", w("curve.title"), w("curve.empty"), columns, [])
    made, (at, axis) = figure(height=360), _axis(view, found)
    banded = "random" if "random" in found else next(iter(found))
    band = found[banded]
    heard = [at(r) for r in band]
    made.add_scatter(
        x=[*heard, *reversed(heard)],
        y=[*(r["p_identify_hi"] for r in band), *(r["p_identify_lo"] for r in reversed(band))],
        mode="lines",
        fill="toself",
        fillcolor=LIGHT["soft"],
        line={"width": 0, "color": LIGHT["soft"]},
        name=w("curve.band"),
        hoverinfo="skip",
    )
    for order, rows in found.items():
        colour, dash, width = LOOKS[order]
        x, y = [at(r) for r in rows], [r["p_identify_mid"] for r in rows]
        x, y = (x, y) if order == "random" else _stairs(x, y)
        made.add_scatter(
            x=x,
            y=y,
            mode="lines",
            name=w(f"clock.order.{order}"),
            line={"color": LIGHT[colour], "dash": dash, "width": width},
            hovertemplate="%{x:.1f}: %{y:.0%}<extra></extra>",
        )
    made.update_yaxes(range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1], zeroline=False)
    made.update_xaxes(title={"text": axis}, rangemode="tozero", zeroline=False)
    table: Cells = [
        (
            w(f"clock.order.{order}"), right(w.number(r["n_utterances"])), right(length(view, r)),
            right(w.duration(r["listening_s"])),
            *(right(w.percent(r[f"p_identify_{end}"])) for end in ("mid", "lo", "hi")),
            right(w.percent(r["p_unique"])),
        )
        for order, steps in found.items()
        for r in _thinned(steps)
    ]  # fmt: skip
    return Exhibit("curve", w("curve.title"), _chances(view, found), columns, table, made)


def beats(view: View) -> dict[str, list[Beat]]:
    """What is played, by order; empty while there is no curve.

    Parameters
    ----------
    view : View
    """
    found = orders(view)
    if not found:
        return {}
    at, _ = _axis(view, found)
    return {order: [_beat(view, r, at(r)) for r in found[order]] for order in played(found)}


def _axis(view: View, found: dict[str, list[Row]]) -> tuple[Callable[[Row], float], str]:
    """What the horizontal axis counts: minutes of sound, or utterances where the case holds no sound."""
    if any(row["audio_s"] for rows in found.values() for row in rows):
        return lambda row: row["audio_s"] / 60, view.words("clock.minutes")
    return lambda row: row["n_utterances"], view.words("clock.utterances")


def _beat(view: View, row: Row, at: float = 0.0) -> Beat:
    w = view.words
    n = w.count("utterances", row["n_utterances"])
    heard = w("clock.heard", length=w.duration(row["audio_s"]), n=n) if row["audio_s"] else n
    return Beat(
        at,
        round(log10(row["k"]), 4),
        heard,
        _people(view, row),
        w.percent(row["p_identify_mid"]),
        _new(view, row),
    )


def _new(view: View, row: Row) -> str:
    """Which statements were heard for the first time, by kind and number."""
    kinds = {c["claim_id"]: c["attribute"] for c in view.focus_claims}
    known = sorted((c for c in row["claims"] if c in kinds), key=view.claim_numbers.__getitem__)
    names = [f"{view.words.name('attribute', kinds[c])} (C{view.claim_numbers[c]})" for c in known]
    return view.words.all_of(names) if names else ""


def _people(view: View, row: Row) -> str:
    """K in whole people, to two digits."""
    return view.words.about(round(row["k"]))


def _told(view: View, row: Row) -> str:
    beat = _beat(view, row)
    return f"{beat.heard}<br>{view.words('clock.fit', people=beat.people)}<br>{beat.new}"


def _table(view: View, order: str, rows: Sequence[Row]) -> Cells:
    w = view.words
    made: Cells = []
    for row in rows:
        number = view.numbers.get(row["utterance_id"] or "")
        kinds = {c["claim_id"]: c["attribute"] for c in view.focus_claims}
        new = sorted((c for c in row["claims"] if c in kinds), key=view.claim_numbers.__getitem__)
        links = tuple((f"c{view.claim_numbers[c]}", f"C{view.claim_numbers[c]}") for c in new)
        names = w.all_of(dict.fromkeys(w.name("attribute", kinds[c]) for c in new)) if new else ""
        made.append(
            (
                w(f"clock.order.{order}"),
                Cell("", links=((f"u{number}", f"U{number}"),)) if number else "–",
                right(length(view, row)),
                Cell(names, links=links) if new else "–",
                right(_people(view, row)),
                right(w.percent(row["p_identify_mid"])),
            )
        )
    return made


def _sentence(view: View, found: dict[str, list[Row]]) -> str:
    """How many fit at first and in the end, and after how much listening few are left."""
    w = view.words
    rows = next(iter(found.values()))
    said = [w("clock.sentence", first=_people(view, rows[0]), last=_people(view, rows[-1]),
              length=length(view, rows[-1]))]  # fmt: skip
    for order in played(found):
        few = few_left(found[order])
        if few is not None:
            said.append(
                w(
                    f"clock.few.{order}",
                    k=w.number(FEW),
                    length=length(view, few),
                    n=w.count("utterances", few["n_utterances"]),
                ),
            )
    if all(r["k"] >= FEW for steps in found.values() for r in steps):
        said.append(w("clock.never", k=w.number(FEW)))
    return " ".join(said)


def _chances(view: View, found: dict[str, list[Row]]) -> str:
    w, said = view.words, []
    for order in played(found):
        rows = found[order]
        half = next((r for r in rows if r["p_identify_mid"] >= rows[-1]["p_identify_mid"] / 2), rows[-1])
        said.append(
            w(
                f"curve.half.{order}",
                last=w.percent(rows[-1]["p_identify_mid"]),
                half=w.percent(half["p_identify_mid"]),
                length=length(view, half),
                listening=w.duration(half["listening_s"]),
            ),
        )
    return " ".join([*said, w("curve.sentence")])


def _stairs(x: Sequence[float], y: Sequence[float]) -> tuple[list[float], list[float]]:
    """A line that holds its height until the next step."""
    across, up = [x[0]], [y[0]]
    for at, height in zip(x[1:], y[1:], strict=True):
        across += [at, at]
        up += [up[-1], height]
    return across, up


def _thinned(rows: Sequence[Row], most: int = 16) -> list[Row]:
    """At most so many rows, first and last among them."""
    if len(rows) <= most:
        return list(rows)
    chosen = sorted({round(n * (len(rows) - 1) / (most - 1)) for n in range(most)})
    return [rows[n] for n in chosen]
