"""Which of the two languages a short text is in, by its commonest words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from forensics.knowledge.words import split

_COMMON = {
    "en": frozenset(
        [
            "the",
            "a",
            "an",
            "is",
            "are",
            "what",
            "what's",
            "when",
            "where",
            "how",
            "who",
            "of",
            "to",
            "in",
            "on",
            "for",
            "my",
            "me",
            "i",
            "you",
            "it",
            "and",
            "please",
            "play",
            "set",
            "turn",
            "call",
            "tell",
            "add",
            "remind",
            "show",
            "give",
            "weather",
            "will",
            "be",
            "does",
            "do",
            "off",
            "at",
            "next",
            "list",
            "time",
            "light",
            "lights",
            "stop",
            "alarm",
            "news",
            "good",
            "this",
            "that",
            "from",
            "have",
            "has",
            "can",
            "not",
            "yet",
            "today",
            "tomorrow",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "den",
            "dem",
            "ein",
            "eine",
            "einen",
            "ist",
            "sind",
            "was",
            "wann",
            "wo",
            "wie",
            "wer",
            "von",
            "zu",
            "im",
            "am",
            "auf",
            "für",
            "mein",
            "meine",
            "meinen",
            "mich",
            "mir",
            "ich",
            "du",
            "es",
            "und",
            "bitte",
            "spiel",
            "spiele",
            "stell",
            "stelle",
            "mach",
            "schalte",
            "ruf",
            "rufe",
            "sag",
            "füge",
            "erinnere",
            "zeig",
            "zeige",
            "gib",
            "wetter",
            "wird",
            "nicht",
            "aus",
            "an",
            "uhr",
            "heute",
            "morgen",
            "lauter",
            "leiser",
            "weiter",
            "licht",
            "wecker",
            "nachrichten",
            "hast",
            "schon",
            "noch",
            "nach",
            "vom",
            "zum",
            "bei",
            "mit",
            "welche",
            "welcher",
            "über",
            "lies",
            "liste",
            "weck",
            "wecke",
        ]
    ),
}


def guess_language(text: str) -> str | None:
    """``"en"``, ``"de"``, or None where the words do not tell.

    Examples
    --------
    >>> guess_language("wie wird das wetter"), guess_language("alexa stop"), guess_language("hamburg")
    ('de', 'en', None)
    """
    words = split(text).words
    votes = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    votes["de"] += sum(any(c in "äöüß" for c in word) for word in words)
    if votes["en"] == votes["de"]:
        return None
    return max(votes, key=lambda language: votes[language])


def languages_of(texts: Sequence[str], stated: Sequence[str | None] | None = None) -> list[str]:
    """A language for each text of a household: as stated, as its words say, or the household's commonest.

    Parameters
    ----------
    texts : sequence of str
    stated : sequence of str or None, optional
        What the transcriber says of each.
    """
    told = stated or [None] * len(texts)
    found = [s if s in ("en", "de") else guess_language(text) for s, text in zip(told, texts, strict=True)]
    counted = Counter(language for language in found if language)
    usual = min(counted, key=lambda name: (-counted[name], name)) if counted else "en"
    return [language or usual for language in found]
