"""The stage: how long one has to listen until the subject is found, and what that rests on.

Three orders: ``chronological``; ``random``, the mean over random orders with a 90 % band over orders and
worlds, whose ``p_unique`` is our model's counterpart of unicity (de Montjoye et al. 2013: there points of a
full trace in a closed database, here utterances of a bundle in a modelled open population); and
``best_first``, an attacker who happens on the most telling utterances first. A bundle without times has no
chronological order. An utterance without sound is read; only sound counts as sound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.case.digests import clean, digest
from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.reidentification import voice_risk
from forensics.reidentification.anonymity import Array
from forensics.reidentification.attribution import attribute
from forensics.reidentification.draws import interval, stream
from forensics.reidentification.listening import Listening, Step
from forensics.reidentification.name_rates import read_own
from forensics.reidentification.risk import choose_population
from forensics.reidentification.stage import identity as reference_identity

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

RANDOM_ORDERS = 100
"""Half of them are the others read backwards (antithetic), which steadies the mean. Assumption: a hundred
do."""
GRID = 48
"""Steps at which the random orders are summed up: as many as a plot can show."""
OVERHEAD_S = 5.0
"""Assumption: opening a recording, hearing it out and noting it takes this much longer than its sound."""
TEXT_OVERHEAD_S = 2.0
"""Assumption: finding the next line of text and noting it takes this much longer than reading it."""
WORDS_PER_S = 238 / 60
"""Silent reading of prose, 238 words a minute (Brysbaert 2019, J. Memory and Language 109:104047)."""
LEAST_DATED = 0.9
"""Assumption: the share of utterances with a time that makes a chronological order; the others come last."""
LEAST_GAIN = 1e-4
"""The best-first order ends when no utterance adds more than this (assumption: nobody would tell)."""


_NOTHING: Array = np.zeros(2)
"""No second of sound, none of attention."""


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables, as for the risk itself."""
    return reference_identity(options)


@dataclass(frozen=True)
class TimedUtterance:
    """What the curve needs of an utterance.

    Parameters
    ----------
    started_at : str or None
        ISO 8601.
    sound_s : float
        Duration of its sound; 0 without sound.
    attention_s : float
        What going through it takes: its sound, or reading it, with opening and noting it.
    """

    utterance_id: str
    started_at: str | None
    sound_s: float
    attention_s: float

    @classmethod
    def of(cls, row: Row, seconds: Mapping[str, float]) -> TimedUtterance:
        """From a row of ``utterances``, and the duration of each recording."""
        at = row["started_at"].isoformat() if row["started_at"] is not None else None
        if row["recording_id"] is not None:
            sound = seconds.get(row["recording_id"], 0.0)
            return cls(row["utterance_id"], at, sound, sound + OVERHEAD_S)
        reading = len((row["vendor_text"] or "").split()) / WORDS_PER_S
        return cls(row["utterance_id"], at, 0.0, reading + TEXT_OVERHEAD_S)


def run(bench: Workbench) -> None:
    """Write ``curve``, ``attribution`` and ``voice_curve``."""
    claims, turns = bench.rows("claims"), bench.rows("voices")
    seconds = {row["recording_id"]: float(row["duration_s"] or 0.0) for row in bench.rows("audio")}
    said: dict[str, list[TimedUtterance]] = defaultdict(list)
    for row in bench.rows("utterances"):
        said[row["data_subject_group"]].append(TimedUtterance.of(row, seconds))
    items = [
        (
            group,
            [c for c in claims if c["data_subject_group"] == group],
            said[group],
            voice_risk.heard(t for t in turns if t["data_subject_group"] == group),
        )
        for group in sorted(row["data_subject_group"] for row in bench.rows("groups"))
    ]

    def key(item: tuple[str, list[Row], list[TimedUtterance], list[voice_risk.Heard]]) -> Any:
        group, rows, utterances, voices = item
        timed = [[u.utterance_id, u.started_at, u.sound_s, u.attention_s] for u in utterances]
        spoken = [[v.voice_id, v.seconds, v.recordings] for v in voices]
        return [group, digest(clean(rows)), digest(timed), spoken]

    for item in bench.todo(items, key=key):
        group, rows, utterances, voices = item
        found = trace(group, rows, utterances, options=bench.options)
        people = choose_population(rows, bench.options.population)
        words = [r for r in found["curve"] if r["order"] == "random"]
        if voices and not words:  # words tell nothing: the voice alone is heard all the same
            words = [_silent(n) for n in _grid(len(utterances))]
        found["voice_curve"] = voice_risk.curve(group, voices, len(utterances), words, people.persons)
        bench.keep(key(item), found)


def trace(
    group: str, rows: Sequence[Row], utterances: Sequence[TimedUtterance], *, options: Options
) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``curve`` and ``attribution`` of one data subject.

    Parameters
    ----------
    rows : sequence of mapping
        The group's claims.
    options : Options
        ``population``, ``names`` and ``seed`` count.
    """
    people = choose_population(rows, options.population)
    if options.names:
        people = replace(people, own_names=read_own(options.names))
    ordered = sorted(utterances, key=lambda u: (u.started_at is None, u.started_at or "", u.utterance_id))
    numbers = {u.utterance_id: i for i, u in enumerate(ordered)}
    listening = Listening.of_claims(rows, numbers, people, options)
    if not ordered or not listening.claims:
        return {"curve": [], "attribution": []}
    writer = _Writer(group, listening, ordered)
    dated = sum(u.started_at is not None for u in ordered)
    found = []
    if dated >= LEAST_DATED * len(ordered):
        found += writer.in_order("chronological", range(len(ordered)))
    found += writer.in_order("best_first", best_first(listening, ordered))
    orders = random_orders(len(ordered), options.seed)
    found += writer.random(orders)
    ids = [u.utterance_id for u in ordered]
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


def best_first(listening: Listening, utterances: Sequence[TimedUtterance]) -> list[int]:
    """Utterances in the order of an attacker who takes the one that gains most, of equal ones the shortest.

    Utterances that support the same claims gain the same, so that one of each kind is tried per step.
    """
    kinds: dict[tuple[int, ...], list[int]] = {}
    for number, columns in listening.by_utterance.items():
        kinds.setdefault(columns, []).append(number)
    for numbers in kinds.values():
        # Popped from the end: the shortest first.
        numbers.sort(key=lambda n: (-utterances[n].attention_s, -n))
    counts, hint, chosen = [0] * len(listening.claims), 0, []
    value = listening.value(tuple(counts))
    while kinds:
        options = []
        for columns, numbers in kinds.items():
            then = _heard(counts, columns)
            cost = utterances[numbers[-1]].attention_s
            options.append((listening.value(then, hint), -cost, columns, then))
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

    def __init__(self, group: str, listening: Listening, utterances: Sequence[TimedUtterance]) -> None:
        self._group, self._listening, self._utterances = group, listening, utterances

    def in_order(self, order: str, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """A row before anything was heard, one per utterance that changes something, and one for the rest."""
        counts, hint, heard, spent = (0,) * len(self._listening.claims), 0, 0, _NOTHING
        rows = [self._row(order, 0, 0, _NOTHING, None, (), self._listening.step(counts))]
        value = self._listening.value(counts)
        for number in numbers:
            heard, spent = heard + 1, spent + self._spent(number)
            columns = self._listening.by_utterance.get(number, ())
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
                utterance = self._utterances[number].utterance_id
                rows.append(self._row(order, len(rows), heard, spent, utterance, ids, step))
        whole = sum((self._spent(n) for n in range(len(self._utterances))), _NOTHING)
        everything = self._listening.step(self._listening.everything, hint)
        rows.append(self._row(order, len(rows), len(self._utterances), whole, None, (), everything))
        return rows

    def random(self, orders: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
        """Means over the orders at some steps, with the 90 % band over orders and worlds."""
        n = len(self._utterances)
        grid = _grid(n)
        steps: dict[int, list[tuple[Array, Step]]] = {at: [] for at in grid}
        for order in orders:
            counts, hint, spent = (0,) * len(self._listening.claims), 0, _NOTHING
            for at in range(n + 1):
                if at:
                    number = order[at - 1]
                    spent = spent + self._spent(number)
                    if number in self._listening.by_utterance:
                        counts = _heard(counts, self._listening.by_utterance[number])
                if at in steps:
                    hint = self._listening.best(counts, hint)
                    steps[at].append((spent, self._listening.step(counts, hint)))
        rows = []
        for number, at in enumerate(grid):
            parts = [step for _, step in steps[at]]
            spent = np.mean([s for s, _ in steps[at]], axis=0)
            pooled = Step(
                bits=float(np.mean([p.bits for p in parts])),
                n=parts[0].n,
                k=1.0 / float(np.mean([1.0 / p.k for p in parts])),
                success=np.concatenate([p.success for p in parts]),
                if_listed=float(np.mean([p.if_listed for p in parts])),
                right=float(np.mean([p.right for p in parts])),
                unique=float(np.mean([p.unique for p in parts])),
            )
            rows.append(self._row("random", number, at, spent, None, (), pooled))
        return rows

    def _spent(self, number: int) -> Array:
        """Seconds of sound, and of attention, that one utterance takes."""
        one = self._utterances[number]
        return np.array([one.sound_s, one.attention_s])

    def _row(
        self,
        order: str,
        step: int,
        heard: int,
        spent: Array,
        utterance_id: str | None,
        claims: Iterable[str],
        found: Step,
    ) -> dict[str, Any]:
        low, middle, high = interval(found.success, mean=True)
        return {
            "order": order,
            "step": step,
            "n_utterances": heard,
            "audio_s": round(float(spent[0]), 3),
            "listening_s": round(float(spent[1]), 3),
            "utterance_id": utterance_id,
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


def _grid(n: int) -> list[int]:
    """Numbers of utterances at which random orders are summed up."""
    return sorted({round(x) for x in np.geomspace(1, n, GRID)} | {0, n}) if n else [0]


def _silent(n: int) -> Row:
    """A step at which words tell nothing."""
    return {"n_utterances": n, "bits": 0.0, "p_if_listed": 0.0}


def _heard(counts: Sequence[int], columns: Sequence[int]) -> tuple[int, ...]:
    then = list(counts)
    for column in columns:
        then[column] += 1
    return tuple(then)
