"""The audio stage: every recording decoded and measured once."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from forensics.audio.ambience import cues_digest
from forensics.audio.decode import decode_file
from forensics.audio.measure import measure
from forensics.case.case import Case
from forensics.case.options import Options
from forensics.corridor.workbench import Workbench
from forensics.errors import AudioError


def identity(options: Options) -> dict[str, Any]:
    """Versions of the libraries that decode and measure, and the fitted cues."""
    libraries = ("av", "faster-whisper", "librosa", "pymicro-wakeword")
    return {**{name: version(name) for name in libraries}, "cues": cues_digest()}


def run(bench: Workbench) -> None:
    """Write one row of ``audio`` per recording; what cannot be decoded says why."""
    for recording in bench.todo(bench.rows("recordings"), key=_key, label="Listening for speech"):
        bench.keep(_key(recording), {"audio": [_row(bench.case, recording)]})


def _key(recording: dict[str, Any]) -> list[str]:
    return [recording["recording_id"], recording["data_subject_group"], recording["sha256"]]


def _row(case: Case, recording: dict[str, Any]) -> dict[str, Any]:
    row = {k: recording[k] for k in ("recording_id", "data_subject_group")}
    try:
        with case.open_evidence(recording["sha256"]):  # raises if the evidence is gone
            path = case.evidence_path(recording["sha256"])
        sound = decode_file(path, name=recording["recording_id"])
    except AudioError as error:
        return {**row, "decode_error": error.message}
    return {**row, **measure(sound)}
