"""How all figures look, and that none of them offers to leave the machine."""

from __future__ import annotations

import sys
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from forensics.reports.palette import LIGHT

CONFIG: dict[str, Any] = {
    "showSendToCloud": False,
    "modeBarButtonsToRemove": ["sendChartToCloud"],
    "plotlyServerURL": "",
    "topojsonURL": "data:,",
    "displaylogo": False,
}
"""Of plotly.js. By default every chart has a button that uploads it to Plotly Cloud (``showSendToCloud``, on
since plotly 7) and a logo that links to plotly.com, and maps fetch their outlines from a CDN."""


def keep_local() -> None:
    """Put :data:`CONFIG` into every renderer, so that charts made elsewhere in a notebook follow it too.

    The renderers that write HTML load MathJax from a CDN whatever they are told; the default one does not.
    """
    for name in pio.renderers:
        renderer = pio.renderers[name]
        if hasattr(renderer, "config"):
            renderer.config = {**(renderer.config or {}), **CONFIG}
    pio.renderers.default = "plotly_mimetype"


class LocalFigure(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure that keeps to the machine when it is shown outside a notebook too."""

    def show(self, *args: Any, **kwargs: Any) -> None:
        """As :meth:`plotly.graph_objects.Figure.show`, after :func:`keep_local`."""
        keep_local()
        super().show(*args, **kwargs)


def figure(height: int = 360, **layout: Any) -> go.Figure:
    """An empty figure in the house style."""
    made = LocalFigure()
    made.update_layout(
        template="none",
        height=height,
        margin={"l": 8, "r": 16, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={
            "family": "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
            "size": 13,
            "color": LIGHT["ink"],
        },
        hoverlabel={"bgcolor": LIGHT["paper"], "font": {"color": LIGHT["ink"]}, "bordercolor": LIGHT["grid"]},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "xanchor": "left"},
        dragmode=False,
        **layout,
    )
    axis = {
        "gridcolor": LIGHT["grid"],
        "linecolor": LIGHT["muted"],
        "zerolinecolor": LIGHT["grid"],
        "tickcolor": LIGHT["muted"],
        "automargin": True,
        "fixedrange": True,
        "title": {"font": {"size": 13, "color": LIGHT["muted"]}, "standoff": 8},
    }
    made.update_xaxes(**axis)
    made.update_yaxes(**axis)
    return made


def legend(made: go.Figure, name: str, colour: str, symbol: str = "square") -> None:
    """Explain a colour or a sign that no trace of its own stands for.

    Parameters
    ----------
    name : str
        What it means.
    colour : str
        A key of :data:`forensics.reports.palette.LIGHT`.
    symbol : str
        Of Plotly's.
    """
    look = {"color": LIGHT[colour], "symbol": symbol, "size": 11}
    if symbol == "line-ns":
        look["line"] = {"width": 3, "color": LIGHT[colour]}
    made.add_scatter(x=[None], y=[None], mode="markers", marker=look, name=name, hoverinfo="skip",
                     showlegend=True)  # fmt: skip


if "IPython" in sys.modules:  # Plotly's renderers load it and much else, for whoever shows charts
    keep_local()
