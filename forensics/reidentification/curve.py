"""The stage: how long one has to listen until the subject is found, and what that rests on.

Three orders: ``chronological``; ``random``, the mean over random orders with a 90 % band over orders and
worlds, whose ``p_unique`` is our model's counterpart of unicity (de Montjoye et al. 2013: there points of a
full trace in a closed database, here recordings of a bundle in a modelled open population); and
``best_first``, an attacker who happens on the most telling recordings first. A bundle without times has no
chronological order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.reidentification.attribution import attribute
from forensics.reidentification.draws import interval, stream
from forensics.reidentification.listening import Listening, Step
from forensics.reidentification.names import read_own
from forensics.reidentification.risk import choose_population
from forensics.reidentification.stage import identity as reference_identity

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

RANDOM_ORDERS = 100
"""Half of them are the others read backwards (antithetic), which steadies the mean."""
GRID = 48
"""Steps at which the random orders are summed up."""
OVERHEAD_S = 5.0
"""Assumption: opening a recording, hearing it out and noting it takes this much longer than its sound."""
LEAST_DATED = 0.9
"""Share of recordings that must have a time for there to be a chronological order; the others come last."""
LEAST_GAIN = 1e-4
"""The best-first order ends when no recording adds more than this."""


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables, as for the risk itself."""
    return reference_identity(options)


@dataclass(frozen=True)
class Recording:
    """What the curve needs of a recording.

    Parameters
    ----------
    recording_id : str
    started_at : str or None
        ISO 8601.
    seconds : float
    """

    recording_id: str
    started_at: str | None
    seconds: float


def run(bench: Workbench) -> None:
    """Write ``curve`` and ``attribution``."""
    claims = bench.read("claims").to_dict("records")
    seconds = {
        row["recording_id"]: float(row["duration_s"] or 0.0)
        if row["duration_s"] == row["duration_s"]
        else 0.0
        for row in bench.read("audio").to_dict("records")
    }
    recordings: dict[str, list[Recording]] = {}
    for row in bench.read("recordings").to_dict("records"):
        started = row["started_at"]
        at = started.isoformat() if started is not None and started == started else None
        one = Recording(row["recording_id"], at, seconds.get(row["recording_id"], 0.0))
        recordings.setdefault(row["data_subject_group"], []).append(one)
    items = [
        (group, [c for c in claims if c["data_subject_group"] == group], recordings.get(group, []))
        for group in sorted(bench.read("groups")["data_subject_group"])
    ]

    def key(item: tuple[str, list[dict[Any, Any]], list[Recording]]) -> Any:
        group, rows, sounds = item
        return [
            group,
            digest(clean(rows)),
            digest([[r.recording_id, r.started_at, r.seconds] for r in sounds]),
        ]

    for item in bench.todo(items, key=key):
        group, rows, sounds = item
        bench.keep(key(item), trace(group, rows, sounds, options=bench.options))


def trace(
    group: str, rows: Sequence[Mapping[Any, Any]], recordings: Sequence[Recording], *, options: Options
) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``curve`` and ``attribution`` of one data subject.

    Parameters
    ----------
    group : str
    rows : sequence of mapping
        The group's claims.
    recordings : sequence of Recording
    options : Options
        ``population``, ``names`` and ``seed`` count.
    """
    people = choose_population([dict(r) for r in rows], options.population)
    if options.names:
        people = replace(people, own_names=read_own(options.names))
    ordered = sorted(recordings, key=lambda r: (r.started_at is None, r.started_at or "", r.recording_id))
    numbers = {r.recording_id: i for i, r in enumerate(ordered)}
    listening = Listening.of_claims(rows, numbers, people, options)
    if not ordered or not listening.claims:
        return {"curve": [], "attribution": []}
    writer = _Writer(group, listening, ordered)
    dated = sum(r.started_at is not None for r in ordered)
    found = []
    if dated >= LEAST_DATED * len(ordered):
        found += writer.in_order("chronological", range(len(ordered)))
    found += writer.in_order("best_first", best_first(listening, ordered))
    orders = random_orders(len(ordered), options.seed)
    found += writer.random(orders)
    ids = [r.recording_id for r in ordered]
    return {"curve": found, "attribution": attribute(group, listening, ids, orders, options.seed)}


def reached(
    rows: Iterable[Mapping[str, Any]], tau: float, column: str = "p_identify_mid"
) -> Mapping[str, Any] | None:
    """The first step of one order at which P(identified) is at least `tau`; None if it never is.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of ``curve`` of one order and group, in step order.
    tau : float
        E.g. .5 or .9.
    column : {'p_identify_mid', 'p_if_listed', 'p_identify_lo', 'p_identify_hi'}
        ``p_identify_mid`` cannot exceed the probability that the subject can be found on the web at all.
    """
    return next((row for row in rows if row[column] >= tau), None)


def best_first(listening: Listening, recordings: Sequence[Recording]) -> list[int]:
    """Recordings in the order of an attacker who takes the one that gains most, of equal ones the shortest.

    Recordings that support the same claims gain the same, so that one of each kind is tried per step.
    """
    kinds: dict[tuple[int, ...], list[int]] = {}
    for number, columns in listening.by_recording.items():
        kinds.setdefault(columns, []).append(number)
    for numbers in kinds.values():
        numbers.sort(key=lambda n: (-recordings[n].seconds, -n))  # popped from the end: the shortest first
    counts, hint, chosen = [0] * len(listening.claims), 0, []
    value = listening.value(tuple(counts))
    while kinds:
        options = []
        for columns, numbers in kinds.items():
            then = _heard(counts, columns)
            options.append((listening.value(then, hint), -recordings[numbers[-1]].seconds, columns, then))
        best = max(options, key=lambda o: (o[0], o[1], o[2]))
        if best[0] < value + LEAST_GAIN:
            break
        value, counts = best[0], list(best[3])
        hint = listening.best(best[3], hint)
        chosen.append(kinds[best[2]].pop())
        if not kinds[best[2]]:
            del kinds[best[2]]
    return chosen


def random_orders(n: int, seed: int) -> list[list[int]]:
    """Random orders in pairs, the second of each the first read backwards."""
    rng = stream(seed, "orders")
    found = []
    for _ in range(RANDOM_ORDERS // 2):
        order = rng.permutation(n).tolist()
        found += [order, order[::-1]]
    return found


class _Writer:
    """Rows of ``curve`` of one group."""

    def __init__(self, group: str, listening: Listening, recordings: Sequence[Recording]) -> None:
        self._group, self._listening, self._recordings = group, listening, recordings

    def in_order(self, order: str, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """A row before anything was heard, one per recording that changes something, and one for the rest."""
        counts, hint, heard, seconds = (0,) * len(self._listening.claims), 0, 0, 0.0
        rows = [self._row(order, 0, 0, 0.0, None, (), self._listening.step(counts))]
        value = self._listening.value(counts)
        for number in numbers:
            heard, seconds = heard + 1, seconds + self._recordings[number].seconds
            columns = self._listening.by_recording.get(number, ())
            if not columns:
                continue
            new = tuple(c for c in columns if not counts[c])
            counts = _heard(counts, columns)
            now = self._listening.value(counts, hint)
            hint = self._listening.best(counts, hint)
            if new or abs(now - value) > LEAST_GAIN:
                value = now
                step = self._listening.step(counts, hint)
                ids = [self._listening.claims[c].claim_id for c in new]
                recording = self._recordings[number].recording_id
                rows.append(self._row(order, len(rows), heard, seconds, recording, ids, step))
        whole = sum(r.seconds for r in self._recordings)
        everything = self._listening.step(self._listening.everything, hint)
        rows.append(self._row(order, len(rows), len(self._recordings), whole, None, (), everything))
        return rows

    def random(self, orders: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
        """Means over the orders at some steps, with the 90 % band over orders and worlds."""
        n = len(self._recordings)
        grid = sorted({round(x) for x in np.geomspace(1, n, GRID)} | {0, n})
        steps: dict[int, list[tuple[float, Step]]] = {at: [] for at in grid}
        for order in orders:
            counts, hint, seconds = (0,) * len(self._listening.claims), 0, 0.0
            for at in range(n + 1):
                if at:
                    number = order[at - 1]
                    seconds += self._recordings[number].seconds
                    if number in self._listening.by_recording:
                        counts = _heard(counts, self._listening.by_recording[number])
                if at in steps:
                    hint = self._listening.best(counts, hint)
                    steps[at].append((seconds, self._listening.step(counts, hint)))
        rows = []
        for number, at in enumerate(grid):
            parts = [step for _, step in steps[at]]
            seconds = float(np.mean([s for s, _ in steps[at]]))
            pooled = Step(
                bits=float(np.mean([p.bits for p in parts])),
                k=float(np.median([p.k for p in parts])),
                success=np.concatenate([p.success for p in parts]),
                if_listed=float(np.mean([p.if_listed for p in parts])),
                unique=float(np.mean([p.unique for p in parts])),
            )
            rows.append(self._row("random", number, at, seconds, None, (), pooled))
        return rows

    def _row(
        self,
        order: str,
        step: int,
        heard: int,
        seconds: float,
        recording_id: str | None,
        claims: Iterable[str],
        found: Step,
    ) -> dict[str, Any]:
        low, middle, high = interval(found.success, mean=True)
        return {
            "order": order,
            "step": step,
            "n_recordings": heard,
            "audio_s": round(seconds, 3),
            "listening_s": round(seconds + OVERHEAD_S * heard, 3),
            "recording_id": recording_id,
            "claims": list(claims),
            "bits": max(0.0, found.bits),
            "k": max(1.0, found.k),
            "p_identify_lo": low,
            "p_identify_mid": middle,
            "p_identify_hi": high,
            "p_if_listed": min(1.0, found.if_listed),
            "p_unique": min(1.0, found.unique),
            "data_subject_group": self._group,
        }


def _heard(counts: Sequence[int], columns: Sequence[int]) -> tuple[int, ...]:
    then = list(counts)
    for column in columns:
        then[column] += 1
    return tuple(then)
