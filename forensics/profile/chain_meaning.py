"""Whether anybody meant a chain that was found: an order is addressed to the device, talk is not.

A wake word tells little, because a chain that nobody meant begins with something taken for one. What tells
is the order ("send a message", or "did you send the message"), what stands beside the wake word, whether the
contact is a bare name or somebody spoken of, and whether the parts sound like talk. Pauses tell nothing: the
device asks back at its own pace whether it was meant or not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache

from forensics.knowledge.fitted import fitted
from forensics.knowledge.wake_words import ALMOST, WORDS, opening
from forensics.profile.records import Utterance

FEATURES = (
    "order addressed", "order spoken of", "wake word stands first", "words beside the wake word",
    "bare contact", "contact spoken of", "talk",
)  # fmt: skip
"""Their weights are fitted at even odds (``make fits-chains``)."""

_POLITE = r"(?:please |bitte |can you |could you |kannst du |i want to |ich möchte |ich will )*"
_ADDRESSED = re.compile(
    rf"^{_POLITE}(?:send\w*|text|message|write|schick|schicke|schreib|schreibe|"
    r"(?:eine? )?(?:nachricht|sms)\b)",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile(
    r"\b(?:i|we|you|he|she|they|somebody|should|could|would|did|will|just|then|said|sent|sends|"
    r"ich|wir|du|er|sie|die|der|man|muss\w*|sollte\w*|hast|hat|habe?|halt|mal|doch|dann|gesagt|ge\w+t)\b",
    re.IGNORECASE,
)
_FILLERS = frozenset(("to", "an", "for", "für", "und", "and", "no", "nein"))


def unmeant(parts: Mapping[str, Utterance]) -> float:
    """Probability that nobody meant the chain.

    Parameters
    ----------
    parts : mapping
        The utterance of each step: ``wake`` (if it has one of its own), ``send``, ``contact``,
        ``confirmation``.
    """
    weights, intercept = _weights()
    logit = intercept + sum(w * v for w, v in zip(weights, features(parts), strict=True))
    return 1.0 / (1.0 + math.exp(-max(min(logit, 30.0), -30.0)))


def features(parts: Mapping[str, Utterance]) -> tuple[float, ...]:
    """The values of :data:`FEATURES`."""
    first = parts.get("wake", parts["send"])
    order, contact = _text(parts["send"]), _text(parts["contact"]) if "contact" in parts else ""
    opened = re.findall(r"\w+", _text(first).casefold())
    wake_first = bool(opened) and _is_wake_word(opened[0])
    beside = len(_plain(_text(first)).split()) if "wake" in parts and first is not parts["send"] else 0
    inside = contact == order  # a contact named within the order itself
    said = [w for w in _plain(contact).casefold().split() if w not in _FILLERS]
    return (
        float(_ADDRESSED.search(_plain(order)) is not None),
        min(len(_SPOKEN_OF.findall(_plain(order))), 3) / 3,
        float(wake_first and beside == 0),
        min(beside, 4) / 4,
        float(not inside and 0 < len(said) <= 2),
        0.0 if inside else min(max(len(said) - 2, 0), 4) / 4,
        _talk([r for step, r in parts.items() if step != "wake"]),
    )


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    fit = fitted(__name__)
    return fit.numbers("weights", FEATURES), fit.number("intercept")


def _talk(parts: Sequence[Utterance]) -> float:
    """Mean log odds of ``accidental_score``, each bounded: answers have no wake word and score high."""
    scores = [one.accidental for one in parts if one.accidental is not None]
    odds = [math.log(max(s, 0.05) / max(1 - s, 0.05)) for s in scores]
    return sum(odds) / len(odds) if odds else 0.0


def _plain(text: str) -> str:
    """A text without punctuation, and without a wake word in front."""
    words = re.findall(r"[\w']+", text)
    woken = opening([word.casefold() for word in words]) or int(bool(words) and _is_wake_word(words[0]))
    return " ".join(words[woken:])


def _is_wake_word(word: str) -> bool:
    """Whether a first word is a wake word, or what a recogniser may have made of one."""
    return word.casefold() in WORDS or ALMOST.fullmatch(word) is not None


def _text(utterance: Utterance) -> str:
    return utterance.texts[0] if utterance.texts else ""
