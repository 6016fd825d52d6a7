"""The stage: which recordings to withhold or to silence so that a release fits at least k people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.linkage.stage import identity as register_identity
from forensics.redaction.plan import Plan, make_plan
from forensics.redaction.spans import Sound, secrets_of
from forensics.reidentification.learned import learn
from forensics.reidentification.names import read_own
from forensics.reidentification.risk import choose_population
from forensics.reidentification.stage import identity as reference_identity

if TYPE_CHECKING:
    import pandas as pd

    from forensics.corridor.workbench import Workbench

_TABLES = ("claims", "mentions", "transcripts", "recordings", "audio", "groups")


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables and the register; nothing if no redaction is planned."""
    return {**reference_identity(options), **register_identity(options)} if options.redact_k else {}


def run(bench: Workbench) -> None:
    """Write ``redaction``: none unless a redaction is asked for."""
    if not bench.options.redact_k:
        return
    tables = {name: bench.read(name) for name in _TABLES}
    group = released_group(tables["groups"])
    if group is None:
        return
    own = {name: t[t["data_subject_group"] == group].to_dict("records") for name, t in tables.items()}
    key = [group, bench.options.redact_k]
    for _ in bench.todo([group], key=lambda _: key):
        plan = plan_for(own, bench.options, fallback=bench.case.folder / "work")
        bench.keep(key, {"redaction": plan_rows(group, plan, own, bench.options.redact_k)})


def released_group(groups: pd.DataFrame) -> str | None:
    """The data subject with most recordings; nobody else's data is released."""
    ordered = groups.sort_values(["n_recordings", "data_subject_group"], ascending=[False, True])
    first = next(iter(ordered.to_dict("records")), None)
    return str(first["data_subject_group"]) if first and first["n_recordings"] else None


def sounds_of(own: dict[str, list[dict[Any, Any]]]) -> list[Sound]:
    """The recordings of a group with their transcripts.

    Parameters
    ----------
    own : dict
        Rows of ``recordings``, ``audio`` and ``transcripts`` of one group.
    """
    seconds = {a["recording_id"]: float(a["duration_s"] or 0.0) for a in own["audio"]
               if a["duration_s"] == a["duration_s"]}  # fmt: skip
    texts: dict[str, list[str]] = {}
    words: dict[str, list[tuple[str, float, float]]] = {}
    for row in sorted(own["transcripts"], key=lambda t: (t["engine"] == "vendor", t["engine"])):
        written = [t for t in (row["text"], row["raw_text"]) if isinstance(t, str) and t]  # NaN where none
        texts.setdefault(row["recording_id"], []).extend(written)
        if len(row["words"]) and row["recording_id"] not in words:
            words[row["recording_id"]] = [
                (w["word"], float(w["start_s"] or 0.0), float(w["end_s"] or 0.0)) for w in row["words"]
            ]
    for row in own["recordings"]:
        if isinstance(row["vendor_text"], str) and row["vendor_text"]:
            texts.setdefault(row["recording_id"], []).append(row["vendor_text"])
    return [
        Sound(
            row["recording_id"],
            row["sha256"],
            seconds.get(row["recording_id"], 0.0),
            tuple(words.get(row["recording_id"], ())),
            tuple(dict.fromkeys(texts.get(row["recording_id"], ()))),
        )
        for row in sorted(own["recordings"], key=lambda r: str(r["recording_id"]))
    ]


def plan_for(own: dict[str, list[dict[Any, Any]]], options: Options, *, fallback: Any = None) -> Plan:
    """The plan for one group.

    Parameters
    ----------
    own : dict
        Rows of the group's tables.
    options : Options
        ``redact_k`` and what the risk depends on.
    fallback : path, optional
        For the register's index.
    """
    people = choose_population(own["claims"], options.population)
    if options.names:
        people = replace(people, own_names=read_own(options.names))
    # A claim without words (a device by its serial number) goes with the metadata, which are not released.
    heard = [c for c in own["claims"] if len(c["recordings"]) and len(c["support"])]
    sounds = sounds_of(own)
    return make_plan(
        learn(heard, people),
        secrets_of(heard, own["mentions"], sounds),
        sounds,
        people,
        options,
        k=options.redact_k,
        listener=options.redact_listener,
        register_top=_register_top(heard, options, fallback) if options.register else None,
    )


def plan_rows(group: str, plan: Plan, own: dict[str, list[dict[Any, Any]]], k: int) -> list[dict[str, Any]]:
    """Rows of ``redaction``."""
    seconds = {s.recording_id: s.seconds for s in sounds_of(own)}
    plan_id = make_id("pln", group, k, list(plan.hidden), list(plan.withheld))
    rows = []
    for recording in sorted({*plan.withheld, *plan.silenced}):
        whole = recording in plan.withheld
        spans = [] if whole else plan.silenced[recording]
        claims = plan.reasons.get(recording, ())
        why = "a claim that has to be hidden can be heard" if claims else "a name that we missed may be heard"
        rows.append(
            {
                "redaction_id": make_id("red", plan_id, recording),
                "plan_id": plan_id,
                "recording_id": recording,
                "action": "withhold" if whole else "silence",
                "seconds": seconds[recording] if whole else sum(b - a for a, b in spans),
                "spans": [{"start_s": a, "end_s": b} for a, b in spans],
                "claims": list(claims),
                "reason": why,
                "target_k": k,
                "k_lo_after": max(1.0, plan.check.k_lo),
                "p_identify_hi_after": min(1.0, plan.check.p_hi),
                "register_top_after": plan.check.register_top,
                "verified": True,
                "data_subject_group": group,
            }
        )
    return rows


def _register_top(
    claims: Sequence[dict[Any, Any]], options: Options, fallback: Any
) -> Callable[[frozenset[str]], float]:
    from forensics.linkage.index import open_register
    from forensics.linkage.query import query_of
    from forensics.linkage.score import search

    register = open_register(options.register, fallback=fallback)
    known: dict[frozenset[str], float] = {}

    def top(left: frozenset[str]) -> float:
        if left not in known:
            rows = [c for c in claims if c["claim_id"] in left]
            outcome = search(register, query_of(rows), in_register=options.in_register, top=1)
            known[left] = max((c.posterior for c in outcome.candidates), default=0.0)
        return known[left]

    return top
