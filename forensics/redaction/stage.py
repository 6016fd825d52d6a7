"""The stage: which utterances to withhold or to cut so that a release fits at least k people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.linkage.stage import identity as register_identity
from forensics.linkage.stage import index_folder
from forensics.redaction.plan import Plan, make_plan
from forensics.redaction.spans import Releasable, secrets_of
from forensics.reidentification.learned import learn
from forensics.reidentification.name_rates import read_own
from forensics.reidentification.risk import choose_population
from forensics.reidentification.stage import identity as reference_identity

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

_TABLES = ("claims", "mentions", "transcripts", "utterances", "recordings", "audio")


def identity(options: Options) -> dict[str, Any]:
    """Digest of the reference tables and the register; nothing if no redaction is planned."""
    return {**reference_identity(options), **register_identity(options)} if options.redact_k else {}


def run(bench: Workbench) -> None:
    """Write ``redaction``: none unless a redaction is asked for."""
    if not bench.options.redact_k:
        return
    tables = {name: bench.rows(name) for name in _TABLES}
    group = released_group(tables["utterances"])
    if group is None:
        return
    own = {name: [r for r in rows if r["data_subject_group"] == group] for name, rows in tables.items()}
    key = [group, bench.options.redact_k, {name: digest(clean(rows)) for name, rows in own.items()}]
    for _ in bench.todo([group], key=lambda _: key):
        plan = plan_for(own, bench.options, index=index_folder(bench.options, bench.case.folder))
        bench.keep(key, {"redaction": plan_rows(group, plan, own, bench.options.redact_k)})


def released_group(utterances: Iterable[Row]) -> str | None:
    """The data subject with most utterances; nobody else's data is released."""
    counts = Counter(str(u["data_subject_group"]) for u in utterances)
    return min(counts, key=lambda group: (-counts[group], group), default=None)


def releasable(own: Mapping[str, list[Row]]) -> list[Releasable]:
    """The utterances of a group with their transcripts.

    Parameters
    ----------
    own : mapping
        Rows of ``utterances``, ``recordings``, ``audio`` and ``transcripts`` of one group.
    """
    seconds = {a["recording_id"]: float(a["duration_s"] or 0.0) for a in own["audio"]}
    sha256 = {r["recording_id"]: r["sha256"] for r in own["recordings"]}
    ours: dict[str, list[str]] = defaultdict(list)
    words: dict[str, tuple[tuple[str, float, float], ...]] = {}
    for row in sorted(own["transcripts"], key=lambda t: (t["engine"] == "vendor", t["engine"])):
        ours[row["recording_id"]] += [text for text in (row["text"], row["raw_text"]) if text]
        if row["words"] and row["recording_id"] not in words:
            words[row["recording_id"]] = tuple(
                (w["word"], float(w["start_s"] or 0.0), float(w["end_s"] or 0.0)) for w in row["words"]
            )
    found = []
    for row in sorted(own["utterances"], key=lambda u: str(u["utterance_id"])):
        recording = row["recording_id"]
        texts = [row["vendor_text"]] if row["vendor_text"] else []
        texts += ours.get(recording, [])
        found.append(
            Releasable(
                row["utterance_id"],
                recording,
                sha256.get(recording),
                seconds.get(recording, 0.0),
                words.get(recording, ()),
                tuple(dict.fromkeys(texts)),
            )
        )
    return found


def plan_for(own: Mapping[str, list[Row]], options: Options, *, index: Path) -> Plan:
    """The plan for one group.

    Parameters
    ----------
    own : mapping
        Rows of the group's tables.
    options : Options
        ``redact_k`` and what the risk depends on.
    index : pathlib.Path
        Where the register's index lies.
    """
    people = choose_population(own["claims"], options.population)
    if options.names:
        people = replace(people, own_names=read_own(options.names))
    # A claim without words (a device by its serial number) goes with the metadata, which are not released.
    heard = [c for c in own["claims"] if c["utterance_ids"] and c["mention_ids"]]
    utterances = releasable(own)
    return make_plan(
        learn(heard, people),
        secrets_of(heard, own["mentions"], utterances),
        utterances,
        people,
        options,
        k=options.redact_k,
        listener=options.redact_listener,
        register_top=_register_top(heard, options, index) if options.register else None,
    )


def plan_rows(group: str, plan: Plan, own: Mapping[str, list[Row]], k: int) -> list[dict[str, Any]]:
    """Rows of ``redaction``."""
    known = {u.utterance_id: u for u in releasable(own)}
    plan_id = make_id("pln", group, k, list(plan.hidden), list(plan.withheld))
    rows = []
    for utterance_id in sorted({*plan.withheld, *plan.silenced, *plan.replaced}):
        spans = plan.silenced.get(utterance_id, [])
        action = "withhold" if utterance_id in plan.withheld else "silence" if spans else "replace"
        claims = plan.reasons.get(utterance_id, ())
        why = "a claim that has to be hidden is told here" if claims else "a name that we missed may be heard"
        whole = known[utterance_id].seconds
        rows.append(
            {
                "redaction_id": make_id("red", plan_id, utterance_id),
                "plan_id": plan_id,
                "utterance_id": utterance_id,
                "recording_id": known[utterance_id].recording_id,
                "action": action,
                "seconds": whole if action == "withhold" else sum(b - a for a, b in spans),
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


def _register_top(claims: Sequence[Row], options: Options, index: Path) -> Callable[[frozenset[str]], float]:
    from forensics.linkage.index import open_register
    from forensics.linkage.query import query_of
    from forensics.linkage.score import search

    register = open_register(options.register, index)
    known: dict[frozenset[str], float] = {}

    def top(left: frozenset[str]) -> float:
        if left not in known:
            rows = [c for c in claims if c["claim_id"] in left]
            outcome = search(register, query_of(rows), in_register=options.in_register, top=1)
            known[left] = max((c.posterior for c in outcome.candidates), default=0.0)
        return known[left]

    return top
