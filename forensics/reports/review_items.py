"""What there is to review: recordings, mentions and claims as short lines, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from forensics.case.review import row_key
from forensics.case.rows import Row
from forensics.errors import ForensicsError
from forensics.reports.inert import inert
from forensics.reports.view import View

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Kind:
    """One kind of thing to review.

    Parameters
    ----------
    corrected : str
        The column that a correction changes.
    line : callable
        A row's number, words and doubt: what the list shows.
    facts : callable
        What is known of a row, as names and values.
    """

    corrected: str
    line: Callable[[View, Row], tuple[str, str, float]]
    facts: Callable[[View, Row], Facts]


def index(view: View, table: str) -> list[dict[str, Any]]:
    """All rows of a table as lines of a list, names masked unless the view reveals them.

    Parameters
    ----------
    view : View
    table : str
        A key of :data:`ITEMS`.

    Returns
    -------
    list of dict
        ``id``, ``no``, ``text``, ``doubt`` (0 to 1) and ``state``: the last verdict, or empty.
    """
    states = {d.row_id: d.verdict for d in view.case.review.decisions(table)}
    key, found = row_key(table), []
    for row in _rows(view, table):
        number, text, doubt = _kind(table).line(view, row)
        state = states.get(row[key], "")
        found.append({"id": row[key], "no": number, "text": text, "doubt": round(doubt, 3), "state": state})
    return found


def details(view: View, table: str, row_id: str) -> dict[str, Any]:
    """One row in full.

    Parameters
    ----------
    view : View
    table, row_id : str

    Returns
    -------
    dict
        ``id``, ``title``, ``facts``, ``recordings`` (id, label of the utterance,
        second), ``value`` (None while masked) and
        ``decisions``.

    Raises
    ------
    ForensicsError
        If there is no such row.
    """
    kind, key = _kind(table), row_key(table)
    row = next((r for r in _rows(view, table) if r[key] == row_id), None)
    if row is None:
        raise ForensicsError(f"Table '{table}' has no row '{row_id}'.", "Recompute, then look again.")
    number, text, _ = kind.line(view, row)
    made = [d for d in view.case.review.decisions(table) if d.row_id == row_id]
    return {
        "id": row_id,
        "title": f"{number} {text}",
        "facts": kind.facts(view, row),
        "recordings": [(r, view.label(u), at) for u, r, at in _heard_in(view, table, row)],
        "value": row[kind.corrected] if view.masker.revealed else None,
        "decisions": [
            (d.verdict, inert(d.reviewer), d.at[:16].replace("T", " "), inert(d.reason)) for d in made
        ],
    }


def _kind(table: str) -> Kind:
    if table not in ITEMS:
        raise ForensicsError(f"'{table}' is not reviewed.", f"Choose one of {', '.join(ITEMS)}.")
    return ITEMS[table]


def _rows(view: View, table: str) -> list[Row]:
    """Rows in the order in which they are read, the rejected ones among them: one can think again."""
    if table == "transcripts":
        rows = _unreviewed(view, table)
        own = [t for t in rows if t["engine"] != "vendor"]
        heard = {t["recording_id"] for t in own}
        chosen = [*own, *(t for t in rows if t["recording_id"] not in heard)]
        return sorted(chosen, key=lambda t: (_number(view, t["recording_id"]), t["engine"]))
    rows = _unreviewed(view, table)
    if table == "claims":
        return sorted(rows, key=lambda c: (-c["p_true"], -c["n_support"], c["claim_id"]))
    return sorted(
        rows, key=lambda m: (view.numbers.get(m["utterance_id"] or "", 1 << 30), m["start"], m["mention_id"])
    )


def _unreviewed(view: View, table: str) -> list[Row]:
    """Every row, corrections applied, rejections not."""
    kept = {row[row_key(table)]: row for row in view.rows(table)}
    rejected = {d.row_id for d in view.case.review.decisions(table)} - kept.keys()
    if not rejected or not view.case.has_table(table):
        return list(kept.values()) if kept else view.case.rows(table, missing_ok=True)
    every = view.case.rows(table, reviewed=False)
    return [kept.get(row[row_key(table)], row) for row in every]


def _transcript_line(view: View, row: Row) -> tuple[str, str, float]:
    w, recording = view.words, row["recording_id"]
    row_of = view.by_recording("recordings").get(recording)
    started = view.started(row_of) if row_of else None
    intent = view.by_recording("intents").get(recording)
    words = [
        w.time(started) if started else w("widget.untimed"),
        w.name("domain", intent["domain"]) if intent else "",
        "" if row["confidence"] is None else w.percent(row["confidence"]),
        w("widget.silent") if not row["text"] else "",
    ]
    return (
        view.label(view.utterance_of.get(recording)),
        " · ".join(word for word in words if word),
        1.0 - (row["confidence"] or 0.0),
    )


def _transcript_facts(view: View, row: Row) -> Facts:
    w, recording = view.words, row["recording_id"]
    audio = view.by_recording("audio").get(recording, {})
    facts = [
        (w("widget.device"), view.device_of(view.utterance_of.get(recording))),
        (w("widget.length"), w.duration(audio.get("duration_s"))),
        (w("widget.engine"), inert(row["engine"])),
        (w("widget.language"), w.language_name(row["language"]) if row["language"] else w("unknown")),
        (w("widget.flags"), inert(", ".join(row["flags"])) or w("none")),
    ]
    if view.masker.revealed:
        vendor = view.by_recording("recordings").get(recording, {}).get("vendor_text")
        facts.append((w("widget.vendor"), inert(vendor) if vendor else w("none")))
        facts.append((w("widget.raw"), inert(row["raw_text"] or "") or w("none")))
    found = [m for m in view.rows("mentions") if m["recording_id"] == recording]
    shown = (f"{m['label']} {_mention_value(view, m)}" for m in found)
    facts.append((w("widget.mentions"), "; ".join(dict.fromkeys(shown)) or w("none")))
    return facts


def _mention_line(view: View, row: Row) -> tuple[str, str, float]:
    sure = (row["ner_confidence"] or 0.0) * (1.0 if row["asr_confidence"] is None else row["asr_confidence"])
    text = f"{row['label']} · {_mention_value(view, row)} · {view.words.percent(sure)}"
    return view.label(row["utterance_id"]), text, 1.0 - sure


def _mention_facts(view: View, row: Row) -> Facts:
    w = view.words
    facts = [
        (w("widget.label"), row["label"]),
        (w("widget.source"), w.name("widget.source", row["source_kind"])),
        (w("widget.asr"), w.percent(row["asr_confidence"])),
        (w("widget.ner"), w.percent(row["ner_confidence"])),
    ]
    if view.masker.revealed:
        ours = {t["recording_id"]: t["text"] for t in view.rows("transcripts") if t["engine"] != "vendor"}
        written = view.by_utterance("utterances").get(row["utterance_id"] or "", {}).get("vendor_text")
        said = written if row["source_kind"] == "vendor" else ours.get(row["recording_id"] or "")
        facts += [
            (w("widget.said"), inert(said or "") or w("unknown")),
            (w("widget.surface"), inert(row["surface"])),
            (w("widget.reason"), inert(row["reason"])),
        ]
    return facts


def _claim_line(view: View, row: Row) -> tuple[str, str, float]:
    w = view.words
    order = view.claim_numbers.get(row["claim_id"])
    words = (w.name("attribute", row["attribute"]), view.claim_text(row), w.percent(row["p_true"]))
    return f"C{order}" if order else "–", " · ".join(words), 1.0 - row["p_true"]


def _claim_facts(view: View, row: Row) -> Facts:
    w = view.words
    facts = [
        (w("widget.role"), w.name("role", row["subject_role"])),
        (w("widget.probability"), w.percent(row["p_true"])),
    ]
    if view.masker.revealed:
        others = (f"{inert(a['value'])} ({w.percent(a['probability'])})" for a in row["alternatives"])
        facts += [
            (w("widget.others"), "; ".join(others) or w("none")),
            (w("widget.reason"), inert(row["reason"])),
        ]
    return facts


def _mention_value(view: View, row: Row) -> str:
    value = row["normalised"] or row["surface"]
    return inert(view.masker.mention(row["label"], value, group=str(row["data_subject_group"])))


def _heard_in(view: View, table: str, row: Row) -> Iterable[tuple[str, str, float | None]]:
    """Utterances with sound in which a row was heard: their ids, their recordings, and the second."""
    if table == "claims":
        own = set(row["mention_ids"])
        starts = {m["utterance_id"]: m["start_s"] for m in view.rows("mentions") if m["mention_id"] in own}
        found = [(u, starts.get(u)) for u in row["utterance_ids"]]
    elif table == "mentions":
        found = [(row["utterance_id"], row["start_s"])]
    else:
        found = [(view.utterance_of.get(row["recording_id"]), None)]
    said = view.by_utterance("utterances")
    sounds = ((u, said[u]["recording_id"], at) for u, at in found if u in said and said[u]["recording_id"])
    return sorted(sounds, key=lambda one: view.numbers[one[0]])


def _number(view: View, recording_id: str) -> int:
    return view.numbers.get(view.utterance_of.get(recording_id, ""), 0)


ITEMS: dict[str, Kind] = {
    "transcripts": Kind("text", _transcript_line, _transcript_facts),
    "mentions": Kind("normalised", _mention_line, _mention_facts),
    "claims": Kind("value", _claim_line, _claim_facts),
}
"""What is reviewed, by table, in the order of the tabs."""
