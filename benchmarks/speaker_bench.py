"""Whose voice: error rates by clip length and clustering on real speakers, beside Resemblyzer alone.

Real clips with a named speaker come from ``../shared/audio`` (or $FORENSICS_SHARED). They are cut to pieces
of speech of less than 1, 1 to 2, 2 to 4 and more than 4 s; a trial is two pieces of different files. Every
figure that needs a calibration is cross-validated: what judges a speaker was fitted without any clip of
that speaker's source. Intervals resample speakers, not trials.

``make fits-voices`` fits the calibration on all speakers.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from fitting.material.speakers import Cut, cuts, trials, vectors
from fitting.voices import THRESHOLD, calibrate
from forensics.audio.ambience import child_score
from forensics.audio.pitch import pitch_hz
from forensics.audio.speech import Speech
from forensics.audio.voices.encoder import DVector, Resemblyzer, default
from forensics.audio.voices.household import DRAWS, Piece, group
from forensics.audio.voices.scoring import Calibration, cllr, equal_error_rate
from forensics.audio.voices.stage import MAN_HZ

LENGTHS = {"<1": (0.3, 1.0), "1-2": (1.0, 2.0), "2-4": (2.0, 4.0), ">4": (4.0, 99.0)}
FOLDS = 5
Floats = npt.NDArray[np.float64]
Household = tuple[int, list[str], list[Piece], Calibration]
"""The part of the speakers that it was drawn from, who speaks, the clips, and a calibration without them."""


class Alone:
    """Resemblyzer as its package runs it: its own silence trimming, padding and windows."""

    name = "resemblyzer-alone"

    def __init__(self) -> None:
        from resemblyzer import VoiceEncoder

        self._encoder = VoiceEncoder("cpu", verbose=False)

    def embed(self, speech: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Its vector."""
        from resemblyzer import preprocess_wav

        trimmed = preprocess_wav(speech)
        found = self._encoder.embed_utterance(trimmed if len(trimmed) >= 400 else speech)
        return np.asarray(found, np.float32)


def rates(pieces: list[Cut], scores: Floats, rows: npt.NDArray[np.int64], *, close: bool) -> dict[str, Any]:
    """Equal error rate with an interval over resampled speakers, the same draws for every encoder."""
    t = trials(pieces, rows)
    kept = t.same | t.close if close else np.ones(len(t.same), bool)
    first, second, same = t.first[kept], t.second[kept], t.same[kept]
    value = scores[first, second]
    names = sorted({p.speaker for p in pieces})
    number = np.array([names.index(p.speaker) for p in pieces])
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(200):
        times = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names)).astype(float)
        # a pair of one speaker drawn twice counts twice, not four times: it is one person's pair
        weight = np.where(same, times[number[first]], times[number[first]] * times[number[second]])
        if weight[same].sum() and weight[~same].sum():
            pair = (weight[same], weight[~same])
            drawn.append(equal_error_rate(value[same], value[~same], pair))
    low, high = np.quantile(drawn, [0.025, 0.975])
    mid = equal_error_rate(value[same], value[~same])
    return {
        "eer": mid,
        "lo": float(low),
        "hi": float(high),
        "same": int(same.sum()),
        "other": int((~same).sum()),
        "draws": drawn,
    }


def crossed(
    pieces: list[Cut], found: npt.NDArray[np.float32], *, folds: int = FOLDS
) -> tuple[Floats, list[Any]]:
    """Log-likelihood ratios of pairs inside each fold of sources, fitted on the others; NaN across folds."""
    sources = sorted({p.source for p in pieces})
    order = np.random.default_rng(3).permutation(len(sources))
    ratios = np.full((len(pieces), len(pieces)), np.nan)
    length = np.array([p.seconds for p in pieces])
    parts = []
    for k in range(FOLDS):
        held = {sources[i] for i in order[k::FOLDS]}
        inside = np.array([p.source in held for p in pieces])
        fitted = calibrate(pieces, found, np.flatnonzero(~inside), "held out")
        rows = np.flatnonzero(inside)
        cosine = (found[rows] @ found[rows].T).astype(np.float64)
        ratios[np.ix_(rows, rows)] = fitted.llr(cosine, np.minimum(length[rows][:, None], length[rows][None]))
        parts.append((rows, fitted))
    return ratios, parts


def households(
    pieces: list[Cut],
    found: npt.NDArray[np.float32],
    parts: list[Any],
    *,
    count: int,
    seed: int,
    longest: float,
    even: bool = True,
) -> list[Household]:
    """Households of 1 to 4 real speakers, calibrated without any of them.

    Evenly, everybody has 8 to 20 clips. As in a home, the first has all of hers, the others 3 to 8, and
    every second household has a visitor with one or two; the number of clips then says less of the number of
    voices.
    """
    rng = np.random.default_rng(seed)
    made: list[Household] = []
    while len(made) < count:
        part = int(rng.integers(len(parts)))
        rows, fitted = parts[part]
        by_speaker: dict[str, list[int]] = {}
        for i in (i for i in rows if pieces[i].seconds <= longest):
            by_speaker.setdefault(pieces[i].speaker, []).append(i)
        able = sorted(s for s, own in by_speaker.items() if len(own) >= 8)
        wanted = int(rng.integers(1, 5))
        if len(able) < wanted:
            continue
        clips_of = {}
        for k, speaker in enumerate(str(s) for s in rng.choice(able, wanted, replace=False)):
            most = int(rng.integers(8, 21)) if even else 99 if k == 0 else int(rng.integers(3, 9))
            clips_of[speaker] = [int(i) for i in rng.permutation(by_speaker[speaker])[:most]]
        others = sorted(set(by_speaker) - set(clips_of))
        if not even and others and rng.random() < 0.5:
            visitor = str(rng.choice(others))
            most = int(rng.integers(1, 3))
            clips_of[visitor] = [int(i) for i in rng.permutation(by_speaker[visitor])[:most]]
        truth = [speaker for speaker, own in clips_of.items() for _ in own]
        clips = [Piece(found[i], pieces[i].seconds) for own in clips_of.values() for i in own]
        made.append((part, truth, clips, fitted))
    return made


def with_sessions(made: list[Household], *, seed: int = 0) -> list[Household]:
    """The same households with times: sessions of one to three clips, one in seven of another person.

    How people talk to a device together is an assumption.
    """
    dated = []
    for number, (part, truth, clips, fitted) in enumerate(made):
        rng = np.random.default_rng([seed, number])
        left = [int(i) for i in rng.permutation(len(clips))]
        times: dict[int, datetime] = {}
        now = datetime(2018, 1, 1, tzinfo=UTC)
        while left:
            first = left.pop(0)
            now += timedelta(hours=float(rng.uniform(0.5, 8)))
            times[first] = at = now
            for _ in range(int(rng.choice([0, 0, 1, 2]))):
                another = rng.random() < 0.15
                fit_ones = [j for j in left if (truth[j] != truth[first]) == another]
                if not fit_ones:
                    break
                left.remove(fit_ones[0])
                at += timedelta(seconds=float(rng.uniform(5, 120)))
                times[fit_ones[0]] = at
        own = [replace(clip, started_at=times[i], device="one") for i, clip in enumerate(clips)]
        dated.append((part, truth, own, fitted))
    return dated


KINDS = {
    "<2": (2.0, True, False), "<2, uneven": (2.0, False, False), "<2, uneven, sessions": (2.0, False, True),
    "<4": (4.0, True, False), "<4, uneven": (4.0, False, False),
}  # fmt: skip


def grouped(made: list[Household]) -> dict[str, list[float]]:
    """Adjusted Rand index, purity, share left unknown, and the size against the truth, by household."""
    found = [_grouped(house, THRESHOLD) for house in made]
    return {name: [f[name] for f in found] for name in found[0]}


def paired(ours: list[float], theirs: list[float], *, seed: int = 0) -> tuple[float, float, float]:
    """Mean difference over the same households, and its 95 % interval (paired bootstrap)."""
    difference = np.subtract(ours, theirs)
    rng = np.random.default_rng(seed)
    drawn = [difference[rng.integers(0, len(difference), len(difference))].mean() for _ in range(2000)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(difference.mean()), float(low), float(high)


def _grouped(house: Household, threshold: float, *, draws: int = DRAWS) -> dict[str, float]:
    from sklearn.metrics import adjusted_rand_score

    _, truth, clips, fitted = house
    voices = group(clips, replace(fitted, threshold=threshold), draws=draws)
    # each unknown clip counts as a voice of its own: leaving clips out earns nothing
    labels = [int(v) if v >= 0 else 1000 + i for i, v in enumerate(voices.labels)]
    together: dict[int, Counter[str]] = {}
    for speaker, label in zip(truth, labels, strict=True):
        together.setdefault(label, Counter())[speaker] += 1
    real = len(set(truth))
    return {
        "ari": float(adjusted_rand_score(truth, labels)),
        "purity": sum(max(c.values()) for c in together.values()) / len(truth),
        "unknown": float((voices.labels < 0).mean()),
        "size_exact": float(voices.size[1] == real),
        "size_covered": float(voices.size[0] <= real <= voices.size[2]),
        "size_width": float(voices.size[2] - voices.size[0]),
    }


def pooled(pieces: list[Cut], found: npt.NDArray[np.float32], *, clips: int, seed: int = 5) -> float:
    """Equal error rate when every answer rests on some clips of less than 2 s: what a session has."""
    rng = np.random.default_rng(seed)
    sets: list[tuple[str, set[str], npt.NDArray[np.float32]]] = []
    for speaker in sorted({p.speaker for p in pieces}):
        by_file: dict[str, list[int]] = {}
        for i, piece in enumerate(pieces):
            if piece.speaker == speaker and piece.seconds < 2:
                by_file.setdefault(piece.file, []).append(i)
        names = sorted(by_file)
        for _ in range(12 if len(names) >= 6 else 0):  # the same speakers for one clip and for three
            order = [str(n) for n in rng.permutation(names)]
            for part in (order[:clips], order[clips : 2 * clips]):
                vector = found[[int(rng.choice(by_file[n])) for n in part]].mean(axis=0)
                sets.append((speaker, set(part), vector / np.linalg.norm(vector)))
    same, other = [], []
    for n, (speaker, files, vector) in enumerate(sets):
        for other_speaker, other_files, second in sets[n + 1 :]:
            if not files & other_files:
                (same if speaker == other_speaker else other).append(float(vector @ second))
    return equal_error_rate(np.array(same), np.array(other))


def adults_as_child(pieces: list[Cut]) -> dict[str, int]:
    """How many of the speakers, all of them adults, and of their pieces the pitch takes for a child's."""
    pitches: dict[str, list[float]] = {}
    for piece in pieces:
        whole = Speech(((0.0, piece.seconds),), np.ones(1, np.float32))
        if (pitch := pitch_hz(piece.samples, whole)) is not None:
            pitches.setdefault(piece.speaker, []).append(pitch)
    medians = [float(np.median(own)) for own in pitches.values()]
    return {
        "speakers": len(medians),
        "speakers_as_child": sum(child_score(pitch) >= 1 for pitch in medians),
        "speakers_undecided": sum(child_score(p) < 1 and p >= MAN_HZ for p in medians),
        "pieces": sum(map(len, pitches.values())),
        "pieces_as_child": sum(child_score(p) >= 1 for own in pitches.values() for p in own),
    }


def figures(*, count: int = 200, seed: int = 8) -> dict[str, Any]:
    """Everything that is reported; ``speaker_eer`` and ``speaker_ari`` with the peer's beside them."""
    pieces = cuts()
    ours = default()
    hashes = DVector.weights.sha256 + Resemblyzer.weights.sha256
    found = {
        "ours": vectors(ours, pieces, weights=hashes),
        "resemblyzer": vectors(Alone(), pieces, weights=Resemblyzer.weights.sha256),
    }
    length = np.array([p.seconds for p in pieces])
    result: dict[str, Any] = {
        "speakers": len({p.speaker for p in pieces}), "sources": len({p.source for p in pieces}),
        "pieces": len(pieces),
    }  # fmt: skip
    result["adults_as_child"] = adults_as_child(pieces)
    for who, own in found.items():
        cosine = (own @ own.T).astype(np.float64)
        ratios, parts = crossed(pieces, own)
        judged = {}
        for name, (longest, even, sessions) in KINDS.items():
            made = households(pieces, own, parts, count=count, seed=seed, longest=longest, even=even)
            judged[name] = grouped(with_sessions(made) if sessions and who == "ours" else made)
        by_length: dict[str, Any] = {}
        for name, (low, high) in LENGTHS.items():
            rows = np.flatnonzero((length >= low) & (length < high))
            t = trials(pieces, rows)
            inside = ~np.isnan(ratios[t.first, t.second])
            value = ratios[t.first, t.second]
            by_length[name] = {
                "any": rates(pieces, cosine, rows, close=False),
                "one_source": rates(pieces, cosine, rows, close=True),
                "cllr": cllr(value[inside & t.same], value[inside & ~t.same]),
            }
        result[who] = {
            "lengths": by_length, "households": judged,
            "pooled": {n: pooled(pieces, own, clips=n) for n in (1, 2, 3)},
        }  # fmt: skip
    result["speaker_eer"] = {n: round(v["any"]["eer"], 4) for n, v in result["ours"]["lengths"].items()}
    result["speaker_eer_resemblyzer"] = {
        n: round(v["any"]["eer"], 4) for n, v in result["resemblyzer"]["lengths"].items()
    }
    for who, key in (("ours", "speaker_ari"), ("resemblyzer", "speaker_ari_resemblyzer")):
        by_kind = {n: round(float(np.mean(h["ari"])), 4) for n, h in result[who]["households"].items()}
        result[key], result[f"{key}_by_kind"] = by_kind["<2, uneven"], by_kind
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for reading."""
    lines = [
        f"{result['pieces']} pieces of {result['speakers']} speakers from {result['sources']} sources",
        f"{'equal error rate':<26}{'ours':<26}{'Resemblyzer alone':<26}{'Cllr':<14}trials same/other",
    ]
    for kind, words in (("any", "other voice: any"), ("one_source", "of the same source")):
        for name in LENGTHS:
            a, b = (result[w]["lengths"][name] for w in ("ours", "resemblyzer"))
            cells = [f"{x[kind]['eer']:.3f} ({x[kind]['lo']:.3f} to {x[kind]['hi']:.3f})" for x in (a, b)]
            costs = f"{a['cllr']:.2f} / {b['cllr']:.2f}" if kind == "any" else ""
            count = f"{a[kind]['same']}/{a[kind]['other']}"
            label = f"{words} {name} s"
            less = np.quantile(np.subtract(a[kind]["draws"], b[kind]["draws"]), [0.025, 0.975])
            count += f"   ours less theirs {less[0]:+.3f} to {less[1]:+.3f}"
            lines.append(f"{label:<26}{cells[0]:<26}{cells[1]:<26}{costs:<14}{count}")
    for who in ("ours", "resemblyzer"):
        rates_of = ", ".join(f"{n}: {rate:.3f}" for n, rate in result[who]["pooled"].items())
        lines.append(f"equal error rate by clips (< 2 s) of a session pooled, {who}: {rates_of}")
    for name in KINDS:
        both = [result[who]["households"][name] for who in ("ours", "resemblyzer")]
        for who, h in zip(("ours", "resemblyzer"), both, strict=True):
            facts = ", ".join(f"{k} {np.mean(v):.2f}" for k, v in h.items())
            lines.append(f"households, clips {name} s, {who}: {facts}")
        mean, low, high = paired(both[0]["ari"], both[1]["ari"])
        lines.append(f"  ari, ours less theirs, same households: {mean:+.3f} ({low:+.3f} to {high:+.3f})")
    lines.append(f"adults whom the pitch takes for a child: {result['adults_as_child']}")
    return "\n".join(lines)


def main() -> None:
    """Print the tables, and the figures as one JSON object."""
    result = figures()
    print(table(result))
    print(json.dumps({k: v for k, v in result.items() if k not in ("ours", "resemblyzer")}))


if __name__ == "__main__":
    main()
