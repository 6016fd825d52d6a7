"""Before and after: a case beside an earlier state of it, as an earlier JSON report told it.

Of the earlier report only figures, ids and recorded facts are used. A value that a masked report must not
show now is not shown because an earlier one did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from forensics.case.incident import Incident
from forensics.errors import ForensicsError
from forensics.reports import facts
from forensics.reports.exhibit import Cells, Exhibit, right
from forensics.reports.html import asset, environment, publish
from forensics.reports.inert import inert
from forensics.reports.json import VERSION
from forensics.reports.letterhead import Letterhead
from forensics.reports.summary import findings_json
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

STEP = 0.01
"""A statement's probability that moved by less is told as the same."""
Report = Mapping[str, Any]


@dataclass(frozen=True)
class Changes:
    """What differs between two states.

    Parameters
    ----------
    exhibits : tuple of Exhibit
        Figures, facts and statements that differ; those without a difference are left out.
    """

    sentence: str
    exhibits: tuple[Exhibit, ...]


def write_changes(
    case: Case,
    path: str | Path,
    *,
    before: str | Path,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
    letterhead: Letterhead | None = None,
) -> Path:
    """Write what has changed since an earlier JSON report of the same case, as HTML.

    Parameters
    ----------
    before : path
        The earlier report (``--format json``).
    reveal : bool
        Show names.
    purpose : str
        Why; goes into the custody log.

    Raises
    ------
    ForensicsError
        If `before` is no such report, or one of another case.
    ConsentError
        If names are to be revealed without a purpose.
    """
    earlier = _read(Path(before))
    if earlier["case"] != case.state["id"]:
        raise ForensicsError(f"{before} is a report of another case.", "Name an earlier report of this one.")
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language, letterhead=letterhead)
    page = environment().get_template("changes.html.j2").render(
        w=view.words,
        view=view,
        changes=changes(view, earlier),
        style=Markup(asset("report.css")),  # noqa: S704 (our own file, nothing from evidence)
    )  # fmt: skip
    return publish(case, Path(path), page.encode(), revealed=reveal)


def state(view: View) -> dict[str, Any]:
    """What :func:`changes` compares, of the case as it is: a few entries of the JSON report, in a moment.

    Parameters
    ----------
    view : View
        Of the case as it is now; what it masks is not in the state either.
    """
    claimed = ("claim_id", "attribute", "subject_role", "person_id", "p_true", "data_subject_group")
    return {
        "as_of": None if view.as_of is None else view.as_of.isoformat(),
        "incident": dict(view.incident),
        "recordings": view.rows("recordings"),
        "findings": findings_json(view),
        "claims": [{name: claim[name] for name in claimed} for claim in view.claims],
        "risk": view.rows("risk"),
        "severity": view.rows("severity"),
        "disclosure": [{"withheld": one.withheld} for one in view.disclosures],
    }


def changes(view: View, earlier: Report) -> Changes:
    """What differs between an earlier report and the case as it is.

    Parameters
    ----------
    earlier : mapping
        A JSON report.
    """
    w, now = view.words, state(view)
    found = [_figures(view, earlier, now), _facts(view, earlier), _claims(view, earlier, now)]
    shown = tuple(exhibit for exhibit in found if exhibit.rows)
    at = datetime.fromisoformat(earlier["as_of"]) if earlier["as_of"] else None
    states = w("changes.states", before=w.time(at), after=w.time(view.as_of))
    return Changes(states if shown else f"{states} {w('changes.none')}", shown)


def _read(path: Path) -> Report:
    try:
        found = json.loads(path.read_text("utf-8"))
        known = found["format"] == VERSION and {"case", "as_of", "claims", "risk", "severity"} <= found.keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForensicsError(f"{path} is no JSON report.", "Write one with --format json.") from error
    if not known:
        raise ForensicsError(f"{path} is a report of another version.", "Write it anew with --format json.")
    return dict(found)


def _figures(view: View, earlier: Report, now: Report) -> Exhibit:
    w = view.words
    pairs = zip(_told(view, earlier).items(), _told(view, now).values(), strict=True)
    both = [(name, before, after) for (name, before), after in pairs]
    rows: Cells = [(name, right(old), right(new)) for name, old, new in both if old != new]
    told = w("changes.figures.sentence", n=w.number(len(rows)), all=w.number(len(both)))
    return Exhibit("figures", w("changes.figures.title"), told, _heads(view), rows)


def _told(view: View, report: Report) -> dict[str, str]:
    """The figures of one state by name, in words."""
    w, focus = view.words, view.focus
    score = max((s for s in report["severity"] if s["data_subject_group"] == focus), default=None,
                key=lambda s: s["se_hi"])  # fmt: skip
    heard = [
        r
        for r in report["risk"]
        if (r["data_subject_group"], r["adversary"], r["attacker"]) == (focus, "stranger", "listener")
    ]
    risk = max(heard, default=None, key=lambda r: r["p_identify_hi"])
    ends, none = ("lo", "mid", "hi"), w("not_yet")
    shares = " / ".join(w.percent(risk[f"p_identify_{end}"]) for end in ends) if risk else none
    scores = " / ".join(w.number(score[f"se_{end}"], 2) for end in ends) if score else none
    return {
        w("changes.recordings"): w.number(len(report["recordings"])),
        w("changes.findings"): w.number(len(report["findings"])),
        w("changes.p"): shares,
        w("changes.k"): w.interval(w.about(risk["k_lo"]), w.about(risk["k_hi"])) if risk else none,
        w("changes.se"): scores,
        w("changes.band"): w.name("band", score["band"]) if score else none,
        w("changes.withheld"): w.number(sum(len(one["withheld"]) for one in report["disclosure"])),
    }


def _facts(view: View, earlier: Report) -> Exhibit:
    """Facts of the incident that differ, in words."""
    w, before = view.words, view.in_language(view.words)
    before.incident = {str(key): str(value) for key, value in earlier["incident"].items()}
    before.facts = Incident(before.incident)
    rows: Cells = []
    for name in (*facts.INCIDENT, *facts.IF_KNOWN, "signed_off_by"):
        old, new = (facts.told(one, name) or w("not_recorded") for one in (before, view))
        if old != new:
            rows.append((w.name("incident", name), old, new))
    told = w("changes.facts.sentence", n=w.number(len(rows)))
    return Exhibit("facts", w("changes.facts.title"), told, _heads(view), rows)


def _claims(view: View, earlier: Report, now: Report) -> Exhibit:
    """Statements that are new, gone or otherwise sure; of those gone only their kind is told."""
    w = view.words
    old, new = ({c["claim_id"]: c for c in report["claims"]} for report in (earlier, now))
    rows: Cells = []
    for claim in view.claims:
        key = claim["claim_id"]
        was = old.get(key)
        if was is not None and abs(was["p_true"] - claim["p_true"]) < STEP and not _renamed(was, new[key]):
            continue
        what = f"{w.name('attribute', claim['attribute'])}: {view.claim_text(claim)}"
        shown = w("changes.new") if was is None else w.percent(was["p_true"])
        rows.append((what, right(shown), right(w.percent(claim["p_true"]))))
    lost = [claim for key, claim in old.items() if key not in new]
    for claim in lost:
        what = inert(w.name("attribute", str(claim["attribute"])))
        rows.append((what, right(w.percent(claim["p_true"])), right(w("changes.gone"))))
    fresh = sum(key not in old for key in new)
    told = {"new": fresh, "gone": len(lost), "other": len(rows) - fresh - len(lost)}
    sentence = w("changes.claims.sentence", **{name: w.number(n) for name, n in told.items()})
    return Exhibit("claims", w("changes.claims.title"), sentence, _heads(view), rows)


def _renamed(was: Report, claim: Report) -> bool:
    return bool(was["subject_role"] != claim["subject_role"] or was["person_id"] != claim["person_id"])


def _heads(view: View) -> tuple[str, ...]:
    return tuple(view.words(f"changes.column.{name}") for name in ("what", "before", "after"))
