"""Where the vendor's reading of an utterance and ours differ: both are kept, and neither is called right.

A masked report says where they differ and in how many words; the words themselves are what somebody said, and
stand only in a report that shows names.
"""

from __future__ import annotations

from forensics.case.rows import Row
from forensics.reports.exhibit import Cell, Exhibit, right
from forensics.reports.inert import inert
from forensics.reports.view import View

MOST, MOST_MASKED = 200, 12
"""Rows: the utterances that differ most come first, and the sentence says how many there are in all. Without
the words there is little to look at."""


def readings(view: View) -> Exhibit | None:
    """Utterances that the vendor understood otherwise than we; None where no reading can be compared."""
    w, numbers, masker = view.words, view.numbers, view.masker
    compared = _compared(view)
    if not compared:
        return None
    differing = {utterance: parts for utterance, parts in compared.items() if parts}
    most = sorted(differing, key=lambda u: (-_words(differing[u]), numbers[u]))[
        : MOST if masker.revealed else MOST_MASKED
    ]
    rows: list[tuple[str | Cell, ...]] = []
    for utterance in most:
        parts = differing[utterance]
        row: tuple[str | Cell, ...] = (
            Cell("", links=((f"u{numbers[utterance]}", f"U{numbers[utterance]}"),)),
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
        w("readings.sentence", n=w.number(len(differing)), all=w.count("utterances", len(compared))),
        tuple(w(f"readings.column.{c}") for c in columns),
        rows,
    )


def _compared(view: View) -> dict[str, list[Row]]:
    """By utterance with a reading of the vendor's and one of ours, the places in which the two differ."""
    from forensics.transcription.matching import differences
    from forensics.transcription.vendor import NAME, vendor_text

    ours = {t["recording_id"]: t["text"] for t in view.rows("transcripts") if t["engine"] != NAME}
    both = (
        (u["utterance_id"], vendor_text(u["vendor_text"] or ""), ours.get(u["recording_id"] or ""))
        for u in view.rows("utterances")
    )
    return {utterance: differences(theirs, own) for utterance, theirs, own in both if theirs and own}


def _words(parts: list[Row]) -> int:
    """Words in which two readings differ, by the longer side of each place."""
    return sum(max(len(part["name"].split()), len(part["value"].split())) for part in parts)
