"""Transcripts for other programs: a table, subtitles, ELAN annotations, Audacity labels.

A table holds every utterance. The other formats belong to one sound each, so they become a folder with a file
per recording, named as reports number it (``U7.srt``), and on request the sound beside it as WAV.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import AudioError, ConsentError, CustodyError, ForensicsError
from forensics.reports.inert import inert
from forensics.reports.said import Said, everything_said
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

PAUSE_S, CUE_S, CUE_LETTERS = 1.0, 7.0, 84
"""A new subtitle begins after a pause, and before one would stand longer than seven seconds or on more than
two lines of 42 letters (Netflix, Timed Text Style Guide); the pause is an assumption."""
_COLUMNS = (
    "no", "started_at", "local_time", "device", "domain", "language", "duration_s", "text", "vendor_text",
    "doubt", "doubtful", "utterance_id", "recording_id", "data_subject_group",
)  # fmt: skip


@dataclass(frozen=True)
class Cue:
    """A piece of text and when it is said.

    Parameters
    ----------
    start_s, end_s : float
        In the recording.
    text : str
        Inert: control characters are visible.
    """

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Exported:
    """What was written.

    Parameters
    ----------
    path : pathlib.Path
        The table, or the folder.
    written : int
        Rows of the table, or recordings.
    silent : int
        Recordings without words, which have no file.
    soundless : int
        Utterances without sound, which only the table holds.
    undecoded : int
        Recordings whose sound was asked for and could not be written.
    """

    path: Path
    written: int
    silent: int = 0
    soundless: int = 0
    undecoded: int = 0


def write_transcripts(
    case: Case, out: str | Path, format: str = "csv", *, purpose: str, sound: bool = False
) -> Exported:
    """Write what was said, for another program.

    Parameters
    ----------
    case : Case
        Transcribed; corrections of an analyst take the place of what was heard.
    out : path
        A file for ``csv``, else a folder: a new or empty one.
    format : str
        One of :data:`FORMATS`.
    purpose : str
        Why the words are needed: there is no masked transcript.
    sound : bool
        Beside each file the recording as WAV, 16 kHz, mono.

    Raises
    ------
    ConsentError
        If there is no purpose.
    ForensicsError
        If the format is unknown, or the folder is not empty.
    """
    target = Path(out)
    if format not in FORMATS:
        raise ForensicsError(f"There is no format '{format}'.", f"Choose one of {', '.join(FORMATS)}.")
    if not purpose.strip():
        raise ConsentError(
            "A transcript shows what was said, names among it.",
            "Say why with --reveal --purpose; the purpose goes into the custody log.",
        )
    if format == "csv" and sound:
        raise ForensicsError("A table has no sound beside it.", "Choose srt, vtt, eaf or audacity.")
    if target.is_dir() if format == "csv" else target.is_dir() and any(target.iterdir()):
        raise ForensicsError(
            f"{target} is a folder that holds files already."
            if format != "csv"
            else f"{target} is a folder.",
            "Name a new one with --out.",
        )
    view = View.of_case(case, reveal=True, purpose=purpose, report_k=0)
    said = everything_said(view)
    if format == "csv":
        _keep(case, target, _table(view, said).encode(), names=target.name)
        return Exported(target, len(said))
    return _folder(view, target, format, said, sound)


def cues(said: Said) -> list[Cue]:
    """The text of a recording in pieces with their times; one piece where no word has a time.

    Parameters
    ----------
    said : Said
        Its own text counts, the vendor's only where there is none.
    """
    if not said.text:
        return []
    if not said.words:
        return [Cue(0.0, max(said.duration_s or 0.0, 0.1), inert(said.text))]
    found: list[Cue] = []
    piece: list[tuple[str, float, float]] = []
    for word in said.words:
        late = piece and (word[1] - piece[-1][2] > PAUSE_S or word[2] - piece[0][1] > CUE_S)
        if piece and (late or len(_joined([*piece, word])) > CUE_LETTERS):
            found.append(_cue(piece))
            piece = []
        piece.append(word)
    return [*found, _cue(piece)]


def _cue(words: list[tuple[str, float, float]]) -> Cue:
    return Cue(words[0][1], max(words[-1][2], words[0][1] + 0.01), inert(_joined(words)))


def _joined(words: list[tuple[str, float, float]]) -> str:
    return " ".join(word.strip() for word, _, _ in words)


def _folder(view: View, target: Path, format: str, everything: list[Said], sound: bool) -> Exported:
    suffix, written_as = _BY_SOUND[format]
    heard = [said for said in everything if said.recording_id is not None]
    spoken = [(said, pieces) for said in heard if (pieces := cues(said))]
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, undecoded = hashlib.sha256(), 0
    for said, pieces in spoken:
        content = written_as(view, said, pieces, sound).encode()
        _private(target / f"{said.label}{suffix}", content)
        digest.update(content)
        if sound:
            undecoded += not _sound_beside(view, said, target / f"{said.label}.wav")
    view.case.custody.append("report written", name=target.name, sha256=digest.hexdigest(), names_shown=True)
    return Exported(target, len(spoken), len(heard) - len(spoken), len(everything) - len(heard), undecoded)


def _sound_beside(view: View, said: Said, path: Path) -> bool:
    from forensics.reports.playing import sound

    try:
        _private(path, sound(view, said.utterance_id).data)
    except (AudioError, CustodyError):
        return False
    return True


def _keep(case: Case, path: Path, content: bytes, *, names: str) -> None:
    _private(path, content)
    sha256 = hashlib.sha256(content).hexdigest()
    case.custody.append("report written", name=names, sha256=sha256, names_shown=True)


def _private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


# -- formats ---------------------------------------------------------------------------------------


def _table(view: View, everything: Iterable[Said]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for said in everything:
        cells = (
            said.label, "" if said.started is None else said.started.isoformat(), said.local_time,
            view.device_text(said.device_id), said.domain, said.language,
            "" if said.duration_s is None else f"{said.duration_s:.2f}",
            inert(said.heard), inert(said.vendor),
            "" if said.doubt is None else f"{said.doubt:.3f}", ", ".join(said.reasons),
            said.utterance_id, said.recording_id or "", said.group,
        )  # fmt: skip
        table.writerow(cells)
    return out.getvalue()


def _srt(view: View, said: Said, pieces: list[Cue], sound: bool) -> str:
    lines = (
        f"{n}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n{cue.text.replace('-->', '->')}\n"
        for n, cue in enumerate(pieces, start=1)
    )
    return "\n".join(lines)


def _vtt(view: View, said: Said, pieces: list[Cue], sound: bool) -> str:
    lines = (
        f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n{escape(cue.text, quote=False)}\n"
        for cue in pieces
    )
    return "\n".join(("WEBVTT\n", *lines))


def _audacity(view: View, said: Said, pieces: list[Cue], sound: bool) -> str:
    return "".join(f"{cue.start_s:.6f}\t{cue.end_s:.6f}\t{cue.text}\n" for cue in pieces)


def _eaf(view: View, said: Said, pieces: list[Cue], sound: bool) -> str:
    """Three tiers: our text, its words, the vendor's text."""
    from pympi.Elan import Eaf, to_string

    made = Eaf(author="forensics")
    made.adocument["DATE"] = view.as_of.isoformat() if view.as_of else made.adocument["DATE"]
    made.remove_tier("default")
    words = [Cue(start, max(end, start + 0.01), inert(word.strip())) for word, start, end in said.words]
    whole = Cue(0.0, max(said.duration_s or 0.0, 0.1), inert(said.vendor))
    for tier, pieces_of_tier in (
        ("heard", pieces if said.heard else []),
        ("words", words),
        ("vendor", [whole] if said.vendor else []),
    ):
        made.add_tier(tier)
        for start, end, text in _apart(pieces_of_tier):
            made.add_annotation(tier, start, end, text)
    if sound:
        name = f"{said.label}.wav"
        made.add_linked_file(name, relpath=f"./{name}", mimetype="audio/x-wav")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{to_string(made).strip()}\n'


def _apart(annotations: Iterable[Cue]) -> Iterator[tuple[int, int, str]]:
    """Milliseconds, one after the other: annotations of an ELAN tier do not overlap."""
    free = 0
    for cue in annotations:
        start = max(free, round(cue.start_s * 1000))
        free = max(start + 1, round(cue.end_s * 1000))
        yield start, free, cue.text


def _clock(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    minutes, rest = divmod(whole, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"


_Writer = Callable[[View, Said, list[Cue], bool], str]
_BY_SOUND: dict[str, tuple[str, _Writer]] = {
    "srt": (".srt", _srt),
    "vtt": (".vtt", _vtt),
    "eaf": (".eaf", _eaf),
    "audacity": (".txt", _audacity),
}
FORMATS = ("csv", *_BY_SOUND)
"""A table for spreadsheets; SubRip and WebVTT subtitles; ELAN; Audacity's label tracks."""
