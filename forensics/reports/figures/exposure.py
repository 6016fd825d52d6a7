"""How identifying the claims are, how easily the subject is found, and how severe that is."""

from __future__ import annotations

from math import log2

import plotly.graph_objects as go

from forensics.reports.figures.style import figure
from forensics.reports.inert import inert_label
from forensics.reports.palette import LIGHT
from forensics.reports.sentences import headline_sentence, risk_name, severity_sentence
from forensics.reports.view import Cell, Exhibit, Row, View, right

_BARS = 12  # more claims than this are summed, so that labels stay readable
_BAND_EDGES = (("low", 0.0), ("medium", 2.0), ("high", 3.0), ("very high", 4.0))  # ENISA 2013, section 3


def bits(view: View) -> Exhibit:
    """What each claim adds, and what their overlap takes away again."""
    w = view.words
    exposure = {e["claim_id"]: e for e in view.rows("exposure")}
    headline = view.headline
    scope = [
        (c, exposure[c["claim_id"]])
        for c in view.claims
        if c["claim_id"] in exposure
        and (headline is None or c["data_subject_group"] == headline["data_subject_group"])
    ]
    scope.sort(key=lambda pair: (-pair[1]["bits_mid"], pair[0]["claim_id"]))
    shown = [(c, e) for c, e in scope if e["bits_mid"] > 0.005]
    names = [f"{w.name('attribute', c['attribute'])}: {view.claim_text(c)}" for c, _ in shown[:_BARS]]
    values = [e["bits_mid"] for _, e in shown[:_BARS]]
    if len(shown) > _BARS:
        names.append(w("bits.others", n=w.number(len(shown) - _BARS)))
        values.append(sum(e["bits_mid"] for _, e in shown[_BARS:]))
    rows: list[tuple[str | Cell, ...]] = [
        (
            w.name("attribute", c["attribute"]),
            view.claim_text(c),
            right(w.interval(w.number(e["bits_lo"], 1), w.number(e["bits_hi"], 1))),
            right(w.number(e["bits_mid"], 1)),
            _share(view, e["base_rate_mid"]),
            w.name("unit", e["unit"]),
            w.name("basis", e["basis"]),
            view.words_of(e["source"]),
        )
        for c, e in scope
    ]
    columns = tuple(
        w(f"bits.column.{c}") for c in ("claim", "value", "range", "mid", "share", "unit", "basis", "source")
    )
    made = _waterfall(view, names, values, headline) if values else None
    if headline is not None and values:
        sentence = w(
            "bits.sentence",
            sum=w.number(sum(values), 1),
            total=w.number(headline["bits_mid"], 1),
            need=w.number(_needed(headline), 1),
            n=w.about(headline["population_n"]),
        )
    else:
        sentence = w("bits.empty")
    return Exhibit("bits", w("bits.title"), sentence, columns, rows, made)


def _waterfall(view: View, names: list[str], values: list[float], headline: Row | None) -> go.Figure:
    w = view.words
    names, values, measures = list(names), list(values), ["relative"] * len(values)
    if headline is not None:
        names += [w("bits.overlap"), w("bits.total")]
        values += [headline["bits_mid"] - sum(values), headline["bits_mid"]]
        measures += ["relative", "total"]
    labels = [inert_label(name if len(name) < 44 else f"{name[:41]}…") for name in names]
    made = figure(height=90 + 30 * len(values), showlegend=False)
    made.add_waterfall(
        orientation="h",
        y=list(range(len(values))),
        x=values,
        measure=measures,
        text=[
            ("+" if v >= 0 and m == "relative" else "") + w.number(v, 1)
            for v, m in zip(values, measures, strict=True)
        ],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": LIGHT["main"]}},
        decreasing={"marker": {"color": LIGHT["second"]}},
        totals={"marker": {"color": LIGHT["third"]}},
        connector={"line": {"color": LIGHT["grid"]}},
        hovertemplate="%{text} bit<extra></extra>",
    )
    made.update_yaxes(
        tickvals=list(range(len(values))),
        ticktext=labels,
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    made.update_xaxes(title={"text": w("bits.axis")}, rangemode="tozero")
    if headline is not None:
        made.add_vline(
            x=_needed(headline),
            line={"dash": "dash", "color": LIGHT["ink"], "width": 1.5},
            annotation={"text": w("bits.need", n=w.number(_needed(headline), 1)), "yanchor": "bottom"},
            annotation_position="top",
        )
        made.update_layout(margin={"l": 8, "r": 24, "t": 34, "b": 8})
    return made


def risk(view: View) -> Exhibit:
    """P(identified) with its interval, by adversary."""
    w = view.words
    ordered = sorted(
        view.rows("risk"), key=lambda r: (r["data_subject_group"], -r["p_identify_hi"], r["risk_id"])
    )
    names = [risk_name(view, r) for r in ordered]
    rows: list[tuple[str | Cell, ...]] = [
        (
            name,
            right(w.percent(r["p_identify_hi"])),
            right(w.percent(r["p_identify_mid"])),
            right(w.percent(r["p_identify_lo"])),
            right(w.interval(w.about(r["k_lo"]), w.about(r["k_hi"]))),
            right(w.percent(r["p_unique_mid"])),
            Cell(f"{w.about(r['population_n'])} ({view.words_of(r['population'])})"),
            right(w.percent(r["assumption_share"])),
            view.words_of(r["dependence"]),
        )
        for name, r in zip(names, ordered, strict=True)
    ]
    columns = tuple(
        w(f"risk.column.{c}")
        for c in ("who", "hi", "mid", "lo", "k", "unique", "population", "assumed", "dependence")
    )
    made = None
    if ordered:
        made = figure(height=110 + 44 * len(ordered), showlegend=False)
        made.add_scatter(
            x=[r["p_identify_mid"] for r in ordered],
            y=list(range(len(ordered))),
            mode="markers",
            marker={"size": 11, "color": LIGHT["main"]},
            error_x={
                "type": "data",
                "symmetric": False,
                "color": LIGHT["main"],
                "thickness": 3,
                "width": 7,
                "array": [r["p_identify_hi"] - r["p_identify_mid"] for r in ordered],
                "arrayminus": [r["p_identify_mid"] - r["p_identify_lo"] for r in ordered],
            },
            customdata=[[w.percent(r[f"p_identify_{e}"]) for e in ("lo", "mid", "hi")] for r in ordered],
            hovertemplate="%{customdata[0]} – %{customdata[1]} – %{customdata[2]}<extra></extra>",
        )
        made.update_yaxes(
            tickvals=list(range(len(ordered))),
            ticktext=[inert_label(n) for n in names],
            range=[len(ordered) - 0.5, -0.5],
            showgrid=False,
            zeroline=False,
        )
        made.update_xaxes(
            range=[-0.02, 1.02],
            tickformat=".0%",
            title={"text": w("risk.axis")},
            tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1],
        )
    best = view.headline
    sentence = w("risk.empty") if best is None else headline_sentence(view, best)
    return Exhibit("risk", w("risk.title"), sentence, columns, rows, made)


def severity(view: View) -> Exhibit:
    """ENISA's score at its lower, middle and upper value, on its bands."""
    w = view.words
    rows: list[tuple[str | Cell, ...]] = []
    for s in view.rows("severity"):
        for part in ("dpc", "ei", "cb", "se"):
            reason = view.words_of(s[f"{part}_reason"]) if part != "se" else w("severity.formula")
            rows.append(
                (
                    w(f"severity.{part}"),
                    *(right(w.number(s[f"{part}_{e}"], 2)) for e in ("lo", "mid", "hi")),
                    reason,
                )
            )
    columns = tuple(w(f"severity.column.{c}") for c in ("input", "lo", "mid", "hi", "reason"))
    chosen, made = view.severity, None
    if chosen is not None:
        top = max(5.5, chosen["se_hi"] + 0.5)
        made = figure(height=150, showlegend=False)
        ends = (*(start for _, start in _BAND_EDGES[1:]), top)
        for (band, start), end in zip(_BAND_EDGES, ends, strict=True):
            made.add_vrect(
                x0=start,
                x1=end,
                fillcolor=LIGHT[band.replace(" ", "_")],
                line_width=0,
                layer="below",
                annotation={"text": w.name("band", band), "font": {"color": LIGHT["ink"]}},
                annotation_position="top",
            )
        made.add_scatter(
            x=[chosen["se_lo"], chosen["se_hi"]],
            y=[0, 0],
            mode="lines",
            line={"color": LIGHT["ink"], "width": 4},
            hoverinfo="skip",
        )
        made.add_scatter(
            x=[chosen[f"se_{e}"] for e in ("lo", "mid", "hi")],
            y=[0, 0, 0],
            mode="markers+text",
            marker={
                "size": [10, 13, 10],
                "color": LIGHT["ink"],
                "symbol": ["line-ns", "circle", "line-ns"],
                "line": {"width": 3, "color": LIGHT["ink"]},
            },
            text=[w.number(chosen[f"se_{e}"], 2) for e in ("lo", "mid", "hi")],
            textposition="bottom center",
            hovertemplate="%{text}<extra></extra>",
        )
        made.update_yaxes(visible=False, range=[-1, 1.1])
        made.update_xaxes(range=[0, top], showgrid=False, title={"text": w("severity.axis")}, dtick=1)
        sentence = severity_sentence(view, chosen)
    else:
        sentence = w("severity.empty")
    return Exhibit("severity", w("severity.title"), sentence, columns, rows, made)


def _share(view: View, rate: float) -> Cell:
    """A base rate as "1 in n", which people read better than a small percentage."""
    w = view.words
    if rate <= 0:
        return right(w("unknown"))
    return right(w("one_in", n=w.about(1 / rate)) if rate < 0.2 else w.percent(rate))


def _needed(risk_row: Row) -> float:
    return log2(risk_row["population_n"])
