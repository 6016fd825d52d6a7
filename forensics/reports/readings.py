"""Where the vendor's reading of a recording and ours differ: both are kept, and neither is called right.

A masked report says where they differ and in how many words; the words themselves are what somebody said, and
stand only in a report that shows names.
"""

from __future__ import annotations

from forensics.case.rows import Row
from forensics.reports.exhibit import Cell, Exhibit, right
from forensics.reports.inert import inert
from forensics.reports.view import View

MOST = 200
"""Rows: the recordings that differ most come first, and the sentence says how many there are in all."""


def readings(view: View) -> Exhibit | None:
    """Recordings that the vendor understood otherwise than we; None where no reading can be compared."""
    w, numbers, masker = view.words, view.numbers, view.masker
    compared = _compared(view)
    if not compared:
        return None
    differing = {recording: parts for recording, parts in compared.items() if parts}
    most = sorted(differing, key=lambda r: (-_words(differing[r]), numbers[r]))[:MOST]
    rows: list[tuple[str | Cell, ...]] = []
    for recording in most:
        parts = differing[recording]
        row: tuple[str | Cell, ...] = (
            Cell("", links=((f"r{numbers[recording]}", f"R{numbers[recording]}"),)),
            right(w.number(len(parts))),
            right(w.number(_words(parts))),
        )
        if masker.revealed:
            row = (
                *row,
                *(inert(" · ".join(part[side] or "–" for part in parts)) for side in ("name", "value")),
            )
        rows.append(row)
    columns = ("no", "places", "words", *(("ours", "theirs") if masker.revealed else ()))
    return Exhibit(
        "readings",
        w("readings.title"),
        w("readings.sentence", n=w.number(len(differing)), all=w.count("recordings", len(compared))),
        tuple(w(f"readings.column.{c}") for c in columns),
        rows,
    )


def _compared(view: View) -> dict[str, list[Row]]:
    """By recording with a reading of the vendor's and one of ours, the places in which the two differ.

    Loose lines are compared where they are matched; a text that the export ties to its recording, here.
    """
    from forensics.transcription.matching import differences
    from forensics.transcription.vendor import NAME, vendor_text

    ours = {t["recording_id"]: t["text"] for t in view.rows("transcripts") if t["engine"] != NAME}
    stated = ((r["recording_id"], vendor_text(r["vendor_text"] or "")) for r in view.rows("recordings"))
    compared = {r: differences(text, ours[r]) for r, text in stated if text and ours.get(r)}
    compared |= {m["recording_id"]: m["differences"] for m in view.rows("matches") if m["recording_id"]}
    return {recording: parts for recording, parts in compared.items() if recording in view.numbers}


def _words(parts: list[Row]) -> int:
    """Words in which two readings differ, by the longer side of each place."""
    return sum(max(len(part["name"].split()), len(part["value"].split())) for part in parts)
