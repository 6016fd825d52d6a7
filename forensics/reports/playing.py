"""The sound of one utterance, as a notebook plays it: decoded by our own reader, never by the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.errors import ForensicsError
from forensics.reports.snippets import wav

if TYPE_CHECKING:
    from IPython.display import Audio

    from forensics.reports.view import View


def sound(view: View, utterance: str, *, start_s: float = 0.0, end_s: float | None = None) -> Audio:
    """The recording of an utterance, or a part of it.

    Parameters
    ----------
    view : View
        Must reveal names: a voice is a name.
    utterance : str
        An ``utterance_id``, a ``recording_id``, or what reports call it (``U7``).
    start_s, end_s : float, optional
        Which part, in seconds.

    Returns
    -------
    IPython.display.Audio
        Plays in a notebook; its ``data`` is a WAV file of 16 kHz, mono.

    Raises
    ------
    ForensicsError
        If there is no such utterance, or it has no sound.
    CustodyError
        If the evidence is gone.
    AudioError
        If it cannot be decoded.
    """
    from IPython.display import Audio

    from forensics.audio.decode import RATE, decode_file

    recording = _recording(view, utterance)
    sha256 = view.by_recording("recordings")[recording]["sha256"]
    with view.case.open_evidence(sha256):  # raises if the evidence is gone
        name = view.label(view.utterance_of.get(recording))
        samples = decode_file(view.case.evidence_path(sha256), name=name).samples
    end = len(samples) if end_s is None else int(end_s * RATE)
    return Audio(data=wav(samples[int(max(0.0, start_s) * RATE) : end]))  # type: ignore[no-untyped-call]


def _recording(view: View, utterance: str) -> str:
    if utterance in view.by_recording("recordings"):
        return utterance
    for row in view.rows("utterances"):
        if utterance in (row["utterance_id"], view.label(row["utterance_id"])):
            if row["recording_id"] is None:
                raise ForensicsError(f"{utterance} has no sound.", "It stands in the bundle as text only.")
            return str(row["recording_id"])
    raise ForensicsError(
        f"There is no utterance '{utterance}'.", "Take it from Case.search() or the report: an id, or U7."
    )
