"""The sentences behind a row under review: our reading beside the vendor's, what is in question marked."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from forensics.case.rows import Row
from forensics.knowledge.names import fold
from forensics.reports.inert import inert
from forensics.reports.view import View

MOST = 12
"""Sentences that are shown of one row: more are not read (assumption)."""
BEFORE_S, AFTER_S = 0.4, 0.6
"""Seconds played before and after a name: without them its sounds are cut (assumption)."""
Parts = list[tuple[str, str]]
"""A text in pieces: each with ``""``, ``"differs"`` or ``"asked"``."""


def sentences(view: View, spots: Iterable[tuple[str, Row | None]]) -> list[dict[str, Any]]:
    """What was said in some utterances, as we and as the vendor read it; without words while masked.

    Parameters
    ----------
    view : View
        Decides whether there are words.
    spots : iterable of (str, dict or None)
        An utterance, and the mention in it that is asked about.

    Returns
    -------
    list of dict
        ``label``, ``recording``, ``at`` and ``end`` in seconds, ``ours`` and ``vendor`` as pieces of text.
    """
    said = view.by_utterance("utterances")
    ours = _ours(view)
    asked: dict[str, list[Row]] = {}
    for utterance, mention in spots:
        asked.setdefault(utterance, [])
        if mention is not None:
            asked[utterance].append(mention)
    found = []
    for utterance in sorted((u for u in asked if u in said), key=lambda u: view.numbers[u])[:MOST]:
        row, mentions = said[utterance], asked[utterance]
        timed = [m for m in mentions if m["start_s"] is not None]
        one = {
            "label": view.label(utterance),
            "recording": row["recording_id"],
            "at": max(0.0, min(m["start_s"] for m in timed) - BEFORE_S) if timed else None,
            "end": max(m["end_s"] or m["start_s"] for m in timed) + AFTER_S if timed else None,
            "ours": None,
            "vendor": None,
        }
        if view.masker.revealed:
            heard, vendor = ours.get(row["recording_id"] or "", ""), row["vendor_text"] or ""
            one["ours"], one["vendor"] = both(heard, vendor, mentions)
        found.append(one)
    return found


def both(heard: str, vendor: str, mentions: Iterable[Row] = ()) -> tuple[Parts | None, Parts | None]:
    """Two readings of one sound in pieces: where they differ, and what is asked about.

    Parameters
    ----------
    heard, vendor : str
        Ours and the vendor's; either may be missing.
    mentions : iterable of dict
        Their spans are marked in the reading that they come from.
    """
    words, others = heard.split(), vendor.split()
    same_ours, same_vendor = set(range(len(words))), set(range(len(others)))
    if words and others:
        matcher = SequenceMatcher(None, [fold(w) for w in words], [fold(w) for w in others], autojunk=False)
        same_ours, same_vendor = set(), set()
        for block in matcher.get_matching_blocks():
            same_ours |= set(range(block.a, block.a + block.size))
            same_vendor |= set(range(block.b, block.b + block.size))
    spans: dict[str, list[tuple[int, int]]] = {"audio": [], "vendor": []}
    for mention in mentions:
        spans.get(mention["source_kind"], []).append((mention["start"], mention["end"]))
    return (
        _parts(heard, same_ours, spans["audio"]) if heard else None,
        _parts(vendor, same_vendor, spans["vendor"]) if vendor else None,
    )


def doubts(view: View, utterance: str) -> list[dict[str, Any]]:
    """What the second hearing held possible in an utterance: the stretch, the readings, what suggested them.

    Parameters
    ----------
    view : View
        Nothing is told unless it reveals names.
    utterance : str
        Its id.
    """
    if not view.masker.revealed:
        return []
    w, found = view.words, []
    for row in view.rows("second_hearing"):
        if row["utterance_id"] != utterance:
            continue
        readings = [
            (row["first"], row["p_first"]),
            *((a["value"], a["probability"]) for a in row["alternatives"]),
        ]
        readings.sort(key=lambda reading: -reading[1])
        told = "; ".join(f"“{inert(value)}” {w.percent(p)}" for value, p in readings)
        why = ", ".join(
            dict.fromkeys(f"{inert(s['name'])} ({inert(s['value'])})" for s in row["suggested_by"])
        )
        timed = row["start_s"] is not None
        found.append(
            {
                "text": w("widget.again", label=row["label"], readings=told, why=why or w("none")),
                "recording": row["recording_id"],
                "at": max(0.0, row["start_s"] - BEFORE_S) if timed else None,
                "end": (row["end_s"] or row["start_s"]) + AFTER_S if timed else None,
            }
        )
    return found


def _ours(view: View) -> dict[str, str]:
    return {t["recording_id"]: t["text"] for t in view.rows("transcripts") if t["engine"] != "vendor"}


def _parts(text: str, same: set[int], spans: Iterable[tuple[int, int]]) -> Parts:
    """A text word by word, neighbours of one kind put together."""
    found: Parts = []
    place = 0
    for number, word in enumerate(text.split()):
        start = text.index(word, place)
        place = start + len(word)
        inside = any(start < end and place > begin for begin, end in spans)
        kind = "asked" if inside else "" if number in same else "differs"
        if found and found[-1][1] == kind:
            found[-1] = (f"{found[-1][0]} {inert(word)}", kind)
        else:
            found.append((inert(word), kind))
    return found
