"""Simulated households in which overheard talk and chains of commands that nobody gave are planted.

Texts pass through what Whisper really heard (:class:`~fitting.material.loose_bundles.Hearing`). The chain
of Portland 2018 is one of the planted: a word misheard as the wake word, talk misheard as "send message",
more talk as a contact's name, and a "right" as the confirmation, seconds to minutes apart. Beside them
stand messages that people did send, dialogues that send nothing, talk in several recordings, and commands
that follow each other closely.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from fitting.material.household import command_texts, everything, heard, spoken_talk
from fitting.material.loose_bundles import NUMBERED, NUMBERS, SHORT, Hearing
from forensics.simulate import OBEYING, draw_household, utter

FOLDER = Path(__file__).parent / "scripts"
PLANTED = {"accidental": 3, "meant": 4, "other": 4}
"""Dialogues of each kind in a household."""
BURSTS = 5
"""Talk that is overheard in several recordings in a row."""
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
    steps : str
        Which parts of a chain it is: w(ake), s(end), c(ontact), y(es), - for none; empty outside of chains.
    """

    at: datetime
    text: str
    accidental: bool
    chain: str = ""
    steps: str = ""


Script = list[tuple[str, str]]
"""Parts of a chain: what is said, and which steps that is."""


def chains(kind: str, half: str, language: str) -> list[Script]:
    """Planted chains by their parts: wake, send, contact, confirmation.

    ``accidental`` ones are talk; the first English one of ``report`` follows the reports of May 2018 (a talk
    about hardwood floors, sent to a contact). ``meant`` are messages that somebody did send, ``other``
    dialogues that send nothing.
    """
    with (FOLDER / "chains.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if (r["kind"], r["language"]) == (kind, language)]
    return [
        list(zip(r["parts"].split("/"), r["steps"].split("/"), strict=True))
        for r in rows
        if r["half"] in (half, "both")
    ]


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
        Commands; for every twelve of them a recording is overheard. Dialogues of :data:`PLANTED` are added.
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
    for kind, wanted in PLANTED.items():
        scripts = chains(kind, half, language)
        for number, k in enumerate(rng.permutation(len(scripts))[:wanted]):
            at, accidental = _any_time(rng), kind == "accidental"
            for part, steps in scripts[int(k)]:
                text = hearing(part.format(home.first), rng)
                made.append(Said(at, text, accidental, f"{kind}-{number}", steps))
                at += _pause(rng)
    for _ in range(BURSTS):
        at = _any_time(rng)
        for k in rng.choice(len(talk), size=int(rng.integers(2, 5)), replace=False):
            made.append(Said(at, hearing(talk[int(k)], rng), True))
            at += _pause(rng)
    return sorted(_in_sessions(made, rng), key=lambda one: (one.at, one.text))


def _pause(rng: np.random.Generator) -> timedelta:
    """Between two parts: a device waits, people hesitate. Meant or not, it is the same (assumption)."""
    return timedelta(seconds=float(rng.uniform(4, 15) if rng.random() < 0.5 else rng.uniform(8, 90)))


def _in_sessions(made: list[Said], rng: np.random.Generator) -> list[Said]:
    """One in three of the recordings outside of chains follows another within two minutes."""
    single = [k for k, one in enumerate(made) if not one.chain]
    for k in rng.permutation(single)[: len(single) // 3]:
        after = made[int(rng.choice(single))]
        made[k] = replace(made[k], at=after.at + timedelta(seconds=float(rng.uniform(5, 120))))
    return made


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
