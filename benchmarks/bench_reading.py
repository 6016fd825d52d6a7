"""Reading homes written by hand: what the language room and the profile find in texts that no template made.

Grades the claims with the grader that lies beside the scripts. The models of the profile are fitted again
without the author on whom they are reported; the homes written for the fits are by others.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from fitting.material.written_homes import (
    HOMES,
    HOUSEHOLDS,
    Home,
    grader,
    home_of,
    house_of,
    scripts,
    traps_of,
)

KINDS = (
    "home_place", "first_name", "companion_first_name", "surname", "contact", "child", "any_name",
    "work_place",
    "employer", "routine_wake", "absence", "service", "device",
)  # fmt: skip
BEFORE = {
    "what": "version 4db22d8 on twelve other such households, by the README beside the scripts",
    "kinds": {
        "home_place": (None, 0.0), "first_name": (0.0, 0.0), "companion_first_name": (None, 0.0),
        "surname": (None, 0.0), "contact": (0.22, 0.06), "child": (0.0, 0.0), "any_name": (0.30, 0.07),
        "work_place": (None, 0.0), "employer": (None, 0.0), "routine_wake": (0.50, 0.17),
        "absence": (None, 0.0),
    },
    "traps": [4, 182],
}  # fmt: skip
THRESHOLD = 0.5


def marks(homes: list[Home], claims: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Precision and recall of each kind with intervals, traps, and stated against realised probabilities."""
    grade = grader()
    counts: dict[str, np.ndarray] = collections.defaultdict(lambda: np.zeros(4, int))
    taken, sure = [0, 0], []
    for home in homes:
        rows, truth = claims[home.name], house_of(home.script)
        for kind, numbers in grade.claims_of(truth, rows, home.name, THRESHOLD).items():
            counts[kind] += numbers
        asserted = {(r["attribute"], grade.fold(r["value"])) for r in rows if r["p_true"] >= THRESHOLD}
        for attribute, value in traps_of(home.script):
            taken[1] += 1
            taken[0] += any(a == attribute and (v == value or value in v.split(" ")) for a, v in asserted)
        sure += grade.truth_of(truth, rows)
    return {
        "kinds": {
            kind: {"precision": grade.rate(int(v[0]), int(v[1])), "recall": grade.rate(int(v[2]), int(v[3]))}
            for kind, v in counts.items() if kind in KINDS
        },
        "traps": grade.rate(*taken) if taken[1] else None,
        "p_true": grade.calibration([p for p, _ in sure], [t for _, t in sure], np.random.default_rng(4))
        if len(sure) > 1 else None,
    }  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Print the table, and one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="households, separated by commas")
    parser.add_argument(
        "--scripts", type=Path, default=HOUSEHOLDS / "scripts", help="the folder of scripts that is reported"
    )
    parser.add_argument("--cache", type=Path, help="a folder that keeps what the language room read")
    parser.add_argument("--wrong", default="", help="kinds whose errors are printed, separated by commas")
    options = parser.parse_args(argv)
    from fitting.reading import fit, readers_of
    from forensics.profile.stage import profile

    def homes_of(folder: Path) -> list[Home]:
        return [home_of(script, options.cache, readers_of(script)) for script in scripts(folder)]

    by_folder = {folder: homes_of(folder) for folder in ((HOUSEHOLDS / "scripts").resolve(), HOMES)}
    known = [home for found in by_folder.values() for home in found]
    folder = options.scripts.resolve()
    homes = by_folder[folder] if folder in by_folder else homes_of(folder)
    wanted = set(filter(None, options.only.split(",")))
    authors: dict[str, list[Home]] = collections.defaultdict(list)
    for home in homes:
        if not wanted or home.name in wanted:
            authors[home.author].append(home)
    claims, profile_s = {}, 0.0
    for author in sorted(authors):
        fitted = fit([(h.evidence, h.truth) for h in known if h.author != author])
        for home in authors[author]:
            started = time.process_time()
            claims[home.name] = profile(home.evidence, fitted)["claims"]
            profile_s += time.process_time() - started
    read = [home for found in authors.values() for home in found]
    found = {author: marks(those, claims) for author, those in sorted(authors.items())}
    everything = marks(read, claims)
    if options.wrong:
        _wrong(options.wrong.split(","), read, claims)
    _print(found, everything)
    spoken = sum(h.spoken for h in read)
    print(
        json.dumps(
            {
                "authors": {a: m["kinds"] for a, m in found.items()}, "all": everything["kinds"],
                "traps": everything["traps"], "p_true": everything["p_true"],
                "cpu_ms_per_utterance": {
                    "language": round(1000 * sum(h.language_s for h in read) / spoken, 2),
                    "profile": round(1000 * profile_s / spoken, 2),
                },
                "before": BEFORE,
            }
        )
    )  # fmt: skip
    return 0


def _wrong(kinds: list[str], homes: list[Home], claims: dict[str, list[dict[str, Any]]]) -> None:
    """What was claimed and what is true, household by household, for reading by eye."""
    for home in homes:
        print(home.name)
        for kind in kinds:
            rows = [r for r in claims[home.name] if r["attribute"] == kind and r["p_true"] > 0.2]
            rows.sort(key=lambda r: -r["p_true"])
            said = [(round(r["p_true"], 2), r["subject_role"], r["value"]) for r in rows]
            truth = house_of(home.script)["claims"]
            known = [(c["subject_role"], c["value"]) for c in truth if c["attribute"] == kind]
            print(f"  {kind}: claimed {said}\n    true {known}")


def _print(found: dict[str, Any], everything: dict[str, Any]) -> None:
    print(
        f"{'':22}"
        + "".join(f"{a:^16}" for a in [*found, "all"])
        + "      interval of all (precision, recall)"
    )
    for kind in KINDS:
        cells = []
        for part in [*found.values(), everything]:
            k = part["kinds"].get(kind)
            cells.append(f"{_share(k['precision'])} / {_share(k['recall'])}" if k else "-")
        k = everything["kinds"][kind]
        spans = [
            f"{k[n].get('lo', 0):.2f}-{k[n].get('hi', 1):.2f} ({k[n]['n']})" for n in ("precision", "recall")
        ]
        print(f"{kind:22}" + "".join(f"{c:^16}" for c in cells) + "   " + ", ".join(spans))
    for name in ("traps", "p_true"):
        print(name, {a: m[name] for a, m in found.items()} if name == "traps" else "", everything[name])


def _share(rate: dict[str, Any]) -> str:
    return "  - " if rate["value"] is None else f"{rate['value']:.2f}"


if __name__ == "__main__":
    sys.exit(main())
