"""How well a voice alone finds a person, and what masking leaves of that, on real speakers.

    make bench-voice                             about five minutes of CPU time; vectors are kept in build/
    make bench-voice BENCH_ARGS="--clips 8"      fewer clips for the word errors

Real clips with a named speaker come from ``../shared/audio`` (or $FORENSICS_SHARED). The first table is what
is observed with all speakers as the gallery, and what is extrapolated from it. The peer beside ours is
Resemblyzer alone, on the same probes. Held-out sizes: the model is fitted on half of the speakers and asked
what happens to the other half in a gallery of all. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.hearing_measures import errors
from benchmarks.speaker_bench import crossed
from fitting.material.hearing import Spoken, real
from fitting.material.speakers import Cut, cuts, trials, vectors
from fitting.material.voice_trials import OWNER, Probes, kinds, probes
from fitting.voice_search import error_rate, fit
from fitting.voices import WEIGHTS
from forensics.audio.voices.encoder import Resemblyzer, default
from forensics.audio.voices.scoring import cllr
from forensics.redaction.mask import Mask, masked
from forensics.reidentification.voice_risk import GALLERIES
from forensics.reidentification.voice_search import KINDS, search

Floats = npt.NDArray[np.float64]
SECONDS = {"0.3-1": (0.3, 1.0), "1-2": (1.0, 2.0), "2-4": (2.0, 4.0), "4-8": (4.0, 8.0), ">8": (8.0, 99.0)}
FALSE_ALARMS = (0.01, 0.05, 0.1, 0.2)
SPLITS = 10
"""Halves of the speakers on which the extrapolation is fitted and tried."""
LONGEST_S = 12.0
"""Clips that are transcribed: a command is not longer."""


def even(one: Probes) -> Floats:
    """Weights of the probes: each speaker's together weigh once."""
    many = np.bincount(one.own, minlength=len(one.names))
    return np.asarray(1.0 / many[one.own])


def in_band(one: Probes, name: str) -> npt.NDArray[np.bool_]:
    """Probes of so many seconds of speech."""
    low, high = SECONDS[name]
    return np.asarray((one.seconds >= low) & (one.seconds < high))


def observed(one: Probes, gallery: int | None = None) -> float:
    """Rank 1 in a gallery of all speakers, or the mean over all galleries of so many of them."""
    own = one.cosine[np.arange(len(one.own)), one.own]
    better = (one.cosine > own[:, None]).sum(axis=1)
    wrong = one.cosine.shape[1] - 1
    drawn = wrong if gallery is None else gallery - 1
    # no better one among those drawn: hypergeometric
    steps = np.arange(drawn)
    none = np.prod(np.clip((wrong - better[:, None] - steps) / (wrong - steps), 0, 1), axis=1)
    return float(np.average(none, weights=even(one)))


def det(one: Probes) -> dict[str, float]:
    """Share of right people missed, by the share of wrong ones that are taken."""
    own = np.arange(len(one.names))[None] == one.own[:, None]
    weight = np.broadcast_to(even(one)[:, None], own.shape)
    wrong, w = one.cosine[~own], weight[~own]
    order = np.argsort(-wrong)
    taken = np.cumsum(w[order]) / w.sum()
    found = {}
    for rate in FALSE_ALARMS:
        threshold = wrong[order][min(int(np.searchsorted(taken, rate)), len(order) - 1)]
        found[str(rate)] = round(float(np.average(one.cosine[own] < threshold, weights=weight[own])), 4)
    return found


def cmc(one: Probes, peer: Probes) -> dict[str, Any]:
    """Rank 1 by seconds of speech and gallery: observed with all speakers, extrapolated beyond."""
    found: dict[str, Any] = {"cmc": {}, "cmc_interval": {}, "det": {}, "peer_rank1": {}, "probes": {}}
    for name in SECONDS:
        rows = in_band(one, name)
        part = one.of(rows)
        seconds, number = (float(np.exp(np.log(v).mean())) for v in (part.seconds, part.recordings))
        sizes, ends = {str(len(one.names)): round(observed(part), 4)}, {}
        for gallery in GALLERIES:
            first = search().find(seconds, number, gallery - 1).first
            sizes[str(gallery)] = round(float(first.mean()), 4)
            ends[str(gallery)] = [round(float(v), 4) for v in np.quantile(first, [0.05, 0.95])]
        found["cmc"][name], found["cmc_interval"][name] = sizes, ends
        found["det"][name] = det(part)
        found["peer_rank1"][name] = round(observed(peer.of(rows)), 4)
        found["probes"][name] = [int(rows.sum()), len(set(part.own.tolist()))]
    return found


def held_out(one: Probes, *, seed: int = 6) -> dict[str, Any]:
    """Fitted on half of the speakers, tried on the probes of the other half in larger galleries.

    Coverage counts splits whose observed rate lies within the interval; splits share speakers.
    """
    rng = np.random.default_rng(seed)
    people = len(one.names)
    sizes = {"half": people // 2, "all": people}
    told: dict[str, list[tuple[float, float, float, float]]] = {size: [] for size in sizes}
    for split in range(SPLITS):
        order = rng.permutation(people)
        ours, theirs = order[: people // 2], order[people // 2 :]
        kept = np.isin(one.own, ours)
        number = np.full(people, -1)
        number[ours] = np.arange(len(ours))
        small = Probes(
            one.cosine[kept][:, ours], number[one.own[kept]], one.seconds[kept], one.recordings[kept],
            one.close[np.ix_(ours, ours)], tuple(one.names[i] for i in ours),
        )  # fmt: skip
        # the wrong people here are as far away as they are there: nothing to allow for
        known = fit(small, seed=split, draws=60, alike=False)
        tried = one.of(np.isin(one.own, theirs))
        weight = even(tried) / even(tried).sum()
        for size, gallery in sizes.items():
            first = np.stack(
                [
                    known.find(s, n, gallery - 1).first
                    for s, n in zip(tried.seconds, tried.recordings, strict=True)
                ]
            )
            drawn = weight @ first
            low, high = np.quantile(drawn, [0.05, 0.95])
            told[size].append((float(drawn.mean()), float(low), float(high), observed(tried, gallery)))
    found = {}
    for size, rows in told.items():
        predicted, low, high, seen = np.array(rows).T
        found[str(sizes[size])] = {
            "predicted": round(float(predicted.mean()), 4),
            "observed": round(float(seen.mean()), 4),
            "mean_interval": [round(float(low.mean()), 4), round(float(high.mean()), 4)],
            "inside": int(((seen >= low) & (seen <= high)).sum()),
            "of": SPLITS,
        }
    return found


def calibration(pieces: list[Cut], found: npt.NDArray[np.float32]) -> dict[str, float]:
    """Cllr and expected calibration error at even odds of likelihood ratios, cross-validated over sources."""
    ratios, _ = crossed(pieces, found)
    t = trials(pieces, np.arange(len(pieces)))
    value = ratios[t.first, t.second]
    inside = ~np.isnan(value)
    value, same = value[inside], t.same[inside]
    weight = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    odds = 1 / (1 + np.exp(-value))
    edges = np.linspace(0, 1, 11)
    bins = np.clip(np.digitize(odds, edges) - 1, 0, 9)
    ece = 0.0
    for k in range(10):
        w = weight[bins == k]
        if w.sum():
            gap = np.average(odds[bins == k], weights=w) - np.average(same[bins == k], weights=w)
            ece += float(w.sum() * abs(gap))
    return {"cllr": round(cllr(value[same], value[~same]), 4), "ece": round(ece, 4)}


def words(clips: Sequence[Spoken]) -> tuple[float, float, int]:
    """Word error rate of Whisper base before and after masking, and the words."""
    from forensics.transcription.engine import Clip, LanguageChoice
    from forensics.transcription.faster_whisper import shared

    engine = shared("base", exact=False)
    hidden = [replace(c, samples=masked(c.samples, Mask.drawn(OWNER, c.name))) for c in clips]
    rates, said = [], 0
    for own in (clips, hidden):
        texts = [engine.read([Clip(c.samples)], LanguageChoice(forced=c.language))[0].text for c in own]
        wrong, count = errors(own, texts)
        rates.append(float(wrong.sum() / count.sum()))
        said = int(count.sum())
    return round(rates[0], 4), round(rates[1], 4), said


def spoken(count: int) -> list[Spoken]:
    """Real clips in English and German with a transcript, evenly over both halves."""
    all_of_them = [
        c
        for half in ("tune", "report")
        for c in real(half)
        if c.text and c.language in ("en", "de") and 1.0 < c.seconds < LONGEST_S
    ]
    return all_of_them[:: max(1, len(all_of_them) // count)]


def figures(*, clips: int) -> dict[str, Any]:
    """Everything that is reported."""
    pieces = cuts()
    weights = "".join(one.sha256 for one in WEIGHTS)
    made = kinds(default(), pieces, weights=weights)
    tried = {kind: probes(pieces, *pair) for kind, pair in made.items()}
    plain = tried["plain"]
    alone = vectors(Resemblyzer(), pieces, weights=Resemblyzer.weights.sha256).astype(np.float64)
    result: dict[str, Any] = {
        "speakers": len(plain.names), "speakers_with_probes": len(set(plain.own.tolist())),
        "sources": len({p.source for p in pieces}),
    }  # fmt: skip
    result |= cmc(plain, probes(pieces, alone, alone))
    result["held_out"] = held_out(plain)
    result |= calibration(pieces, made["plain"][0].astype(np.float32))
    before, after, said = words(spoken(clips))
    result["masked"] = {
        "eer_before": round(error_rate(plain), 4),
        "eer_ignorant": round(error_rate(tried["ignorant"]), 4),
        "eer_informed": round(error_rate(tried["informed"]), 4),
        "eer_known": round(error_rate(tried["known"]), 4),
        "wer_before": before,
        "wer_after": after,
        "words": said,
        "first_of_10000": {k: round(float(search(k).find(6.0, 3, 9_999).first.mean()), 4) for k in KINDS},
    }
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for reading."""
    people = str(result["speakers"])
    sizes = [people, *map(str, GALLERIES)]
    lines = [
        f"{result['speakers']} real speakers, {result['speakers_with_probes']} of them with several files, "
        f"from {result['sources']} sources",
        "",
        f"{'right one first, by speech':<28}{people + ' observed':<14}{'Resemblyzer':<14}"
        + "".join(f"{'of ' + size:<26}" for size in sizes[1:])
        + "missed at 1, 5, 10, 20 % false",
    ]
    for name in SECONDS:
        row, ends = result["cmc"][name], result["cmc_interval"][name]
        cells = [f"{row[s]:.3f} ({ends[s][0]:.3f} to {ends[s][1]:.3f})" for s in sizes[1:]]
        lines.append(
            f"{name + ' s':<28}{row[people]:<14.3f}{result['peer_rank1'][name]:<14.3f}"
            + "".join(f"{cell:<26}" for cell in cells)
            + ", ".join(f"{v:.2f}" for v in result["det"][name].values())
        )
    lines.append("")
    for size, one in result["held_out"].items():
        low, high = one["mean_interval"]
        lines.append(
            f"held out, gallery of {size}: {one['predicted']:.3f} predicted ({low:.3f} to {high:.3f}), "
            f"{one['observed']:.3f} observed; inside its interval in {one['inside']} of {one['of']} splits"
        )
    lines.append(f"calibration: Cllr {result['cllr']:.2f}, expected calibration error {result['ece']:.3f}")
    m = result["masked"]
    lines += [
        "",
        f"masked: equal error rate {m['eer_before']:.3f} before, {m['eer_ignorant']:.3f} ignorant, "
        f"{m['eer_informed']:.3f} informed, {m['eer_known']:.3f} if the masks are known",
        f"masked: word error rate {m['wer_before']:.3f} before, {m['wer_after']:.3f} after "
        f"({m['words']} words)",
        "masked: first of 10,000 with 6 s in 3 recordings: "
        + ", ".join(f"{v:.3f} {k}" for k, v in m["first_of_10000"].items()),
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table and the JSON line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=int, default=40, help="clips whose words are read, about")
    result = figures(clips=parser.parse_args().clips)
    print(table(result))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
