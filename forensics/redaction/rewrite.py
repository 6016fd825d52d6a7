"""Writes the redacted bundle: what may be released, decoded and written anew, and nothing else.

An allow-list: utterances that the plan lets through, in random order. Their sound is silenced where the plan
says so, as plain 16 kHz WAV without any metadata under new names; their words stand masked in a table, those
of utterances without sound too. Everything else of the original (account data, pictures, names and times of
members) is withheld.
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
from forensics.redaction.mask import Mask, mask_spans
from forensics.redaction.spans import Releasable, masked
from forensics.redaction.voices import Masks
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
    originals : dict
        From the SHA-256 of each recording written to the utterance that it is of.
    texts : dict
        From each text written without sound to the utterances that it may be of.
    undecodable : tuple of str
        Utterances left out because their sound cannot be decoded, and so not be freed of metadata.
    """

    path: Path
    sha256: str
    originals: Mapping[str, str]
    texts: Mapping[str, tuple[str, ...]]
    undecodable: tuple[str, ...]


def write_redacted(
    case: Case,
    out: Path,
    utterances: Sequence[Releasable],
    *,
    withheld: Collection[str],
    silenced: Mapping[str, Sequence[tuple[float, float]]],
    tokens: frozenset[str],
    facts: Mapping[str, Any],
    masks: Masks | None = None,
) -> Written:
    """Write the bundle.

    Parameters
    ----------
    case : Case
        Holds the evidence.
    out : pathlib.Path
        Replaced if it exists.
    utterances : sequence of Releasable
        All of the data subject's.
    withheld : collection of str
        Utterance ids.
    silenced : mapping
        From utterance id to spans, seconds.
    tokens : frozenset of str
        Folded words to mask in texts.
    facts : mapping
        For ``redaction.json`` in the bundle: nothing that identifies anybody.
    masks : mapping, optional
        By recording, whose voice is masked from when to when.
    """
    released = [u for u in utterances if u.utterance_id not in set(withheld)]
    shuffled = stream(0, "release", *sorted(u.sha256 or u.utterance_id for u in released))
    order = shuffled.permutation(len(released))
    originals: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    undecodable = []
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["Audio File", "Transcript"])
    descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, i in enumerate(order.tolist(), start=1):
                one = released[i]
                text = masked(next(iter(one.texts), ""), tokens, MASK)
                if one.recording_id is None or one.sha256 is None:
                    if text:
                        texts.setdefault(text, []).append(one.utterance_id)
                        writer.writerow(["", text])
                    continue
                try:
                    content = _wav(
                        case,
                        one.recording_id,
                        one.sha256,
                        silenced.get(one.utterance_id, ()),
                        (masks or {}).get(one.recording_id, ()),
                    )
                except AudioError:
                    undecodable.append(one.utterance_id)
                    continue
                member = f"recording-{number:05d}.wav"
                archive.writestr(zipfile.ZipInfo(f"Audio/{member}", _TIME), content)
                originals[hashlib.sha256(content).hexdigest()] = one.utterance_id
                writer.writerow([member, text])
            archive.writestr(zipfile.ZipInfo("Transcripts.csv", _TIME), table.getvalue())
            told = {
                "notice": NOTICE, "version": VERSION, "recordings_released": len(originals),
                "texts_released": sum(map(len, texts.values())),
                "utterances_withheld": len(utterances) - len(released) + len(undecodable), **facts,
            }  # fmt: skip
            archive.writestr(zipfile.ZipInfo("redaction.json", _TIME), json.dumps(told, indent=1) + "\n")
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    of_text = {text: tuple(ids) for text, ids in texts.items()}
    return Written(out, hashlib.sha256(out.read_bytes()).hexdigest(), originals, of_text, tuple(undecodable))


def _wav(
    case: Case,
    recording_id: str,
    sha256: str,
    spans: Sequence[tuple[float, float]],
    masks: Sequence[tuple[float, float, Mask]],
) -> bytes:
    """The recording as 16-bit mono, its voices masked and its spans silent, without metadata.

    Raises
    ------
    AudioError
        If it cannot be decoded.
    """
    with case.open_evidence(sha256):  # raises if the evidence is gone
        samples = decode_file(case.evidence_path(sha256), name=recording_id).samples.copy()
    if masks:
        samples = mask_spans(samples, masks)
    for start, end in spans:  # after the masks: nothing of a name is left to be spread by them
        samples[max(0, int(start * RATE)) : int(np.ceil(end * RATE))] = 0.0
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()
