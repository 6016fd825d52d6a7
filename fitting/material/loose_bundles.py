"""Bundles whose transcripts are in no order, with errors drawn from what Whisper really heard.

A said text passes through a table of real hearings: each word takes what the same word became in some
clip. A word never heard there takes the fate of a word of its length: it stays, is lost, or becomes another
word of the corpora that sounds as near to it as the misheard word did. Clips are drawn whole: a bad
recording is bad in most of its words. The vendor's line is what was said, as a recogniser writes it; one
line in six carries real errors as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from fitting.material.household import command_texts, everything, heard
from fitting.material.loose_hearings import NUMBERED, NUMBERS, SHORT, real_hearings, texts_of
from forensics.simulate import OBEYING, draw_household, utter
from forensics.transcription.likeness import plain, sounds

VENDOR_ERRS = 1 / 6
"""Share of lines in which the vendor misheard: word error rates of commercial recognisers on short commands
are 10 to 20 % (assumption)."""


@dataclass(frozen=True)
class Bundle:
    """A bundle with its truth.

    Parameters
    ----------
    said : list of str
        What was said in each recording or line that there is, one per utterance.
    lines : list of (int, str)
        Utterance and what the vendor wrote, in no order.
    heard : list of (int, str)
        Utterance and what we heard, in no order.
    others : list of tuple of (str, float)
        For each of `heard` the decoder's other hypotheses with their shares; empty where they are not known.
    """

    said: list[str]
    lines: list[tuple[int, str]]
    heard: list[tuple[int, str]]
    others: tuple[tuple[tuple[str, float], ...], ...] = ()


@dataclass(frozen=True)
class Fate:
    """What became of a said word, and how alike the stretch sounds in which it was misheard (0 to 100)."""

    said: str
    became: str
    likeness: float


class Hearing:
    """Draws what is heard from pairs of what was said and what Whisper heard.

    Parameters
    ----------
    pairs : sequence of (str, str)
    words : sequence of str
        What a word that no clip holds may be mistaken for.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], words: Sequence[str]) -> None:
        clips = [_fates(plain(said).split(), plain(heard).split()) for said, heard in pairs]
        self._rates = np.array([np.mean([fate.became != fate.said for fate in clip]) for clip in clips])
        self._of_word: dict[str, list[tuple[Fate, int]]] = defaultdict(list)
        self._of_length: dict[int, list[tuple[Fate, int]]] = defaultdict(list)
        for number, clip in enumerate(clips):
            for fate in clip:
                self._of_word[fate.said].append((fate, number))
                self._of_length[min(len(fate.said), 9)].append((fate, number))
        self._words = words
        self._their_sounds = [sounds(word) for word in words]
        self._likeness: dict[str, np.ndarray] = {}

    @property
    def clips(self) -> int:
        """How many pairs there are."""
        return len(self._rates)

    @property
    def error(self) -> float:
        """Mean share of words that became something else."""
        return float(self._rates.mean())

    def __call__(self, text: str, rng: np.random.Generator) -> str:
        """What is heard of a text in a clip drawn at random."""
        rate = self._rates[int(rng.integers(len(self._rates)))]
        near = np.abs(self._rates - rate) <= 0.1
        return " ".join(word for said in plain(text).split() if (word := self._word(said, near, rng)))

    def _word(self, word: str, near: np.ndarray, rng: np.random.Generator) -> str:
        known = [fate for fate, clip in self._of_word.get(word, ()) if near[clip]]
        if len(known) >= 3:
            return known[int(rng.integers(len(known)))].became
        like = [fate for fate, clip in self._of_length[min(len(word), 9)] if near[clip]]
        if not like:
            return word
        fate = like[int(rng.integers(len(like)))]
        if fate.said == fate.became or not fate.became:
            return word if fate.became else ""
        return self._mistaken(word, fate.likeness, rng)

    def _mistaken(self, word: str, likeness: float, rng: np.random.Generator) -> str:
        """A word of the corpora that sounds about that like `word`, from 0 to 100."""
        if word not in self._likeness:
            (row,) = process.cdist([sounds(word)], self._their_sounds, scorer=fuzz.ratio)
            self._likeness[word] = row
        distance = np.abs(self._likeness[word] - likeness)
        near = np.flatnonzero(distance <= distance.min() + 5)
        return self._words[int(rng.choice(near))]


def hearing_of(half: str, language: str) -> Hearing:
    """The hearings of one half of the material; one in five of the clips that were made for names counts."""
    clips = [c for c in everything(half) if c.language == language and c.kind != "talk"]
    clips = [c for k, c in enumerate(clips) if c.kind != "name" or k % 5 == 0]
    pairs = [(c.text, row["text"]) for c, row in zip(clips, heard(clips), strict=True) if row["text"]]
    texts = command_texts(language, half, 4_000, np.random.default_rng(5))
    return Hearing(pairs, sorted({word for text in texts for word in plain(text).split()}))


def bundle(
    recordings: int, language: str, hearing: Hearing, *, half: str, missing: float = 0.05, seed: int = 0
) -> Bundle:
    """A bundle of that many utterances.

    Parameters
    ----------
    recordings : int
    language : {'en', 'de'}
    hearing : Hearing
    half : {'tune', 'report'}
        Which texts of the corpora may occur.
    missing : float
        Share of utterances without a line, and share without a recording.
    seed : int
    """
    rng = np.random.default_rng([seed, recordings, language == "de"])
    said = _said(recordings, language, half, rng)
    order = rng.permutation(len(said))
    lost = round(missing * len(said))
    with_line, with_sound = order[lost:], np.concatenate([order[:lost], order[2 * lost :]])
    lines = []
    for number in rng.permutation(with_line):
        written = hearing(said[number], rng) if rng.random() < VENDOR_ERRS else plain(said[number])
        lines.append((int(number), written or plain(said[number])))
    heard = [(int(number), hearing(said[number], rng)) for number in rng.permutation(with_sound)]
    return Bundle(said, lines, heard)


def real_bundle(
    recordings: int, language: str, hearing: Hearing, *, half: str, missing: float = 0.05, seed: int = 0
) -> Bundle:
    """A bundle in which each recording is heard as Whisper really heard that text.

    Parameters
    ----------
    recordings, language, half, missing, seed
        As for :func:`bundle`.
    hearing : Hearing
        For what the vendor misheard where nobody else has heard the text.
    """
    rng = np.random.default_rng([seed, recordings, language == "de", 1])
    texts, real = texts_of(half, language), real_hearings(half, language)
    often = 1 / np.arange(1, len(texts["short"]) + 1)
    kinds = rng.choice(list(texts), recordings, p=[0.33, 0.17, 0.1, 0.4])
    said = [
        str(rng.choice(texts[kind], p=often / often.sum() if kind == "short" else None)) for kind in kinds
    ]
    order = rng.permutation(recordings)
    lost = round(missing * recordings)
    draws = [real.draw(text, rng) for text in said]
    lines = []
    for number in rng.permutation(order[lost:]).tolist():
        wrong = rng.random() < VENDOR_ERRS
        written = plain(draws[number].another or hearing(said[number], rng)) if wrong else plain(said[number])
        lines.append((number, written or plain(said[number])))
    sounded = rng.permutation(np.concatenate([order[:lost], order[2 * lost :]])).tolist()
    heard_ones = [(number, draws[number].heard) for number in sounded]
    return Bundle(said, lines, heard_ones, tuple(draws[number].others for number in sounded))


def _said(count: int, language: str, half: str, rng: np.random.Generator) -> list[str]:
    """A third near-identical short commands, a quarter that differ by number or name, the rest different."""
    home = draw_household(int(rng.integers(1_000)), OBEYING, language=language, seed=int(rng.integers(1_000)))
    own = [one.text for one in utter(home, OBEYING)]
    different = command_texts(language, half, count, rng)
    short, numbered = SHORT[language], NUMBERED[language]
    often = 1 / np.arange(1, len(short) + 1)
    said = []
    for number in range(count):
        kind = rng.random()
        if kind < 0.33:
            said.append(short[int(rng.choice(len(short), p=often / often.sum()))])
        elif kind < 0.5:
            said.append(str(rng.choice(numbered)).format(rng.choice(NUMBERS[language])))
        elif kind < 0.6:
            said.append(own[int(rng.integers(len(own)))])
        else:
            said.append(different[number % len(different)])
    return [text if rng.random() < 0.3 or text.startswith("alexa") else f"alexa {text}" for text in said]


def _fates(said: list[str], heard: list[str]) -> list[Fate]:
    """Each said word with what it became; words misheard together share the likeness of the whole stretch.

    What was heard in addition goes with the word before.
    """
    fates: list[Fate] = []
    for tag, i1, i2, j1, j2 in Levenshtein.opcodes(said, heard).as_list():
        if tag == "insert":
            if fates:
                last = fates.pop()
                fates.append(Fate(last.said, " ".join([last.became, *heard[j1:j2]]).strip(), last.likeness))
            continue
        whole = fuzz.ratio(sounds("".join(said[i1:i2])), sounds("".join(heard[j1:j2])))
        for k in range(i1, i2):
            at = j1 + (k - i1)
            became = heard[at:j2] if k == i2 - 1 else heard[at : at + 1]
            fates.append(Fate(said[k], " ".join(became) if at < j2 else "", whole))
    return fates


def score(bundle: Bundle, chosen: Sequence[int]) -> dict[str, float]:
    """Precision and recall of an assignment, by class of identical commands and strictly.

    Parameters
    ----------
    bundle : Bundle
    chosen : sequence of int
        For each line the position in ``heard``, -1 for none.

    Notes
    -----
    Lines whose utterances are the same text, wake word and spelling aside, cannot be told apart by anybody:
    they form a class. Within a class with t true pairs, of a pairs made inside the class min(a, t) are right;
    the rest, and every pair across classes, is wrong. Strictly, a pair is right if it is the true one.
    """
    sounded = {utterance for utterance, _ in bundle.heard}
    true: dict[str, int] = defaultdict(int)
    made: dict[str, int] = defaultdict(int)
    strictly = total = 0
    for (utterance, _), place in zip(bundle.lines, chosen, strict=True):
        name = plain(bundle.said[utterance])
        true[name] += utterance in sounded
        if place < 0:
            continue
        total += 1
        other = bundle.heard[place][0]
        strictly += other == utterance
        made[name] += plain(bundle.said[other]) == name
    right = sum(min(count, true[name]) for name, count in made.items())
    pairs = sum(true.values())
    return {
        "precision": right / max(total, 1),
        "recall": right / max(pairs, 1),
        "precision_strict": strictly / max(total, 1),
        "recall_strict": strictly / max(pairs, 1),
        "largest_class": max(true.values()),
        "classes": len(true),
    }
