"""Batch: speed-up of a second worker, cost per recording by size, and faults.

``python benchmarks/bench_batch.py [--large] [--most 10000] [--plot docs/scaling.svg]``

Text mode: the vendor's transcripts, tiny recordings. Sizes 100 and 1,000 as one case, and many cases of 100;
``--large`` adds 10,000 and 100,000 as one case and as many, which takes an hour or two. Wall seconds need a
quiet machine; CPU seconds stand beside them. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import resource
import tempfile
import time
from pathlib import Path

from soak import soak

from forensics import Options
from forensics.api import take_in_all
from forensics.batch import Processes, batch
from forensics.corridor.pipeline import STAGES
from forensics.corridor.runner import run
from forensics.simulate import OBEYING, draw_household, utter, write_bundle

VENDOR = Options(engine="vendor")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--most", type=int, default=100_000, help="recordings in many cases")
    parser.add_argument("--bundles", type=int, default=16, help="of 100 recordings, for the speed-up")
    parser.add_argument("--soak", type=int, default=20, help="bundles with faults")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--only", choices=("cost", "speedup", "faults"))
    args = parser.parse_args()
    answer: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.only in (None, "cost"):
            sizes = args.sizes or [100, 1000, *([10_000, 100_000] if args.large else [])]
            answer |= cost(folder, sizes, args.most, args.plot)
        if args.only in (None, "speedup"):
            answer |= speedup(folder, args.bundles)
        if args.only in (None, "faults"):
            answer["faults"] = soak(folder / "soak", args.soak, seed=1)
    answer["processors"] = os.cpu_count()
    print(json.dumps(answer))


def cost(folder: Path, sizes: list[int], most: int, plot: Path | None) -> dict[str, object]:
    """Seconds per recording, of one case and, up to `most` recordings, of many cases of 100."""
    wall_s: dict[str, dict[int, float]] = {"one": {}, "many": {}}
    cpu_s: dict[str, dict[int, float]] = {"one": {}, "many": {}}
    stages = {}
    warm = _bundle(folder, 20, 0)
    run(take_in_all(warm, case=folder / "warm", options=VENDOR))  # the models, once
    print(f"{'recordings':>10} {'cases':>6} {'wall s/rec':>11} {'CPU s/rec':>10} {'peak MB':>8}")
    for size in sizes:
        bundle = _bundle(folder, size, 1)
        wall, cpu = time.perf_counter(), _cpu()
        case = take_in_all(bundle, case=folder / f"one-{size}", options=VENDOR)
        spent = {}
        for stage in STAGES:
            began = _cpu()
            run(case, until=stage.name)
            spent[stage.name] = round((_cpu() - began) / size, 6)
        stages[size] = spent
        wall_s["one"][size], cpu_s["one"][size] = (time.perf_counter() - wall) / size, (_cpu() - cpu) / size
        _line(size, 1, wall_s["one"][size], cpu_s["one"][size])
        if size > most:
            continue
        cases = [_bundle(folder, 100, 2 + n) for n in range(size // 100)]
        wall, cpu = time.perf_counter(), _cpu()
        batch(cases, folder / f"many-{size}", options=VENDOR, discard_cases=True)
        wall_s["many"][size] = (time.perf_counter() - wall) / (100 * len(cases))
        cpu_s["many"][size] = (_cpu() - cpu) / (100 * len(cases))
        _line(size, len(cases), wall_s["many"][size], cpu_s["many"][size])
    print("CPU s/recording by stage: " + json.dumps(stages))
    if plot is not None:
        _plot(cpu_s["one"], cpu_s["many"], plot)
    return {
        "seconds_per_recording": _rounded(wall_s["one"]),
        "seconds_per_recording_many_cases": _rounded(wall_s["many"]),
        "cpu_seconds_per_recording": _rounded(cpu_s["one"]),
        "cpu_seconds_per_recording_many_cases": _rounded(cpu_s["many"]),
        "cpu_by_stage": stages,
    }


def _rounded(found: dict[int, float]) -> dict[str, float]:
    return {str(size): round(value, 5) for size, value in found.items()}


def speedup(folder: Path, count: int) -> dict[str, object]:
    """Wall seconds of one worker over two; the workers are warm, so that models are not measured."""
    bundles = [_bundle(folder, 100, 5000 + n) for n in range(count)]
    spare = [_bundle(folder, 20, 9000 + n) for n in range(4)]
    wall = {}
    for workers in (1, 2):
        executor = Processes(workers)
        try:
            batch(spare, folder / f"warm-{workers}", options=VENDOR, executor=executor)
            began = time.perf_counter()
            batch(bundles, folder / f"speed-{workers}", options=VENDOR, executor=executor)
            wall[workers] = time.perf_counter() - began
        finally:
            executor.close()
    print(f"{count} bundles: 1 worker {wall[1]:.1f} s, 2 workers {wall[2]:.1f} s")
    return {"speedup_2_workers": round(wall[1] / wall[2], 3)}


def _bundle(folder: Path, recordings: int, number: int) -> Path:
    path = folder / "bundles" / f"{recordings}-{number}.zip"
    if not path.exists():
        home = dataclasses.replace(draw_household(number, OBEYING, seed=8), recordings=recordings)
        write_bundle(home, utter(home, OBEYING), path)
    return path


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _line(recordings: int, cases: int, wall: float, cpu: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{recordings:>10} {cases:>6} {wall:>11.5f} {cpu:>10.5f} {peak:>8}", flush=True)


def _plot(one: dict[int, float], many: dict[int, float], path: Path) -> None:
    """CPU seconds per recording over size, both axes logarithmic, as SVG."""
    left, top, width, height = 70, 20, 560, 280
    tens = range(2, 6)

    def x(size: float) -> float:
        return left + width * (math.log10(size) - 2) / 3

    def y(seconds: float) -> float:
        return top + height * (-math.log10(seconds)) / 3

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 30} {top + height + 60}"'
        ' role="img"'
        ' font-family="sans-serif" font-size="13"><title>CPU seconds per recording over recordings</title>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    ]
    for ten in tens:
        parts.append(f'<path d="M{x(10**ten):.1f} {top}V{top + height}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{x(10**ten):.1f}" y="{top + height + 20}" text-anchor="middle">{10**ten:,}</text>'
        )
    for ten in range(4):
        level = y(10.0**-ten)
        parts.append(f'<path d="M{left} {level:.1f}H{left + width}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{level + 4:.1f}" text-anchor="end">{10.0**-ten:g} s</text>')
    for found, colour, name, place in (
        (one, "#2f5d8a", "one case", 0),
        (many, "#a8531d", "cases of 100", 140),
    ):
        if not found:
            continue
        points = " ".join(f"{x(size):.1f},{y(seconds):.1f}" for size, seconds in sorted(found.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in points.split():
            cx, cy = point.split(",")
            parts.append(f'<circle cx="{cx}" cy="{cy}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{left + place}" y="{top + height + 48}" fill="{colour}">● {name}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


if __name__ == "__main__":
    main()
