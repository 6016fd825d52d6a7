"""Who is masked where in a release, and whether a recipient who compares voices still tells who speaks.

Where comparing voices was asked for, a person has one mask throughout, so that a conversation can still be
followed. Otherwise nobody knows who speaks where, and each recording has a mask of its own. The secret that
masks are drawn from is made for one release, and kept nowhere.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE, decode_file
from forensics.case.rows import Row
from forensics.errors import AudioError
from forensics.redaction.mask import Mask, mask_spans
from forensics.redaction.spans import joined
from forensics.reidentification import voice_risk, voice_search

if TYPE_CHECKING:
    from forensics.case.case import Case

Masks = Mapping[str, Sequence[tuple[float, float, Mask]]]
"""By recording, the spans to mask."""
SECRET_BYTES = 32
_COMPARED = 60
"""Recordings of a release that are compared at most: each costs about a second (assumption)."""


@dataclass(frozen=True)
class Masked:
    """How a release is masked, and against whom that holds.

    Parameters
    ----------
    masks : mapping
        By recording.
    people : int
        With a mask of their own; 0 where voices were not compared.
    unmasked : int
        Recordings in which nobody was heard to speak: they are released as they are.
    first : mapping
        By attacker (``plain``, ``ignorant``, ``informed``), P(right one first among 10,000 named people) for
        the voice that is heard longest: low, middle, high. Empty where voices were not compared.
    eer : mapping
        Equal error rates of the same attackers on real speakers.
    """

    masks: Masks
    people: int
    unmasked: int
    first: Mapping[str, tuple[float, float, float]]
    eer: Mapping[str, float]


def masked_voices(own: Mapping[str, list[Row]]) -> Masked:
    """Masks for one data subject, from a new secret.

    Parameters
    ----------
    own : mapping
        Rows of ``recordings``, ``audio``, ``transcripts`` and ``voices`` of the data subject.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    masks = masks_of(own, secret)
    voices = voice_risk.heard(own["voices"])
    return Masked(
        masks,
        len(voices),
        len({r["recording_id"] for r in own["recordings"]} - set(masks)),
        voice_risk.first_by_attacker(voices[0]) if voices else {},
        voice_search.equal_error_rates(),
    )


def masks_of(own: Mapping[str, list[Row]], secret: bytes) -> dict[str, list[tuple[float, float, Mask]]]:
    """By recording, who is masked from when to when.

    Speech is where it was detected and where words were read, whichever was heard: what only one of both
    noticed is masked too.

    Parameters
    ----------
    secret : bytes
        Stays out of the release.
    """
    spoken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in own["audio"]:
        spoken[row["recording_id"]] += [(s["start_s"], s["end_s"]) for s in _listed(row["speech"])]
    for row in own["transcripts"]:
        for word in _listed(row["words"]):
            if word["start_s"] is not None and word["end_s"] is not None:
                spoken[row["recording_id"]].append((float(word["start_s"]), float(word["end_s"])))
    turns: dict[str, list[Row]] = defaultdict(list)
    for turn in own["voices"]:
        turns[turn["recording_id"]].append(turn)
    found = {}
    for recording, spans in spoken.items():
        whose = sorted(turns[recording], key=lambda t: t["start_s"])
        edges = [(a["end_s"] + b["start_s"]) / 2 for a, b in pairwise(whose)]
        names = [t["voice_id"] or f"{recording}@{t['start_s']:.3f}" for t in whose] or [recording]
        drawn = [Mask.drawn(secret, name) for name in names]
        parts = [
            (max(start, low), min(end, high), mask)
            for start, end in joined(spans)
            for low, high, mask in zip([-np.inf, *edges], [*edges, np.inf], drawn, strict=True)
            if max(start, low) < min(end, high)
        ]
        if parts:
            found[recording] = parts
    return found


@dataclass(frozen=True)
class Told:
    """Of how many recordings our own comparison tells who of the household speaks.

    Parameters
    ----------
    compared : int
        Recordings, each against the other recordings as they were before.
    before, after : int
        Of these, whose own voice came first: unmasked, and masked.
    """

    compared: int
    before: int
    after: int


def tell(case: Case, own: Mapping[str, list[Row]], masks: Masks, *, seed: int) -> Told | None:
    """Compare the released sound with the household's own, as somebody would who holds both.

    Parameters
    ----------
    own : mapping
        As for :func:`masked_voices`.
    seed : int
        Which recordings are compared where there are many.

    Returns
    -------
    Told or None
        None where fewer than two voices have two recordings.
    """
    from forensics.audio.voices.encoder import default

    speaking: dict[str, set[str | None]] = defaultdict(set)
    for turn in own["voices"]:
        speaking[turn["recording_id"]].add(turn["voice_id"])
    pairs = sorted((r, v) for r, found in speaking.items() if len(found) == 1 and (v := min(found, key=str)))
    chosen = np.random.default_rng(seed).permutation(len(pairs))[:_COMPARED]
    encoder, sha = default(), {r["recording_id"]: r["sha256"] for r in own["recordings"]}
    plain: list[NDArray[np.float64]] = []
    hidden: list[NDArray[np.float64]] = []
    who: list[str] = []
    for recording, voice in (pairs[i] for i in sorted(chosen.tolist())):
        spans = masks.get(recording, ())
        try:
            samples = decode_file(case.evidence_path(sha[recording]), name=recording).samples
        except AudioError:
            continue
        sounds = [_spoken(s, spans) for s in (samples, mask_spans(samples, spans))]
        if len(sounds[0]):
            plain.append(encoder.embed(sounds[0]).astype(np.float64))
            hidden.append(encoder.embed(sounds[1]).astype(np.float64))
            who.append(voice)
    names = sorted({v for v in who if who.count(v) >= 2})
    if len(names) < 2:
        return None
    counts = [
        sum(_first(i, vectors, plain, who, names) for i in range(len(who)) if who[i] in names)
        for vectors in (plain, hidden)
    ]
    return Told(sum(v in names for v in who), *counts)


def _first(
    at: int, vectors: Sequence[NDArray[np.float64]], known: Sequence[NDArray[np.float64]],
    who: Sequence[str], names: Sequence[str],
) -> bool:  # fmt: skip
    """Whether one recording is nearest to its own voice's other recordings."""
    means = {}
    for name in names:
        others = [known[i] for i in range(len(who)) if who[i] == name and i != at]
        mean = np.mean(others, axis=0)
        means[name] = float(vectors[at] @ mean / np.linalg.norm(mean))
    return max(means, key=lambda name: means[name]) == who[at]


def _spoken(samples: NDArray[np.float32], spans: Sequence[tuple[float, float, Any]]) -> NDArray[np.float32]:
    parts = [samples[max(0, int(a * RATE)) : int(b * RATE)] for a, b, _ in spans]
    return np.concatenate(parts) if parts else samples[:0]


def _listed(found: Any) -> Sequence[Any]:
    return found if found is not None else ()
