"""The report for machines: the same answers and tables as JSON, names masked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean
from forensics.case.incident import NOTES
from forensics.case.rows import Row
from forensics.reports import sources
from forensics.reports.answers import answers
from forensics.reports.articles import items
from forensics.reports.assessed import reasons
from forensics.reports.html import publish
from forensics.reports.inert import inert
from forensics.reports.shown import bundle as bundle_name
from forensics.reports.summary import findings_json
from forensics.reports.timesketch import message as timeline_message
from forensics.reports.timesketch import moment as timeline_moment
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

VERSION = 2
_RECORDING = (
    "recording_id", "sha256", "started_at", "started_at_basis", "utc_offset_min", "device_id", "occurrences",
)  # fmt: skip
_UTTERANCE = (
    "utterance_id", "recording_id", "started_at", "started_at_basis", "utc_offset_min", "device_id",
    "member_id", "page", "line", "match_score", "occurrences", "data_subject_group",
)  # fmt: skip


def write_json(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
) -> Path:
    """Write the report as JSON.

    Parameters
    ----------
    case : Case
    path : path
    reveal : bool
        Show names and transcripts.
    purpose : str
        Why; goes into the custody log.
    language : {'en', 'de'}, optional
        The case's report language by default.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language)
    content = json.dumps(as_dict(view), indent=1, ensure_ascii=False) + "\n"
    return publish(case, Path(path), content.encode(), revealed=reveal)


def as_dict(view: View) -> dict[str, Any]:
    """The report as plain JSON types.

    Parameters
    ----------
    view : View
    """
    content = {
        "format": VERSION,
        "case": view.state["id"],
        "tool": f"forensics {view.state['version']}",
        "language": view.words.language,
        "names": "shown" if view.masker.revealed else "masked",
        "note": view.words("report.masked") if not view.masker.revealed else "",
        "as_of": view.as_of,
        "custody_head": view.evidence_head,
        "bundles": [{**b, "name": bundle_name(view, n)} for n, b in enumerate(view.state["bundles"])],
        "incident": {key: _fact(view, key, value) for key, value in view.incident.items()},
        "aware_at": view.aware_at,
        "notify_by": view.notify_by,
        "answers": [asdict(answer) for answer in answers(view)],
        "articles": [asdict(item) for item in items(view)],
        "findings": findings_json(view),
        "groups": [_group(view, g) for g in view.rows("groups")],
        "recordings": [_recording(view, r) for r in view.rows("recordings")],
        "utterances": [_utterance(view, u) for u in view.rows("utterances")],
        "devices": [_device(view, d) for d in view.rows("devices")],
        "claims": [_claim(view, c) for c in view.claims],
        "exposure": [_sourced(view, row) for row in view.exposure],
        "disclosure": [asdict(one) for one in view.disclosures],
        "risk": [
            {
                **row,
                "population": sources.population(view, row),
                "dependence": view.words("populations.sentence"),
            }
            for row in view.rows("risk")
        ],
        "voice_risk": list(view.rows("voice_risk")),
        "voice_curve": list(view.rows("voice_curve")),
        "severity": [_assessment(view, row) for row in view.rows("severity")],
        "timeline": [
            {**row, "message": timeline_message(view, row), "timestamp_desc": timeline_moment(view, row)}
            for row in view.rows("timeline")
        ],
    }
    plain: dict[str, Any] = clean(content)
    return plain


def _fact(view: View, key: str, value: str) -> str:
    """A fact as recorded; of free notes, names of the case are masked."""
    return value if key not in NOTES else view.words_of(value)


def _group(view: View, row: Row) -> Row:
    facts = [
        {"name": fact["name"], "value": inert(fact["value"]) if view.masker.revealed else None}
        for fact in row["evidence"]
    ]
    return {**row, "evidence": facts}


def _recording(view: View, row: Row) -> Row:
    kept = {key: row[key] for key in _RECORDING}
    said = view.masker.free_text(row["vendor_text"])
    return {**kept, "data_subject_group": row["data_subject_group"], "vendor_text": said}


def _utterance(view: View, row: Row) -> Row:
    kept = {key: row[key] for key in _UTTERANCE}
    said = view.masker.free_text(row["vendor_text"])
    return {**kept, "no": view.label(row["utterance_id"]), "vendor_text": said}


def _device(view: View, row: Row) -> Row:
    kept = {
        key: row[key] for key in ("device_id", "device_type", "owner", "n_recordings", "data_subject_group")
    }
    return {**kept, "shown_as": view.device_text(row["device_id"])}


def _claim(view: View, row: Row) -> Row:
    kept = (
        "claim_id", "attribute", "subject_role", "person_id", "p_value", "p_role", "p_true", "roles",
        "sources", "special_category", "utterance_ids", "mention_ids", "n_support",
    )  # fmt: skip
    return {
        **{key: row[key] for key in kept},
        "value": view.claim_text(row),
        "dep_group": row["dep_group"],
        "data_subject_group": row["data_subject_group"],
    }


def _sourced(view: View, row: Row) -> Row:
    """A row of ``exposure``, its source in the report's language."""
    claim = next((c for c in view.claims if c["claim_id"] == row["claim_id"]), None)
    said = sources.told(view, claim, row) if claim is not None else inert(view.masker.text(row["source"]))
    return {**row, "source": said if isinstance(said, str) else said.text}


def _assessment(view: View, row: Row) -> Row:
    """A row of ``severity``, its reasons in the report's language."""
    return {**row, **{f"{part}_reason": why for part, why in reasons(view, row).items()}}
