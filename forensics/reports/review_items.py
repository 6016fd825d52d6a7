"""What there is to review: recordings, mentions, people, claims as short lines, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from forensics.case.review import Decision, row_key
from forensics.case.rows import Row
from forensics.errors import ForensicsError
from forensics.reports.inert import inert
from forensics.reports.review_choices import choices, person_text, share
from forensics.reports.review_readings import doubts, sentences
from forensics.reports.review_view import ReviewView
from forensics.reports.view import View

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Kind:
    """One kind of thing to review.

    Parameters
    ----------
    corrected : str or None
        The column that a written correction changes; None where there are only choices.
    line : callable
        A row's number, words and doubt: what the list shows.
    facts : callable
        What is known of a row, as names and values.
    spots : callable
        The utterances in which it was heard, each with the mention that it rests on.
    """

    corrected: str | None
    line: Callable[[View, Row], tuple[str, str, float]]
    facts: Callable[[View, Row], Facts]
    spots: Callable[[View, Row], Iterable[tuple[str, Row | None]]]


def index(view: ReviewView, table: str) -> list[dict[str, Any]]:
    """All rows of a table as lines of a list, names masked unless the view reveals them.

    Parameters
    ----------
    view : ReviewView
    table : str
        A key of :data:`ITEMS`.

    Returns
    -------
    list of dict
        ``id``, ``no``, ``text``, ``doubt`` (0 to 1) and ``state``: the last verdict, or empty.
    """
    states = {d.row_id: d.verdict for d in view.case.review.decisions(table)}
    if table == "transcripts" and (marks := view.case.review.decisions("utterances")):
        transcript_of = _transcript_of(view)
        states |= {transcript_of[d.row_id]: d.verdict for d in marks if d.row_id in transcript_of}
    key, found = row_key(table), []
    for row in _rows(view, table):
        number, text, doubt = _kind(table).line(view, row)
        state = states.get(row[key], "")
        found.append({"id": row[key], "no": number, "text": text, "doubt": round(doubt, 3), "state": state})
    return found


def details(view: ReviewView, table: str, row_id: str) -> dict[str, Any]:
    """One row in full.

    Parameters
    ----------
    view : ReviewView
        Decides whether names, words and values are shown.
    table, row_id : str
        A key of :data:`ITEMS`, and the row's own id.

    Returns
    -------
    dict
        ``id``, ``title``, ``facts``, ``sentences`` and ``doubts`` (see
        :mod:`forensics.reports.review_readings`), ``choices``, ``written`` (whether a correction can be),
        ``value`` (None while masked) and ``decisions``.

    Raises
    ------
    ForensicsError
        If there is no such row.
    """
    kind, row = _kind(table), row_of(view, table, row_id)
    number, text, _ = kind.line(view, row)
    spots = list(kind.spots(view, row))
    offered = choices(view, table, row)
    return {
        "id": row_id,
        "title": f"{number} {text}",
        "facts": kind.facts(view, row),
        "sentences": sentences(view, spots),
        "doubts": [
            doubt for utterance in dict.fromkeys(u for u, _ in spots) for doubt in doubts(view, utterance)
        ],
        "choices": [choice.told(view) for choice in offered],
        "written": kind.corrected is not None,
        "value": row[kind.corrected] if kind.corrected and view.masker.revealed else None,
        "decisions": [_made(view, d) for d in _decisions(view, table, row_id)],
    }


def resting_on(view: ReviewView, table: str, utterances: frozenset[str]) -> set[str]:
    """Ids of the rows of a table that rest on one of some utterances."""
    key, spots = row_key(table), _kind(table).spots
    return {row[key] for row in _rows(view, table) if any(u in utterances for u, _ in spots(view, row))}


def row_of(view: ReviewView, table: str, row_id: str) -> Row:
    """One row of a table, decided on or not.

    Raises
    ------
    ForensicsError
        If there is no such row.
    """
    key = row_key(table)
    row = next((r for r in _every_row(view, table) if r[key] == row_id), None)
    if row is None:
        raise ForensicsError(f"Table '{table}' has no row '{row_id}'.", "Recompute, then look again.")
    return row


def _decisions(view: ReviewView, table: str, row_id: str) -> list[Decision]:
    """The decisions on a row, and for a transcript those on whose voice it is."""
    made = [d for d in view.case.review.decisions(table) if d.row_id == row_id]
    if table == "transcripts" and (marks := view.case.review.decisions("utterances")):
        transcript_of = _transcript_of(view)
        made += [d for d in marks if transcript_of.get(d.row_id) == row_id]
    return sorted(made, key=lambda d: d.at)


def _transcript_of(view: View) -> dict[str, str]:
    """The transcript of each utterance: our own, else the vendor's."""
    chosen = sorted(view.rows("transcripts"), key=lambda t: t["engine"] != "vendor")
    found = {t["recording_id"]: t["transcript_id"] for t in reversed(chosen)}
    return {u: found[r] for r, u in view.utterance_of.items() if r in found}


def _made(view: View, decision: Decision) -> dict[str, str]:
    """One decision as the page shows it: what stood before and what stands now only where names are shown."""
    shown = view.masker.revealed
    return {
        "verdict": decision.verdict,
        "reviewer": inert(decision.reviewer),
        "at": decision.at[:16].replace("T", " "),
        "reason": inert(decision.reason),
        "before": _value_text(view, decision.table, decision.column, decision.before) if shown else "",
        "after": _value_text(view, decision.table, decision.column, decision.value) if shown else "",
    }


def _value_text(view: View, table: str, column: str | None, value: str | None) -> str:
    """A decided value in words: roles, places and people are kept as keys."""
    if not value:
        return ""
    if column in ("roles", "subject_role"):
        return view.words.name("role", value)
    if column == "places":
        return _place_text(view, value)
    if table == "utterances":
        return view.words.name("widget.speaker", value)
    if table == "persons":
        named = {p["person_id"]: p["name"] for p in view.case.rows("persons", reviewed=False)}
        return inert(named.get(value, value))
    return inert(value)


def _place_text(view: View, place_id: str) -> str:
    from forensics.knowledge.gazetteer import place_by_id
    from forensics.reports.shown import place_label

    place = place_by_id(int(place_id)) if place_id.isdigit() else None
    return place_label(view.words, place) if place is not None else inert(place_id)


def _kind(table: str) -> Kind:
    if table not in ITEMS:
        raise ForensicsError(f"'{table}' is not reviewed.", f"Choose one of {', '.join(ITEMS)}.")
    return ITEMS[table]


def _rows(view: ReviewView, table: str) -> list[Row]:
    """Rows in the order in which they are read, the rejected ones among them: one can think again."""
    if table == "transcripts":
        rows = _every_row(view, table)
        own = [t for t in rows if t["engine"] != "vendor"]
        heard = {t["recording_id"] for t in own}
        chosen = [*own, *(t for t in rows if t["recording_id"] not in heard)]
        return sorted(chosen, key=lambda t: (_number(view, t["recording_id"]), t["engine"]))
    rows = _every_row(view, table)
    if table == "persons":
        return sorted(rows, key=lambda p: (-p["n_support"], p["person_id"]))
    if table == "claims":
        return sorted(rows, key=lambda c: (-c["p_true"], -c["n_support"], c["claim_id"]))
    return sorted(
        rows, key=lambda m: (view.numbers.get(m["utterance_id"] or "", 1 << 30), m["start"], m["mention_id"])
    )


def _every_row(view: ReviewView, table: str) -> list[Row]:
    """Every row, corrections applied, rejections not."""
    key = row_key(table)
    kept = {row[key]: row for row in view.rows(table)}
    return [kept.get(row[key], row) for row in view.undecided_rows(table)]


def _transcript_line(view: View, row: Row) -> tuple[str, str, float]:
    w, recording = view.words, row["recording_id"]
    row_of = view.by_recording("recordings").get(recording)
    started = view.started(row_of) if row_of else None
    intent = view.by_recording("intents").get(recording)
    words = [
        w.time(started) if started else w("widget.untimed"),
        w.name("domain", intent["domain"]) if intent else "",
        "" if row["confidence"] is None else w("widget.sure", p=share(row["confidence"])),
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
        (
            w("widget.flags"),
            inert(", ".join(w.name("widget.flag", flag) for flag in row["flags"])) or w("none"),
        ),
    ]
    if view.masker.revealed and row["raw_text"] and row["raw_text"] != row["text"]:
        facts.append((w("widget.raw"), inert(row["raw_text"])))
    found = [m for m in view.rows("mentions") if m["recording_id"] == recording]
    shown = (f"{m['label']} {_mention_value(view, m)}" for m in found)
    facts.append((w("widget.mentions"), "; ".join(dict.fromkeys(shown)) or w("none")))
    return facts


def _mention_line(view: View, row: Row) -> tuple[str, str, float]:
    sure = (row["ner_confidence"] or 0.0) * (1.0 if row["asr_confidence"] is None else row["asr_confidence"])
    text = f"{row['label']} · {_mention_value(view, row)} · {share(sure)}"
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
        others = (f"{inert(a['value'])} ({w.percent(a['probability'])})" for a in row["alternatives"])
        facts += [
            (w("widget.surface"), inert(row["surface"])),
            (w("widget.others"), "; ".join(others) or w("none")),
            (w("widget.reason"), inert(row["reason"])),
        ]
    return facts


def _claim_line(view: View, row: Row) -> tuple[str, str, float]:
    w = view.words
    order = view.claim_numbers.get(row["claim_id"])
    words = (w.name("attribute", row["attribute"]), view.claim_text(row), share(row["p_true"]))
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


def _person_line(view: View, row: Row) -> tuple[str, str, float]:
    best = max((r["probability"] for r in row["roles"]), default=0.0)
    return f"{row['n_support']} ×", person_text(view, row), 1.0 - best


def _person_facts(view: View, row: Row) -> Facts:
    w = view.words
    roles = (f"{w.name('role', r['value'])} {w.percent(r['probability'])}" for r in row["roles"][:4])
    facts = [
        (w("widget.role"), "; ".join(roles)),
        (w("widget.named"), w.percent(row["p_named"])),
    ]
    if view.masker.revealed:
        forms = (f"{inert(f['value'])} ({w.percent(f['probability'])})" for f in row["forms"])
        facts += [
            (w("widget.forms"), "; ".join(forms)),
            (w("widget.reason"), inert(row["reason"]) or w("none")),
        ]
    return facts


def _of_transcript(view: View, row: Row) -> Iterable[tuple[str, Row | None]]:
    utterance = view.utterance_of.get(row["recording_id"])
    return [(utterance, None)] if utterance else []


def _of_mention(view: View, row: Row) -> Iterable[tuple[str, Row | None]]:
    return [(row["utterance_id"], row)] if row["utterance_id"] else []


def _of_several(view: View, row: Row) -> Iterable[tuple[str, Row | None]]:
    """The utterances of a person or a claim, with their mentions where they have some."""
    own = set(row["mention_ids"])
    found: list[tuple[str, Row | None]] = [
        (m["utterance_id"], m) for m in view.rows("mentions") if m["mention_id"] in own and m["utterance_id"]
    ]
    return [*found, *((u, None) for u in row["utterance_ids"])]


def _number(view: View, recording_id: str) -> int:
    return view.numbers.get(view.utterance_of.get(recording_id, ""), 0)


ITEMS: dict[str, Kind] = {
    "transcripts": Kind("text", _transcript_line, _transcript_facts, _of_transcript),
    "mentions": Kind("normalised", _mention_line, _mention_facts, _of_mention),
    "persons": Kind(None, _person_line, _person_facts, _of_several),
    "claims": Kind("value", _claim_line, _claim_facts, _of_several),
}
"""What is reviewed, by table, in the order of the tabs."""
