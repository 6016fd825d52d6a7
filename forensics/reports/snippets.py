"""A few seconds of sound beside a statement: on request only, and never in a masked report."""

from __future__ import annotations

import base64
import io
import wave
from typing import TYPE_CHECKING

import numpy as np

from forensics.errors import AudioError, CustodyError

if TYPE_CHECKING:
    import numpy.typing as npt

    from forensics.case.rows import Row
    from forensics.reports.view import View

MOST = 80
"""Statements with sound: more would make a page of tens of megabytes."""
BEFORE_S, AFTER_S = 0.5, 1.0
LONGEST_S = 5.0


def snippet(view: View, claim: Row) -> str:
    """The first place where a claim was heard, as a ``data:`` address of a WAV; empty if there is none.

    Parameters
    ----------
    view : View
    claim : Row
    """
    from forensics.audio.decode import RATE, decode_file

    heard = {m["mention_id"]: m for m in view.rows("mentions") if m["recording_id"]}
    places = [heard[m] for m in claim["mention_ids"] if m in heard and heard[m]["start_s"] is not None]
    said = view.by_utterance("utterances")
    sounds = [said[u]["recording_id"] for u in claim["utterance_ids"] if u in said]
    recording = places[0]["recording_id"] if places else next((r for r in sounds if r), None)
    if recording is None:
        return ""
    sha256 = view.by_recording("recordings")[recording]["sha256"]
    try:
        with view.case.open_evidence(sha256):  # raises if the evidence is gone
            name = view.label(view.utterance_of.get(recording))
            samples = decode_file(view.case.evidence_path(sha256), name=name).samples
    except (AudioError, CustodyError):
        return ""
    start = max(0.0, places[0]["start_s"] - BEFORE_S) if places else 0.0
    end = (places[0]["end_s"] or start) + AFTER_S if places else LONGEST_S
    cut = samples[int(start * RATE) : int(min(end, start + LONGEST_S) * RATE)]
    return f"data:audio/wav;base64,{base64.b64encode(wav(cut)).decode()}" if len(cut) else ""


def wav(samples: npt.NDArray[np.float32]) -> bytes:
    """Samples at 16 kHz as a WAV file of 16 bits.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, full scale 1.
    """
    from forensics.audio.decode import RATE

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def peaks(samples: npt.NDArray[np.float32], most: int = 600) -> list[float]:
    """The outline of a sound: the largest amplitude of each of at most `most` equal stretches.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, full scale 1.
    most : int
        More than a waveform on a screen can show (assumption).
    """
    if not samples.size:
        return []
    step = -(-samples.size // most)
    padded = np.pad(np.abs(samples), (0, -samples.size % step))
    return [round(float(peak), 3) for peak in padded.reshape(-1, step).max(axis=1)]
