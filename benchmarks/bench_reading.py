"""Reading homes written by hand: what the language room and the profile find in texts that no template made.

Reads scripts of households (utterances with the vendor's text, time and device) as tables,
    through the language
room and the profile, and grades the claims with the grader that lies beside the scripts. Whatever the profile
has fitted on such households is fitted again here without the author on whom it is reported.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import pickle
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from fitting.record import SHARED

HOUSEHOLDS = SHARED / "households"
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


@cache
def grader(folder: Path) -> ModuleType:
    """The grader, by its path."""
    spec = importlib.util.spec_from_file_location("grade", folder / "grade.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "grade.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tables_of(script: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of utterances and devices of one script, as intake would have written them."""
    group = script["household"]
    devices = [
        {"device_id": f"dev-{n}", "name": d["name"], "device_type": None, "serial": None, "room": None,
         "owner": "account", "n_recordings": 0, "data_subject_group": group}
        for n, d in enumerate(script["devices"])
    ]  # fmt: skip
    ids = {d["name"]: d["device_id"] for d in devices}
    utterances = [
        {"utterance_id": f"utt-{group}-{n:04d}", "recording_id": None,
         "started_at": datetime.fromisoformat(r["at"]).replace(tzinfo=UTC), "started_at_basis": "export",
         "utc_offset_min": 0, "device_id": ids.get(r["device"]), "vendor_text": r["vendor_text"],
         "vendor_status": None, "speaker_label": None, "member_id": None, "passage_id": None, "page": None,
         "line": None, "match_score": None, "occurrences": 1, "data_subject_group": group}
        for n, r in enumerate(script["recordings"])
    ]  # fmt: skip
    return {"utterances": utterances, "devices": devices}


def read(script: dict[str, Any], cache: Path | None) -> tuple[dict[str, list[dict[str, Any]]], float]:
    """Tables with mentions and intents, and the CPU seconds that the language room took."""
    path = cache / f"{script['household']}.pickle" if cache else None
    if path and path.exists():
        found = pickle.loads(path.read_bytes())
        return found["tables"], found["seconds"]
    tables = tables_of(script)
    started = time.process_time()
    tables |= understood(tables["utterances"], script["household"])
    seconds = time.process_time() - started
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps({"tables": tables, "seconds": seconds}))
    return tables, seconds


def understood(utterances: list[dict[str, Any]], group: str) -> dict[str, list[dict[str, Any]]]:
    """Mentions and intents by the language room."""
    from forensics.language.stage import Source, read_household

    sources = [
        Source(
            kind="vendor", text=u["vendor_text"], group=group, utterance_id=u["utterance_id"],
            engine="vendor",
            said_at=u["started_at"].replace(tzinfo=None).isoformat(),
        )
        for u in utterances if u["vendor_text"]
    ]  # fmt: skip
    return read_household(sources, group)


@cache
def houses() -> dict[str, dict[str, Any]]:
    """Truth by household, as the grader reads it."""
    found = {}
    for line in (HOUSEHOLDS / "bundles" / "truth_full.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["type"] == "household":
            found[row["household"]] = row
    return found


@cache
def traps() -> dict[str, list[tuple[str, str]]]:
    """What a careless reader would conclude, by household."""
    grade = grader(HOUSEHOLDS)
    found: dict[str, list[tuple[str, str]]] = collections.defaultdict(list)
    for line in (HOUSEHOLDS / "bundles" / "traps.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        found[row["household"]].append((row["attribute"], grade.fold(row["value"])))
    return found


def marks(names: list[str], claims: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Precision and recall of each kind with intervals, traps, and stated against realised probabilities."""
    grade, truth, caught = grader(HOUSEHOLDS), houses(), traps()
    counts: dict[str, np.ndarray] = collections.defaultdict(lambda: np.zeros(4, int))
    taken, sure = [0, 0], []
    for name in names:
        rows = claims[name]
        for kind, numbers in grade.claims_of(truth[name], rows, name, THRESHOLD).items():
            counts[kind] += numbers
        asserted = {(r["attribute"], grade.fold(r["value"])) for r in rows if r["p_true"] >= THRESHOLD}
        for attribute, value in caught[name]:
            taken[1] += 1
            taken[0] += any(a == attribute and (v == value or value in v.split(" ")) for a, v in asserted)
        sure += grade.truth_of(truth[name], rows)
    return {
        "kinds": {
            kind: {"precision": grade.rate(int(v[0]), int(v[1])), "recall": grade.rate(int(v[2]), int(v[3]))}
            for kind, v in counts.items() if kind in KINDS
        },
        "traps": grade.rate(*taken) if taken[1] else None,
        "p_true": grade.calibration([p for p, _ in sure], [t for _, t in sure], np.random.default_rng(4))
        if len(sure) > 1 else None,
    }  # fmt: skip


@dataclass
class Home:
    """One household: what is read of it, what is true of it, and what reading it cost."""

    name: str
    author: str
    evidence: Any
    truth: dict[str, Any]
    spoken: int
    language_s: float


def scripts(only: set[str]) -> list[dict[str, Any]]:
    """The households as written."""
    found = [json.loads(p.read_text("utf-8")) for p in sorted((HOUSEHOLDS / "scripts").glob("*.json"))]
    return [s for s in found if not only or s["household"] in only]


def home_of(script: dict[str, Any], cache: Path | None) -> Home:
    """One household through the language room, with the truth that the models are fitted to."""
    import re

    from forensics.profile.gathering import gather

    grade = grader(HOUSEHOLDS)
    tables, seconds = read(script, cache)
    names = {grade.fold(n) for n in houses()[script["household"]]["home_names"]}
    truth = {
        "is_home": lambda v: grade.fold(v) in names or grade.fold(re.split(r"[,(/]", v)[0]) in names,
        "role_of": lambda person: role_of(person, script),
        "is_true": lambda attribute, role, value, p: next(
            (
                right
                for _, right in grade.truth_of(
                    houses()[script["household"]],
                    [{"attribute": attribute, "subject_role": role, "value": value, "p_true": p}],
                )
            ),
            None,
        ),
        "bearer_of": lambda person: bearer_of(person, script),
    }
    return Home(
        script["household"], script["author"], gather(script["household"], "devices", **tables), truth,
        sum(1 for u in tables["utterances"] if u["vendor_text"]), seconds,
    )  # fmt: skip


def role_of(person: Any, script: dict[str, Any]) -> str:
    """Who somebody that was found is by the script; ``nobody`` where it knows no such person."""
    grade = grader(HOUSEHOLDS)
    first, last = grade.fold(person.name.first or "").split(), grade.fold(person.name.last or "").split()
    for p in script["people"]:
        names = grade.fold(f"{p['relation'] or ''}").split()
        own = grade.fold(p["first_name"] or "").split()
        if first and own and (first[0] == own[0] or first[0] in names):
            return str(p["role"])
    for p in script["people"]:
        own = grade.fold(p["surname"] or "").split()
        if (
            not first
            and last
            and own
            and last[-1] == own[-1]
            and not (p["role"] in HOUSE and p["first_name"])
        ):
            return str(p["role"])
    for t in script["truth"]:
        if t["attribute"] in ("contact", "first_name", "child"):
            words = grade.fold(t["value"]).split()
            if (first and first[0] in words) or (not first and last and last[-1] in words):
                return str(t["subject_role"])
    return "nobody"


def bearer_of(person: Any, script: dict[str, Any]) -> str:
    """Whose name was really said, whatever the vendor made of it: by the words that were spoken there."""
    from rapidfuzz import fuzz

    role = role_of(person, script)
    if role != "nobody":
        return role
    grade = grader(HOUSEHOLDS)
    met: collections.Counter[str] = collections.Counter()
    for one in person.cluster.occurrences:
        number = int(one.utterance.utterance_id.rsplit("-", 1)[1])
        said = grade.fold(script["recordings"][number]["text"]).split()
        written = set(grade.fold(script["recordings"][number]["vendor_text"] or "").split())
        for p in script["people"]:
            names = {w for n in (p["first_name"], p["surname"]) if n for w in grade.fold(n).split()}
            names |= {grade.fold(w) for w in (p["relation"] or "").split() if w[:1].isupper() and len(w) > 3}
            heard = [n for n in names if n in said and n not in written]
            if any(fuzz.ratio(n, grade.fold(w)) >= 50 for n in heard for w in one.span.words):
                met[p["role"]] += 1
    return met.most_common(1)[0][0] if met else "nobody"


HOUSE = ("subject", "companion", "child")


def main(argv: list[str] | None = None) -> int:
    """Print the table, and one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="households, separated by commas")
    parser.add_argument("--cache", type=Path, help="a folder that keeps what the language room read")
    parser.add_argument("--wrong", default="", help="kinds whose errors are printed, separated by commas")
    options = parser.parse_args(argv)
    from fitting.reading import fit
    from forensics.profile.stage import profile

    homes = [home_of(s, options.cache) for s in scripts(set(filter(None, options.only.split(","))))]
    claims, authors = {}, collections.defaultdict(list)
    profile_s = 0.0
    for home in homes:
        authors[home.author].append(home.name)
    everybody = homes if not options.only else [home_of(s, options.cache) for s in scripts(set())]
    for author in sorted(authors):
        fitted = fit([(h.evidence, h.truth) for h in everybody if h.author != author])
        for home in homes:
            if home.author == author:
                started = time.process_time()
                claims[home.name] = profile(home.evidence, fitted)["claims"]
                profile_s += time.process_time() - started
    found = {author: marks(names, claims) for author, names in sorted(authors.items())}
    everything = marks(sorted(claims), claims)
    if options.wrong:
        _wrong(options.wrong.split(","), claims)
    _print(found, everything)
    spoken = sum(h.spoken for h in homes)
    print(
        json.dumps(
            {
                "authors": {a: m["kinds"] for a, m in found.items()}, "all": everything["kinds"],
                "traps": everything["traps"], "p_true": everything["p_true"],
                "cpu_ms_per_utterance": {
                    "language": round(1000 * sum(h.language_s for h in homes) / spoken, 2),
                    "profile": round(1000 * profile_s / spoken, 2),
                },
                "before": BEFORE,
            }
        )
    )  # fmt: skip
    return 0


def _wrong(kinds: list[str], claims: dict[str, list[dict[str, Any]]]) -> None:
    """What was claimed and what is true, household by household, for reading by eye."""
    truth = houses()
    for name, rows in sorted(claims.items()):
        print(name)
        for kind in kinds:
            said = [
                (round(r["p_true"], 2), r["subject_role"], r["value"])
                for r in sorted(rows,
                    key=lambda r: -r["p_true"]) if r["attribute"] == kind and r["p_true"] > 0.2
            ]  # fmt: skip
            known = [(c["subject_role"], c["value"]) for c in truth[name]["claims"] if c["attribute"] == kind]
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
