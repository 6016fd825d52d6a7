"""Which recording does a loose line of a vendor's transcript belong to?

A bundle may hold transcripts in no order and without any key (2018 did). The common ground is what was said,
and the time where both sides state one: what we heard is weighed against what the vendor wrote, within one
data subject's recordings, and all lines are assigned together. Nobody can tell identical commands apart:
they are one class (``tie_class``), and the score is that of the class.

Where both sides have an exact time, the clocks alone may decide: a row of a history belongs to the recording
of the same second also where nothing was heard in it. Without two exact times they never do.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
_CLOSE_S = 10.0
"""Seconds between two clocks within which they alone may decide: 8 s (``formats.md`` 2.5), rounded up."""
_UNLIKE = -3.0
"""Log likelihood ratio of two texts that share next to nothing: one hearing in 20 is lost, we assume."""
_EXACT = frozenset(("export", "derived"))
"""Bases of times that come from a clock at the moment; a file's time does not."""

Row = dict[str, Any]


def identity(options: Options) -> dict[str, Any]:
    """Versions of the libraries that compare and assign, and the fitted numbers."""
    libraries = {name: version(name) for name in ("rapidfuzz", "scipy", "cologne_phonetics")}
    fits = {name: fitted(name).digest for name in (likeness.__name__, __name__)}
    return {**libraries, **fits}


def run(bench: Workbench) -> None:
    """Write ``matches``: one row per loose line."""
    tables = {name: bench.rows(name) for name in ("passages", "recordings", "transcripts")}
    lines = [row for row in tables["passages"] if row["role"] == "transcript"]
    for group in sorted({line["data_subject_group"] for line in lines}):
        own = [line for line in lines if line["data_subject_group"] == group]
        recordings = [r for r in tables["recordings"] if r["data_subject_group"] == group]
        stated = {r["recording_id"]: text for r in recordings if (text := vendor_text(r["vendor_text"]))}
        ours = {
            t["recording_id"]: t
            for t in tables["transcripts"]
            if t["data_subject_group"] == group
            and t["engine"] != VENDOR
            and t["text"]
            and t["recording_id"] not in stated
        }
        heard = {r["recording_id"]: "" for r in recordings} | stated
        heard |= {recording: row["text"] for recording, row in ours.items()}
        times = {r["recording_id"]: r["started_at"] for r in recordings}
        others = {recording: _readings(row) for recording, row in ours.items()}
        exact = exact_times(own, "member_id"), exact_times(recordings)
        said = sorted((p["passage_id"], p["text"], p["started_at"]) for p in own)
        sounded = [(*pair, times[pair[0]], others.get(pair[0])) for pair in sorted(heard.items())]
        key = [group, said, sounded, sorted(stated), *map(sorted, exact)]
        for _ in bench.todo([key], key=list, label="Matching transcripts"):
            clocks = Clocks(*exact, frozenset(stated))
            bench.keep(key, {"matches": match(own, sorted(heard.items()), times, others, clocks)})


@dataclass(frozen=True)
class Clocks:
    """Whose times are exact to the second, and whose text the export gives itself.

    Parameters
    ----------
    lines, recordings : collection of str
        Passages and recordings with an exact time.
    stated : collection of str
        Recordings whose text the export gives. Only a line that says it again at the same time is theirs.
    """

    lines: Collection[str] = frozenset()
    recordings: Collection[str] = frozenset()
    stated: Collection[str] = frozenset()


def exact_times(rows: Iterable[Row], file: str | None = None) -> frozenset[str]:
    """Ids of passages or recordings whose time is exact to the second.

    Parameters
    ----------
    rows : iterable of dict
        Passages or recordings.
    file : str, optional
        The column that says from which file a time comes: a file in which no time has seconds counts in
        minutes.
    """
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row["started_at"] is not None and row["started_at_basis"] in _EXACT:
            found[row[file] if file else None].append(row)
    precise = [row for own in found.values() if any(r["started_at"].second for r in own) for row in own]
    return frozenset(row.get("passage_id") or row["recording_id"] for row in precise)


def match(
    lines: list[Row],
    heard: list[tuple[str, str]],
    times: Mapping[str, datetime | None] | None = None,
    others: Mapping[str, Readings] | None = None,
    clocks: Clocks | None = None,
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
        Recording and what we heard in it; empty where nothing was heard.
    times : mapping, optional
        When recordings started (UTC).
    others : mapping, optional
        By recording the decoder's other hypotheses and their shares.
    clocks : Clocks, optional
        Which times may decide alone; none by default.
    least : float, optional
        Probability of its class below which a line stays unmatched; by default the fitted one.

    Returns
    -------
    list of dict
        Rows of ``matches``. ``score`` is the probability that the line belongs to one of ``tie_class``, or to
        ``recording_id`` where there is no tie. A line that is likelier to belong nowhere has neither.
    """
    lines = sorted(lines, key=lambda row: str(row["passage_id"]))
    times, others, clocks = times or {}, others or {}, clocks or Clocks()
    least = fitted(__name__).number("least") if least is None else least
    close = _close(lines, sorted(recording for recording, _ in heard), times, clocks)
    near = {recording for _, recording in close}
    heard = sorted(
        (r, text) for r, text in heard if r in near or (text and r not in clocks.stated)
    )  # the others have nothing that could decide
    by_place = {k: others[recording] for k, (recording, _) in enumerate(heard) if recording in others}
    evidence = weights_of_evidence([str(line["text"]) for line in lines], [t for _, t in heard], by_place)
    evidence = _with_times(_with_clocks(evidence, heard, close, clocks), lines, heard, times)
    found = assign(evidence, len(lines), len(heard))
    classes = _Classes(
        [plain(str(line["text"])) for line in lines],
        [plain(text) for _, text in heard],
        found,
        evidence,
        [line.get("started_at") is not None for line in lines],
    )
    rows = []
    for i, line in enumerate(lines):
        row, chosen = _unmatched(line), int(found.chosen[i])
        if chosen >= 0 and (score := classes.probability(i, chosen)) >= least:
            ties = classes.ties(i, chosen)
            other = classes.best_outside(i, {chosen, *ties})
            ours = heard[chosen][1]
            row |= {
                "recording_id": heard[chosen][0],
                "score": round(score, 4),
                "second_best": None if other is None else round(other, 4),
                "tie_class": sorted(heard[j][0] for j in ties),
                "heard": ours or None,
                "differences": differences(str(line["text"]), ours) if ours else [],
            }
        rows.append(row)
    return rows


def _close(
    lines: list[Row], recordings: list[str], times: Mapping[str, datetime | None], clocks: Clocks
) -> set[tuple[int, str]]:
    """Lines and recordings whose exact times differ by seconds."""
    known = [(t, r) for r in recordings if r in clocks.recordings and (t := times.get(r)) is not None]
    known.sort()
    moments = [moment for moment, _ in known]
    reach = timedelta(seconds=_CLOSE_S)
    found = set()
    for i, line in enumerate(lines):
        if line["passage_id"] in clocks.lines and (at := line.get("started_at")) is not None:
            first, last = bisect_left(moments, at - reach), bisect_right(moments, at + reach)
            found |= {(i, recording) for _, recording in known[first:last]}
    return found


def _with_clocks(
    evidence: list[tuple[int, int, float]],
    heard: list[tuple[str, str]],
    close: Collection[tuple[int, str]],
    clocks: Clocks,
) -> list[tuple[int, int, float]]:
    """The evidence of the texts, and pairs that only the clocks bring together."""
    kept = [e for e in evidence if heard[e[1]][0] not in clocks.stated or (e[0], heard[e[1]][0]) in close]
    there = {(i, j) for i, j, _ in kept}
    places = {recording: j for j, (recording, _) in enumerate(heard)}
    return [*kept, *_by_clock(there, places, heard, close, clocks)]


def _by_clock(
    there: Collection[tuple[int, int]],
    places: Mapping[str, int],
    heard: list[tuple[str, str]],
    close: Collection[tuple[int, str]],
    clocks: Clocks,
) -> Iterator[tuple[int, int, float]]:
    for i, recording in sorted(close):
        j = places[recording]
        if (i, j) not in there and recording not in clocks.stated:
            yield i, j, _UNLIKE if heard[j][1] else 0.0


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
    written = [line.get("started_at") for line in lines]
    sounded = [times.get(recording) for recording, _ in heard]
    known = [t for t in times.values() if t is not None]
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


def _unmatched(line: Row) -> Row:
    names = ("passage_id", "member_id", "text", "data_subject_group")
    row: Row = {name: line[name] for name in names}
    row |= {name: line[name] for name in ("page", "line")}
    return {
        **row,
        "recording_id": None,
        "score": None,
        "second_best": None,
        "tie_class": [],
        "heard": None,
        "differences": [],
    }
