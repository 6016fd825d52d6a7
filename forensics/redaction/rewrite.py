"""Writes the redacted bundle: what may be released, decoded and written anew, and nothing else.

An allow-list: recordings that the plan lets through, silenced where it says so, as plain 16 kHz WAV without
any metadata, in random order under new names; and a table of masked transcripts. Everything else of the
original (account data, loose transcripts, pictures, names and times of members) is withheld.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tempfile
import wave
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.audio.decode import decode_file
from forensics.case.version import VERSION
from forensics.errors import AudioError
from forensics.redaction.spans import Sound, masked
from forensics.reidentification.draws import stream

if TYPE_CHECKING:
    from forensics.case.case import Case

RATE = 16_000
MASK = "…"
DIRECT = frozenset({"PERSON", "PHONE", "EMAIL", "ADDRESS", "ID"})
"""Labels whose words are masked in transcripts whatever the plan says: text is searched in no time."""
NOTICE = (
    "Redacted before release. This does not undo a leak that has happened: whoever holds the original bundle "
    "still does."
)
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Written:
    """What stands in a redacted bundle.

    Parameters
    ----------
    path : pathlib.Path
    sha256 : str
    originals : dict
        From the SHA-256 of each recording written to the id of its original.
    undecodable : tuple of str
        Recordings left out because they cannot be decoded, and so not be freed of metadata.
    """

    path: Path
    sha256: str
    originals: Mapping[str, str]
    undecodable: tuple[str, ...]


def write_redacted(
    case: Case,
    out: Path,
    sounds: Sequence[Sound],
    *,
    withheld: Collection[str],
    silenced: Mapping[str, Sequence[tuple[float, float]]],
    tokens: frozenset[str],
    vendor_texts: Mapping[str, str],
    facts: Mapping[str, Any],
) -> Written:
    """Write the bundle.

    Parameters
    ----------
    case : Case
        Holds the evidence.
    out : pathlib.Path
        Replaced if it exists.
    sounds : sequence of Sound
        All recordings of the data subject.
    withheld : collection of str
        Recording ids.
    silenced : mapping
        From recording id to spans, seconds.
    tokens : frozenset of str
        Folded words to mask in transcripts.
    vendor_texts : mapping
        From recording id to the vendor's transcript.
    facts : mapping
        For ``redaction.json`` in the bundle: nothing that identifies anybody.
    """
    released = [s for s in sounds if s.recording_id not in set(withheld)]
    order = stream(0, "release", *sorted(s.sha256 for s in released)).permutation(len(released))
    originals: dict[str, str] = {}
    undecodable = []
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["Audio File", "Transcript"])
    descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, i in enumerate(order.tolist(), start=1):
                one = released[i]
                try:
                    content = _wav(case, one, silenced.get(one.recording_id, ()))
                except AudioError:
                    undecodable.append(one.recording_id)
                    continue
                member = f"recording-{number:05d}.wav"
                archive.writestr(zipfile.ZipInfo(f"Audio/{member}", _TIME), content)
                originals[hashlib.sha256(content).hexdigest()] = one.recording_id
                text = vendor_texts.get(one.recording_id) or next(iter(one.texts), "")
                writer.writerow([member, masked(text, tokens, MASK)])
            archive.writestr(zipfile.ZipInfo("Transcripts.csv", _TIME), table.getvalue())
            told = {
                "notice": NOTICE, "version": VERSION, "recordings_released": len(originals),
                "recordings_withheld": len(sounds) - len(originals), **facts,
            }  # fmt: skip
            archive.writestr(zipfile.ZipInfo("redaction.json", _TIME), json.dumps(told, indent=1) + "\n")
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Written(out, hashlib.sha256(out.read_bytes()).hexdigest(), originals, tuple(undecodable))


def _wav(case: Case, one: Sound, spans: Sequence[tuple[float, float]]) -> bytes:
    """The recording as 16-bit mono, its spans silent, without metadata.

    Raises
    ------
    AudioError
        If it cannot be decoded.
    """
    with case.open_evidence(one.sha256):  # raises if the evidence is gone
        samples = decode_file(case.evidence_path(one.sha256), name=one.recording_id).samples.copy()
    for start, end in spans:
        samples[max(0, int(start * RATE)) : int(np.ceil(end * RATE))] = 0.0
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()
