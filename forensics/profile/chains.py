"""Chains of commands that end in something done: wake, "send a message", a contact, a confirmation.

In May 2018 a device in Portland took a word for its wake word, talk for "send message", more talk for a
contact's name and a "right" for the confirmation, and sent a conversation to a stranger. Such a chain is
spread over several recordings, seconds or minutes apart. A message that somebody did send looks alike; what
tells them apart is whether each part was meant for the device (``accidental_score``).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from forensics.profile.claim import Claim
from forensics.profile.evidence import Evidence, Recording

STEPS = ("wake", "send", "contact", "confirmation")
FARTHEST_S = 180.0
"""Longest pause between two parts: devices wait seconds, the recordings of Portland were minutes apart."""
LEAST = 0.15
"""Least score of a chain that is claimed."""
UNMEANT = 0.5
_FOUND = 1.1
"""Log odds that a chain which was found adds: one recording in ten is accidental, but among messages with a
confirmation that are minutes apart more are (chosen on the tuning half)."""
_BETWEEN = 2  # recordings between two parts that belong to neither
_HALF_S = 240.0  # pause that halves a part's score

_WAKE = re.compile(r"\b(alexa|echo|computer|amazon|ziggy)\b", re.IGNORECASE)
_ALMOST = re.compile(r"\b(alex\w*|alessa|lexa|lexus|election|elixir|aleksa)\b", re.IGNORECASE)
_SEND = re.compile(
    r"\b(?:send|sent|sends|text|write|schick\w*|schreib\w*|send\w*)\b(?:\W+\w+){0,4}?\W+(?:messages?|text|sms|nachrichte?n?)\b"
    r"|\b(?:nachrichte?n?)\b(?:\W+\w+){0,3}?\W+(?:ge)?(?:schick\w*|send\w*|schreib\w*)"
    r"|^\W*(?:\w+\W+)?(?:message|text|schreib\w*|schick\w*)\W+\w+",
    re.IGNORECASE,
)
_ORDER = ("send message", "send a message", "schick nachricht", "schick eine nachricht", "sende nachricht")
_YES = re.compile(
    r"\b(?:yes|yeah|yep|right|correct|sure|okay|send it|ja|jawohl|genau|richtig|stimmt|klar|abschicken)\b",
    re.IGNORECASE,
)
_SHORT, _TALK = 5, 12  # words of a confirmation; of talk that was taken for a contact


@dataclass(frozen=True)
class Chain:
    """One chain.

    Parameters
    ----------
    steps : tuple of (str, str)
        Part and recording, in order.
    score : float
        How well the parts fit, 0 to 1.
    unmeant : float
        Probability that nobody meant it.
    at : datetime or None
        Of the first part.
    """

    steps: tuple[tuple[str, str], ...]
    score: float
    unmeant: float
    at: datetime | None

    @property
    def recordings(self) -> tuple[str, ...]:
        """Each once, in order."""
        return tuple(dict.fromkeys(recording for _, recording in self.steps))


def chain_claims(evidence: Evidence) -> list[Claim]:
    """A claim per chain."""
    named = {h.recording.recording_id for h in evidence.of("PERSON") if h.recording}
    claims = []
    for number, chain in enumerate(find_chains(evidence.recordings, named), start=1):
        meant = "not meant" if chain.unmeant >= UNMEANT else "meant"
        parts = ", ".join(dict.fromkeys(step for step, _ in chain.steps))
        claims.append(
            Claim(
                "command_chain",
                "subject",
                f"message {number}, {meant}",
                chain.score,
                f"{parts.capitalize()} follow each other within minutes: a message may have been sent, "
                f"{'and nobody seems to have meant it' if meant != 'meant' else 'as it was meant'}.",
                p_role=max(chain.unmeant, 1 - chain.unmeant),
                recordings=set(chain.recordings),
                n_support=len(chain.recordings),
                sources={"audio"},
                details={
                    "steps": "; ".join(f"{step} {recording}" for step, recording in chain.steps),
                    "unmeant": f"{chain.unmeant:.4f}",
                },
            )
        )
    return claims


def find_chains(recordings: Sequence[Recording], named: Collection[str]) -> list[Chain]:
    """Chains among recordings of one data subject, no recording in two of them.

    Parameters
    ----------
    recordings : sequence of Recording
        Those without a time can only be a chain of their own.
    named : collection of str
        Recordings in which a person is named.
    """
    by_device: dict[str, list[Recording]] = defaultdict(list)
    for one in recordings:
        if one.texts:
            by_device[(one.device or "") if one.local else one.recording_id].append(one)
    found: list[Chain] = []
    for same in by_device.values():
        ordered = sorted(same, key=lambda r: (r.local or datetime.min, r.recording_id))
        found += [c for start in range(len(ordered)) if (c := _chain_from(ordered, start, named)) is not None]
    chains: list[Chain] = []
    taken: set[str] = set()
    for chain in sorted(found, key=lambda c: (-len(c.steps), -c.score, c.recordings)):
        if chain.score >= LEAST and not taken & set(chain.recordings):
            chains.append(chain)
            taken |= set(chain.recordings)
    return sorted(chains, key=lambda c: (c.at or datetime.min, c.recordings))


def _chain_from(ordered: Sequence[Recording], start: int, named: Collection[str]) -> Chain | None:
    """The chain whose first part is in the recording at `start`, or None."""
    steps: list[tuple[str, Recording]] = []
    score, position = 1.0, start
    for step in STEPS:
        best: tuple[float, int] | None = None
        for at in range(position, min(position + 2 + (_BETWEEN if steps else 0), len(ordered))):
            if not steps and at > start:
                break
            pause = _pause(steps[-1][1], ordered[at]) if steps else 0.0
            if pause > FARTHEST_S:
                break
            alone = not steps or ordered[at] is not steps[-1][1]
            fits = _fits(step, ordered[at], alone=alone, named=named)
            value = fits * 0.5 ** (pause / _HALF_S)
            if value > 0 and (best is None or value > best[0]):
                best = (value, at)
        if best is None:
            if step == "wake":
                score *= 0.7  # the device woke, though no wake word is in what was heard
                continue
            return None
        score *= best[0]
        position = best[1]
        steps.append((step, ordered[position]))
    if steps[0][1] is not ordered[start]:
        return None
    parts = {one.recording_id: one for _, one in steps}
    return Chain(
        tuple((step, one.recording_id) for step, one in steps),
        round(score, 4),
        round(_unmeant(list(parts.values())), 4),
        steps[0][1].local,
    )


def _fits(step: str, recording: Recording, *, alone: bool, named: Collection[str]) -> float:
    """How well a recording is that part of a chain."""
    return max(_text_fits(step, text, recording.recording_id in named, alone) for text in recording.texts)


def _text_fits(step: str, text: str, names: bool, alone: bool) -> float:
    words = len(text.split())
    if step == "wake":
        return 1.0 if _WAKE.search(text) else 0.8 if _ALMOST.search(text) else 0.0
    if step == "send":
        return 1.0 if _SEND.search(text) else 0.7 if _sounds_like_order(text) else 0.0
    if step == "contact":
        return 1.0 if names else 0.5 if alone and words <= _TALK and not _is_yes(text) else 0.0
    return 1.0 if _is_yes(text) else 0.4 if _YES.search(text) else 0.0


def _is_yes(text: str) -> bool:
    return len(text.split()) <= _SHORT and _YES.search(text) is not None


def _sounds_like_order(text: str) -> bool:
    """Whether the text holds something that a recogniser may have taken for the order to send."""
    from rapidfuzz import fuzz

    return any(fuzz.partial_ratio(order, text.casefold()) >= 85 for order in _ORDER)


def _pause(before: Recording, after: Recording) -> float:
    if before is after or before.local is None or after.local is None:
        return 0.0
    return (after.local - before.local).total_seconds()


def _unmeant(parts: Sequence[Recording]) -> float:
    """Probability that nobody meant the chain: the start counts most, because answers need no wake word."""
    scores = [0.5 if one.accidental is None else one.accidental for one in parts]
    weights = [3.0 if n == 0 else 1.0 for n in range(len(scores))]
    logits = [math.log(max(s, 0.01) / max(1 - s, 0.01)) for s in scores]
    mean = sum(w * x for w, x in zip(weights, logits, strict=True)) / sum(weights)
    return 1.0 / (1.0 + math.exp(-mean - _FOUND))
