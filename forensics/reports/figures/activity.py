"""When, where and on what device the household spoke."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from math import cos, radians

from forensics.reports.figures.style import figure
from forensics.reports.gazetteer import context_towns, locate
from forensics.reports.inert import inert_label
from forensics.reports.palette import LIGHT
from forensics.reports.view import Cell, Exhibit, Row, View, right

_SCALE = [[0, LIGHT["paper"]], [0.001, LIGHT["soft"]], [1, LIGHT["main"]]]
PLACES = ("home_place", "work_place", "other_place")


def timeline(view: View) -> Exhibit:
    """When each device recorded, recordings that nobody meant to make marked."""
    w = view.words
    events = view.rows("timeline")
    intents = view.by_recording("intents")
    accidental = {r for r, i in intents.items() if (i["accidental_score"] or 0) > 0.5}
    made = figure(height=120 + 46 * len({e["device"] for e in events}))
    for meant, colour, symbol in ((True, "main", "circle"), (False, "second", "diamond")):
        chosen = [e for e in events if (e["recording_id"] not in accidental) == meant]
        if not chosen:
            continue
        made.add_scatter(
            x=[e["datetime"].isoformat() for e in chosen],
            y=[inert_label(_device(view, e)) for e in chosen],
            customdata=[w.name("domain", e["domain"]) if e["domain"] else "–" for e in chosen],
            mode="markers",
            marker={"size": 9, "opacity": 0.75, "color": LIGHT[colour], "symbol": symbol},
            name=w("timeline.meant" if meant else "timeline.accidental"),
            hovertemplate="%{x|%Y-%m-%d %H:%M} UTC<br>%{y}<br>%{customdata}<extra></extra>",
        )
    per_device = Counter(_device(view, e) for e in events)
    times = [e["datetime"] for e in events]
    untimed = len(view.rows("recordings")) - len({e["recording_id"] for e in events})
    sentence = (
        w(
            "timeline.sentence",
            span=w.span(min(times), max(times)),
            n=w.count("recordings", len(events)),
            devices=w.count("devices", len(per_device)),
        )
        if events
        else w("timeline.empty")
    )
    if untimed > 0:
        sentence += " " + w("timeline.untimed", n=w.count("recordings", untimed))
    rows: list[tuple[str | Cell, ...]] = []
    for device, count in sorted(per_device.items(), key=lambda item: (-item[1], item[0])):
        own = [e for e in events if _device(view, e) == device]
        rows.append(
            (
                device,
                right(w.number(count)),
                w.time(min(e["datetime"] for e in own)),
                w.time(max(e["datetime"] for e in own)),
                w.all_of(f"{w.name('domain', d)} ({n})" for d, n in _domains(own)),
            )
        )
    columns = tuple(w(f"timeline.column.{c}") for c in ("device", "n", "first", "last", "domains"))
    return Exhibit("timeline", w("timeline.title"), sentence, columns, rows, made if events else None)


def hours(view: View) -> Exhibit:
    """Recordings by weekday and hour of the household's day."""
    w = view.words
    local, shifted = [], 0
    for recording in view.rows("recordings"):
        if recording["started_at"] is not None:
            shifted += recording["utc_offset_min"] is not None
            local.append(recording["started_at"] + timedelta(minutes=recording["utc_offset_min"] or 0))
    zone = "local" if shifted == len(local) and local else "utc" if not shifted else "mixed"
    counts = Counter((at.weekday(), at.hour) for at in local)
    days = [w(f"weekday.{day}") for day in range(7)]
    grid = [[counts[(day, hour)] for hour in range(24)] for day in range(7)]
    made = figure(height=300)
    made.add_heatmap(
        z=grid,
        x=[f"{hour:02d}" for hour in range(24)],
        y=days,
        colorscale=_SCALE,
        xgap=2,
        ygap=2,
        zmin=0,
        colorbar={"thickness": 10, "outlinewidth": 0, "title": {"text": ""}},
        hovertemplate=f"%{{y}} %{{x}} {w('hours.oclock')}: %{{z}}<extra></extra>",
    )
    made.update_yaxes(autorange="reversed", showgrid=False)
    made.update_xaxes(
        showgrid=False, title={"text": w("hours.axis", zone=w(f"zone.{zone}"))}, type="category"
    )
    rows: list[tuple[str | Cell, ...]] = [
        (
            days[d],
            right(w.number(sum(grid[d]))),
            *(right(str(n) if n else "·") for n in (sum(grid[d][h : h + 3]) for h in range(0, 24, 3))),
        )
        for d in range(7)
    ]
    columns = (w("hours.column.day"), w("hours.column.n"), *(f"{h:02d}–{h + 3:02d}" for h in range(0, 24, 3)))
    if local:
        (day, hour), most = max(counts.items(), key=lambda item: (item[1], item[0]))
        sentence = w(
            "hours.sentence",
            day=w(f"weekday.{day}"),
            hour=f"{hour:02d}",
            n=w.number(most),
            zone=w(f"zone.{zone}"),
        )
    else:
        sentence = w("hours.empty")
    return Exhibit("hours", w("hours.title"), sentence, columns, rows, made if local else None)


def places(view: View) -> Exhibit:
    """Places that the claims name, among the towns around them; no map service is asked."""
    w = view.words
    found = []
    for claim in view.claims:
        if claim["attribute"] in PLACES:
            found.append((claim, locate(claim)))
    rows: list[tuple[str | Cell, ...]] = [
        (
            view.claim_text(c),
            w.name("attribute", c["attribute"]),
            w.name("role", c["subject_role"]),
            right(w.percent(c["p_true"])),
            right(f"{w.number(p.latitude, 2)} / {w.number(p.longitude, 2)}" if p else w("unknown")),
            right(w.number(c["n_support"])),
        )
        for c, p in found
    ]
    columns = tuple(w(f"places.column.{c}") for c in ("place", "kind", "whose", "p", "where", "n"))
    located = [(c, p) for c, p in found if p is not None]
    made = None
    if located:
        made = figure(height=520)
        towns = context_towns([p for _, p in located])
        made.add_scatter(
            x=[t.longitude for t in towns],
            y=[t.latitude for t in towns],
            mode="markers",
            hoverinfo="skip",
            marker={"size": 2.5, "color": LIGHT["faint"]},
            name=w("places.context"),
        )
        for attribute, colour, symbol in zip(
            PLACES, ("second", "main", "third"), ("diamond", "square", "circle"), strict=True
        ):
            chosen = [(c, p) for c, p in located if c["attribute"] == attribute]
            if chosen:
                made.add_scatter(
                    x=[p.longitude for _, p in chosen],
                    y=[p.latitude for _, p in chosen],
                    text=[inert_label(view.claim_text(c)) for c, _ in chosen],
                    mode="markers+text",
                    textposition="top center",
                    marker={
                        "size": [9 + 9 * c["p_true"] for c, _ in chosen],
                        "color": LIGHT[colour],
                        "symbol": symbol,
                        "line": {"width": 1, "color": LIGHT["paper"]},
                    },
                    customdata=[w.percent(c["p_true"]) for c, _ in chosen],
                    name=w.name("attribute", attribute),
                    hovertemplate=f"%{{text}}<br>{w('places.column.p')}: %{{customdata}}<extra></extra>",
                )
        latitudes = [p.latitude for _, p in located]
        made.update_yaxes(
            scaleanchor="x",
            scaleratio=1 / _cosine(sum(latitudes) / len(latitudes)),
            showgrid=False,
            zeroline=False,
            ticksuffix="°",
            title={"text": w("places.latitude")},
        )
        made.update_xaxes(
            showgrid=False,
            zeroline=False,
            ticksuffix="°",
            title={"text": w("places.longitude")},
            constrain="domain",
        )
    homes = [c for c, _ in found if c["attribute"] == "home_place"]
    if homes:
        best = max(homes, key=lambda c: c["p_true"])
        sentence = w(
            "places.sentence",
            place=view.claim_text(best),
            p=w.percent(best["p_true"]),
            n=w.count("mentions", best["n_support"]),
        )
    else:
        sentence = w("places.no_home" if found else "places.empty")
    return Exhibit("places", w("places.title"), sentence, columns, rows, made)


def _device(view: View, event: Row) -> str:
    return view.words_of(event["device"]) if event["device"] else view.words("device.unknown")


def _domains(events: list[Row]) -> list[tuple[str, int]]:
    counts = Counter(e["domain"] for e in events if e["domain"])
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:4]


def _cosine(latitude: float) -> float:
    return max(cos(radians(latitude)), 0.05)
