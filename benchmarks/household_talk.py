"""Simulated households in which overheard talk and chains of commands that nobody gave are planted.

Texts pass through what Whisper really heard (``loose_bundles.Hearing``). The chain of Portland 2018 is one of
the planted: a word misheard as the wake word, talk misheard as "send message", more talk as a contact's name,
and a "right" as the confirmation, a minute or two apart. Beside them stand messages that people did send.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from household_material import command_texts, everything, heard, spoken_talk
from loose_bundles import NUMBERED, NUMBERS, SHORT, Hearing

from forensics.simulate import OBEYING, draw_household, utter

FOLDER = Path(__file__).parent / "household"
START = datetime(2018, 5, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One simulated recording.

    Parameters
    ----------
    at : datetime
    text : str
        As heard.
    accidental : bool
    chain : str
        Name of the planted chain or dialogue that it belongs to, or empty.
    """

    at: datetime
    text: str
    accidental: bool
    chain: str = ""


def chains(kind: str, half: str, language: str) -> list[list[str]]:
    """Planted chains by their parts: wake, send, contact, confirmation.

    ``accidental`` ones are talk; the first English one of ``report`` follows the reports of May 2018 (a talk
    about hardwood floors, sent to a contact). ``meant`` are messages that somebody did send.
    """
    with (FOLDER / "chains.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["kind"], r["language"]) == (kind, language)]
    return [r["parts"].split("/") for r in rows if r["half"] in (half, "both")]


def overheard(half: str, language: str) -> list[str]:
    """Talk of that half: the sentences of the table, and the talk that was synthesised."""
    with (FOLDER / "overheard.csv").open(encoding="utf-8", newline="") as file:
        table = [r["text"] for r in csv.DictReader(file) if (r["half"], r["language"]) == (half, language)]
    return table + [c.text for c in spoken_talk(half) if c.language == language]


class WithWakeWord:
    """A hearing that keeps the wake word, or what it became in some clip that begins with it.

    Parameters
    ----------
    half, language : str
    hearing : Hearing
        Which compares texts without their wake words.
    """

    def __init__(self, half: str, language: str, hearing: Hearing) -> None:
        clips = [c for c in everything(half) if c.language == language and c.text.startswith("Alexa")]
        self._first = [row["text"].split()[0] for row in heard(clips) if row["text"]]
        self._hearing = hearing

    def __call__(self, text: str, rng: np.random.Generator) -> str:
        """What is heard of a text."""
        first, _, rest = text.partition(" ")
        if first.lower() != "alexa":
            return self._hearing(text, rng)
        return f"{self._first[int(rng.integers(len(self._first)))]} {self._hearing(rest, rng)}".strip()


def household(
    half: str, language: str, plain_hearing: Hearing, *, count: int = 300, seed: int = 0
) -> list[Said]:
    """A household's recordings in order of time.

    Parameters
    ----------
    half : {'tune', 'report'}
    language : {'en', 'de'}
    plain_hearing : Hearing
    count : int
        Commands; for every twelve of them a recording is overheard, and there are two accidental chains and
        two messages that were meant.
    seed : int
    """
    rng = np.random.default_rng([seed, half == "report", language == "de"])
    hearing = WithWakeWord(half, language, plain_hearing)
    home = draw_household(int(rng.integers(1000)), OBEYING, language=language, seed=int(rng.integers(1000)))
    own = [(u.text, u.accidental) for u in utter(replace(home, recordings=count // 3), OBEYING)]
    corpus = command_texts(language, half, count, rng)
    others = [f"alexa {t}" if rng.random() < 0.7 else t for t in corpus[: count // 3]]
    short = [
        str(t) if t.startswith("alexa") or rng.random() < 0.2 else f"alexa {t}"
        for t in rng.choice(SHORT[language], count // 6)
    ]
    numbered = [
        "alexa " + str(rng.choice(NUMBERED[language])).format(rng.choice(NUMBERS[language]))
        for _ in range(count // 6)
    ]
    made = [
        Said(_any_time(rng), hearing(text, rng), accidental)
        for text, accidental in [*own, *((t, False) for t in [*others, *short, *numbered])]
    ]
    talk = overheard(half, language)
    for _ in range(count // 12):
        pieces = [talk[int(i)] for i in rng.choice(len(talk), size=int(rng.integers(1, 3)), replace=False)]
        made.append(Said(_any_time(rng), hearing(". ".join(pieces), rng), True))
    planted = chains("accidental", half, language)
    for number, k in enumerate(rng.permutation(len(planted))[:2]):
        at = _any_time(rng)
        for part in planted[int(k)]:
            made.append(Said(at, hearing(part, rng), True, f"accidental-{number}"))
            at += timedelta(seconds=float(rng.uniform(8, 90)))
    for number, dialogue in enumerate(chains("meant", half, language)):
        at = _any_time(rng)
        for part in dialogue:
            made.append(Said(at, hearing(part.format(home.first), rng), False, f"meant-{number}"))
            at += timedelta(seconds=float(rng.uniform(4, 10)))
    return sorted(made, key=lambda one: (one.at, one.text))


def _any_time(rng: np.random.Generator) -> datetime:
    return START + timedelta(days=int(rng.integers(30)), seconds=float(rng.uniform(0, 16 * 3600)))


def clips_as_heard(half: str) -> list[tuple[str, bool, str]]:
    """What Whisper heard in commands and talk of a half, whether it was talk, and its language."""
    clips: Sequence = everything(half)
    return [
        (row["text"], clip.kind == "talk" or not _woken(clip.text), clip.language)
        for clip, row in zip(clips, heard(clips), strict=True)
        if row["text"] and (clip.kind == "talk" or _woken(clip.text))
    ]


def _woken(text: str) -> bool:
    return text.startswith("Alexa")
