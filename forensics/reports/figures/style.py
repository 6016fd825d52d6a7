"""How all figures look."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from forensics.reports.palette import LIGHT


def figure(height: int = 360, **layout: Any) -> go.Figure:
    """An empty figure in the house style."""
    made = go.Figure()
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
