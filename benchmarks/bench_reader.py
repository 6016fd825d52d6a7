"""The second reader on homes written by hand: a local language model alone, beside the default, and with it.

Names in roles and the home are graded by the grader beside the homes. What the answers are worth, and the
profile's own models, are fitted without the author who is reported. A whole run takes hours on a small
machine: ``--homes`` takes some homes, ``--most`` some windows of each; answers are kept, so that a run goes
on.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fitting.material.second_reader import Read, read_homes
from fitting.material.written_homes import HOMES, HOUSEHOLDS, Home, grader, home_of, house_of, scripts
from fitting.reader import ANSWERS, MODEL, base_models, fit
from fitting.reading import readers_of
from forensics.models.gguf import read_header, reader_sha256
from forensics.profile.stage import profile
from forensics.profile.weights import Fitted, shipped
from forensics.profile.witness import Answers, answers, witness_of

KINDS = ("home_place", "first_name", "companion_first_name", "child", "contact")
"""What is graded: names in roles and the home. Habits and work are stated and checked, and move no claim."""
NAMES = ("first_name", "contact", "child")
THRESHOLD = 0.5
FORMS = ("questions", "statements")
_SAID_OF = {"subject": "first_name", "companion": "first_name", "child": "child"}


def claims_alone(rows: Sequence[Mapping[str, Any]], checked: bool = True) -> list[dict[str, Any]]:
    """What the reader alone would claim: of each person and place its likeliest answer; each statement."""
    kept = [row for row in rows if row["outcome"] == "kept" or not checked]
    claims = [
        _claim(row["attribute"], row["role"], row["value"], 1.0)
        for row in kept
        if row["form"] == "statements"
    ]
    said = {row["person_id"]: row["value"] for row in kept if row["form"] == "questions"}
    for person, one in answers(kept, "person").items():
        if one.asked:
            role = max(one.asked, key=lambda r: one.asked[r])
            claims.append(_claim("person", role, said[person], math.exp(one.asked[role])))
    places = {p: one for p, one in answers(kept, "place").items() if one.asked}
    named = {row["place_id"]: row["value"] for row in kept if row["form"] == "questions"}
    best = max(places, key=lambda p: places[p].asked["home"], default=None)
    if best is not None and _likeliest(places[best]) == "home":
        claims.append(_claim("place", "home", named[best], math.exp(places[best].asked["home"])))
    return [claim for claim in claims if claim["attribute"]]


def _likeliest(said: Answers) -> str:
    return max(said.asked, key=lambda role: said.asked[role])


def _claim(attribute: str, role: str | None, value: str, p: float) -> dict[str, Any]:
    told = ""
    if attribute == "place" and role == "home":
        told, role = "home_place", "subject"
    elif attribute == "person" and role not in (None, "nobody", "public_figure"):
        told = _SAID_OF.get(str(role), "contact")
    return {"attribute": told, "subject_role": role, "value": value, "p_true": p}


def marks(
    homes: Iterable[Home], claims: Mapping[str, list[dict[str, Any]]], threshold: float
) -> dict[str, Any]:
    """Precision and recall over all kinds and of any name, and names that nobody of the home has."""
    grade, counts, invented = grader(), Counter[str](), 0
    for home in homes:
        truth = house_of(home.script)
        found = grade.claims_of(truth, claims[home.name], home.name, threshold)
        for kind, (right, stated, met, due) in found.items():
            for part in ("all",) if kind in KINDS else ("name",) if kind == "any_name" else ():
                counts.update(
                    {f"{part} {n}": v for n, v in zip("rsmd", (right, stated, met, due), strict=True)}
                )
        known = [c["value"] for c in truth["claims"] if c["attribute"] in NAMES]
        values = {
            row["value"]
            for row in claims[home.name]
            if row["attribute"] in NAMES and row["p_true"] >= threshold
        }
        invented += sum(not any(grade.person(value, name) for name in known) for value in values)
    made = {}
    for part, prefix in (("all", ""), ("name", "name_")):
        made[f"{prefix}precision"] = _share(counts[f"{part} r"], counts[f"{part} s"])
        made[f"{prefix}recall"] = _share(counts[f"{part} m"], counts[f"{part} d"])
    return made | {"stated": counts["all s"], "invented": invented}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def main(argv: list[str] | None = None) -> int:
    """Print the table, and one JSON object as the last line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=MODEL, help="a chat model in GGUF")
    parser.add_argument("--homes", default="", help="some of the homes, separated by commas")
    parser.add_argument("--form", choices=(*FORMS, "both"), default="questions")
    parser.add_argument("--most", type=int, default=0, help="windows of each home at most; 0: all")
    parser.add_argument("--answers", type=Path, default=ANSWERS, help="a folder that keeps the answers")
    parser.add_argument("--cache", type=Path, help="a folder that keeps what the language room read")
    parser.add_argument(
        "--shipped", action="store_true",
        help="the profile's models as shipped: a fast trial, whose models have seen all authors",
    )  # fmt: skip
    options = parser.parse_args(argv)
    header = read_header(options.model)
    wanted = set(filter(None, options.homes.split(",")))
    chosen = [(s, None if options.shipped else readers_of(s)) for s in scripts(only=wanted)]
    homes = [home_of(script, options.cache, readers) for script, readers in chosen]
    forms = FORMS if options.form == "both" else (options.form,)
    read = {
        form: read_homes(
            homes, options.model, form, options.answers, most=options.most,
            tell=lambda text: print(text, file=sys.stderr),
        )
        for form in forms
    }  # fmt: skip
    memory = max(one.peak_mb for found in read.values() for one in found.values())
    if options.shipped:
        base = _always(shipped())
    else:
        others = [home_of(s, options.cache, readers_of(s)) for s in _others({home.name for home in homes})]
        base = base_models([*homes, *others])
    alone, checks = {}, {}
    for form in forms:
        rows = {home.name: read[form][home.name].rows for home in homes}
        kept = {name: claims_alone(found) for name, found in rows.items()}
        before = {name: claims_alone(found, checked=False) for name, found in rows.items()}
        alone[form] = marks(homes, kept, 0.0) | {"invented_before": marks(homes, before, 0.0)["invented"]}
        checks[form] = Counter(row["outcome"] for found in rows.values() for row in found)
    default, both, gained = _with_default(homes, [read[form] for form in forms], base)
    _print(alone, default, both, checks)
    main_form = forms[0]
    lines = sum(one.utterances for one in read[main_form].values())
    seconds = {form: _per_hundred(read[form]) for form in forms}
    print(
        json.dumps(
            {
                "model": {"name": header.name, "sha256": reader_sha256(options.model), "bytes": header.size},
                "homes": [home.name for home in homes], "lines": lines,
                "precision": alone[main_form]["precision"], "recall": alone[main_form]["recall"],
                "dropped_by_check": sum(n for o, n in checks[main_form].items() if o != "kept"),
                "invented_left": alone[main_form]["invented"],
                "seconds_per_100_utterances": seconds[main_form]["clock"],
                "cpu_seconds_per_100_utterances": seconds[main_form]["cpu"], "peak_mb": round(memory),
                "with_default": {"default": default, "both": both, "nats": gained},
                "forms": {
                    form: alone[form] | {"checks": dict(checks[form]), "seconds": seconds[form]}
                    for form in forms
                },
                "profile_models": "shipped" if options.shipped else "without the author reported",
            }
        )
    )  # fmt: skip
    return 0


def _with_default(
    homes: Sequence[Home], read: Sequence[Mapping[str, Read]], base: Any
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The default and both together, each author by ratios fitted on the others; nats by kind and author."""
    rows = {h.name: Read([r for form in read for r in form[h.name].rows], 0.0, 0.0, 0.0, 0, 0) for h in homes}
    default, both, gained = {}, {}, defaultdict(dict)
    for author in sorted({home.author for home in homes}):
        own = [home for home in homes if home.author == author]
        ratios, _ = fit([(h, rows[h.name]) for h in homes if h.author != author], base)
        for kind, (without, told) in _nats(own, rows, base, ratios).items():
            gained[kind][author] = {"without": without, "with": told}
        for home in own:
            fitted: Fitted = base(author)
            default[home.name] = profile(home.evidence, fitted)["claims"]
            evidence = replace(home.evidence, witness=witness_of(rows[home.name].rows, ratios))
            both[home.name] = profile(evidence, fitted)["claims"]
    return marks(homes, default, THRESHOLD), marks(homes, both, THRESHOLD), gained


def _nats(homes: Sequence[Home], rows: Mapping[str, Read], base: Any, ratios: Any) -> dict[str, Any]:
    """How improbable the truth of some homes is, in nats, without and with the answers."""
    from fitting.reader import NOTHING, people_cases, place_case

    found = {}
    for kind, cases_of in (("person", people_cases), ("place", place_case)):
        cases = [case for h in homes for case in cases_of(h, rows[h.name].rows, base(h.author))]
        found[kind] = tuple(round(sum(case.loss(r) for case in cases), 2) for r in (NOTHING, ratios[kind]))
    return found


def _always(models: Fitted) -> Any:
    return lambda author: models


def _others(names: set[str]) -> list[dict[str, Any]]:
    """Scripts of homes that are not reported, which the profile's models are fitted on."""
    known = [*scripts(HOUSEHOLDS / "scripts"), *scripts(HOMES)]
    return [script for script in known if script["household"] not in names]


def _per_hundred(read: Mapping[str, Read]) -> dict[str, float]:
    """Seconds for a hundred lines: by the clock, and of one processor."""
    lines = max(1, sum(one.utterances for one in read.values()))
    clock, cpu = (sum(getattr(o, n) for o in read.values()) for n in ("seconds", "cpu_seconds"))
    return {"clock": round(100 * clock / lines, 1), "cpu": round(100 * cpu / lines, 1)}


def _print(alone: Mapping[str, Any], default: Any, both: Any, checks: Mapping[str, Counter[str]]) -> None:
    columns = ("precision", "recall", "name_precision", "name_recall", "stated", "invented")
    print(f"{'':20}" + "".join(f"{name:>16}" for name in columns))
    for name, found in (*alone.items(), ("default", default), ("both", both)):
        print(f"{name:20}" + "".join(f"{'-' if found[c] is None else found[c]:>16}" for c in columns))
    for form, found in checks.items():
        before, after = alone[form]["invented_before"], alone[form]["invented"]
        print(f"{form}: {dict(found)}; names that nobody has: {before} before the check, {after} after")


if __name__ == "__main__":
    sys.exit(main())
