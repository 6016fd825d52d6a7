"""Which recording does a loose line of a vendor's transcript belong to?

A bundle may hold transcripts in no order and without any key (2018 did). The common ground is what was said,
and the time where both sides state one: what we heard is weighed against what the vendor wrote, within one
data subject's recordings, and all lines are assigned together. Nobody can tell identical commands apart:
they are one class (``tie_class``), and the score is that of the class.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher
from importlib.metadata import version
from typing import Any

from forensics.case.options import Options
from forensics.corridor.workbench import Workbench
from forensics.knowledge.fitted import fitted
from forensics.transcription import likeness
from forensics.transcription.assignment import Assignment, assign
from forensics.transcription.likeness import Readings, plain, weights_of_evidence
from forensics.transcription.vendor import NAME as VENDOR
from forensics.transcription.vendor import vendor_text

_TIE = 0.1
"""Natural logarithm of a ratio of likelihoods under which two recordings are told apart by chance."""

_CLOCK_S = 4.0
"""Scale of the difference between two clocks for one utterance, seconds: transcripts are later by .2 to 8 s
(``formats.md`` 2.5)."""
_P_CLOCK, _P_ZONE = 0.7, 0.2
"""Probability that both times are of one clock and zone; that zones differ by whole half hours. The rest says
nothing. Assumptions."""
_ZONES = 56  # half hours from -14 to +14

Row = dict[str, Any]


def identity(options: Options) -> dict[str, Any]:
    """Versions of the libraries that compare and assign, and the fitted numbers."""
    libraries = {name: version(name) for name in ("rapidfuzz", "scipy", "cologne_phonetics")}
    fits = {name: fitted(name).digest for name in (likeness.__name__, __name__)}
    return {**libraries, **fits}


def run(bench: Workbench) -> None:
    """Write ``matches``: one row per loose line."""
    lines = [row for row in _rows(bench, "passages") if row["role"] == "transcript"]
    recordings = _rows(bench, "recordings")
    named = _with_vendor_text(recordings)
    times = {r["recording_id"]: _time(r["started_at"]) for r in recordings}
    ours = [
        row
        for row in _rows(bench, "transcripts")
        if row["engine"] != VENDOR and row["text"] and row["recording_id"] not in named
    ]
    for group in sorted({line["data_subject_group"] for line in lines}):
        own = [line for line in lines if line["data_subject_group"] == group]
        heard = sorted((t["recording_id"], t["text"]) for t in ours if t["data_subject_group"] == group)
        said = sorted((p["passage_id"], p["text"], _time(p["started_at"])) for p in own)
        others = {t["recording_id"]: _readings(t) for t in ours if t["data_subject_group"] == group}
        key = [group, said, [(*pair, times.get(pair[0]), others[pair[0]]) for pair in heard]]
        for _ in bench.todo([key], key=list, label="Matching transcripts"):
            bench.keep(key, {"matches": match(own, heard, times, others)})


def match(
    lines: list[Row],
    heard: list[tuple[str, str]],
    times: Mapping[str, datetime | None] | None = None,
    others: Mapping[str, Readings] | None = None,
    *,
    least: float | None = None,
) -> list[Row]:
    """Assign lines to recordings.

    Parameters
    ----------
    lines : list of dict
        ``passage_id``, ``member_id``, ``page``, ``line``, ``text``, ``data_subject_group`` and, where the
        export states it, ``started_at``.
    heard : list of (str, str)
        Recording and what we heard in it.
    times : mapping, optional
        When recordings started (UTC).
    others : mapping, optional
        By recording the decoder's other hypotheses and their shares.
    least : float, optional
        Probability of its class below which a line stays unmatched; by default the fitted one.

    Returns
    -------
    list of dict
        Rows of ``matches``. ``score`` is the probability that the line belongs to one of ``tie_class``, or to
        ``recording_id`` where there is no tie. A line that is likelier to belong nowhere has neither.
    """
    lines = sorted(lines, key=lambda row: str(row["passage_id"]))
    heard = sorted(heard)
    others = others or {}
    least = fitted(__name__).number("least") if least is None else least
    by_place = {k: others[recording] for k, (recording, _) in enumerate(heard) if recording in others}
    texts = [str(line["text"]) for line in lines]
    evidence = weights_of_evidence(texts, [text for _, text in heard], by_place)
    evidence = _with_times(evidence, lines, heard, times or {})
    found = assign(evidence, len(lines), len(heard))
    classes = _Classes(
        [plain(str(line["text"])) for line in lines],
        [plain(text) for _, text in heard],
        found,
        evidence,
        [_time(line.get("started_at")) is not None for line in lines],
    )
    rows = []
    for i, line in enumerate(lines):
        row, chosen = _unmatched(line), int(found.chosen[i])
        if chosen >= 0 and (score := classes.probability(i, chosen)) >= least:
            ties = classes.ties(i, chosen)
            other = classes.best_outside(i, {chosen, *ties})
            row |= {
                "recording_id": heard[chosen][0],
                "score": round(score, 4),
                "second_best": None if other is None else round(other, 4),
                "tie_class": sorted(heard[j][0] for j in ties),
                "heard": heard[chosen][1],
                "differences": differences(str(line["text"]), heard[chosen][1]),
            }
        rows.append(row)
    return rows


class _Classes:
    """Lines that read the same, and recordings that were heard the same: within each, nobody can choose.

    Parameters
    ----------
    lines, heard : list of str
        Plain texts.
    found : Assignment
    evidence : list of (int, int, float)
    timed : list of bool
        Whether a clock says when the line was written.
    """

    def __init__(
        self,
        lines: list[str],
        heard: list[str],
        found: Assignment,
        evidence: list[tuple[int, int, float]],
        timed: list[bool],
    ) -> None:
        self._lines, self._heard, self._timed = lines, heard, timed
        self._of_line: dict[int, dict[int, float]] = defaultdict(dict)
        self._weights: dict[int, dict[int, float]] = defaultdict(dict)
        for i, j, weight in evidence:
            self._weights[i][j] = weight
        self._line_class: dict[tuple[str, int], float] = defaultdict(float)
        self._sound_class: dict[tuple[int, str], float] = defaultdict(float)
        for (i, j), p in zip(found.pairs.tolist(), found.probability.tolist(), strict=True):
            self._of_line[i][j] = p
            self._line_class[lines[i], j] += p
            self._sound_class[i, heard[j]] += p
        self._taken: dict[str, set[int]] = defaultdict(set)
        for i, j in enumerate(found.chosen.tolist()):
            if j >= 0:
                self._taken[lines[i]].add(j)

    def probability(self, line: int, recording: int) -> float:
        """That the recording has a line of this text, or the line a recording heard like this one."""
        of_lines = self._line_class[self._lines[line], recording]
        return min(max(of_lines, self._sound_class[line, self._heard[recording]]), 1.0)

    def ties(self, line: int, recording: int) -> set[int]:
        """Recordings that go as well with this line, the chosen one among them; empty if there is no other.

        They are those heard the same whose evidence is the same (other readings and clocks may tell them
        apart); without clocks also those that lines of the same text were given.
        """
        options = self._weights[line]
        same = {j for j in options if self._heard[j] == self._heard[recording]}
        same = {j for j in same if abs(options[j] - options[recording]) < _TIE}
        if not self._timed[line]:
            same |= self._taken[self._lines[line]]
        return same if len(same) > 1 else set()

    def best_outside(self, line: int, inside: set[int]) -> float | None:
        """Probability of the best recording outside a class."""
        return max((p for j, p in self._of_line[line].items() if j not in inside), default=None)


def differences(line: str, heard: str) -> list[dict[str, str]]:
    """Where two readings differ: what we heard (``name``) and what the vendor wrote (``value``).

    Examples
    --------
    >>> differences("call hannah brinkmann", "Alexa, call Anna Brinkman.")
    [{'name': 'anna brinkman', 'value': 'hannah brinkmann'}]
    """
    ours, theirs = plain(heard).split(), plain(line).split()
    return [
        {"name": " ".join(ours[a:b]), "value": " ".join(theirs[c:d])}
        for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def _with_times(
    evidence: list[tuple[int, int, float]],
    lines: list[Row],
    heard: list[tuple[str, str]],
    times: Mapping[str, datetime | None],
) -> list[tuple[int, int, float]]:
    """The evidence with that of the clocks added, where both sides have one."""
    written = [_time(line.get("started_at")) for line in lines]
    sounded = [times.get(recording) for recording, _ in heard]
    known = [t for t in sounded if t is not None]
    if not known or not any(written):
        return evidence
    span = max((max(known) - min(known)).total_seconds(), 3600.0)
    return [
        (i, j, weight + time_evidence((one - other).total_seconds(), span))
        if (one := written[i]) is not None and (other := sounded[j]) is not None
        else (i, j, weight)
        for i, j, weight in evidence
    ]


def time_evidence(seconds: float, span: float) -> float:
    """Log likelihood ratio of a difference between two clocks.

    Parameters
    ----------
    seconds : float
        Line minus recording.
    span : float
        Seconds over which the bundle's recordings are spread; times of others lie anywhere in it.

    Notes
    -----
    One utterance: Laplace of scale 4 s around 0, or around whole half hours (another zone), or anywhere.
    """

    def laplace(x: float) -> float:
        return math.exp(-abs(x) / _CLOCK_S) / (2 * _CLOCK_S)

    zone = round(seconds / 1800)
    shifted = laplace(seconds - 1800 * zone) / _ZONES if 0 < abs(zone) <= _ZONES / 2 else 0.0
    anywhere = 1 / span
    same = _P_CLOCK * laplace(seconds) + _P_ZONE * shifted + (1 - _P_CLOCK - _P_ZONE) * anywhere
    return math.log(same / anywhere)


def _readings(transcript: Row) -> list[tuple[str, float]]:
    """The decoder's hypotheses for a recording."""
    return [(a["value"], a["probability"]) for a in transcript["alternatives"]]


def _time(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) and value == value else None  # NaT differs from itself


def _rows(bench: Workbench, table: str) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in bench.read(table).to_dict("records")]


def _unmatched(line: Row) -> Row:
    names = ("passage_id", "member_id", "text", "data_subject_group")
    row: Row = {name: line[name] for name in names}
    row |= {name: None if line[name] != line[name] else line[name] for name in ("page", "line")}
    return {
        **row,
        "recording_id": None,
        "score": None,
        "second_best": None,
        "tie_class": [],
        "heard": None,
        "differences": [],
    }


def _with_vendor_text(recordings: list[Row]) -> set[str]:
    """Recordings for which the export gives the text itself: no loose line is theirs."""
    texts = ((r["recording_id"], r["vendor_text"]) for r in recordings)
    return {recording for recording, text in texts if isinstance(text, str) and vendor_text(text)}
