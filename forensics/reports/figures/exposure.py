"""How identifying the claims are, how easily the subject is found, and how severe that is."""

from __future__ import annotations

from math import log2

import plotly.graph_objects as go

from forensics.case.rows import Row
from forensics.reidentification.adversaries import ADVERSARIES
from forensics.reports import sources
from forensics.reports.assessed import flags, overrides, reasons
from forensics.reports.exhibit import Cell, Exhibit, right
from forensics.reports.figures.style import figure, legend
from forensics.reports.inert import inert_label
from forensics.reports.palette import LIGHT
from forensics.reports.sentences import (
    group_name,
    headline_sentence,
    input_name,
    risk_name,
    severity_sentence,
)
from forensics.reports.view import View

_BITS_COLUMNS = ("claim", "value", "mid", "range", "share", "unit", "used", "basis", "source")
_RISK_COLUMNS = (
    "who", "hi", "mid", "lo", "k", "frechet", "unique", "population", "listed", "assumed",
)  # fmt: skip
_SEVERITY_COLUMNS = ("input", "lo", "mid", "hi", "reason")
_ADVERSARIES = ("stranger", "register", "acquaintance", "voice")
_BARS = 12  # more claims than this are summed, so that labels stay readable
_BAND_EDGES = (("low", 0.0), ("medium", 2.0), ("high", 3.0), ("very high", 4.0))  # ENISA 2013, section 3


def bits(view: View) -> Exhibit:
    """What each claim adds, and what their overlap takes away again."""
    w, headline = view.words, view.headline
    exposure = {e["claim_id"]: e for e in view.exposure}
    scope = [(c, exposure[c["claim_id"]]) for c in view.focus_claims if c["claim_id"] in exposure]
    scope.sort(key=lambda pair: (-pair[1]["bits_mid"], pair[0]["claim_id"]))
    used = set((headline or {}).get("claims") or exposure)
    shown = [(c, e) for c, e in scope if c["claim_id"] in used]
    names = [f"{w.name('attribute', c['attribute'])}: {view.claim_text(c)}" for c, _ in shown[:_BARS]]
    values = [e["bits_mid"] for _, e in shown[:_BARS]]
    if len(shown) > _BARS:
        names.append(w("bits.others", n=w.number(len(shown) - _BARS)))
        values.append(sum(e["bits_mid"] for _, e in shown[_BARS:]))
    rows: list[tuple[str | Cell, ...]] = [
        (
            w.name("attribute", c["attribute"]),
            view.claim_text(c),
            right(view.bits_text(e)),
            right(w.interval(view.bits_text(e, "lo"), view.bits_text(e, "hi"))),
            _share(view, e["base_rate_mid"]),
            w.name("unit", e["unit"]),
            w("yes") if c["claim_id"] in used else w("no"),
            w.name("basis", e["basis"]),
            sources.told(view, c, e),
        )
        for c, e in scope
    ]
    columns = tuple(w(f"bits.column.{c}") for c in _BITS_COLUMNS)
    sentence = w("bits.empty")
    if headline is not None and values:
        sentence = w(
            "bits.sentence",
            sum=w.number(sum(values), 1),
            total=w.number(headline["bits_mid"], 1),
            need=w.number(_needed(headline), 1),
            n=w.about(headline["population_n"]),
            unit=w.name("unit_of", headline["unit"]),
        )
    made = _waterfall(view, names, values, headline) if values else None
    return Exhibit("bits", w("bits.title"), sentence, columns, rows, made)


def _waterfall(view: View, names: list[str], values: list[float], headline: Row | None) -> go.Figure:
    w = view.words
    names, values, measures = list(names), list(values), ["relative"] * len(values)
    if headline is not None:
        rest = headline["bits_mid"] - sum(values)
        names += [w("bits.overlap" if rest < 0 else "bits.besides"), w("bits.total")]
        values += [rest, headline["bits_mid"]]
        measures += ["relative", "total"]
    labels = [inert_label(name if len(name) < 44 else f"{name[:41]}…") for name in names]
    made = figure(height=120 + 30 * len(values))
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
        hovertemplate=f"%{{text}} {w('bits.column.mid')}<extra></extra>",
        showlegend=False,
    )
    for kind, colour in (("adds", "main"), ("takes", "second"), ("total", "third")):
        legend(made, w(f"bits.legend.{kind}"), colour)
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
        made.update_layout(legend={"y": 1 + 34 / (80 + 30 * len(values))})
    return made


def risk(view: View) -> Exhibit:
    """P(identified) with its interval, by adversary."""
    w = view.words
    own = [r for r in view.rows("risk") if r["data_subject_group"] == view.focus]
    own.sort(key=lambda r: (_order(r), r["attacker"] != "listener", r["scope"] != "bundle", r["risk_id"]))
    told = [
        (
            *(right(w.percent(r[f"p_identify_{end}"])) for end in ("hi", "mid", "lo")),
            right(w.interval(w.about(r["k_lo"]), w.about(r["k_hi"]))),
            right(w.about(r.get("k_frechet"))),
            right(w.percent(r["p_unique_mid"])),
            right(f"{w.about(r['population_n'])} {w.name('unit', r['unit'])}"),
            right(w.percent(r.get("p_listed"))),
            right(w.percent(r["assumption_share"])),
        )
        for r in own
    ]
    scopes: dict[tuple[str, tuple[Cell, ...]], list[str]] = {}  # one row where the scope changes nothing
    for r, figures in zip(own, told, strict=True):
        scopes.setdefault((risk_name(view, r), figures), []).append(w.name("scope", r["scope"]))
    rows: list[tuple[str | Cell, ...]] = [
        (f"{name} ({w.all_of(found)})", *figures) for (name, figures), found in scopes.items()
    ]
    columns = tuple(w(f"risk.column.{c}") for c in _RISK_COLUMNS)
    widest = [r for r in own if r["scope"] == "bundle"] or own
    best = view.headline
    sentence = w("risk.empty") if best is None else headline_sentence(view, best)
    sentence = f"{sentence} {below_a_stranger(view, own)}".strip()
    made = _intervals(view, widest) if widest else None
    return Exhibit("risk", w("risk.title"), sentence, columns, rows, made)


def below_a_stranger(view: View, rows: list[Row]) -> str:
    """Where the holder of a register scores below a stranger, and why; empty where none does.

    Each adversary works with their own source alone. A register has no contacts and no children, so that a
    stranger on the web can match more than its holder, who of course can search the web as well.

    Parameters
    ----------
    view : View
    rows : list of dict
        The rows of ``risk`` of one data subject.
    """
    w = view.words
    held = next(a.attributes for a in ADVERSARIES if a.name == "register")
    kinds = {c["claim_id"]: c["attribute"] for c in view.focus_claims}
    strangers = {(r["scope"], r["attacker"]): r for r in rows if r["adversary"] == "stranger"}
    pairs: list[str] = []
    lacking: set[str] = set()
    for row in rows:
        stranger = strangers.get((row["scope"], row["attacker"]))
        if (
            row["adversary"] != "register"
            or stranger is None
            or stranger["p_identify_mid"] <= row["p_identify_mid"]
        ):
            continue
        ends = {r["adversary"]: w.percent(r["p_identify_mid"]) for r in (row, stranger)}
        who = f"{w.name('scope', row['scope'])}, {w.name('attacker', row['attacker'])}"
        pairs.append(w("risk.below.pair", who=who, **ends))
        used = {kinds[c] for c in stranger["claims"] or () if c in kinds}
        lacking |= {w.name("attribute", kind) for kind in used - held}
    if not pairs:
        return ""
    why = w("risk.below.why", list=w.all_of(sorted(lacking))) if lacking else w("risk.below.other")
    return f"{w('risk.below', list=w.all_of(pairs))} {why}"


def _intervals(view: View, rows: list[Row]) -> go.Figure:
    """One line per adversary, its name above it: that leaves room for the axis on a narrow screen."""
    w = view.words
    made = figure(height=100 + 54 * len(rows))
    places = list(range(len(rows)))
    for end, colour, symbol in (("mid", "main", "circle"), ("hi", "second", "line-ns")):
        made.add_scatter(
            x=[r[f"p_identify_{end}"] for r in rows],
            y=places,
            mode="markers",
            name=w(f"risk.legend.{end}"),
            marker={
                "size": 11 if end == "mid" else 14,
                "color": LIGHT[colour],
                "symbol": symbol,
                "line": {"width": 0 if end == "mid" else 4, "color": LIGHT[colour]},
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "color": LIGHT["main"],
                "thickness": 3,
                "width": 6,
                "array": [r["p_identify_hi"] - r["p_identify_mid"] for r in rows],
                "arrayminus": [r["p_identify_mid"] - r["p_identify_lo"] for r in rows],
                "visible": end == "mid",
            },
            customdata=[[w.percent(r[f"p_identify_{e}"]) for e in ("lo", "mid", "hi")] for r in rows],
            hovertemplate="%{customdata[0]} – %{customdata[1]} – %{customdata[2]}<extra></extra>",
        )
    for place, row in enumerate(rows):
        made.add_annotation(
            x=0,
            y=place - 0.34,
            xanchor="left",
            text=f"{inert_label(risk_name(view, row))}: <b>{w.percent(row['p_identify_hi'])}</b>",
            showarrow=False,
        )
    made.update_yaxes(visible=False, range=[len(rows) - 0.5, -0.7])
    made.update_xaxes(
        range=[-0.01, 1.03],
        tickformat=".0%",
        title={"text": w("risk.axis")},
        tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1],
    )
    return made


def sensitivity(view: View) -> Exhibit:
    """Which input the headline figure's interval comes from: shares of its variance, and a tornado plot."""
    w, headline = view.words, view.headline
    named: list[tuple[str, Row]] = []
    for moved in (headline or {}).get("sensitivity") or ():
        name = input_name(view, moved)
        same = sum(known.startswith(name) for known, _ in named)  # two statements of one kind
        named.append((f"{name} ({same + 1})" if same else name, moved))
    named.sort(key=lambda n: (-(n[1]["p_total"] or 0.0), -abs(n[1]["p_high"] - n[1]["p_low"]), n[0]))
    rows: list[tuple[str | Cell, ...]] = [
        (
            name,
            w.name("basis", moved["basis"]) if moved["basis"] else "",
            *(right(w.percent(moved[key])) for key in ("p_first", "p_total", "k_total", "p_low", "p_high")),
        )
        for name, moved in named
    ]
    columns = tuple(
        w(f"sensitivity.column.{c}") for c in ("input", "basis", "alone", "total", "k", "low", "high")
    )
    if headline is None or not named:
        return Exhibit("sensitivity", w("sensitivity.title"), w("sensitivity.empty"), columns, rows)
    found = [(name, moved["p_low"], moved["p_high"]) for name, moved in named]
    middle = headline["p_identify_mid"]
    made = figure(height=100 + 40 * len(found), barmode="overlay")
    lows, highs = [low for _, low, _ in found], [high for _, _, high in found]
    for ends, colour, end in ((lows, "second", "low"), (highs, "main", "high")):
        made.add_bar(
            name=w(f"sensitivity.column.{end}"),
            orientation="h",
            y=list(range(len(found))),
            x=[end - middle for end in ends],
            base=middle,
            width=0.36,
            marker={"color": LIGHT[colour]},
            customdata=[w.percent(end) for end in ends],
            hovertemplate="%{customdata}<extra></extra>",
        )
    for place, (name, _, _) in enumerate(found):
        made.add_annotation(x=0, y=place - 0.4, xanchor="left", text=inert_label(name), showarrow=False)
    made.add_vline(x=middle, line={"color": LIGHT["ink"], "width": 1.5})
    legend(made, w("sensitivity.legend.middle"), "ink", "line-ns")
    made.update_yaxes(visible=False, range=[len(found) - 0.5, -0.8])
    made.update_xaxes(range=[-0.01, 1.01], tickformat=".0%", title={"text": w("sensitivity.axis")})
    sentence = w(
        "sensitivity.sentence",
        name=found[0][0],
        part=w.percent(named[0][1]["p_total"]),
        low=w.percent(found[0][1]),
        high=w.percent(found[0][2]),
    )
    return Exhibit("sensitivity", w("sensitivity.title"), sentence, columns, rows, made)


def severity(view: View) -> Exhibit:
    """ENISA's score of the household in focus at its lower, middle and upper value, on its bands."""
    w = view.words
    columns = tuple(w(f"severity.column.{c}") for c in _SEVERITY_COLUMNS)
    rows = [] if view.severity is None else _assessment(view, view.severity)
    chosen, made = view.severity, None
    if chosen is not None:
        top = max(5.5, chosen["se_hi"] + 0.5)
        made = figure(height=190)
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
            showlegend=False,
        )
        made.add_scatter(
            x=[chosen[f"se_{e}"] for e in ("lo", "mid", "hi")],
            y=[0, 0, 0],
            mode="markers+text",
            marker={
                "size": [10, 13, 10],
                "opacity": 1,
                "color": LIGHT["ink"],
                "symbol": ["line-ns", "circle", "line-ns"],
                "line": {"width": 3, "color": LIGHT["ink"]},
            },
            text=[w.number(chosen[f"se_{e}"], 2) for e in ("lo", "mid", "hi")],
            textposition="bottom center",
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
        legend(made, w("severity.legend.mid"), "ink", "circle")
        legend(made, w("severity.legend.ends"), "ink", "line-ns")
        made.update_layout(legend={"y": 1.22})
        made.update_yaxes(visible=False, range=[-1, 1.1])
        made.update_xaxes(range=[0, top], showgrid=False, title={"text": w("severity.axis")}, dtick=1)
        sentence = severity_sentence(view, chosen)
    else:
        sentence = w("severity.empty")
    return Exhibit("severity", w("severity.title"), sentence, columns, rows, made)


def severity_of_others(view: View) -> list[Exhibit]:
    """The scores of the other data subjects, a table each: no figure holds two people's."""
    w, made = view.words, []
    columns = tuple(w(f"severity.column.{c}") for c in _SEVERITY_COLUMNS)
    for row in sorted(view.rows("severity"), key=lambda s: view.letter(str(s["data_subject_group"]))):
        group = str(row["data_subject_group"])
        if group == view.focus:
            continue
        title = w("severity.title.of", group=group_name(view, group))
        name = f"severity-{view.letter(group).lower()}"
        made.append(Exhibit(name, title, severity_sentence(view, row), columns, _assessment(view, row)))
    return made


def _assessment(view: View, s: Row) -> list[tuple[str | Cell, ...]]:
    w, told = view.words, reasons(view, s)
    rows: list[tuple[str | Cell, ...]] = []
    for part in ("dpc", "ei", "cb", "se"):
        scores = (right(w.number(s[f"{part}_{end}"], 2)) for end in ("lo", "mid", "hi"))
        why = w.name("band", s["band"]) if part == "se" else told[part]
        rows.append((w(f"severity.{part}"), *scores, why))
    for key, more in (("overrides", overrides(view, s)), ("flags", flags(view, s))):
        if more:
            rows.append((w(f"severity.{key}"), "", "", "", more))
    return rows


def _share(view: View, rate: float | None) -> Cell:
    """A base rate as "1 in n", which people read better than a small percentage."""
    w = view.words
    if not rate:
        return right("–")
    return right(w("one_in", n=w.about(1 / rate)) if rate < 0.2 else w.percent(rate))


def _order(row: Row) -> int:
    """Adversaries from the stranger to the acquaintance."""
    return _ADVERSARIES.index(row["adversary"]) if row["adversary"] in _ADVERSARIES else len(_ADVERSARIES)


def _needed(risk_row: Row) -> float:
    return log2(risk_row["population_n"])
