"""Households written by hand: scripts as tables, read by the language room, with the truth that is fitted to.

A script has the form of ``shared/households/scripts``. Those of `HOMES` were written for the fits, by other
authors; those beside the grader are the ones that the benchmark reports.
"""

from __future__ import annotations

import collections
import hashlib
import importlib.util
import json
import pickle
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from fitting.record import ROOT, SHARED
from forensics.knowledge.gazetteer import place_index, place_keys
from forensics.profile.says import Readers

HOUSEHOLDS = SHARED / "households"
HOMES = ROOT / "fitting" / "data" / "homes"
HOUSE = ("subject", "companion", "child")
"""Roles of those who live there."""
NEARLY = 50
"""A word written where a name was said stands for it from this likeness on (rapidfuzz ratio, per cent)."""


@dataclass
class Home:
    """One household: what is read of it, what is true of it, and what reading it cost."""

    name: str
    author: str
    evidence: Any
    truth: dict[str, Any]
    spoken: int
    language_s: float
    script: dict[str, Any]


@cache
def grader() -> ModuleType:
    """The grader beside the shared households."""
    path = HOUSEHOLDS / "grade.py"
    spec = importlib.util.spec_from_file_location("grade", path)
    if spec is None or spec.loader is None or not path.exists():
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scripts(folder: Path = HOUSEHOLDS / "scripts", only: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The households of a folder as written, by name."""
    wanted = set(only)
    found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return [script for script in found if not wanted or script["household"] in wanted]


def home_of(script: dict[str, Any], cache_folder: Path | None = None, readers: Readers | None = None) -> Home:
    """One household through the language room, with the truth that the models are fitted to.

    Parameters
    ----------
    script : dict
    cache_folder : Path, optional
        Keeps what the language room read.
    readers : Readers, optional
        What reads what is said of names and places; those in the package otherwise.
    """
    from forensics.profile.gathering import gather

    grade, house = grader(), house_of(script)
    tables, seconds = read(script, cache_folder)
    names = {grade.fold(n) for n in house["home_names"]}

    def is_true(attribute: str, role: str, value: str, p: float) -> bool | None:
        row = {"attribute": attribute, "subject_role": role, "value": value, "p_true": p}
        return next((right for _, right in grade.truth_of(house, [row])), None)

    truth = {
        "is_home": lambda v: grade.fold(v) in names or grade.fold(re.split(r"[,(/]", v)[0]) in names,
        "role_of": lambda person: role_of(person, script),
        "bearer_of": lambda person: bearer_of(person, script),
        "is_true": is_true,
    }
    evidence = replace(gather(script["household"], "devices", **tables), readers=readers)
    return Home(
        script["household"], script["author"], evidence, truth,
        sum(1 for u in tables["utterances"] if u["vendor_text"]), seconds, script,
    )  # fmt: skip


def house_of(script: Mapping[str, Any]) -> dict[str, Any]:
    """What is true of one household, as the grader reads it."""
    if (known := _graded().get(script["household"])) is not None:
        return known
    home, texts = script["home"], [r["vendor_text"] for r in script["recordings"]]
    names = {n for n in (home["place"], home.get("district")) if n}
    claims = [
        {key: one[key] for key in ("attribute", "subject_role", "value", "sure")}
        | {"times": sum(1 for n in one["evidence"] if texts[n])}
        for one in script["truth"]
    ]
    return {
        "household": script["household"],
        "home_names": sorted(
            names | {other for name in names for other in _also_called(name, script["country"])}
        ),
        "claims": claims,
        "surname_spoken": any(c["attribute"] == "surname" and c["times"] for c in claims),
    }


def traps_of(script: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a careless reader would conclude: attribute and folded value."""
    return [(trap["attribute"], grader().fold(trap["value"])) for trap in script["traps"]]


def read(
    script: Mapping[str, Any], cache_folder: Path | None = None
) -> tuple[dict[str, list[dict[str, Any]]], float]:
    """Tables with mentions and intents, and the CPU seconds that the language room took."""
    key = hashlib.sha256(json.dumps(script, sort_keys=True).encode()).hexdigest()[:16]
    path = cache_folder / f"{script['household']}-{key}.pickle" if cache_folder else None
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


def tables_of(script: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
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


def role_of(person: Any, script: Mapping[str, Any]) -> str:
    """Who somebody that was found is by the script; ``nobody`` where it knows no such person."""
    grade = grader()
    first, last = grade.fold(person.name.first or "").split(), grade.fold(person.name.last or "").split()
    for p in script["people"]:
        names = grade.fold(f"{p['relation'] or ''}").split()
        own = grade.fold(p["first_name"] or "").split()
        if first and own and (first[0] == own[0] or first[0] in names):
            return str(p["role"])
    for p in script["people"]:
        own = grade.fold(p["surname"] or "").split()
        lives_there = p["role"] in HOUSE and p["first_name"]
        if not first and last and own and last[-1] == own[-1] and not lives_there:
            return str(p["role"])
    for t in script["truth"]:
        if t["attribute"] in ("contact", "first_name", "child"):
            words = grade.fold(t["value"]).split()
            if (first and first[0] in words) or (not first and last and last[-1] in words):
                return str(t["subject_role"])
    return "nobody"


def bearer_of(person: Any, script: Mapping[str, Any]) -> str:
    """Whose name was really said, whatever the vendor made of it: by the words that were spoken there."""
    from rapidfuzz import fuzz

    role = role_of(person, script)
    if role != "nobody":
        return role
    fold = grader().fold
    met: collections.Counter[str] = collections.Counter()
    for one in person.cluster.occurrences:
        if one.utterance is None:
            continue
        recording = script["recordings"][int(one.utterance.utterance_id.rsplit("-", 1)[1])]
        said = fold(recording["text"]).split()
        written = set(fold(recording["vendor_text"] or "").split())
        for p in script["people"]:
            names = {w for n in (p["first_name"], p["surname"]) if n for w in fold(n).split()}
            names |= {fold(w) for w in (p["relation"] or "").split() if w[:1].isupper() and len(w) > 3}
            heard = [n for n in names if n in said and n not in written]
            if any(fuzz.ratio(n, fold(w)) >= NEARLY for n in heard for w in one.span.words):
                met[p["role"]] += 1
    return met.most_common(1)[0][0] if met else "nobody"


@cache
def _also_called(name: str, country: str) -> tuple[str, ...]:
    """All names of the largest town of a name in a country, as the gazetteer has them."""
    index = place_index()
    rows = {row for key in place_keys(re.split(r"[,(/]", name)[0]) for row in index.names.get(key, ())}
    towns = [index.place(row) for row in rows]
    best = max((t for t in towns if t.country == country), key=lambda t: t.population, default=None)
    if best is None:
        return ()
    own = index.ids[best.geonameid]
    return (best.name, *(key for key, found in index.names.items() if own in found))


@cache
def _graded() -> dict[str, dict[str, Any]]:
    """Truth of the shared households, by name."""
    path = HOUSEHOLDS / "bundles" / "truth_full.jsonl"
    rows = [json.loads(line) for line in path.open(encoding="utf-8")] if path.exists() else []
    return {row["household"]: row for row in rows if row["type"] == "household"}
