"""The severity's reasons in the report's language, from the figures that they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forensics.case.incident import OVERRIDES, override
from forensics.case.kinds import SEVERITY_FLAGS
from forensics.case.rows import Row
from forensics.reidentification.scored import Why
from forensics.reidentification.severity import MANY, measured
from forensics.reports import facts
from forensics.reports.inert import inert
from forensics.reports.view import View


def reasons(view: View, assessment: Row) -> dict[str, str]:
    """Why each part of a score is what it is, by part: ``dpc``, ``ei`` and ``cb``.

    Parameters
    ----------
    assessment : dict
        A row of ``severity``.
    """
    w, group = view.words, assessment["data_subject_group"]
    own = {
        table: [row for row in view.rows(table) if row["data_subject_group"] == group]
        for table in ("groups", "claims", "risk")
    }
    if not own["groups"]:
        return dict.fromkeys(("dpc", "ei", "cb"), "")
    scored = measured(own["groups"][0], own["claims"], own["risk"], view.incident)
    found = {}
    for key, (part, score) in zip(OVERRIDES, scored.items(), strict=True):
        said = _sentence("; ".join(_told(view, part, why) for why in score.why))
        if (chosen := override(view.incident, key)) is not None:
            said = w("why.overridden", reason=view.words_of(chosen[1]), measured=said)
        found[part] = said
    return found


def flags(view: View, assessment: Row) -> str:
    """What an assessor must look at besides the score; empty if there is nothing."""
    w, known = view.words, {"n": view.words.number(MANY)}
    # a case of an older version has sentences here
    told = (w(f"flag.{c}", **known) if c in SEVERITY_FLAGS else inert(c) for c in assessment["flags"])
    return _sentence("; ".join(told))


def overrides(view: View, assessment: Row) -> str:
    """The assessor's own values and who set them; empty if there are none."""
    w, said = view.words, []
    for key in OVERRIDES:
        if (chosen := override(view.incident, key)) is not None:
            part = w(f"severity.{key.removesuffix('_override')}")
            said.append(f"{part}: {w.number(chosen[0], 2)} ({view.words_of(chosen[1])})")
    who = f" – {inert(assessment['reviewer'])}" if assessment["reviewer"] and said else ""
    return "; ".join(said) + who


def _told(view: View, part: str, why: Why) -> str:
    w, told = view.words, why.told
    if why.code == "found":
        return w(
            "why.ei.found",
            **{end: w.percent(told[end]) for end in ("lo", "mid", "hi")},
            k=w.about(told["k"]),
            n=w.about(told["n"]),
            unit=w.name("unit_of", told["unit"]),
        )
    return w(f"why.{part}.{why.code}", **_figures(view, why.code, told))


def _figures(view: View, code: str, told: Mapping[str, Any]) -> dict[str, str]:
    w = view.words
    if code in ("months", "weeks"):
        return {"days": w.number(told["days"]), "recordings": w.count("recordings", told["recordings"])}
    if code in ("full_name", "direct"):
        return {"list": w.all_of(w.name("attribute", what) for what in told["what"])}
    if code == "special":
        return {"list": w.all_of(w.name("special", what) for what in told["what"])}
    if code == "confidentiality":
        known = {name: _fact(view, name) for name in ("recipient", "containment")}
        return {"score": _span(view, told), **known}
    if code == "malice":
        return {"score": _span(view, told), "intent": _fact(view, "intent")}
    return {}


def _fact(view: View, name: str) -> str:
    """A fact without its note, or that it is not recorded."""
    if not view.facts.known(name):
        return view.words("not_recorded")
    return view.words(f"fact.{name}.{view.incident[name]}")


def _span(view: View, told: Mapping[str, Any]) -> str:
    return view.words.interval(*(view.words.number(told[end], 2) for end in ("lo", "hi")))


def _sentence(text: str) -> str:
    return f"{facts.capital(text)}." if text else ""
