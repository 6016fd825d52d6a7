"""The voices stage: whose voice each recording holds. Empty unless comparing voices was asked for.

Vectors are biometric data: they live in memory while the stage runs, and no table or file keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.audio.ambience import child_score
from forensics.audio.decode import RATE, decode_file
from forensics.audio.pitch import pitch_hz
from forensics.audio.speech import Speech
from forensics.audio.voices import permission
from forensics.audio.voices.encoder import DVector, Encoder, Resemblyzer, default
from forensics.audio.voices.household import UNKNOWN, Piece, Voices, group
from forensics.audio.voices.scoring import calibration_of
from forensics.audio.voices.turns import turns
from forensics.case.case import Case
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.corridor.workbench import Workbench
from forensics.errors import AudioError

MAN_HZ = 165.0
"""Median pitch below which no child speaks: women begin there, children above (Lee, Potamianos and Narayanan,
JASA 105(3), 1999)."""
AGE_BASIS = "unproven: pitch alone, no child to try it on; 1 of 25 adults is taken for a child"
"""``make bench-speakers`` counts the adults."""


@dataclass(frozen=True)
class _Turn:
    recording: dict[str, Any]
    start_s: float
    end_s: float
    piece: Piece
    pitch: float | None


def identity(options: Options) -> dict[str, Any]:
    """The encoders' hashes, if voices are compared."""
    if not options.voices:
        return {}
    weights = {encoder.name: encoder.weights.sha256 for encoder in (DVector, Resemblyzer)}
    return {**weights, "calibration": asdict(calibration_of(default().name))}


def run(bench: Workbench) -> None:
    """Write the turns of every recording with their voices, group by group of data subjects."""
    if not bench.options.voices:
        return
    permission.require(bench.case)
    audio = {row["recording_id"]: row["speech"] for row in bench.rows("audio")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(bench.rows("recordings"), key=lambda r: str(r["recording_id"])):
        heard = {**row, "speech": audio.get(row["recording_id"])}
        groups.setdefault(row["data_subject_group"], []).append(heard)
    encoder = default()
    for own in bench.todo(groups.values(), key=_key, label="Comparing voices"):
        bench.keep(_key(own), {"voices": _voices(bench.case, own, encoder, seed=bench.options.seed)})


def _key(rows: Sequence[dict[str, Any]]) -> list[Any]:
    return [[r["recording_id"], r["sha256"], r["started_at"], r["device_id"], r["speech"]] for r in rows]


def _voices(
    case: Case, rows: Sequence[dict[str, Any]], encoder: Encoder, *, seed: int
) -> list[dict[str, Any]]:
    found: list[_Turn] = []
    for row in rows:
        found.extend(_turns(case, row, encoder))
    if not found:
        return []
    voices = group([turn.piece for turn in found], calibration_of(encoder.name), seed=seed)
    return _rows(found, voices)


def _turns(case: Case, row: dict[str, Any], encoder: Encoder) -> list[_Turn]:
    spans = [(s["start_s"], s["end_s"]) for s in (row["speech"] if row["speech"] is not None else ())]
    if not spans:
        return []
    try:
        samples = decode_file(case.evidence_path(row["sha256"]), name=row["recording_id"]).samples
    except AudioError:
        return []  # the audio stage has said so
    started = row["started_at"] if row["started_at"] == row["started_at"] else None  # NaT differs from itself
    made = []
    for parts in turns(spans):
        speech = np.concatenate([samples[int(a * RATE) : int(b * RATE)] for a, b in parts])
        if not len(speech):
            continue
        seconds = len(speech) / RATE
        whole = Speech(((0.0, seconds),), np.ones(1, np.float32))
        piece = Piece(encoder.embed(speech), seconds, started, str(row["device_id"] or ""))
        made.append(_Turn(row, parts[0][0], parts[-1][1], piece, pitch_hz(speech, whole)))
    return made


def _rows(found: Sequence[_Turn], voices: Voices) -> list[dict[str, Any]]:
    low, mid, high = voices.size
    ids, ages = _ids(found, voices.labels), _ages(found, voices.labels)
    made = []
    for turn, label, score in zip(found, voices.labels, voices.scores, strict=True):
        age, child = ages.get(int(label), ("unknown", None))
        made.append(
            {
                "recording_id": turn.recording["recording_id"],
                "data_subject_group": turn.recording["data_subject_group"],
                "voice_id": ids.get(int(label)),
                "score": round(float(score), 4),
                "start_s": round(turn.start_s, 3),
                "end_s": round(turn.end_s, 3),
                "speech_s": round(turn.piece.seconds, 3),
                "age": age,
                "child_score": child,
                "age_basis": AGE_BASIS,
                "pitch_hz": None if turn.pitch is None else round(turn.pitch, 1),
                "household_lo": low,
                "household_mid": mid,
                "household_hi": high,
            }
        )
    return made


def _ids(found: Sequence[_Turn], labels: NDArray[np.int64]) -> dict[int, str]:
    """An id per voice, from the recordings in which it speaks."""
    members: dict[int, list[str]] = {}
    for turn, label in zip(found, labels, strict=True):
        members.setdefault(int(label), []).append(f"{turn.recording['recording_id']}@{turn.start_s:.3f}")
    return {label: make_id("voice", *sorted(own)) for label, own in members.items() if label != UNKNOWN}


def _ages(found: Sequence[_Turn], labels: NDArray[np.int64]) -> dict[int, tuple[str, float]]:
    """Adult, child or unknown per voice, and the score: 0 at an adult's pitch, 1 at a child's.

    Women and children share the pitches between a man's and a child's: there it is unknown.
    """
    ages = {}
    for label in {int(v) for v in labels if v != UNKNOWN}:
        own = [t.pitch for t, v in zip(found, labels, strict=True) if v == label and t.pitch is not None]
        if own:
            pitch = float(np.median(own))
            score = child_score(pitch)
            age = "child" if score >= 1 else "adult" if pitch < MAN_HZ else "unknown"
            ages[label] = (age, round(score, 3))
    return ages
