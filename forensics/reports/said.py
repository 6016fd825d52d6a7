"""What was said, utterance by utterance: its readings, who and what it speaks of, and how doubtful it is.

The search and the exports of transcripts read a case this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from forensics.reports.shown import likeliest_place

if TYPE_CHECKING:
    from forensics.case.rows import Row
    from forensics.reports.view import View

LIKELY_RIGHT = 0.5
"""A text that is less likely right than wrong is doubtful: the confidence is the calibrated probability that
it is what was said, word for word (:mod:`forensics.transcription.confidence`)."""


@dataclass(frozen=True)
class Said:
    """One utterance.

    Parameters
    ----------
    utterance_id : str
        As in the table ``utterances``.
    recording_id : str or None
        None where there is no sound.
    label : str
        What reports call it: ``U7``.
    started : datetime or None
        In the zone that the export gave the time in, else in UTC.
    group : str
        Whose data it is.
    device_id : str or None
        None where the export does not say to which device it was said.
    domain : str
        What the command is about; empty where no command was found.
    heard : str
        Our engine's text, or an analyst's correction of it; empty where nothing was understood.
    vendor : str
        The vendor's text; empty where the bundle has none.
    others : tuple of str
        What else it may have been: other hypotheses of the decoder and of the second hearing.
    language : str
        Code of the spoken language; empty where unknown.
    words : tuple of (str, float, float)
        Words of `heard` with start and end in seconds, as far as the engine gave them.
    duration_s : float or None
        Of the recording.
    doubt : float or None
        Probability that `heard` is not what was said; None where no engine heard it.
    reasons : tuple of str
        Why it is doubtful: ``confidence``, ``flag``, ``second_hearing``, ``unread``; empty if it is not.
    people : tuple of str
        Ids of persons who are spoken of, or whose voice it is.
    places : tuple of int
        Gazetteer ids of what it most probably speaks of.
    """

    utterance_id: str
    recording_id: str | None
    label: str
    started: datetime | None
    group: str
    device_id: str | None
    domain: str
    heard: str
    vendor: str
    others: tuple[str, ...]
    language: str
    words: tuple[tuple[str, float, float], ...]
    duration_s: float | None
    doubt: float | None
    reasons: tuple[str, ...]
    people: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def local_time(self) -> str:
        """When it was said, as the household's clock showed it; UTC where its zone is unknown, else empty."""
        if self.started is None:
            return ""
        zone = f"{self.started:%z}" if self.started.utcoffset() else "UTC"
        return f"{self.started:%Y-%m-%d %H:%M} {zone}"

    @property
    def text(self) -> str:
        """Ours, else the vendor's."""
        return self.heard or self.vendor


def everything_said(view: View) -> list[Said]:
    """Every utterance of a case in the order in which reports number them.

    Parameters
    ----------
    view : View
        What it may show is up to the caller: the texts here are those of the bundle.
    """
    own = {t["recording_id"]: t for t in view.rows("transcripts") if t["engine"] != "vendor"}
    domains = {row["utterance_id"]: row["domain"] for row in view.rows("intents")}
    lengths = {row["recording_id"]: row["duration_s"] for row in view.rows("audio")}
    people, places, again = _people(view), _places(view), _second_readings(view)
    found = []
    for row in sorted(view.rows("utterances"), key=lambda u: view.numbers[u["utterance_id"]]):
        key, recording = row["utterance_id"], row["recording_id"]
        ours = own.get(recording) if recording else None
        heard = "" if ours is None else ours["text"]
        found.append(
            Said(
                utterance_id=key,
                recording_id=recording,
                label=view.label(key),
                started=view.started(row),
                group=str(row["data_subject_group"]),
                device_id=row["device_id"],
                domain=domains.get(key, ""),
                heard=heard,
                vendor=row["vendor_text"] or "",
                others=tuple(dict.fromkeys(_others(ours, again.get(key, ())))),
                language=(ours or {}).get("language") or "",
                words=tuple((w["word"], w["start_s"], w["end_s"]) for w in (ours or {}).get("words") or ()),
                duration_s=lengths.get(recording),
                doubt=None
                if ours is None or ours["confidence"] is None
                else round(1.0 - ours["confidence"], 4),
                reasons=tuple(_reasons(ours, key in again)),
                people=tuple(people.get(key, ())),
                places=tuple(places.get(key, ())),
            )
        )
    return found


def _others(ours: Row | None, again: Iterable[Row]) -> Iterable[str]:
    """The texts that the decoder or the second hearing held possible beside the one it chose."""
    if ours is None:
        return
    yield from (a["value"] for a in ours["alternatives"] if a["value"] != ours["text"])
    for span in again:
        before, after = ours["text"][: span["start"]], ours["text"][span["end"] :]
        for other in (span["first"], *(a["value"] for a in span["alternatives"])):
            if (text := f"{before}{other}{after}") != ours["text"]:
                yield text


def _reasons(ours: Row | None, again: bool) -> Iterable[str]:
    if ours is None:
        return
    if ours["text"] and ours["confidence"] is not None and ours["confidence"] < LIKELY_RIGHT:
        yield "confidence"
    if ours["flags"]:
        yield "flag"
    if again:
        yield "second_hearing"
    if ours["unread"]:
        yield "unread"


def _second_readings(view: View) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in view.rows("second_hearing"):
        found[row["utterance_id"]].append(row)
    return found


def _people(view: View) -> dict[str, list[str]]:
    """Persons by utterance: those whom it speaks of, and those whose voice it is."""
    speaking: dict[str, list[str]] = defaultdict(list)
    for turn in view.rows("voices"):
        if turn["voice_id"] is not None and turn["recording_id"] in view.utterance_of:
            speaking[turn["voice_id"]].append(view.utterance_of[turn["recording_id"]])
    found: dict[str, list[str]] = defaultdict(list)
    for row in view.rows("persons"):
        for utterance in dict.fromkeys((*row["utterance_ids"], *speaking.get(row["voice_id"], ()))):
            found[utterance].append(row["person_id"])
    return found


def _places(view: View) -> dict[str, list[int]]:
    """The places that an utterance's mentions most probably mean."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in view.rows("mentions"):
        meant = likeliest_place(row)
        if meant is not None and row["utterance_id"] and meant not in found[row["utterance_id"]]:
            found[row["utterance_id"]].append(meant)
    return found
