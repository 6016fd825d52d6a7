"""The adversary who compares voices: how he fares against each voice, and how soon."""

from __future__ import annotations

from dataclasses import replace

from forensics.case.rows import Row
from forensics.reports.exhibit import Cells, Exhibit, right
from forensics.reports.figures.style import figure
from forensics.reports.palette import LIGHT
from forensics.reports.sentences import group_name
from forensics.reports.view import View, exhibit

ENOUGH = (0.5, 0.9)
"""Probabilities of which the curve's sentence says when they are reached."""
_ROWS = 13
"""Of the table below the curve: the first and last step, and some between."""
_RISK = ("voice", "heard", "gallery", "first", "rank", "k", "found")
_LINES = (
    ("p_both_mid", "third", "solid", 6), ("p_voice_mid", "main", "solid", 2),
    ("p_words", "second", "dash", 2),
)  # fmt: skip
_CURVE = ("n", "heard", "voice", "words", "both")


def voice_risk(view: View) -> Exhibit:
    """Each voice of a household against galleries of named voices; why it matters where not measured."""
    w = view.words
    found = view.rows("voice_risk")
    if not found:
        return exhibit(view, "voice_risk", _RISK, [], sentence="voice_risk.unmeasured")
    rows: Cells = []
    for row in sorted(found, key=lambda r: (*_place(view, r), r["gallery_n"])):
        rows.append(
            (
                _name(view, row),
                right(_length(view, row)),
                right(w.about(row["gallery_n"])),
                _shares(view, row, "p_first"),
                _places(view, row, "rank"),
                _places(view, row, "k"),
                _shares(view, row, "p_identify"),
            )
        )
    told = {"speakers": w.number(found[0]["n_speakers"]), "p": w.percent(found[0]["p_in_gallery"])}
    said = f"{w('voice_risk.sentence', **told)} {w('voice_risk.published')}"
    return replace(exhibit(view, "voice_risk", _RISK, rows, **told), sentence=said)


def voice_curve(view: View) -> Exhibit | None:
    """How many recordings until the voice alone is enough; None where it was not measured."""
    w = view.words
    steps = [r for r in view.rows("voice_curve") if r["data_subject_group"] == view.focus]
    if not steps:
        return None
    kept = sorted({round(i * (len(steps) - 1) / (_ROWS - 1)) for i in range(_ROWS)})
    rows: Cells = [
        (
            right(w.number(step["n_recordings"])),
            right(w.duration(step["speech_s"])),
            _shares(view, step, "p_voice"),
            right(w.percent(step["p_words"])),
            _shares(view, step, "p_both"),
        )
        for step in (steps[i] for i in kept)
    ]
    made = figure(height=360)
    x = [step["n_recordings"] for step in steps]
    for end, colour, dash, width in _LINES:  # both below the voice alone, which it often equals
        made.add_scatter(
            x=x,
            y=[step[end] for step in steps],
            mode="lines",
            name=w(f"voice_curve.legend.{end.split('_')[1]}"),
            line={"color": LIGHT[colour], "width": width, "dash": dash},
            customdata=[w.percent(step[end]) for step in steps],
            hovertemplate="%{customdata}<extra></extra>",
        )
    made.update_yaxes(range=[-0.02, 1.02], tickformat=".0%", title={"text": w("voice_curve.axis.y")})
    made.update_xaxes(title={"text": w("voice_curve.axis.x")}, rangemode="tozero")
    said = [w("voice_curve.sentence", n=w.about(steps[0]["gallery_n"])), *_enough(view, steps)]
    heads = tuple(w(f"voice_curve.column.{c}") for c in _CURVE)
    return Exhibit("voice_curve", w("voice_curve.title"), " ".join(said), heads, rows, made)


def _enough(view: View, steps: list[Row]) -> list[str]:
    w, said = view.words, []
    for level in ENOUGH:
        reached = next((s for s in steps if s["p_voice_mid"] >= level), None)
        p = w.percent(level)
        if reached is None:
            said.append(w("voice_curve.never", p=p))
        else:
            said.append(w("voice_curve.enough", p=p, n=w.count("recordings", reached["n_recordings"])))
    return said


def _place(view: View, row: Row) -> tuple[str, float, str]:
    return view.letter(str(row["data_subject_group"])), -row["speech_s"], row["voice_id"]


def _name(view: View, row: Row) -> str:
    """A voice by its place among those of its data subject, the one that is heard longest first."""
    group = str(row["data_subject_group"])
    known = {
        r["voice_id"]: -r["speech_s"] for r in view.rows("voice_risk") if r["data_subject_group"] == group
    }
    order = sorted(known, key=lambda voice: (known[voice], voice))
    w = view.words
    return w("voice_risk.name", n=w.number(order.index(row["voice_id"]) + 1), group=group_name(view, group))


def _length(view: View, row: Row) -> str:
    w = view.words
    return f"{w.duration(row['speech_s'])}, {w.count('recordings', row['n_recordings'])}"


def _shares(view: View, row: Row, name: str) -> str:
    w = view.words
    low, middle, high = (w.percent(row[f"{name}_{end}"]) for end in ("lo", "mid", "hi"))
    return f"{middle} ({w.interval(low, high)})"


def _places(view: View, row: Row, name: str) -> str:
    w = view.words
    low, middle, high = (w.about(row[f"{name}_{end}"]) for end in ("lo", "mid", "hi"))
    return f"{middle} ({w.interval(low, high)})"
