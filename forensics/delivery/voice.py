"""The owner's voice against the voices of a bundle: only with a reference that its owner consented to.

Comparing voices is processing of biometric data (Article 9 GDPR). It is done here for the one purpose that
the reference was given for, in the throwaway case, and nothing of it is kept.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.case.rows import records
from forensics.delivery.account_fits import Fit
from forensics.errors import ForensicsError

SPEAKS = 0.5
"""P(a recording is the owner's, in the owner's bundle): others live there too (assumption)."""
SILENT = 0.1
"""P(the owner is not to be heard in the own bundle at all) (assumption)."""
EFFECTIVE_CLIPS = 10
"""Clips of one room resemble each other: many count as this many independent ones (assumption)."""
MOST_CLIPS = 60
"""Assumption: more clips of one household tell nothing new."""
LEAST_S = 1.0
"""Assumption: seconds of speech from which a voice can be compared."""
TOO_SHORT = "no recording has enough speech"
PURPOSE = "delivery guard, with a reference recording given by the account's owner"


def voice_fit(case: Path, group: str, reference: Path) -> Fit:
    """How well any voice of a data subject's recordings fits the reference.

    Parameters
    ----------
    case : pathlib.Path
        The throwaway case.
    reference : pathlib.Path
        A recording, or a folder of them.
    """
    try:
        encoders: Any = importlib.import_module("forensics.audio.voices.encoder")
        scoring: Any = importlib.import_module("forensics.audio.voices.scoring")
        encoder = encoders.default()
        calibration = scoring.calibration_of(encoder.name)
        known = [encoder.embed(speech) for speech in _reference(reference)]
        clips = _clips(case, group)
        if not known:
            return Fit("voice", None, "the reference holds no speech that can be compared")
        if not clips:
            return Fit("voice", None, TOO_SHORT)
        middle = np.mean(known, axis=0)
        middle /= np.linalg.norm(middle)
        cosines = np.array([float(encoder.embed(speech) @ middle) for speech in clips])
        ratios = calibration.llr(cosines, np.array([len(speech) / 16_000 for speech in clips]))
    except ImportError:
        return Fit("voice", None, "no comparison of voices is installed")
    except (ForensicsError, OSError) as error:
        return Fit("voice", None, f"voices could not be compared: {type(error).__name__}")
    return Fit("voice", voice_bits(ratios), f"the reference against {len(clips)} recordings")


def voice_bits(ratios: Sequence[float] | npt.NDArray[np.float64]) -> float:
    """Bits for the owner from the log-likelihood ratios of single recordings.

    Parameters
    ----------
    ratios : sequence of float
        Natural logarithms: this recording is the owner's, against another customer's.

    Notes
    -----
    Others of the household speak as well, so that a voice that is not the owner's is no mismatch: each
    recording gives (1 - s) + s e^r, and the product, scaled to :data:`EFFECTIVE_CLIPS`, stands beside the
    possibility that the owner never speaks, which bounds what voices can say against.
    """
    each = np.log2((1 - SPEAKS) + SPEAKS * np.exp(np.asarray(ratios, dtype=np.float64)))
    joint = float(each.sum()) * min(1.0, EFFECTIVE_CLIPS / len(each))
    return math.log2(SILENT + (1 - SILENT) * 2.0 ** min(joint, 60.0))


def _clips(case: Path, group: str) -> list[npt.NDArray[np.float32]]:
    """The speech of the recordings with the most of it."""
    from forensics.audio.decode import decode_file
    from forensics.case.case import Case
    from forensics.errors import AudioError

    opened = Case.open(case)
    opened.custody.append("biometric processing asked for", purpose=PURPOSE, what="speaker embeddings")
    audio = opened.frame("audio").merge(
        opened.frame("recordings")[["recording_id", "sha256"]], on="recording_id"
    )
    mine = audio[(audio["data_subject_group"] == group) & (audio["speech_s"] >= LEAST_S)]
    found = []
    ordered = mine.sort_values(["speech_s", "recording_id"], ascending=[False, True])
    for row in records(ordered.head(MOST_CLIPS)):
        try:
            samples = decode_file(opened.evidence_path(row["sha256"]), name=row["recording_id"]).samples
        except AudioError:
            continue
        spans = [(float(s["start_s"]), float(s["end_s"])) for s in row["speech"]]
        found.append(_spoken(samples, spans))
    return [speech for speech in found if len(speech) >= LEAST_S * 16_000]


def _reference(path: Path) -> list[npt.NDArray[np.float32]]:
    from forensics.audio.decode import decode_file
    from forensics.audio.measure import measure

    files = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    found = []
    for file in files[:MOST_CLIPS]:
        sound = decode_file(file, name="the reference")
        speech: Any = measure(sound)["speech"]
        spans = [(float(s["start_s"]), float(s["end_s"])) for s in speech]
        found.append(_spoken(sound.samples, spans))
    return [speech for speech in found if len(speech) >= LEAST_S * 16_000]


def _spoken(
    samples: npt.NDArray[np.float32], spans: Sequence[tuple[float, float]]
) -> npt.NDArray[np.float32]:
    parts = [samples[int(start * 16_000) : int(end * 16_000)] for start, end in spans]
    return np.concatenate(parts) if parts else samples[:0]
