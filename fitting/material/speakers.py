"""Pieces of real speakers' speech, their vectors, and trials between them: what voices are compared on.

Real clips with a named speaker come from ``../shared/audio`` (or $FORENSICS_SHARED). They are cut to pieces
of speech of less than 1, 1 to 2, 2 to 4 and more than 4 s; a trial is two pieces of different files.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fitting.material.hearing import recordings
from fitting.record import ROOT
from forensics.audio.decode import RATE, decode
from forensics.audio.speech import speech_activity
from forensics.audio.voices.encoder import Encoder

CACHE = ROOT / "build" / "speakers"


@dataclass(frozen=True)
class Cut:
    """A piece of one speaker's speech, pauses taken out.

    Parameters
    ----------
    file, speaker, source : str
        `source` is the repository or meeting: one microphone or one channel, as in a household.
    samples : ndarray of float32
    """

    file: str
    speaker: str
    source: str
    samples: npt.NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Of speech."""
        return len(self.samples) / RATE


def cuts(*, seed: int = 1) -> list[Cut]:
    """All pieces: every file whole, and up to two of each shorter length from its speech."""
    rng = np.random.default_rng(seed)
    found = []
    for file, speaker, source, samples in _speakers():
        spoken = _speech(samples)
        if len(spoken) < 0.3 * RATE:
            continue
        found.append(Cut(file, speaker, source, spoken))
        for low, high in ((0.4, 1.0), (1.0, 2.0), (2.0, 4.0)):
            position = 0
            for _ in range(2):
                length = int(rng.uniform(low, high) * RATE)
                if position + length > len(spoken):
                    break
                found.append(Cut(file, speaker, source, spoken[position : position + length]))
                position += length
    return found


def _speakers() -> list[tuple[str, str, str, npt.NDArray[np.float32]]]:
    root = recordings().parent
    found = []
    with recordings().open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["speaker_id"] and row["kind"] != "nonspeech"]
    for row in rows:
        samples = decode((root / row["file"]).read_bytes(), name=row["file"]).samples
        if ";" not in row["speaker_id"] and not row["speaker_id"].startswith("ami"):
            found.append((row["file"], row["speaker_id"], row["source_repo"], samples))
            continue
        turns = root / Path(row["file"]).with_suffix(".rttm")
        if turns.is_file():
            for number, (start, end, speaker) in enumerate(_alone(turns)):
                piece = samples[int(start * RATE) : int(end * RATE)]
                found.append((f"{row['file']}#{number}", speaker, row["file"], piece))
    return found


def _alone(turns: Path) -> list[tuple[float, float, str]]:
    """Turns in which nobody else speaks."""
    rows = [line.split() for line in turns.read_text("utf-8").splitlines() if line.strip()]
    spans = [(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows]
    return [
        a for a in spans if a[1] - a[0] >= 0.4 and all(b is a or b[0] >= a[1] or b[1] <= a[0] for b in spans)
    ]


def _speech(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    spans = speech_activity(samples).spans
    pieces = [samples[max(0, int((a - 0.03) * RATE)) : int((b + 0.03) * RATE)] for a, b in spans]
    return np.concatenate(pieces) if pieces else samples[:0]


def vectors(encoder: Encoder, pieces: list[Cut], *, weights: str) -> npt.NDArray[np.float32]:
    """Embeddings, kept under build/ by the content of pieces and weights."""
    digest = hashlib.sha256(f"{encoder.name} {weights}".encode())
    for piece in pieces:
        digest.update(piece.samples.tobytes())
    path = CACHE / f"{encoder.name.replace('*', 'x')}-{digest.hexdigest()[:16]}.npy"
    if not path.is_file():
        found = np.stack([encoder.embed(piece.samples) for piece in pieces])
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, found)
    return np.load(path)


@dataclass(frozen=True)
class Trials:
    """Pairs of pieces of different files.

    Parameters
    ----------
    first, second : ndarray of int
    same, close : ndarray of bool
        One speaker; one source.
    """

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    same: npt.NDArray[np.bool_]
    close: npt.NDArray[np.bool_]


def trials(pieces: list[Cut], rows: npt.NDArray[np.int64]) -> Trials:
    """All trials between the pieces in `rows`."""
    a, b = (rows[i] for i in np.triu_indices(len(rows), 1))
    file = np.array([p.file.split("#")[0] + p.file.partition("#")[2] for p in pieces])
    speaker, source = np.array([p.speaker for p in pieces]), np.array([p.source for p in pieces])
    keep = file[a] != file[b]
    a, b = a[keep], b[keep]
    return Trials(a, b, speaker[a] == speaker[b], source[a] == source[b])
