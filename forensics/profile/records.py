"""What one data subject said and wrote, as the rest of the room reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from forensics.profile.says import Readers, shipped_readers
from forensics.profile.spotting import Spot
from forensics.profile.witness import Witness

Rows = Sequence[Mapping[str, Any]]
"""Rows of a table as plain Python values."""
SURE = 0.6
"""Probability from which one of several towns of a name is taken to be meant (assumption)."""


@dataclass(frozen=True)
class Device:
    """One device of the household.

    Parameters
    ----------
    device_id : str
    name : str or None
        As the household calls it: "Kitchen", "Anna's Echo".
    kind : str or None
        The vendor's device type (``Echo Dot``).
    serial, room : str or None
    owner : str
        ``account``, ``other`` or ``unknown``.
    """

    device_id: str
    name: str | None = None
    kind: str | None = None
    serial: str | None = None
    room: str | None = None
    owner: str = "unknown"


@dataclass(frozen=True)
class Utterance:
    """One thing said to or near a device, heard, written down, or both.

    Parameters
    ----------
    utterance_id : str
    local : datetime or None
        Start in the household's own time.
    device_id : str or None
    device : Device or None
        The row of `devices` of that id, where there is one.
    domain, intent : str
    slots : dict
    accidental : float or None
        Probability that nobody meant it for the device.
    texts : tuple of str
        What was understood: ours first, then the vendor's.
    language : str or None
    recording_id : str or None
        None for a row of a history, or a loose line, without sound.
    speaker : str or None
        The vendor's name for who speaks.
    voices : tuple of str
        Ids of the voices heard.
    child_voice : float or None
        The highest score of a child's voice.
    """

    utterance_id: str
    local: datetime | None = None
    device_id: str | None = None
    device: Device | None = None
    domain: str = "general"
    intent: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    accidental: float | None = None
    texts: tuple[str, ...] = ()
    language: str | None = None
    recording_id: str | None = None
    speaker: str | None = None
    voices: tuple[str, ...] = ()
    child_voice: float | None = None

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether any reading of the utterance matches."""
        return any(pattern.search(text) for text in self.texts)

    @property
    def day(self) -> str:
        """The local day, or the utterance itself where the time is unknown."""
        return self.local.date().isoformat() if self.local else self.utterance_id

    @property
    def source(self) -> str:
        """``audio`` where there is sound, else ``vendor``."""
        return "audio" if self.recording_id is not None else "vendor"


@dataclass(frozen=True)
class Heard:
    """One entity, once per witness: an utterance, or a place in a file.

    Parameters
    ----------
    witness : str
        The utterance's id, or member and row of a file.
    label : str
    value : str
        Normalised.
    alternatives : dict
        Other readings and their probabilities.
    p : float
        Probability that this is what was said or written, and that it is what its label says.
    asr : float
        The first of the two alone.
    mention_ids : tuple of str
        Every mention behind it: ours and the vendor's.
    sources : frozenset of str
        Some of audio, vendor, account.
    utterance : Utterance or None
    special : str or None
    surfaces : frozenset of str
        The words, as each reading has them.
    kind : str or None
        Machine key of a device type, service or relation.
    places : dict
        Probability by place id, for a name that is a place's.
    here : bool
        It points at where the device stands.
    clock_min : int or None
        A time of day, in minutes.
    field, meaning : str or None
        Of an account's own data: the header, and what the column holds.
    spotted : bool
        Found by a list of towns, where the language room read nothing.
    person_role, place_role : str or None
        Of an account's own data: who the person, what the place is to the household, as its record says.
    record : str or None
        Of an account's own data: the member and the row that hold it.
    """

    witness: str
    label: str
    value: str
    alternatives: Mapping[str, float]
    p: float
    mention_ids: tuple[str, ...]
    sources: frozenset[str]
    utterance: Utterance | None = None
    special: str | None = None
    surfaces: frozenset[str] = frozenset()
    asr: float = 1.0
    kind: str | None = None
    places: Mapping[int, float] = field(default_factory=dict)
    here: bool = False
    clock_min: int | None = None
    field: str | None = None
    meaning: str | None = None
    spotted: bool = False
    person_role: str | None = None
    place_role: str | None = None
    record: str | None = None

    @property
    def told_apart(self) -> bool:
        """Whether a town is named so that none of its namesakes is meant: by its state or country beside
        it."""
        return (
            bool(self.places) and max(self.places.values()) >= SURE and any(" " in s for s in self.surfaces)
        )


@dataclass(frozen=True)
class Evidence:
    """All of one data subject group.

    Parameters
    ----------
    group : str
    role : str
        ``account``, ``devices`` or ``unknown``.
    utterances : tuple of Utterance
    heard : tuple of Heard
    devices : tuple of Device
    readers : Readers or None
        What reads what is said of a name or a place; None for those in the package.
    witness : Witness
        What the second reader says; nothing where none was asked for.
    """

    group: str
    role: str
    utterances: tuple[Utterance, ...]
    heard: tuple[Heard, ...]
    devices: tuple[Device, ...] = ()
    readers: Readers | None = None
    witness: Witness = field(default_factory=Witness)

    def of(self, *labels: str) -> list[Heard]:
        """What was heard under these labels."""
        return [h for h in self.heard if h.label in labels]

    def says(self, text: str, start: int, end: int) -> npt.NDArray[np.float64]:
        """What a text says of a name: probability of each of :data:`forensics.profile.says.SAYS`."""
        return (self.readers or shipped_readers()).names.p(text, start, end)

    def use(self, text: str, start: int, end: int) -> npt.NDArray[np.float64]:
        """What a place is to the household by a text: probability of each of
        :data:`forensics.profile.says.USES`."""
        return (self.readers or shipped_readers()).places.p(text, start, end)

    @cached_property
    def spots(self) -> Mapping[str, tuple[Spot, ...]]:
        """Words of each text that may name somebody or a place, by the classifier of words."""
        words = (self.readers or shipped_readers()).words
        return {text: words.spots(text) for u in self.utterances for text in u.texts}

    @cached_property
    def by_utterance(self) -> Mapping[str, tuple[Heard, ...]]:
        """What was heard in each utterance."""
        found: dict[str, list[Heard]] = {}
        for one in self.heard:
            if one.utterance is not None:
                found.setdefault(one.utterance.utterance_id, []).append(one)
        return {name: tuple(heard) for name, heard in found.items()}
