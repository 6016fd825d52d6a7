"""When, where and on what device the household spoke."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import cos, radians
from zoneinfo import ZoneInfo

import plotly.graph_objects as go

from forensics.case.rows import Row
from forensics.knowledge.towns import Town, around, context_towns, locate, zone_of
from forensics.reports.exhibit import Cell, Exhibit, right
from forensics.reports.figures.style import figure
from forensics.reports.inert import inert_label
from forensics.reports.outlines import outlines
from forensics.reports.palette import LIGHT
from forensics.reports.shown import likeliest_place
from forensics.reports.timeline import ACCIDENTAL
from forensics.reports.view import View

_SCALE = [[0, LIGHT["paper"]], [0.001, LIGHT["soft"]], [1, LIGHT["main"]]]
_TICKS = 6
_ENOUGH = 0.3  # a home less probable than this does not set the time zone
PLACES = ("home_place", "work_place", "other_place")


def timeline(view: View) -> Exhibit:
    """When each device recorded, recordings that nobody meant to make marked."""
    w = view.words
    events = view.rows("timeline")
    intents = view.by_utterance("intents")
    accidental = {u for u, i in intents.items() if (i["accidental_score"] or 0) > ACCIDENTAL}
    made = figure(height=120 + 46 * len({_device(view, e) for e in events}))
    for meant, colour, symbol in ((True, "main", "circle"), (False, "second", "diamond")):
        chosen = [e for e in events if (e["utterance_id"] not in accidental) == meant]
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
    times = [_at(view, e) for e in events]
    made.update_xaxes(title={"text": w("timeline.axis")})
    if days := _days(times):
        made.update_xaxes(tickvals=[d.isoformat() for d in days], ticktext=[w.day(d) for d in days])
    untimed = len(view.rows("utterances")) - len({e["utterance_id"] for e in events})
    sentence = (
        w(
            "timeline.sentence",
            span=w.span(min(times), max(times)),
            n=w.count("utterances", len(events)),
            devices=w.count("devices", len(per_device)),
        )
        if events
        else w("timeline.empty")
    )
    if untimed > 0:
        sentence += " " + w("timeline.untimed", n=w.count("utterances", untimed))
    rows: list[tuple[str | Cell, ...]] = []
    for device, count in sorted(per_device.items(), key=lambda item: (-item[1], item[0])):
        own = [e for e in events if _device(view, e) == device]
        rows.append(
            (
                device,
                right(w.number(count)),
                w.time(min(_at(view, e) for e in own)),
                w.time(max(_at(view, e) for e in own)),
                w.all_of(f"{w.name('domain', d)} ({n})" for d, n in _domains(own)),
            )
        )
    columns = tuple(w(f"timeline.column.{c}") for c in ("device", "n", "first", "last", "domains"))
    return Exhibit("timeline", w("timeline.title"), sentence, columns, rows, made if events else None)


def _days(times: list[datetime]) -> list[datetime]:
    """Midnights between the first and the last time, a handful; none where hours tell more."""
    if not times or max(times) - min(times) < timedelta(days=2):
        return []
    first = min(times).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    count = (max(times) - first).days + 1
    return [first + timedelta(days=n) for n in range(0, count + 1, max(1, round(count / _TICKS)))]


def hours(view: View) -> Exhibit:
    """Utterances by weekday and hour of the household's day."""
    w = view.words
    local, zone = _local_times(view)
    counts = Counter((at.weekday(), at.hour) for at in local)
    days = [w(f"weekday.{day}") for day in range(7)]
    grid = [[counts[(day, hour)] for hour in range(24)] for day in range(7)]
    most = max(counts.values(), default=0)
    made = figure(height=300)
    made.add_heatmap(
        z=grid,
        x=[f"{hour:02d}" for hour in range(24)],
        y=days,
        colorscale=_SCALE,
        xgap=2,
        ygap=2,
        zmin=0,
        name=w("hours.legend"),
        showlegend=True,
        zmax=max(most, 1),
        colorbar={"thickness": 10, "outlinewidth": 0, "dtick": max(1, round(most / 4))},
        hovertemplate=f"%{{y}} %{{x}} {w('hours.oclock')}: %{{z}}<extra></extra>",
    )
    made.update_yaxes(autorange="reversed", showgrid=False)
    made.update_xaxes(showgrid=False, title={"text": w("hours.axis", zone=zone)}, type="category")
    thirds = range(0, 24, 3)
    rows: list[tuple[str | Cell, ...]] = [
        (days[day], right(w.number(sum(grid[day]))), *(right(str(sum(grid[day][h : h + 3]))) for h in thirds))
        for day in range(7)
    ]
    columns = (w("hours.column.day"), w("hours.column.n"), *(f"{h:02d}–{h + 3:02d}" for h in thirds))
    sentence = w("hours.empty")
    if local:
        (day, hour), _ = max(counts.items(), key=lambda item: (item[1], item[0]))
        text = f"{hour:02d}"
        told = {"n": w.number(most), "all": w.count("utterances", len(local)), "zone": zone}
        sentence = w("hours.sentence", day=days[day], hour=text, **told)
    return Exhibit("hours", w("hours.title"), sentence, columns, rows, made if local else None)


def _local_times(view: View) -> tuple[list[datetime], str]:
    """Starts in the household's time, and what time that is.

    An offset stated by the export counts; without one the zone of the most probable home is taken, which is
    an assumption and said to be one.
    """
    w = view.words
    home = best_home(view)
    town = locate(likeliest_place(home)) if home and home["p_true"] >= _ENOUGH else None
    zone = zone_of(town) if town else None
    times, stated = [], 0
    for utterance in view.rows("utterances"):
        at, offset = utterance["started_at"], utterance["utc_offset_min"]
        if at is None or utterance["data_subject_group"] != view.focus:
            continue
        stated += offset is not None
        if offset is not None:
            times.append(at + timedelta(minutes=offset))
        else:
            times.append(at.astimezone(ZoneInfo(zone)) if zone else at)
    if times and stated == len(times):
        return times, w("zone.local")
    if zone:
        return times, w("zone.assumed", zone=w.zone(zone))
    return times, w("zone.utc" if not stated else "zone.mixed")


def best_home(view: View) -> Row | None:
    """The most probable home of the household in focus."""
    homes = [
        c for c in view.focus_claims if c["attribute"] == "home_place" and c["subject_role"] == "subject"
    ]
    return max(homes, key=lambda c: (c["p_true"], c["claim_id"]), default=None)


def places(view: View) -> Exhibit:
    """Places that the claims name, among the towns around them; no map service is asked."""
    w = view.words
    found = [
        (c, None if c["claim_id"] in view.withheld else locate(likeliest_place(c)))
        for c in view.focus_claims
        if c["attribute"] in PLACES
    ]
    rows: list[tuple[str | Cell, ...]] = [
        (
            view.claim_text(c),
            w.name("attribute", c["attribute"]),
            right(w.percent(c["p_true"])),
            right(f"{w.number(p.latitude, 2)} / {w.number(p.longitude, 2)}" if p else w("unknown")),
            right(w.number(c["n_support"])),
        )
        for c, p in found
    ]
    columns = tuple(w(f"places.column.{c}") for c in ("place", "kind", "p", "where", "n"))
    located = [(c, p) for c, p in found if p is not None]
    home = best_home(view)
    middle = next((p for c, p in located if home and c["claim_id"] == home["claim_id"]), None)
    middle = middle or (located[0][1] if located else None)
    shown = [(c, p) for c, p in located if middle and around(middle, [p])]
    sentence = w("places.no_home" if found else "places.empty")
    if home is not None and home["claim_id"] in view.withheld:
        sentence = w("places.withheld", p=w.percent(home["p_true"]))
    elif home is not None:
        how = "sure" if home["p_true"] >= 0.8 else "likely" if home["p_true"] >= 0.5 else "open"
        sentence = w(
            f"places.sentence.{how}",
            place=view.claim_text(home),
            p=w.percent(home["p_true"]),
            n=w.count("utterances", home["n_support"]),
        )
    if len(shown) < len(located):
        far = sorted({view.claim_text(c) for c, p in located if (c, p) not in shown})
        sentence += " " + w("places.far", list=w.all_of(far))
    return Exhibit("places", w("places.title"), sentence, columns, rows, _map(view, shown) if shown else None)


def _map(view: View, shown: list[tuple[Row, Town]]) -> go.Figure:
    w = view.words
    made = figure(height=440)
    towns, (west, east, south, north) = context_towns([p for _, p in shown])
    wide, high = east - west, north - south  # half a window more: a wide page shows more of the map
    across, up = outlines((west - wide / 2, east + wide / 2, south - high / 2, north + high / 2))
    made.add_scatter(
        x=across,
        y=up,
        mode="lines",
        hoverinfo="skip",
        line={"color": LIGHT["faint"], "width": 1.2},
        name=w("places.outlines"),
    )
    made.add_scatter(
        x=[t.longitude for t in towns],
        y=[t.latitude for t in towns],
        mode="markers",
        hoverinfo="skip",
        marker={"size": 3, "color": LIGHT["faint"]},
        name=w("places.context"),
    )
    looks = zip(PLACES, ("second", "main", "third"), ("diamond", "square", "circle"), strict=True)
    sides = _label_sides([p for _, p in shown])
    for attribute, colour, symbol in looks:
        chosen = [(c, p) for c, p in shown if c["attribute"] == attribute]
        if not chosen:
            continue
        made.add_scatter(
            x=[p.longitude for _, p in chosen],
            y=[p.latitude for _, p in chosen],
            text=[inert_label(view.claim_text(c)) for c, _ in chosen],
            mode="markers+text",
            textposition=[sides[p] for _, p in chosen],
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
    look = {"showgrid": False, "zeroline": False, "ticksuffix": "°", "nticks": 7}
    scale = 1 / max(cos(radians((south + north) / 2)), 0.05)
    made.update_yaxes(
        range=[south, north], title={"text": w("places.latitude")}, scaleanchor="x", scaleratio=scale, **look
    )
    made.update_xaxes(range=[west, east], title={"text": w("places.longitude")}, **look)
    return made


def _label_sides(towns: list[Town]) -> dict[Town, str]:
    """Where each label goes: neighbours from west to east take turns, so that they do not overlap."""
    turns = ("middle left", "bottom right", "top center", "middle right")
    ordered = sorted(set(towns), key=lambda t: (t.longitude, t.latitude))
    return {town: turns[n % len(turns)] for n, town in enumerate(ordered)}


def _device(view: View, event: Row) -> str:
    return view.device_text(event["device_id"])


def _at(view: View, event: Row) -> datetime:
    """When it happened, in the zone that the export gave the utterance's time in."""
    utterance = view.by_utterance("utterances").get(event["utterance_id"] or "")
    return (view.started(utterance) if utterance else None) or event["datetime"]


def _domains(events: list[Row]) -> list[tuple[str, int]]:
    counts = Counter(e["domain"] for e in events if e["domain"])
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:4]
