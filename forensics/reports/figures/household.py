"""Who is spoken of, by how they seem to stand to the subject."""

from __future__ import annotations

from math import cos, pi, sin

from forensics.case.rows import Row
from forensics.reports.exhibit import Cell, Exhibit, right
from forensics.reports.figures.style import figure
from forensics.reports.inert import inert_label
from forensics.reports.palette import LIGHT
from forensics.reports.people import ROLES
from forensics.reports.view import View

_NAMED = ("first_name", "contact", "surname", "child", "relation")
_LOOKS = {"companion": ("second", "diamond"), "child": ("third", "square"), "visitor": ("faint", "circle")}
_SHOWN = 16  # more people than this crowd the figure; the table has them all


def household(view: View) -> Exhibit:
    """The people around the subject: nearer means likelier."""
    w = view.words
    people = _people(view)
    rows: list[tuple[str | Cell, ...]] = [
        (
            name,
            w.name("role", role),
            w.all_of(w.name("attribute", c["attribute"]) for c in claims),
            right(w.percent(max(c["p_true"] for c in claims))),
            right(w.number(len({u for c in claims for u in c["utterance_ids"]}))),
        )
        for (role, name), claims in people
    ]
    columns = tuple(w(f"household.column.{c}") for c in ("who", "role", "known_by", "p", "n"))
    around = [((role, name), claims) for (role, name), claims in people if role != "subject"][:_SHOWN]
    if not around:
        return Exhibit("household", w("household.title"), w("household.empty"), columns, rows)
    made = figure(height=420)
    spots = []
    for number, (_, claims) in enumerate(around):
        angle = pi / 2 - 2 * pi * number / len(around)
        distance = 1.25 - 0.6 * max(c["p_true"] for c in claims)
        spots.append((distance * cos(angle), distance * sin(angle)))
    for x, y in spots:
        made.add_scatter(x=[0, x], y=[0, y], mode="lines", line={"color": LIGHT["grid"], "width": 2},
                         hoverinfo="skip", showlegend=False)  # fmt: skip
    made.add_scatter(
        x=[0],
        y=[0],
        mode="markers+text",
        text=[w.name("role", "subject")],
        textposition="bottom center",
        name=w.name("role", "subject"),
        marker={"size": 20, "color": LIGHT["ink"], "symbol": "circle"},
        hoverinfo="skip",
    )
    for role in dict.fromkeys(role for (role, _), _ in around):
        colour, symbol = _LOOKS.get(role, ("main", "circle"))
        own = [(spot, one) for spot, one in zip(spots, around, strict=True) if one[0][0] == role]
        made.add_scatter(
            x=[x for (x, _), _ in own],
            y=[y for (_, y), _ in own],
            text=[inert_label(name) for _, ((_, name), _) in own],
            mode="markers+text",
            textposition=[_outward(x, y) for (x, y), _ in own],
            marker={"size": 14, "color": LIGHT[colour], "symbol": symbol},
            customdata=[w.percent(max(c["p_true"] for c in claims)) for _, (_, claims) in own],
            name=w.name("role", role),
            hovertemplate="%{text}: %{customdata}<extra></extra>",
        )
    made.update_xaxes(visible=False, range=[-1.6, 1.6])
    made.update_yaxes(visible=False, range=[-1.45, 1.45], scaleanchor="x", scaleratio=1)
    roles = [role for (role, _), _ in people if role != "subject"]
    told = (
        f"{w(f'people.{r}.{_form(roles.count(r))}', n=w.number(roles.count(r)))}"
        for r in dict.fromkeys(roles)
    )
    sentence = w("household.sentence", list=w.all_of(told))
    return Exhibit("household", w("household.title"), sentence, columns, rows, made)


def _outward(x: float, y: float) -> str:
    """Where a label stands so that it runs away from the middle, where the others are."""
    if abs(x) < 0.3 * abs(y):
        return "top center" if y >= 0 else "bottom center"
    return "middle right" if x > 0 else "middle left"


def _people(view: View) -> list[tuple[tuple[str, str], list[Row]]]:
    """Claims by role and person, the likeliest person first."""
    found: dict[tuple[str, str], list[Row]] = {}
    for claim in view.focus_claims:
        if claim["attribute"] in _NAMED:
            known = claim["subject_role"] in (*ROLES, "relative")
            role = claim["subject_role"] if known else "contact"
            if claim["attribute"] == "relation" and role == "subject":
                role = "contact"  # "my wife": somebody stands so to the subject
            name = view.claim_text(claim)
            found.setdefault((role, name), []).append(claim)
    return sorted(found.items(), key=lambda one: (-max(c["p_true"] for c in one[1]), one[0]))


def _form(count: int) -> str:
    return "one" if count == 1 else "other"
