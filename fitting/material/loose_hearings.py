"""What Whisper really heard of commands, several times each: the errors of bundles in no order.

A sentence is spoken by several voices, each time in a room, noise and level of its own, and read by the
shipped engine (:mod:`fitting.material.household`). Nothing is made up between what was said and what was
heard: a recording of a simulated bundle draws one of the hearings of its very text. What a household says
often has many hearings, what it says once has one or two.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fitting.material.household import VOICES, Spoken, command_texts, heard
from forensics.simulate import OBEYING, draw_household, utter
from forensics.transcription.likeness import plain

SHORT = {
    "en": (
        "stop", "alexa stop", "louder", "quieter", "next", "pause", "continue", "thank you",
        "what time is it",
        "what's the weather", "what's the weather like today", "what's the weather like tomorrow",
        "turn on the light", "turn off the light", "turn off the lights", "good night", "good morning",
        "play music", "play some music", "what's the news", "cancel the timer", "snooze",
    ),
    "de": (
        "stopp", "alexa stopp", "lauter", "leiser", "weiter", "pause", "mach weiter", "danke",
        "wie spät ist es",
        "wie wird das wetter", "wie wird das wetter heute", "wie wird das wetter morgen", "mach das licht an",
        "mach das licht aus", "licht aus", "gute nacht", "guten morgen", "spiel musik", "spiele musik",
        "was gibt es neues", "timer abbrechen", "schlummern",
    ),
}  # fmt: skip
NUMBERED = {
    "en": ("set a timer for {} minutes", "volume {}", "wake me at {}", "set the heating to {}"),
    "de": ("stell einen timer auf {} minuten", "lautstärke {}", "weck mich um {} uhr", "heizung auf {} grad"),
}
NUMBERS = {
    "en": ("two", "three", "five", "six", "seven", "eight", "ten", "twelve", "fifteen", "twenty"),
    "de": (
        "zwei", "drei", "fünf", "sechs", "sieben", "acht", "zehn", "zwölf", "fünfzehn", "zwanzig", "dreißig",
    ),
}  # fmt: skip
OFTEN, NUMBERS_EACH, OWN_EACH = 5, 1, 1
"""Hearings of each short command, of each command with a number, of each of the household's own."""
OWN, DIFFERENT = 60, 96
"""Texts of a simulated household, and of the corpora; one in eight of these is heard twice."""


def texts_of(half: str, language: str) -> dict[str, list[str]]:
    """What the bundles of a half are made of: ``short``, ``numbered``, ``own``, ``different``."""
    rng = np.random.default_rng([20, half == "report", language == "de"])
    home = draw_household(3 + (half == "report"), OBEYING, language=language, seed=20)
    own = sorted({one.text for one in utter(home, OBEYING)})
    return {
        "short": list(SHORT[language]),
        "numbered": [form.format(n) for form in NUMBERED[language] for n in NUMBERS[language]],
        "own": [own[i] for i in rng.permutation(len(own))[:OWN]],
        "different": command_texts(language, half, DIFFERENT, rng),
    }


def spoken(half: str, language: str) -> list[Spoken]:
    """All clips of the bundles of a half: seven in ten begin with the wake word."""
    each = {"short": OFTEN, "numbered": NUMBERS_EACH, "own": OWN_EACH, "different": 1}
    clips: list[Spoken] = []
    for kind, texts in texts_of(half, language).items():
        for number, text in enumerate(texts):
            for k in range(2 if kind == "different" and number % 8 == 0 else each[kind]):
                voice = VOICES[language][(number + k) % len(VOICES[language])]
                woken = (number + 3 * k) % 10 < 7 and not text.startswith("alexa")
                said = f"Alexa, {text}" if woken else text
                name = f"loose-{half}-{language}-{kind}-{number}-{k}"
                clips.append(Spoken(name, half, language, voice, "command", said, said))
    return clips


@dataclass(frozen=True)
class Draw:
    """One hearing of a text.

    Parameters
    ----------
    heard : str
    others : tuple of (str, float)
        The decoder's other hypotheses, with their share of the beam.
    another : str or None
        A hearing of another clip of the same text: what a vendor may have misheard. None where there is none.
    """

    heard: str
    others: tuple[tuple[str, float], ...]
    another: str | None


class RealHearings:
    """The hearings of every text of a half.

    Parameters
    ----------
    half : {'tune', 'report'}
    language : {'en', 'de'}
    """

    def __init__(self, half: str, language: str) -> None:
        clips = spoken(half, language)
        self._of: dict[str, list[tuple[str, tuple[tuple[str, float], ...]]]] = defaultdict(list)
        for clip, row in zip(clips, heard(clips), strict=True):
            others = tuple((text, share) for text, share in row["alternatives"])
            self._of[plain(clip.text)].append((row["text"], others))
        self.clips = len(clips)
        texts = [(text, heard_text) for text, own in self._of.items() for heard_text, _ in own]
        self.error = float(np.mean([_error(text, heard_text) for text, heard_text in texts]))
        self.empty = float(np.mean([not heard_text for _, heard_text in texts]))

    def draw(self, text: str, rng: np.random.Generator) -> Draw:
        """A hearing of a text, drawn at random."""
        own = self._of[plain(text)]
        order = rng.permutation(len(own)).tolist()
        another = [own[i][0] for i in order[1:] if own[i][0]]
        return Draw(*own[order[0]], another[0] if another else None)


def _error(said: str, heard_text: str) -> float:
    """Share of words of `said` that were heard otherwise."""
    from rapidfuzz.distance import Levenshtein

    words = said.split()
    return min(1.0, Levenshtein.distance(words, plain(heard_text).split()) / len(words))


@lru_cache(maxsize=4)
def real_hearings(half: str, language: str) -> RealHearings:
    """The same, read once per run."""
    return RealHearings(half, language)
