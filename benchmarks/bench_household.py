"""The household by ear: loose transcripts, names, accidental recordings, chains, voices.

``python benchmarks/bench_household.py`` prints a table per question and, as its last line, one JSON object.
All figures are of the half of the material that nothing was tuned on. It is synthesised and read once
(``build/household``, about twenty minutes on two cores); afterwards the run takes a few minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import Any

import numpy as np

from fitting.material.loose_bundles import Bundle, bundle, hearing_of, real_bundle, score
from fitting.material.loose_hearings import real_hearings

LANGUAGES = ("en", "de")
REAL = ("de",)
"""Languages of which every text of the bundles was spoken and read: words drawn one by one lose what a real
mishearing keeps, and German loses most."""
OLD_LEAST = 0.55
"""Similarity that the peer asks for: the best value on the tuning half of the demo."""


def loose(recordings: int, seeds: int) -> dict[str, Any]:
    """Matching of loose lines beside the plain peer: greatest similarity of letters, assigned by scipy."""
    print(f"Loose transcripts: bundles of {recordings} recordings, 5 % missing on either side")
    print("  bundle            precision recall | strict     | peer       | largest class  CPU s  wall s")
    sums: list[dict[str, float]] = []
    for language in LANGUAGES:
        hearing = hearing_of("report", language)
        print(f"  {language}: {hearing.clips} real pairs, {hearing.error:.0%} of words misheard")
        for seed in range(seeds):
            for missing in (0.05,) if seed else (0.05, 0.3):
                made = bundle(recordings, language, hearing, half="report", missing=missing, seed=seed + 100)
                found = _match(language, made, f"seed {seed} miss {missing:.0%}")
                if missing == 0.05:
                    sums.append(found)
    mean = {name: float(np.mean([one[name] for one in sums])) for name in sums[0]}
    return {
        "pdf_precision": round(mean["precision"], 4),
        "pdf_recall": round(mean["recall"], 4),
        "pdf_by_language": {
            language: {
                name: round(float(np.mean([one[name] for one in sums if one["language"] == k])), 4)
                for name in ("precision", "recall", "precision_strict", "recall_strict")
            }
            for k, language in enumerate(LANGUAGES)
        },
        "pdf_precision_strict": round(mean["precision_strict"], 4),
        "pdf_recall_strict": round(mean["recall_strict"], 4),
        "pdf_peer_precision": round(mean["peer_precision"], 4),
        "pdf_peer_recall": round(mean["peer_recall"], 4),
        "pdf_seconds": round(max(one["seconds"] for one in sums), 2),
        "pdf_cpu_seconds": round(max(one["cpu"] for one in sums), 2),
        "pdf_really_heard": {language: _real(recordings, seeds, language) for language in REAL},
    }


def _real(recordings: int, seeds: int, language: str) -> dict[str, float]:
    """The same on bundles whose recordings are heard as Whisper really heard those texts: means."""
    real, hearing = real_hearings("report", language), hearing_of("report", language)
    print(f"  {language}, each text as really heard: {real.clips} clips, {real.error:.0%} of words misheard, "
          f"{real.empty:.0%} empty")  # fmt: skip
    found = []
    for seed in range(seeds):
        made = real_bundle(recordings, language, hearing, half="report", seed=seed + 100)
        found.append(_match(language, made, f"real seed {seed}"))
        alone = _match(language, replace(made, others=()), f"first reading {seed}")
        found[-1] |= {"precision_first": alone["precision"], "recall_first": alone["recall"]}
    names = ("precision", "recall", "precision_first", "recall_first", "peer_precision", "peer_recall")
    return {name: round(float(np.mean([one[name] for one in found])), 4) for name in names}


def _match(language: str, made: Bundle, label: str) -> dict[str, float]:
    from forensics.transcription.matching import match

    lines = [
        {"passage_id": f"{k:06d}", "member_id": "pdf", "page": 1 + k // 40, "line": k % 40, "text": text,
         "data_subject_group": "one"}
        for k, (_, text) in enumerate(made.lines)
    ]  # fmt: skip
    heard = [(f"{k:06d}", text) for k, (_, text) in enumerate(made.heard)]
    others = {recording: own for (recording, _), own in zip(heard, made.others, strict=False)}
    started, used = time.perf_counter(), time.process_time()
    rows = match(lines, heard, None, others)
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    found = score(made, [-1 if r["recording_id"] is None else int(r["recording_id"]) for r in rows])
    peer = score(made, _peer([text for _, text in made.lines], [text for _, text in made.heard]))
    print(
        f"  {language} {label}".ljust(22)
        + f"{found['precision']:.3f}  {found['recall']:.3f} | {found['precision_strict']:.3f} "
        f"{found['recall_strict']:.3f} | {peer['precision']:.3f} {peer['recall']:.3f} | "
        f"{found['largest_class']:.0f} of {found['classes']:.0f}".ljust(15)
        + f" {cpu:.1f}  {wall:.1f}"
    )
    extra = {"peer_precision": peer["precision"], "peer_recall": peer["recall"], "seconds": wall, "cpu": cpu}
    return {**found, **extra, "language": LANGUAGES.index(language)}


def _peer(lines: list[str], heard: list[str]) -> list[int]:
    """rapidfuzz's ratio and scipy's assignment, without classes or evidence: what one writes in an hour."""
    from rapidfuzz import fuzz, process
    from scipy.optimize import linear_sum_assignment

    scores = process.cdist(lines, heard, scorer=fuzz.ratio, dtype=np.float32) / 100
    rows, columns = linear_sum_assignment(-np.where(scores >= OLD_LEAST, scores, 0.0))
    chosen = [-1] * len(lines)
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if scores[i, j] >= OLD_LEAST:
            chosen[i] = j
    return chosen


def names() -> dict[str, Any]:
    """Name recall and false names before and after the second hearing."""
    from fitting.material.names import figures, hear_all

    started = time.process_time()
    found = figures(hear_all("report"))
    by = found.pop("by")
    print(f"\nNames: {found['recordings']} recordings, {found['name_parts']} first names and surnames said")
    for kind, table in by.items():
        print(f"  by {kind} (said, share recalled before, after): {table}")
    for name, value in found.items():
        print(f"  {name:28} {value}")
    return {**found, "names_by": by, "names_cpu_seconds": round(time.process_time() - started, 1)}


def talk(households: int, first: int) -> dict[str, Any]:
    """Accidental recordings and chains in simulated households, and in synthesised clips."""
    from fitting.chains import mostly
    from fitting.material.homes import home
    from forensics.profile.chains import UNMEANT, find_chains

    counts = dict.fromkeys(("hit", "found", "true", "chain_hit", "chain_found", "chain_true"), 0)
    counts |= dict.fromkeys(("meant_hit", "meant_found", "meant_true"), 0)
    by_language = {}
    for language in LANGUAGES:
        own = dict(counts)
        for seed in range(first, first + households):
            one = home("report", language, seed)
            for said, recording in zip(one.said, one.utterances, strict=True):
                if recording.texts:
                    accidental = (recording.accidental or 0.0) >= 0.5
                    own["hit"] += accidental and said.accidental
                    own["found"] += accidental
                    own["true"] += said.accidental
            planted = {said.chain for said in one.said}
            of_recording = {
                r.utterance_id: said.chain for r, said in zip(one.utterances, one.said, strict=True)
            }
            chains = find_chains(one.utterances, one.named)
            for kind, name, unmeant in (("accidental", "chain", True), ("meant", "meant", False)):
                claimed = [c for c in chains if (c.unmeant >= UNMEANT) is unmeant]
                true = {chain for chain in planted if chain.startswith(kind)}
                hit = {mostly([of_recording[r] for r in chain.utterances]) for chain in claimed} & true
                own[f"{name}_hit"] += len(hit)
                own[f"{name}_found"] += len(claimed)
                own[f"{name}_true"] += len(true)
        by_language[language] = own
    print(f"\nAccidental recordings and chains: {2 * households} simulated households")
    for language, own in by_language.items():
        print(f"  {language}: {own}")
        counts = {name: counts[name] + own[name] for name in counts}
    clips = _clips()
    found = {
        "accidental_precision": _share(counts["hit"], counts["found"]),
        "accidental_recall": _share(counts["hit"], counts["true"]),
        "accidental_clips_precision": clips[0],
        "accidental_clips_recall": clips[1],
        "chain_precision": _share(counts["chain_hit"], counts["chain_found"]),
        "chain_recall": _share(counts["chain_hit"], counts["chain_true"]),
        "chain_meant_precision": _share(counts["meant_hit"], counts["meant_found"]),
        "chain_meant_recall": _share(counts["meant_hit"], counts["meant_true"]),
        "chains_planted": counts["chain_true"],
    }
    for name, value in found.items():
        print(f"  {name:28} {value}")
    return found


def _clips() -> tuple[float, float]:
    """Precision and recall on synthesised clips: talk against commands, as Whisper heard them."""
    from fitting.material.talk import clips_as_heard
    from forensics.language.accidental import accidental_score
    from forensics.language.reader import reader

    clips = clips_as_heard("report")
    scored = [
        (talk, (accidental_score(reading) or 0.0) >= 0.5)
        for text, talk, language in clips
        for reading in reader(language).read([text])
    ]
    hit = sum(talk and found for talk, found in scored)
    return _share(hit, sum(f for _, f in scored)), _share(hit, sum(t for t, _ in scored))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def voices() -> dict[str, Any]:
    """Voices, where their benchmark is there."""
    try:
        from benchmarks.speaker_bench import figures, table
    except ImportError:
        return {"speaker_eer": None, "speaker_ari": None}
    found = figures()
    print("\nVoices")
    print(table(found))
    return {k: v for k, v in found.items() if k not in ("ours", "resemblyzer")}


def main() -> int:
    """Run what is asked for; all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=1700)
    parser.add_argument("--seeds", type=int, default=3, help="bundles per language")
    parser.add_argument("--households", type=int, default=5, help="households per language")
    parser.add_argument("--first", type=int, default=100, help="seed of the first household")
    parser.add_argument("--only", choices=("loose", "names", "talk", "voices"), action="append")
    options = parser.parse_args()
    wanted = options.only or ["loose", "names", "talk", "voices"]
    found: dict[str, Any] = {}
    if "loose" in wanted:
        found |= loose(options.recordings, options.seeds)
    if "names" in wanted:
        found |= names()
    if "talk" in wanted:
        found |= talk(options.households, options.first)
    if "voices" in wanted:
        found |= voices()
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
