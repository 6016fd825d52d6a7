"""How the figures were made and who answers for them: incident, review, decision, custody, software."""

from __future__ import annotations

import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from forensics.case.signoff import signed
from forensics.corridor.pipeline import STAGES
from forensics.reports.exhibit import Cell, Cells, Exhibit, right
from forensics.reports.inert import inert
from forensics.reports.view import View, exhibit

INCIDENT = (
    "aware_at", "controller", "dpo", "recipient", "containment", "intent", "individuals", "unintelligible",
)  # fmt: skip
_PACKAGES = (
    "forensics", "faster-whisper", "openai-whisper", "ctranslate2", "torch", "spacy", "av", "librosa",
    "pandas", "pyarrow", "scipy", "names", "plotly",
)  # fmt: skip


def incident(view: View) -> Exhibit:
    """The facts that no audio can tell, the unknown shown as unknown."""
    w = view.words
    rows: Cells = []
    for key in INCIDENT:
        value = w.time(view.aware_at) if key == "aware_at" and view.aware_at else view.incident.get(key)
        rows.append((w.name("incident", key), inert(value) if value else Cell(w("gap"), gap=True)))
    known = sum(key in view.incident for key in INCIDENT)
    return exhibit(
        view, "incident", ("fact", "value"), rows, known=w.number(known), n=w.number(len(INCIDENT))
    )


def review(view: View) -> Exhibit:
    """Who looked at what."""
    w = view.words
    tally = Counter((d.reviewer, d.table, d.verdict) for d in view.case.review.decisions())
    rows: Cells = [
        (inert(who), inert(table), w.name("verdict", verdict), right(w.number(n)))
        for (who, table, verdict), n in sorted(tally.items())
    ]
    sentence = w("review.sentence", n=w.count("decisions", tally.total())) if rows else w("review.nobody")
    if rows and (gone := len(view.case.review.orphans())):
        sentence += " " + w("review.orphans", n=w.count("decisions", gone))
    sentence = f"{signature(view)} {sentence}"
    columns = tuple(w(f"review.column.{c}") for c in ("reviewer", "table", "verdict", "n"))
    return Exhibit("review", w("review.title"), sentence, columns, rows)


def signature(view: View) -> str:
    """Who signed off and when, and whether the case has changed since."""
    w, known = view.words, signed(view.case)
    if known is None:
        return w("signoff.nobody")
    told = {"who": inert(known.by), "at": w.time(known.at)}
    return w("signoff.current" if known.current else "signoff.changed", **told)


def decision(view: View) -> Exhibit:
    """What would change the decision: each input of the severity at its ends, the others in the middle."""
    w, s = view.words, view.severity
    columns = tuple(w(f"decision.column.{c}") for c in ("if", "se", "band", "article"))
    if s is None:
        return Exhibit("decision", w("decision.title"), w("severity.empty"), columns, [])
    middle = {part: s[f"{part}_mid"] for part in ("dpc", "ei", "cb")}
    usual = _band(middle)
    rows: Cells = [_decided(view, w("decision.middle"), middle)]
    turning = []
    for part in ("dpc", "ei", "cb"):
        for end in ("lo", "hi"):
            changed = {**middle, part: s[f"{part}_{end}"]}
            if changed == middle:
                continue
            rows.append(_decided(view, w(f"decision.{part}.{end}"), changed))
            if _band(changed) != usual:
                turning.append(w(f"decision.{part}.{end}"))
    known = {"band": w.name("band", usual), "list": w.all_of(dict.fromkeys(turning))}
    sentence = w("decision.sentence" if turning else "decision.firm", **known)
    if unknown := [
        w.name("incident", k) for k in ("recipient", "containment", "intent") if k not in view.incident
    ]:
        sentence += " " + w("decision.unknown", list=w.all_of(unknown))
    return Exhibit("decision", w("decision.title"), sentence, columns, rows)


def _band(inputs: dict[str, float]) -> str:
    """ENISA 2013, section 3: below 2 low, below 3 medium, below 4 high, else very high."""
    score = inputs["dpc"] * inputs["ei"] + inputs["cb"]
    return "low" if score < 2 else "medium" if score < 3 else "high" if score < 4 else "very high"


def _decided(view: View, name: str, inputs: dict[str, float]) -> tuple[str | Cell, ...]:
    w, band = view.words, _band(inputs)
    score = right(w.number(inputs["dpc"] * inputs["ei"] + inputs["cb"], 2))
    return (name, score, w.name("band", band), w(f"decision.article.{band.replace(' ', '_')}"))


def custody(view: View) -> Exhibit:
    """How the figures were made: stages, versions, models."""
    w = view.words
    rows: Cells = []
    for stage in STAGES:
        record = view.case.stage_record(stage.name)
        identity = "; ".join(f"{k} {_short(v)}" for k, v in sorted(record.get("identity", {}).items()))
        written = w.all_of(f"{t} ({w.number(f['rows'])})" for t, f in record.get("outputs", {}).items())
        state = str(stage.version) if record else w("not_yet")
        rows.append((stage.name, state, written if record else "–", inert(identity) or "–"))
    return exhibit(view, "custody", ("stage", "version", "tables", "identity"), rows, head=view.evidence_head)


def software(view: View) -> Exhibit:
    """Versions of what the figures rest on."""
    rows: Cells = [("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:  # an engine that is not installed had no part in the figures
            continue
    return exhibit(view, "software", ("name", "version"), rows, version=view.state["version"])


def _short(value: Any) -> str:
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 else text
