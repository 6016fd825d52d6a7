"""Chains of commands that end in something done: wake, "send a message", a contact, a confirmation.

In May 2018 a device in Portland took a word for its wake word, talk for "send message", more talk for a
contact's name and a "right" for the confirmation, and sent a conversation to a stranger. Such a chain is
spread over several utterances, seconds or minutes apart. It is looked for as a sentence of a small grammar:
the likeliest path through steps and utterances (Viterbi 1967), in which a step may be misheard, and a contact
may be missing. A message that somebody did send looks alike: see ``chain_meaning``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from forensics.knowledge.fitted import fitted
from forensics.knowledge.wake_words import ALMOST, PATTERN
from forensics.profile.chain_meaning import unmeant
from forensics.profile.chain_steps import STEPS, TRACE, evidence
from forensics.profile.claim import Claim
from forensics.profile.records import Evidence, Utterance
from forensics.profile.wording import Phrase, say

FARTHEST_S = 180.0
"""Longest pause between two parts: devices wait seconds, the utterances of Portland were minutes apart."""
LEAST = 0.5
"""Least probability of a chain that is claimed."""
UNMEANT = 0.5
_FLOOR = -2.5  # a step's worst log likelihood ratio: one misheard step, however wrong, is an error of hearing
_NO_CONTACT = -2.5
_SKIPPED = -0.7  # per utterance between two parts that belongs to neither
_BETWEEN = 2
_HALF_S = 240.0  # pause that halves the odds
_WOKEN, _NOT_WOKEN = 0.5, -0.3
_WOKEN_TWICE = 1.5  # an order with a wake word of its own needs no utterance before it
_CLOSE = 1.5  # the most that one short pause may say, in nats
_SAME = 1.0  # cost of two steps in one utterance


@dataclass(frozen=True)
class Chain:
    """One chain.

    Parameters
    ----------
    steps : tuple of (str, str)
        Part and utterance, in order.
    score : float
        Probability that the parts belong to one chain, 0 to 1.
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
    def utterances(self) -> tuple[str, ...]:
        """Each once, in order."""
        return tuple(dict.fromkeys(utterance for _, utterance in self.steps))


def chain_claims(found: Evidence) -> list[Claim]:
    """A claim per chain."""
    named: dict[str, float] = {}
    for heard in found.of("PERSON"):
        if heard.utterance:
            name = heard.utterance.utterance_id
            named[name] = max(named.get(name, 0.0), heard.p)
    sources = {u.utterance_id: u.source for u in found.utterances}
    claims = []
    for number, chain in enumerate(find_chains(found.utterances, named), start=1):
        unmeant = chain.unmeant >= UNMEANT
        parts = ", ".join(dict.fromkeys(step for step, _ in chain.steps)).capitalize()
        claims.append(
            Claim(
                "command_chain",
                "subject",
                f"message {number}, {'not meant' if unmeant else 'meant'}",
                chain.score,
                say(Phrase.CHAIN_UNMEANT if unmeant else Phrase.CHAIN_MEANT, steps=parts),
                p_role=max(chain.unmeant, 1 - chain.unmeant),
                utterances=set(chain.utterances),
                n_support=len(chain.utterances),
                sources={sources[name] for name in chain.utterances},
                identity="/".join(chain.utterances),
                steps=chain.steps,
                p_unmeant=chain.unmeant,
            )
        )
    return claims


def find_chains(
    utterances: Sequence[Utterance], named: Mapping[str, float], *, prior: float | None = None
) -> list[Chain]:
    """Chains among utterances of one data subject, no utterance in two of them.

    Parameters
    ----------
    utterances : sequence of Utterance
        Those without a time can only be a chain of their own.
    named : mapping
        Probability that a person is named, by utterance; others are 0.
    prior : float, optional
        Log odds that an utterance begins a chain, before anything is heard; by default the fitted ones.
    """
    begins = fitted(__name__).number("prior") if prior is None else prior
    by_device: dict[str, list[Utterance]] = defaultdict(list)
    for one in utterances:
        if one.texts or one.local:
            by_device[(one.device_id or "") if one.local else one.utterance_id].append(one)
    paths: list[_Path] = []
    for same in by_device.values():
        ordered = sorted(same, key=lambda r: (r.local or datetime.min, r.utterance_id))
        worth = [evidence(one, named.get(one.utterance_id, 0.0)) for one in ordered]
        close = _closeness(ordered)
        for start in range(len(ordered)):
            if (path := _best(ordered, worth, start, close, begins)) is not None:
                paths.append(path)
    chains: list[Chain] = []
    taken: set[str] = set()
    for path in sorted(paths, key=lambda p: (-p.value, -len(p.steps), p.steps[0][1].utterance_id)):
        chain = path.chain()
        if chain.score >= LEAST and not taken & set(chain.utterances):
            chains.append(chain)
            taken |= set(chain.utterances)
    return sorted(chains, key=lambda c: (c.at or datetime.min, c.utterances))


@dataclass(frozen=True)
class _Path:
    """Steps so far, and their log odds."""

    steps: tuple[tuple[str, Utterance], ...]
    value: float

    def chain(self) -> Chain:
        """The chain, with the probability that nobody meant it."""
        probability = 1.0 / (1.0 + math.exp(-max(min(self.value, 30.0), -30.0)))
        return Chain(
            tuple((step, one.utterance_id) for step, one in self.steps),
            round(probability, 4),
            round(unmeant(dict(self.steps)), 4),
            self.steps[0][1].local,
        )


def _best(
    ordered: Sequence[Utterance],
    worth: Sequence[Mapping[str, float]],
    start: int,
    close: float,
    prior: float,
) -> _Path | None:
    """The likeliest path whose first part is the utterance at `start`."""
    first = ordered[start]
    # the first utterance wakes the device, whatever was heard of it
    now = {start: _Path((("wake", first),), prior + (_WOKEN if _woken(first) else _NOT_WOKEN))}
    for step in STEPS:
        then: dict[int, _Path] = {}
        for at, path in now.items():
            for to in range(at, min(at + 2 + _BETWEEN, len(ordered))):
                if (value := _move(step, path, ordered, worth, at, to, close)) is None:
                    continue
                if to not in then or value > then[to].value:
                    then[to] = _Path((*path.steps, (step, ordered[to])), value)
            if step == "contact" and (at not in then or path.value + _NO_CONTACT > then[at].value):
                then[at] = _Path(path.steps, path.value + _NO_CONTACT)
        now = then
    return max(now.values(), key=lambda p: p.value, default=None)


def _move(
    step: str,
    path: _Path,
    ordered: Sequence[Utterance],
    worth: Sequence[Mapping[str, float]],
    at: int,
    to: int,
    close: float,
) -> float | None:
    """Log odds of a path after its next step, or None where the pause is too long."""
    pause = _pause(ordered[at], ordered[to])
    if pause > FARTHEST_S:
        return None
    fits = max(worth[to][step], _FLOOR)
    if to == at:
        if step == "send" and fits < TRACE:
            return None  # a wake word, and nothing of an order: any utterance is that
        return path.value + fits - (_SAME if step != "send" else 0.0)
    if step == "send" and _woken(ordered[to]):
        fits -= _WOKEN_TWICE
    return path.value + fits + close - math.log(2) * pause / _HALF_S + _SKIPPED * (to - at - 1)


def _woken(utterance: Utterance) -> bool:
    return any(PATTERN.search(text) or ALMOST.search(text) for text in utterance.texts)


def _closeness(ordered: Sequence[Utterance]) -> float:
    """What a pause of minutes says, in nats: little where utterances often follow each other closely."""
    near = sum(_pause(a, b) <= FARTHEST_S for a, b in pairwise(ordered))
    share = (near + 1) / (len(ordered) + 2)
    return min(-math.log(share), _CLOSE)


def _pause(before: Utterance, after: Utterance) -> float:
    if before is after or before.local is None or after.local is None:
        return 0.0
    return (after.local - before.local).total_seconds()
