"""Which recording does a loose line of a vendor's transcript belong to?

A bundle may hold transcripts in no order and without any key (2018 did). The only common ground is what
was said: what we heard is compared with what the vendor heard, within one data subject's recordings, and
lines and recordings are assigned one to one so that the total similarity is greatest.
"""

from __future__ import annotations

import unicodedata
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.options import Options
from forensics.transcription.vendor import NAME as VENDOR
from forensics.transcription.vendor import vendor_text
from forensics.workbench import Workbench

LEAST = 0.55
"""Similarity below which a line stays unmatched: unrelated commands of one household, which share words,
reach .5 now and then; two hearings of the same command are mostly over .7."""

_TIE = 0.02
"""Recordings whose similarity is this close are told apart by chance: they form one class."""

Row = dict[str, Any]


def identity(options: Options) -> dict[str, Any]:
    """Versions of the libraries that compare and assign."""
    return {name: version(name) for name in ("rapidfuzz", "scipy")}


def run(bench: Workbench) -> None:
    """Write ``matches``: one row per loose line."""
    lines = [row for row in _rows(bench, "passages") if row["role"] == "transcript"]
    named = _with_vendor_text(_rows(bench, "recordings"))
    ours = [
        row
        for row in _rows(bench, "transcripts")
        if row["engine"] != VENDOR and row["text"] and row["recording_id"] not in named
    ]
    for group in sorted({line["data_subject_group"] for line in lines}):
        own = [line for line in lines if line["data_subject_group"] == group]
        heard = sorted((t["recording_id"], t["text"]) for t in ours if t["data_subject_group"] == group)
        key = [group, sorted((p["passage_id"], p["text"]) for p in own), heard]
        for _ in bench.todo([key], key=list, label="Matching transcripts"):
            bench.keep(key, {"matches": match(own, heard)})


def match(lines: list[Row], heard: list[tuple[str, str]]) -> list[Row]:
    """Assign lines to recordings.

    Parameters
    ----------
    lines : list of dict
        ``passage_id``, ``member_id``, ``page``, ``line``, ``text``, ``data_subject_group``.
    heard : list of (str, str)
        Recording and what we heard in it.

    Returns
    -------
    list of dict
        Rows of ``matches``. A line that resembles nothing has neither recording nor tie class.
    """
    from scipy.optimize import linear_sum_assignment

    lines = sorted(lines, key=lambda row: str(row["passage_id"]))
    heard = sorted(heard)
    rows = [_unmatched(line) for line in lines]
    if not lines or not heard:
        return rows
    scores = similarity([str(line["text"]) for line in lines], [text for _, text in heard])
    for position, chosen in zip(*linear_sum_assignment(-np.where(scores >= LEAST, scores, 0.0)), strict=True):
        score = float(scores[position, chosen])
        if score < LEAST:
            continue
        others = np.delete(scores[position], chosen)
        near = np.flatnonzero(scores[position] >= score - _TIE)
        rows[position] |= {
            "recording_id": heard[chosen][0],
            "score": round(score, 4),
            "second_best": round(float(others.max()), 4) if others.size else None,
            "tie_class": sorted({heard[i][0] for i in near}) if len(near) > 1 else [],
        }
    return rows


def similarity(lines: list[str], heard: list[str]) -> NDArray[np.float64]:
    """How much each line resembles each text, 0 to 1: shape (lines, texts).

    Notes
    -----
    The mean of two ratios of rapidfuzz: by characters (a misheard word costs its letters) and by sorted
    words (a vendor leaves the wake word out, or adds it). Empty lines resemble nothing.
    """
    from rapidfuzz import fuzz, process

    ours, theirs = [plain(text) for text in heard], [plain(vendor_text(text) or "") for text in lines]
    by_letters = process.cdist(theirs, ours, scorer=fuzz.ratio, dtype=np.float64)
    by_words = process.cdist(theirs, ours, scorer=fuzz.token_sort_ratio, dtype=np.float64)
    found: NDArray[np.float64] = (by_letters + by_words) / 200
    found[[not text for text in theirs], :] = 0.0
    return found


def plain(text: str) -> str:
    """Lower case, without punctuation and leading wake word: engines disagree on all three."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("alexa", "echo", "computer") else words)


def _rows(bench: Workbench, table: str) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in bench.read(table).to_dict("records")]


def _unmatched(line: Row) -> Row:
    names = ("passage_id", "member_id", "text", "data_subject_group")
    row: Row = {name: line[name] for name in names}
    row |= {name: None if line[name] != line[name] else line[name] for name in ("page", "line")}
    return {**row, "recording_id": None, "score": None, "second_best": None, "tie_class": []}


def _with_vendor_text(recordings: list[Row]) -> set[str]:
    """Recordings for which the export gives the text itself: no loose line is theirs."""
    texts = ((r["recording_id"], r["vendor_text"]) for r in recordings)
    return {recording for recording, text in texts if isinstance(text, str) and vendor_text(text)}
