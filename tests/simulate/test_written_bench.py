"""What the benchmarks share of the written world."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.bench_calibration import figures
from benchmarks.linkage_measures import Result
from benchmarks.linkage_measures import figures as linkage_figures
from benchmarks.written_world import Work, home, left_out, read, size_of
from forensics.simulate.trial import Trial

SCRIPTS = Path(__file__).parent / "scripts"


def trial(household: str, success: bool, *, attacker: str = "machine") -> Trial:
    return Trial(household, attacker, 0.9, 0.1, 0.9, success, True, 1.0, 1.0, 2.0, 0.5, 10, True, 0.5)


def test_homes_come_in_sizes_and_are_read_once(tmp_path):
    work = Work(SCRIPTS, {}, 3, tmp_path, sizes=(0, 5))
    whole, few = home(0, work), home(1, work)
    assert (size_of(0, work), size_of(1, work)) == (0, 5)
    assert len(whole.script.lines) == whole.made.said - sum(whole.made.dropped.values())
    assert len(few.script.lines) == 5
    first = read(few.script, 1, work)
    (kept,) = tmp_path.glob("*.pickle")
    changed = kept.stat().st_mtime_ns
    assert read(few.script, 1, work) == first
    assert kept.stat().st_mtime_ns == changed
    read(replace(few.script, lines=few.script.lines[:2]), 1, work)
    assert len(list(tmp_path.glob("*.pickle"))) == 2


def test_what_was_left_out_is_counted():
    homes = [
        {"dropped": {"near": 2}, "said": 10, "refused": ()},
        {"dropped": {"near": 1, "word": 1}, "said": 10, "refused": ("lost", "lost")},
    ]
    assert left_out(homes) == {
        "utterances": {"near": 3, "word": 1},
        "utterance_rate": 0.2,
        "homes": {"lost": 2},
        "home_rate": 0.5,
    }


def test_intervals_resample_homes_and_not_their_copies():
    trials = [trial(f"h{n // 30}", n // 30 in (0, 2)) for n in range(120)]
    alone = figures(trials, "machine")
    copies = figures(trials, "machine", [t.household for t in trials])
    assert alone["brier"] == copies["brier"] == pytest.approx(0.41)

    def width(found):
        low, high = found["ci"]["brier"]
        return high - low

    assert width(copies) > 3 * width(alone)
    results = [
        Result(
            n, f"h{n // 30}", True, True, True, 1.0 if n // 30 in (0, 2) else 9.0, False, 0.5, 0.1, 0.1, 0.1
        )
        for n in range(120)
    ]
    of_copies = linkage_figures(results)["ci"]["rank1_in_register"]
    independent = linkage_figures([replace(r, script="") for r in results])["ci"]["rank1_in_register"]
    assert of_copies[1] - of_copies[0] > 2 * (independent[1] - independent[0])
