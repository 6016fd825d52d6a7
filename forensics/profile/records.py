"""What one data subject said and wrote, as the rest of the room reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

Rows = Sequence[Mapping[Any, Any]]
"""Rows of a table."""
SECOND_LANGUAGE = 0.2
"""A household speaks two languages if the second has this share of its recordings."""


@dataclass(frozen=True)
class Recording:
    """One recording with all that is known about it.

    Parameters
    ----------
    recording_id : str
    local : datetime or None
        Start in the household's own time.
    device, device_type : str or None
        Serial or name, and kind (``Echo Dot``).
    domain, intent : str
    slots : dict
    accidental : float or None
    texts : tuple of str
        What was understood: ours first, then the vendor's.
    language : str or None
    """

    recording_id: str
    local: datetime | None = None
    device: str | None = None
    device_type: str | None = None
    domain: str = "general"
    intent: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    accidental: float | None = None
    texts: tuple[str, ...] = ()
    language: str | None = None

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether any reading of the recording matches."""
        return any(pattern.search(text) for text in self.texts)

    @property
    def day(self) -> str:
        """The local day, or the recording itself where the time is unknown."""
        return self.local.date().isoformat() if self.local else self.recording_id


@dataclass(frozen=True)
class Heard:
    """One entity, once per witness: a recording, or a place in a file.

    Parameters
    ----------
    witness : str
        The recording's id, or member and row of a file.
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
    recording : Recording or None
    special : str or None
    surfaces : frozenset of str
        The words, as each reading has them.
    meaning : float
        Probability that `value` is meant, if the name was heard rightly: there are several Frankfurts.
    """

    witness: str
    label: str
    value: str
    alternatives: Mapping[str, float]
    p: float
    mention_ids: tuple[str, ...]
    sources: frozenset[str]
    recording: Recording | None = None
    special: str | None = None
    surfaces: frozenset[str] = frozenset()
    asr: float = 1.0
    meaning: float = 1.0


@dataclass(frozen=True)
class Evidence:
    """All of one data subject group.

    Parameters
    ----------
    group : str
    role : str
        ``account``, ``devices`` or ``unknown``.
    recordings : tuple of Recording
    heard : tuple of Heard
    """

    group: str
    role: str
    recordings: tuple[Recording, ...]
    heard: tuple[Heard, ...]

    def of(self, *labels: str) -> list[Heard]:
        """What was heard under these labels."""
        return [h for h in self.heard if h.label in labels]

    @cached_property
    def main_language(self) -> str | None:
        """The language spoken most, in a household that speaks two; else None."""
        spoken = Counter(r.language for r in self.recordings if r.language and r.texts)
        ranked = sorted(spoken.items(), key=lambda item: (-item[1], item[0]))
        if len(ranked) < 2 or ranked[1][1] < SECOND_LANGUAGE * spoken.total():
            return None
        return ranked[0][0]
