"""What an engine is: clips in, readings out. The same for every engine, and tested with the same tests."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forensics.audio.decode import RATE

BEAM = 5
"""Hypotheses kept: the default of openai-whisper's command line and of faster-whisper."""

FULL_S = 30
"""Seconds of Whisper's window (Radford et al., 2022, section 2.1)."""

AT_HOME = 20.0
"""How much likelier a language of the household is than one never heard in it, at most. Of 103 German
clips, real ones and badly synthesised ones, another language than English is heard as over 20 times likelier
than German in 3; of 24 real ones in French, Spanish, Portuguese and Chinese, their own in 23 (no script of
this trial was kept; ``make bench-hearing`` prints what came of it as ``languages_in_a_household``)."""


@dataclass(frozen=True)
class Clip:
    """One sound to be read.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.
    speech : tuple of (float, float)
        Where somebody seems to speak, in seconds.
    speech_probability : float
        How sure the voice activity is.
    wake_word_score : float
        How sure a detector is that "Alexa" is in it.
    """

    samples: NDArray[np.float32] = field(repr=False)
    speech: tuple[tuple[float, float], ...] = ()
    speech_probability: float = 1.0
    wake_word_score: float = 0.0

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / RATE

    @property
    def spoken_s(self) -> float:
        """Seconds of speech; the whole clip where nobody measured."""
        return sum(end - start for start, end in self.speech) if self.speech else self.seconds

    @property
    def extent_s(self) -> float:
        """Seconds from where speech begins to where it ends; the whole clip where nobody measured."""
        return self.speech[-1][1] - self.speech[0][0] if self.speech else self.seconds


@dataclass(frozen=True)
class Word:
    """One word with its place in the sound.

    Parameters
    ----------
    word : str
        With its punctuation, without blanks.
    start_s, end_s : float
        Seconds from the start of the recording.
    probability : float
        The engine's own, mean over the word's tokens.
    """

    word: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True)
class Reading:
    """What an engine wrote for one clip, before any judgement.

    Parameters
    ----------
    text : str
        As the engine wrote it, which may be a loop.
    language : str
        ISO 639-1.
    language_probability : float
        After the household's prior; 1 where the language was forced.
    words : tuple of Word
        Empty where a reading is not final.
    avg_logprob : float
        Mean log probability of the tokens.
    no_speech_prob : float
        Whisper's probability of its no-speech token.
    compression_ratio : float
        Bytes of the text over bytes compressed: repetition compresses.
    alternatives : tuple of (str, float)
        Other readings with their share of the beam's probability.
    second : str or None
        What another window of the same clip gave, where there was doubt.
    tokens : tuple of int
        The text as the engine wrote it; empty where the engine does not say.
    """

    text: str
    language: str
    language_probability: float
    words: tuple[Word, ...]
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    alternatives: tuple[tuple[str, float], ...] = ()
    second: str | None = None
    tokens: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class LanguageChoice:
    """How the language of a clip is decided.

    Parameters
    ----------
    forced : str or None
        Taken without asking.
    prior : mapping
        Weights by language, multiplied with what is heard; the key ``""`` is every language not named.
    """

    forced: str | None = None
    prior: Mapping[str, float] = field(default_factory=dict)

    def decide(self, heard: Mapping[str, float]) -> tuple[str, float]:
        """The most probable language and its probability, by Bayes' rule.

        Parameters
        ----------
        heard : mapping
            The engine's probabilities by language.
        """
        if self.forced is not None:
            return self.forced, 1.0
        rest = self.prior.get("", 1.0)
        weighted = {name: p * self.prior.get(name, rest) for name, p in heard.items()}
        total = sum(weighted.values())
        best = max(sorted(weighted), key=lambda name: weighted[name])
        return best, weighted[best] / total if total else heard[best]


class Engine(Protocol):
    """Something that reads clips.

    A reading depends on its clip and the options alone: never on the clips beside it, on their order, or
    on how many are given at once.
    """

    name: str
    version: str
    model: str
    model_sha256: str

    def read(self, clips: Sequence[Clip], languages: LanguageChoice) -> list[Reading]:
        """One reading per clip, in order."""

    def hear_language(self, clips: Sequence[Clip]) -> list[dict[str, float]]:
        """Probability of each language, one mapping per clip."""


def household_prior(heard: Iterable[Mapping[str, float]], *, strength: float = 2.0) -> dict[str, float]:
    """The languages of a household, from what was heard in a sample of its recordings.

    Parameters
    ----------
    heard : iterable of mapping
        Probabilities by language, one mapping per recording of the sample.
    strength : float
        Weight of the even prior, in recordings: a language never heard stays possible. Two is an assumption.

    Returns
    -------
    dict
        Weights; ``""`` is that of each language that is not named.

    Notes
    -----
    Expectation maximisation of class priors (Saerens, Latinne & Decaestecker 2002, Neural Computation
    14:21): posterior of each recording under the prior, then the prior as their mean, until it rests
    (within 1e-6; that 50 rounds are enough is an assumption). A language is named from twice the weight that
    one has which was never heard (assumption). No weight is less than a twentieth (:data:`AT_HOME`) of the
    greatest: two dozen recordings say little of a visitor's language, and what is read in the wrong one is
    lost.
    """
    rows = [dict(row) for row in heard]
    names = sorted({name for row in rows for name in row})
    if not names:
        return {}
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    even = np.full(len(names), 1 / len(names))
    prior = even.copy()
    for _ in range(50):
        posterior = matrix * prior
        posterior /= np.maximum(posterior.sum(axis=1, keepdims=True), 1e-12)
        updated = (posterior.sum(axis=0) + strength * even) / (len(rows) + strength)
        if np.abs(updated - prior).max() < 1e-6:
            break
        prior = updated
    floor = strength / len(names) / (len(rows) + strength)
    least = max(floor, float(prior.max()) / AT_HOME)
    named = {n: max(float(p), least) for n, p in zip(names, prior, strict=True) if p > 2 * floor}
    return {**{name: round(p, 6) for name, p in named.items()}, "": round(least, 6)}


def compression_ratio(text: str) -> float:
    """Bytes of a text over bytes compressed (zlib), as Whisper counts: over 2.4 it repeats itself."""
    raw = text.strip().encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0
