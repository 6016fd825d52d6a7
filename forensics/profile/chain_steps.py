"""How well a utterance goes with one step of a chain: the order to send, a contact, a confirmation.

Each step has a log likelihood ratio against any other utterance: a logistic regression over what was
understood, fitted on steps and other utterances as Whisper heard them (``make fits-chains``). A misheard
step is weak evidence, not none: "deposit message" for "send message" still holds the noun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from forensics.knowledge.fitted import fitted
from forensics.knowledge.wake_words import ALMOST, PATTERN, WORDS
from forensics.profile.records import Utterance

STEPS = ("send", "contact", "confirmation")
FEATURES = {
    "send": ("order", "noun", "verb", "intent", "long", "reads"),
    "contact": ("named", "intent", "preposition", "short", "long", "wake word", "confirms"),
    "confirmation": ("short yes", "yes within", "almost yes", "one word", "short", "long", "wake word"),
}
TRACE = -1.0
"""Log likelihood ratio of an order below which no word of it was heard."""
NOTHING_HEARD = -1.0
"""Log likelihood ratio of a utterance in which nothing was understood: an assumption. Such a utterance may
be any step, above all a short one, and says nothing else."""

_ORDER = re.compile(
    r"\b(?:sen[dt]\w*|texts?|writes?|message|schick\w*|schreib\w*)\b(?:\W+\w+){0,5}?\W+(?:messages?|text|sms|nachrichte?n?)\b"
    r"|\bnachrichte?n?\b(?:\W+\w+){0,4}?\W+(?:(?:ge)?(?:schick|send|schr[ie]+b)\w*)"
    r"|^\W*(?:\w+\W+){0,3}(?:message|text|schreib|schick|send)\W+\w+",
    re.IGNORECASE,
)
_READS = re.compile(
    r"\b(?:read|check|hear|show|delete|any|new|have|got|lies|lese|les|vorlesen|vor|zeig\w*|lösch\w*|neuen?|habe?)\b",
    re.IGNORECASE,
)
_NOUNS = ("message", "messages", "text", "sms", "nachricht", "nachrichten")
_VERBS = ("send", "sent", "write", "schick", "schicke", "schreib", "schreiben", "sende", "senden", "text")
_INTENTS = frozenset(("send_message", "email_sendemail"))
_CONTACT_INTENTS = frozenset(("call_contact", "email_querycontact", "email_addcontact", *_INTENTS))
_YES = re.compile(
    r"\b(?:yes|yeah|yep|right|correct|sure|okay|ok|exactly|send it|"
    r"ja|jawohl|genau|richtig|stimmt|klar|okay|abschicken|absenden|senden)\b",
    re.IGNORECASE,
)
_YES_WORDS = ("yes", "yeah", "right", "correct", "sure", "okay", "richtig", "genau", "stimmt", "abschicken")
_TO = re.compile(r"^\W*(?:no |nein )?(?:to|an|for|für|with|mit|even to|sogar an)\b", re.IGNORECASE)
_ALIKE = 75.0  # per cent of letters from which a word may be another, misheard
_SHORT, _LONG = 3, 9  # words


def evidence(utterance: Utterance, p_named: float) -> dict[str, float]:
    """Log likelihood ratios of a utterance by step, each by its best reading.

    Parameters
    ----------
    utterance : Utterance
    p_named : float
        Probability that somebody is named in it.
    """
    return {step: _ratio(step, utterance, p_named) for step in STEPS}


def features(step: str, text: str, intent: str, p_named: float) -> tuple[float, ...]:
    """The values of :data:`FEATURES` of one text."""
    words = re.findall(r"\w+", text.casefold())
    woken = float(PATTERN.search(text) is not None or ALMOST.search(" ".join(words[:1])) is not None)
    length = len([word for word in words if word not in WORDS])
    longer = min(max(length - _LONG, 0) / _LONG, 2.0)
    if step == "send":
        noun, verb = _like(words, _NOUNS), _like(words, _VERBS)
        reads = float(_READS.search(text) is not None and verb < 1 and noun > 0)
        return float(_ORDER.search(text) is not None), noun, verb, float(intent in _INTENTS), longer, reads
    yes = _YES.search(text) is not None
    short_yes = float(yes and length <= 4)
    if step == "contact":
        to = float(_TO.search(text) is not None)
        calls = float(intent in _CONTACT_INTENTS)
        return p_named, calls, to, float(length <= _SHORT), longer, woken, short_yes
    almost = 0.0 if yes else float(length <= _SHORT) * _like(words, _YES_WORDS)
    one, few = float(length <= 1), float(length <= _SHORT)
    return short_yes, float(yes and length > 4), almost, one, few, longer, woken


def _ratio(step: str, utterance: Utterance, p_named: float) -> float:
    if not utterance.texts:
        return NOTHING_HEARD
    pieces = [piece for text in utterance.texts for piece in (text, *_sentences(text))]
    return max(weigh(step, features(step, piece, utterance.intent, p_named)) for piece in pieces)


def _sentences(text: str) -> list[str]:
    """The sentences of a text that has several: all steps may be in one utterance."""
    found = [s for s in re.split(r"(?<=[.!?…])\s+", text) if re.search(r"\w", s)]
    return found if len(found) > 1 else []


def weigh(step: str, values: Sequence[float]) -> float:
    """The log likelihood ratio of feature values."""
    *weights, intercept = _weights(step)
    return intercept + sum(w * v for w, v in zip(weights, values, strict=True))


@cache
def _weights(step: str) -> tuple[float, ...]:
    return fitted(__name__).numbers(step, (*FEATURES[step], "intercept"))


@lru_cache(maxsize=65_536)
def _alike(word: str, known: tuple[str, ...]) -> float:
    """1 for one of the words, less for one that a recogniser may have made of it, 0 for others."""
    from rapidfuzz import fuzz, process

    if word in known:
        return 1.0
    best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return best[1] / 200 if best and len(word) >= 4 else 0.0


def _like(words: Sequence[str], known: tuple[str, ...]) -> float:
    return max((_alike(word, known) for word in words), default=0.0)
