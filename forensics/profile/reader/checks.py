"""Is it there? Each statement of the second reader against the utterances and tables that it cites.

A statement that fails is kept as a row with the reason, counts as dropped, and moves no claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from forensics.knowledge.names import fold, sounds_alike
from forensics.knowledge.place_search import candidates
from forensics.profile.clusters import same_name
from forensics.profile.naming import WORD
from forensics.profile.reader.prompts import ABOUT, NAME_BYTES
from forensics.profile.reader.windows import Window
from forensics.profile.records import Evidence, Utterance


class Outcome(StrEnum):
    """What the check of a statement said; all but the first are dropped."""

    KEPT = "kept"
    NO_CITATION = "no_citation"
    NOT_SAID = "not_said"
    NO_PLACE = "no_place"
    NO_TIME = "no_time"
    UNREADABLE = "unreadable"


ROLE_ABOUT = {
    "speaker_name": "subject", "partner_name": "companion", "child_name": "child",
    "relative_name": "relative", "contact_name": "contact", "home_place": "home", "work_place": "work",
}  # fmt: skip
_PLACES = ("home_place", "work_place")


@dataclass(frozen=True)
class Statement:
    """One thing that the model states.

    Parameters
    ----------
    about : str
        One of :data:`forensics.profile.reader.prompts.ABOUT`; empty where the answer could not be read.
    value : str
        A name, a place or a time, in the model's words.
    cited : tuple of Utterance
        Lines that it rests on, those that exist.
    outcome : Outcome
        Of the check.
    place_id : int or None
        The cited place that it names.
    clock_min : int or None
        Minutes of the day, of a time that stands in a cited line.
    """

    about: str
    value: str
    cited: tuple[Utterance, ...] = ()
    outcome: Outcome = Outcome.KEPT
    place_id: int | None = None
    clock_min: int | None = None

    @property
    def role(self) -> str | None:
        """The role that it gives a person or a place; None for an employer or a time."""
        return ROLE_ABOUT.get(self.about)


def read_statements(answer: Any, window: Window, evidence: Evidence) -> list[Statement]:
    """The statements of one answer, each checked.

    Parameters
    ----------
    answer : Any
        Parsed JSON; the grammar holds its form, and nothing here relies on that.
    window : Window
        What it was asked about.
    evidence : Evidence
        With the entities of the cited utterances.
    """
    stated = answer.get("statements") if isinstance(answer, Mapping) else None
    if not isinstance(stated, list):
        return [Statement("", "", outcome=Outcome.UNREADABLE)]
    found: dict[tuple[str, str], Statement] = {}
    for one in stated:
        made = _statement(one, window)
        made = made if made.outcome is not Outcome.KEPT else checked(made, evidence)
        found.setdefault((made.about, fold(made.value)), made)
    return list(found.values())


def checked(statement: Statement, evidence: Evidence) -> Statement:
    """The statement with the outcome of its check.

    Parameters
    ----------
    statement : Statement
        Of a known kind, with the utterances that it cites.
    evidence : Evidence
        With the entities of those utterances.
    """
    if not statement.cited:
        return replace(statement, outcome=Outcome.NO_CITATION)
    if statement.about == "gets_up_at":
        return _time(statement, evidence)
    words = [match[0] for match in WORD.finditer(statement.value)]
    if not words or not all(any(said(word, u) for u in statement.cited) for word in words):
        return replace(statement, outcome=Outcome.NOT_SAID)
    return _place(statement, evidence) if statement.about in _PLACES else statement


def said(name: str, utterance: Utterance) -> bool:
    """Whether a word, or one that sounds like it or is a form of it, stands in an utterance.

    Parameters
    ----------
    name : str
        One word.
    utterance : Utterance
        Each of its readings is looked at.
    """
    for text in utterance.texts:
        for match in WORD.finditer(text):
            if sounds_alike(name, match[0]) or same_name(fold(name), fold(match[0])):
                return True
    return False


def _statement(one: Any, window: Window) -> Statement:
    if not isinstance(one, Mapping):
        return Statement("", "", outcome=Outcome.UNREADABLE)
    about, value, numbers = one.get("about"), one.get("value"), one.get("lines")
    if about not in ABOUT or not isinstance(value, str) or not isinstance(numbers, list):
        return Statement("", "", outcome=Outcome.UNREADABLE)
    lines = {n for n in numbers if isinstance(n, int) and not isinstance(n, bool)}
    cited = tuple(u for n, u in enumerate(window.utterances, 1) if n in lines)
    return Statement(str(about), " ".join(value.split())[:NAME_BYTES], cited)


def _place(statement: Statement, evidence: Evidence) -> Statement:
    """A place that the map knows, and that the tables have in a cited utterance."""
    known = {c.place.geonameid for c in candidates(statement.value)}
    if not known:
        return replace(statement, outcome=Outcome.NO_PLACE)
    heard = _heard(statement.cited, evidence)
    likeliest = sorted(((p, -n) for h in heard for n, p in h.places.items() if n in known), reverse=True)
    if not likeliest:
        return replace(statement, outcome=Outcome.NO_PLACE)
    return replace(statement, place_id=-likeliest[0][1])


def _time(statement: Statement, evidence: Evidence) -> Statement:
    """A time of day that the tables have in a cited utterance; half a day apart is the same."""
    hours, colon, minutes = statement.value.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        return replace(statement, outcome=Outcome.NO_TIME)
    clock = int(hours) * 60 + int(minutes)
    heard = [h.clock_min for h in _heard(statement.cited, evidence) if h.clock_min is not None]
    if not any((clock - minute) % 720 == 0 for minute in heard):
        return replace(statement, outcome=Outcome.NO_TIME)
    return replace(statement, clock_min=clock)


def _heard(cited: Sequence[Utterance], evidence: Evidence) -> list[Any]:
    return [h for u in cited for h in evidence.by_utterance.get(u.utterance_id, ())]
