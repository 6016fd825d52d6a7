"""How the figures were made and who answers for them: incident, review, decision, custody, software."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from forensics.case.digests import digest
from forensics.case.signoff import signed
from forensics.corridor.pipeline import STAGES
from forensics.reidentification.severity import band
from forensics.reports import facts
from forensics.reports.exhibit import Cell, Cells, Exhibit, right
from forensics.reports.inert import inert
from forensics.reports.view import View, exhibit

_PACKAGES = (
    "forensics", "faster-whisper", "openai-whisper", "ctranslate2", "torch", "spacy", "av", "librosa",
    "pandas", "pyarrow", "scipy", "names", "plotly",
)  # fmt: skip
_FEW = 4
"""Reference tables that are named one by one."""


def incident(view: View) -> Exhibit:
    """The facts that no audio can tell, the unknown shown as unknown."""
    w = view.words
    rows: Cells = []
    for name in facts.INCIDENT:
        value = facts.told(view, name) or facts.but_noted(view, name)
        rows.append((w.name("incident", name), value or Cell(w("gap"), gap=True)))
    for name in facts.IF_KNOWN:
        if (told := facts.told(view, name)) is not None:
            rows.append((w.name("incident", name), told))
    known = sum(view.facts.known(name) for name in facts.INCIDENT)
    made = exhibit(
        view, "incident", ("fact", "value"), rows, known=w.number(known), n=w.number(len(facts.INCIDENT))
    )
    return replace(made, sentence=" ".join([made.sentence, *facts.unread(view)]))


def review(view: View) -> Exhibit:
    """Who looked at what."""
    w = view.words
    tally = Counter((d.reviewer, d.table, d.verdict) for d in view.case.review.decisions())
    rows: Cells = [
        (inert(who), w.name("table", table), w.name("verdict", verdict), right(w.number(n)))
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
    usual = band(_score(middle))
    rows: Cells = [_decided(view, w("decision.middle"), middle)]
    turning = []
    for part in ("dpc", "ei", "cb"):
        for end in ("lo", "hi"):
            changed = {**middle, part: s[f"{part}_{end}"]}
            if changed == middle:
                continue
            rows.append(_decided(view, w(f"decision.{part}.{end}"), changed))
            if band(_score(changed)) != usual:
                turning.append(w(f"decision.{part}.{end}"))
    known = {"band": w.name("band", usual), "list": w.any_of(dict.fromkeys(turning))}
    sentence = w("decision.sentence" if turning else "decision.firm", **known)
    if unknown := facts.missing(view):
        sentence += " " + w("decision.unknown", list=w.all_of(unknown))
    return Exhibit("decision", w("decision.title"), sentence, columns, rows)


def _score(inputs: dict[str, float]) -> float:
    return inputs["dpc"] * inputs["ei"] + inputs["cb"]


def _decided(view: View, name: str, inputs: dict[str, float]) -> tuple[str | Cell, ...]:
    w, named = view.words, band(_score(inputs))
    score = right(w.number(_score(inputs), 2))
    return (name, score, w.name("band", named), w(f"decision.article.{named.replace(' ', '_')}"))


def custody(view: View) -> Exhibit:
    """How the figures were made: stages, versions, models."""
    w = view.words
    rows: Cells = []
    for stage in STAGES:
        record = view.case.stage_record(stage.name)
        identity = _identity(record.get("identity", {}))
        written = ", ".join(f"{t} ({w.number(f['rows'])})" for t, f in record.get("outputs", {}).items())
        state = str(stage.version) if record else w("not_yet")
        made = (written if record else "–", inert(identity) or "–")
        rows.append((w.name("stage", stage.name), state, *(Cell(text, code=True) for text in made)))
    return exhibit(view, "custody", ("stage", "version", "tables", "identity"), rows, head=view.evidence_head)


def software(view: View) -> Exhibit:
    """Versions of what the figures rest on."""
    rows: Cells = [_package("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            rows.append(_package(name, version(name)))
        except PackageNotFoundError:  # an engine that is not installed had no part in the figures
            continue
    return exhibit(view, "software", ("name", "version"), rows, version=view.state["version"])


def _identity(known: Mapping[str, Any]) -> str:
    """Models and versions by name; many reference tables are told by their number and one digest of all."""
    tables = {name: value for name, value in known.items() if name.endswith(".csv")}
    if len(tables) > _FEW:
        known = {name: value for name, value in known.items() if name not in tables}
        known = {**known, f"*.csv ({len(tables)})": digest(tables)}
    return "; ".join(f"{name} {_short(value)}" for name, value in sorted(known.items()))


def _package(name: str, number: str) -> tuple[str | Cell, ...]:
    return Cell(name, code=True), Cell(number, code=True)


def _short(value: Any) -> str:
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 else text
